#include "codec/numbers/record.h"

#include <stdio.h>
#include <string.h>

#include "codec/numbers/npy.h"

static const char comment[] = "# ";

enum { COMMENT = sizeof comment - 1 };

void codec_numbers_record_line(const char *record, char line[CODEC_NUMBERS_RECORD_LINE]) {
    line[0] = '\0';
    if (record) {
        snprintf(line, CODEC_NUMBERS_RECORD_LINE, "%s%s%s%s\n", comment, CODEC_RECORD_MARK, record,
                 CODEC_RECORD_OPEN);
    }
}

bool codec_txt_find_record(const uint8_t *head, size_t size, codec_record_place *place) {
    const size_t mark = sizeof CODEC_RECORD_MARK - 1;
    if (size < COMMENT + mark || memcmp(head, comment, COMMENT) != 0 ||
        memcmp(head + COMMENT, CODEC_RECORD_MARK, mark) != 0) {
        return false;
    }
    const uint8_t *end = memchr(head, '\n', size);
    *place =
        (codec_record_place){.at = COMMENT, .length = end ? (size_t)(end - head) - COMMENT : 0};
    return end != NULL;
}

/* Ours ends with the last character before the padding; what comes before it has no '#'. */
bool codec_npy_find_record(const uint8_t *head, size_t size, codec_record_place *place) {
    if (!codec_npy_probe(head, size) || head[6] != 1) {
        return false;
    }
    const uint8_t *end = memchr(head + CODEC_NPY_MAGIC, '\n', size - CODEC_NPY_MAGIC);
    const uint8_t *hash =
        end ? memchr(head + CODEC_NPY_MAGIC, '#', (size_t)(end - head) - CODEC_NPY_MAGIC) : NULL;
    if (!hash || (size_t)(end - hash) <= COMMENT) {
        return false;
    }
    while (end[-1] == ' ') {
        end--;
    }
    *place = (codec_record_place){.at = (size_t)(hash - head) + COMMENT};
    place->length = end > head + place->at ? (size_t)(end - head) - place->at : 0;
    return place->length > 0;
}
