#include "codec/png/record.h"

#include <string.h>

#include "codec/format.h"
#include "codec/png/chunks.h"
#include "codec/png/meta.h"

/* Where the chunk begins: after the signature and IHDR. */
enum { RECORD_AT = PNG_SIGNATURE + PNG_HEAD + 13 + PNG_CRC };

/* PNG's keyword for the program that made the image, and what else comes before the text; in iTXt:
 * not compressed, no language, no translated keyword. */
static const char latin_head[] = "Software"; /* with its NUL */
static const char utf8_head[] = "Software\0\0\0\0";

static bool is_ascii(const char *text) {
    while (*text && (unsigned char)*text < 128) {
        text++;
    }
    return !*text;
}

bool codec_png_add_record(ct_text *out, const char *record, ct_error *err) {
    if (!record) {
        return true;
    }
    const bool ascii = is_ascii(record);
    ct_text data = {0};
    bool ok = ascii ? ct_text_add(&data, latin_head, sizeof latin_head)
                    : ct_text_add(&data, utf8_head, sizeof utf8_head);
    ok = ok && ct_text_print(&data, "%s%s%s", CODEC_RECORD_MARK, record, CODEC_RECORD_OPEN);
    ok = ok ? codec_png_add_chunk(out, ascii ? "tEXt" : "iTXt", (const uint8_t *)data.bytes,
                                  data.length, err)
            : ct_fail(err, "out of memory");
    ct_text_free(&data);
    return ok;
}

bool codec_png_find_record(const uint8_t *head, size_t size, codec_record_place *place) {
    if (!codec_png_probe(head, size) || size < RECORD_AT + PNG_HEAD) {
        return false;
    }
    const uint8_t *chunk = head + RECORD_AT, *data = chunk + PNG_HEAD;
    const bool latin = memcmp(chunk + 4, "tEXt", 4) == 0, utf8 = memcmp(chunk + 4, "iTXt", 4) == 0;
    const char *start = latin ? latin_head : utf8_head;
    const size_t before = latin ? sizeof latin_head : sizeof utf8_head;
    const size_t length = codec_get32(chunk), left = size - RECORD_AT - PNG_HEAD;
    if ((!latin && !utf8) || length < before || left < PNG_CRC || length > left - PNG_CRC ||
        memcmp(data, start, before) != 0) {
        return false;
    }
    *place = (codec_record_place){
        .at = RECORD_AT + PNG_HEAD + before,
        .length = length - before,
        .crc_from = RECORD_AT + 4,
        .crc_at = RECORD_AT + PNG_HEAD + length,
    };
    return true;
}
