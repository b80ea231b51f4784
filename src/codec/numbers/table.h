/* Tables of numbers as text. Internal to src/codec.
 *
 * A line is a row; its numbers are separated by blanks and tabs, by commas or by semicolons, the
 * last two perhaps with blanks around them; a file has only one of these. '#' begins a comment that
 * ends with the line. A blank line begins another channel, of the same size. Lines may end in CR
 * LF, and the file may begin with a UTF-8 byte order mark. */
#ifndef CT_CODEC_NUMBERS_TABLE_H
#define CT_CODEC_NUMBERS_TABLE_H

#include "codec/format.h"

#define CODEC_TABLE_BOM "\xEF\xBB\xBF"

static inline bool codec_table_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Whether the first that isn't a comment is a number: what comes later may still be none, and then
 * the error says where. */
bool codec_table_probe(const uint8_t *head, size_t size);

#endif
