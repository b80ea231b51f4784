#include "app/run/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/call/message.h"
#include "base/fingerprint.h"

static const char edit_mark[] = " --in-place";

static bool add_view(ct_text *out, const app_call *call) {
    const codec_colormap *map = call->view.colormap;
    bool ok = !call->maps || ct_text_print(out, " --maps");
    ok = ok && (!call->grid || ct_text_print(out, " --grid %s", call->grid));
    ok = ok && (!call->scaling || ct_text_print(out, " --scaling %s", call->scaling));
    return ok && (!map || ct_text_print(out, " --colormap %s", codec_colormap_name(map)));
}

static bool add_options(ct_text *out, const app_call *call, const app_record_facts *facts) {
    const codec_options usual = codec_default_options();
    const filter_color color = call->settings.color;
    const filter_map map = call->settings.map;
    const char *like = call->defaults.like;
    bool ok = !like || ct_text_print(out, " --like %s", like);
    ok = ok && (color == FILTER_COLOR_AUTO ||
                ct_text_print(out, " --color %s", filter_color_name(color)));
    ok = ok && (!call->settings.linear || ct_text_print(out, " --linear"));
    ok = ok && (map == FILTER_CLAMP || ct_text_print(out, " --map %s", filter_map_name(map)));
    ok = ok && (!call->channels || ct_text_print(out, " --channels %s", call->channels));
    ok = ok && (!call->limits.planes || ct_text_print(out, " --layout chw"));
    ok = ok && (facts->tap || add_view(out, call));
    ok = ok && (!facts->depth || ct_text_print(out, " --depth %d", call->depth));
    if (ok && call->quality >= 0 && call->quality != usual.quality &&
        codec_format_takes_quality(facts->format)) {
        ok = ct_text_print(out, " --quality %d", call->quality);
    }
    if (ok && call->compression >= 0 && call->compression != usual.compression &&
        codec_format_takes_compression(facts->format)) {
        ok = ct_text_print(out, " --compression %d", call->compression);
    }
    return ok;
}

/* The whole text, or its beginning (of whole characters) and its fingerprint. */
static void cut(const ct_text *text, size_t most, char record[CODEC_RECORD_MOST + 1]) {
    char end[16] = "";
    size_t kept = text->length;
    if (kept > most) {
        const uint32_t number = ct_fingerprint(CT_FINGERPRINT_START, text->bytes, text->length);
        kept = most - (size_t)snprintf(end, sizeof end, "...#%08" PRIx32, number);
        while (kept > 0 && ((unsigned char)text->bytes[kept] & 0xC0) == 0x80) {
            kept--;
        }
    }
    snprintf(record, CODEC_RECORD_MOST + 1, "%.*s%s", (int)kept, text->bytes, end);
}

bool app_record_text(const app_call *call, const char *text, const app_record_facts *facts,
                     char record[CODEC_RECORD_MOST + 1], ct_error *err) {
    const size_t mark = facts->edited ? strlen(edit_mark) : 0;
    ct_text line = {0};
    const bool ok = app_escape(&line, text) && add_options(&line, call, facts);
    if (ok) {
        cut(&line, CODEC_RECORD_MOST - mark, record);
        strcat(record, mark ? edit_mark : "");
    }
    ct_text_free(&line);
    return ok || ct_fail(err, "out of memory");
}

bool app_record(const app_call *call, const filter_chain *chain, const app_record_facts *facts,
                char record[CODEC_RECORD_MOST + 1], ct_error *err) {
    ct_text typed = {0};
    const bool ok = filter_chain_text(chain, &typed)
                        ? app_record_text(call, typed.bytes, facts, record, err)
                        : ct_fail(err, "out of memory");
    ct_text_free(&typed);
    return ok;
}

bool app_record_is_edit(const char *record) {
    const size_t length = strlen(record), mark = strlen(edit_mark);
    return length >= mark && strcmp(record + length - mark, edit_mark) == 0;
}
