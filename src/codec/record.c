/* The record in files that exist: whether convtool wrote them. */
#include <string.h>
#include <unistd.h>

#include "codec/format.h"

/* More than what comes before a record, in any format, and the longest of them. */
enum { HEAD_BYTES = 512 };

bool codec_record_valid(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 127) {
            return false;
        }
    }
    return length >= 1 && length <= CODEC_RECORD_MOST;
}

/* Takes the mark off. */
static bool take(const uint8_t *found, size_t length, char record[CODEC_RECORD_MOST + 1]) {
    const size_t mark = sizeof CODEC_RECORD_MARK - 1;
    if (length <= mark || memcmp(found, CODEC_RECORD_MARK, mark) != 0) {
        return false;
    }
    const char *text = (const char *)found + mark;
    if (!codec_record_valid(text, length - mark)) {
        return false;
    }
    memcpy(record, text, length - mark);
    record[length - mark] = '\0';
    return true;
}

bool codec_find_record(int fd, char record[CODEC_RECORD_MOST + 1]) {
    uint8_t head[HEAD_BYTES];
    const ssize_t size = pread(fd, head, sizeof head, 0);
    const codec_format *format;
    for (size_t i = 0; size > 0 && (format = codec_format_at(i)); i++) {
        const uint8_t *found;
        size_t length;
        if (format->find_record && format->find_record(head, (size_t)size, &found, &length)) {
            return take(found, length, record);
        }
    }
    return false;
}
