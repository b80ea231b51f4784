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

static void warn_of_linear(const codec_meta *meta, codec_warnings *out) {
    char coded[CODEC_CICP_TEXT];
    if (meta->has_cicp && meta->cicp[1] != CODEC_TRANSFER_SRGB) {
        codec_cicp_text(meta, coded);
        codec_warn(out, CODEC_PIXELS, "--linear treats its colours as sRGB, but they are %s (cICP)",
                   coded);
    }
}

void app_warnings_gather(const app_call *call, const codec_reader *reader,
                         const codec_writer *writer, codec_warnings *out) {
    add_all(call, codec_reader_warnings(reader), out);
    if (writer) {
        add_all(call, codec_writer_warnings(writer), out);
    }
    if (call->settings.linear) {
        warn_of_linear(&codec_reader_info(reader)->meta, out);
    }
}

void app_warnings_say(const char *input, const codec_warnings *warnings) {
    for (int i = 0; i < warnings->count; i++) {
        const bool accepted = warnings->at[i].kind == CODEC_ACCEPTED;
        app_warn(app_input_name(input), "%s%s", warnings->at[i].text,
                 accepted ? "; accepted because of --lenient" : "");
    }
}

void app_warnings_json(const codec_warnings *warnings) {
    putchar('[');
    for (int i = 0; i < warnings->count; i++) {
        fputs(i ? "," : "", stdout);
        app_json_string(stdout, warnings->at[i].text);
    }
    putchar(']');
}
