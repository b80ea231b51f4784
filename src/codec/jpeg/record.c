#include "codec/jpeg/record.h"

#include <string.h>

#include "codec/bytes.h"
#include "codec/format.h"

/* SOI and the JFIF segment come first; a segment begins with its marker and its length. */
enum { RECORD_AT = 20, SEGMENT_HEAD = 4, LENGTH = 2, COM = 0xFE };

bool codec_jpeg_add_record(ct_text *out, const char *record, ct_error *err) {
    uint8_t head[SEGMENT_HEAD] = {0xFF, COM};
    if (!record) {
        return true;
    }
    const size_t start = out->length;
    if (!ct_text_add(out, head, sizeof head) ||
        !ct_text_print(out, "%s%s%s", CODEC_RECORD_MARK, record, CODEC_RECORD_OPEN)) {
        return ct_fail(err, "out of memory");
    }
    codec_put16((uint8_t *)out->bytes + start + LENGTH, (uint32_t)(out->length - start - LENGTH));
    return true;
}

bool codec_jpeg_find_record(const uint8_t *head, size_t size, codec_record_place *place) {
    static const uint8_t jfif[] = {0xFF, 0xD8, 0xFF, 0xE0, 0, RECORD_AT - 4};
    if (size < RECORD_AT + SEGMENT_HEAD || memcmp(head, jfif, sizeof jfif) != 0) {
        return false;
    }
    const uint8_t *segment = head + RECORD_AT;
    const size_t length = codec_get16(segment + 2);
    if (segment[0] != 0xFF || segment[1] != COM || length < LENGTH ||
        length - LENGTH > size - RECORD_AT - SEGMENT_HEAD) {
        return false;
    }
    *place = (codec_record_place){.at = RECORD_AT + SEGMENT_HEAD, .length = length - LENGTH};
    return true;
}
