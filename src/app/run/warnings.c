#include "app/run/warnings.h"

#include "app/call/json.h"
#include "app/call/message.h"

static void add_all(const app_call *call, const codec_warnings *from, codec_warnings *out) {
    for (int i = 0; i < from->count; i++) {
        const codec_warning *warning = &from->at[i];
        if (warning->kind != CODEC_BESIDE || !call->strip) {
            codec_warn(out, warning->kind, "%s", warning->text);
        }
    }
}

void app_warnings_gather(const app_call *call, const codec_reader *reader, codec_warnings *out) {
    add_all(call, codec_reader_warnings(reader), out);
}

void app_warnings_say(const char *input, const codec_warnings *warnings) {
    for (int i = 0; i < warnings->count; i++) {
        const bool accepted = warnings->at[i].kind == CODEC_ACCEPTED;
        app_warn(app_input_name(input), "%s%s", warnings->at[i].text,
                 accepted ? "; accepted, as --lenient asks" : "");
    }
}

void app_warnings_json(const codec_warnings *warnings) {
    char all[sizeof warnings->at] = "";
    size_t length = 0;
    for (int i = 0; i < warnings->count; i++) {
        length += (size_t)snprintf(all + length, sizeof all - length, "%s%s", i ? "; " : "",
                                   warnings->at[i].text);
    }
    app_json_string(stdout, length ? all : NULL);
}
