#include "codec/pnm/record.h"

#include <stdio.h>
#include <string.h>

static const char comment[] = "# ";

/* Where the comment's text begins. */
enum { LINE_AT = 3, TEXT_AT = LINE_AT + sizeof comment - 1 };

const char *codec_pnm_record_line(const char *record, char line[CODEC_PNM_RECORD_LINE]) {
    line[0] = '\0';
    if (record) {
        snprintf(line, CODEC_PNM_RECORD_LINE, "%s%s%s%s\n", comment, CODEC_RECORD_MARK, record,
                 CODEC_RECORD_OPEN);
    }
    return line;
}

bool codec_pnm_find_record(const uint8_t *head, size_t size, codec_record_place *place) {
    if (size < TEXT_AT || head[0] != 'P' || head[1] < '2' || head[1] > '7' || head[2] != '\n' ||
        memcmp(head + LINE_AT, comment, TEXT_AT - LINE_AT) != 0) {
        return false;
    }
    const uint8_t *end = memchr(head + TEXT_AT, '\n', size - TEXT_AT);
    *place =
        (codec_record_place){.at = TEXT_AT, .length = end ? (size_t)(end - head) - TEXT_AT : 0};
    return end != NULL;
}
