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
    codec_put16(head + 2, (uint32_t)(LENGTH + strlen(CODEC_RECORD_MARK) + strlen(record)));
    return (ct_text_add(out, head, sizeof head) &&
            ct_text_print(out, "%s%s", CODEC_RECORD_MARK, record)) ||
           ct_fail(err, "out of memory");
}

bool codec_jpeg_find_record(const uint8_t *head, size_t size, const uint8_t **text,
                            size_t *length) {
    static const uint8_t jfif[] = {0xFF, 0xD8, 0xFF, 0xE0, 0, RECORD_AT - 4};
    if (size < RECORD_AT + SEGMENT_HEAD || memcmp(head, jfif, sizeof jfif) != 0) {
        return false;
    }
    const uint8_t *segment = head + RECORD_AT;
    *length = codec_get16(segment + 2);
    if (segment[0] != 0xFF || segment[1] != COM || *length < LENGTH ||
        *length - LENGTH > size - RECORD_AT - SEGMENT_HEAD) {
        return false;
    }
    *text = segment + SEGMENT_HEAD;
    *length -= LENGTH;
    return true;
}
