/* Whether a file is a table of numbers. */
#include <string.h>

#include "codec/numbers/decimal.h"
#include "codec/numbers/table.h"

/* Whether what is cut off at the end may be the beginning of a number. */
static bool may_begin_number(const char *at, const char *end) {
    codec_decimal unused;
    char digit[64];
    const size_t length = (size_t)(end - at);
    /* With one more digit "-", "1e", and "1e+" are numbers, and 1.5 stays one. */
    if (length + 1 >= sizeof digit) {
        return false;
    }
    memcpy(digit, at, length);
    digit[length] = '1';
    return codec_decimal_read(digit, digit + length + 1, &unused) == length + 1;
}

static const char *skip_line(const char *at, const char *end) {
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    return line_end ? line_end : end;
}

static bool ends_number(char c) {
    return codec_table_blank(c) || c == '\r' || c == '\n' || c == ',' || c == ';' || c == '#';
}

/* Whether there is a number, which may be cut off at the end. */
static bool is_number(const char *at, const char *end) {
    codec_decimal unused;
    const size_t length = codec_decimal_read(at, end, &unused);
    return length ? at + length == end || ends_number(at[length]) : may_begin_number(at, end);
}

static const char *skip_bom(const char *at, const char *end) {
    const size_t bom = sizeof CODEC_TABLE_BOM - 1;
    return (size_t)(end - at) >= bom && memcmp(at, CODEC_TABLE_BOM, bom) == 0 ? at + bom : at;
}

bool codec_table_probe(const uint8_t *head, size_t size) {
    const char *at = (const char *)head, *end = at + size;
    for (at = skip_bom(at, end); at < end; at++) {
        if (*at == '#') {
            at = skip_line(at, end);
        }
        if (at < end && !codec_table_blank(*at) && *at != '\r' && *at != '\n') {
            return is_number(at, end);
        }
    }
    return false;
}
