#include "codec/numbers/table_text.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "codec/numbers/decimal.h"
#include "codec/numbers/table.h"

/* "line 3, column 7: what"; columns are bytes, counted from 1. */
static bool fail_at(const codec_table_text *t, const char *at, ct_error *err) {
    return ct_fail_at(err, "line %llu, column %llu: ", t->line_number,
                      (unsigned long long)(at - t->line) + 1);
}

static bool is_long(const char *at, const char *end) {
    return end - at >= CODEC_DECIMAL_LONGEST && strspn(at, "+-.0123456789eE") >= (size_t)(end - at);
}

static bool fail_word(const codec_table_text *t, ct_error *err) {
    const char *end = t->at;
    while (end < t->end && !(*end && strchr("\r\n,;#", *end)) && !codec_table_blank(*end)) {
        if ((unsigned char)*end < ' ') {
            ct_fail(err, "a byte 0x%02x is no text", (unsigned char)*end);
            return fail_at(t, end, err);
        }
        end++;
    }
    const int length = end - t->at < 40 ? (int)(end - t->at) : 40;
    if (end < t->end && *end == '\r') {
        ct_fail(err, "the line ends in CR alone; expected LF, or CR LF");
    } else if (length == 0) {
        ct_fail(err, "a number is missing here");
    } else if (*t->at == '"') {
        ct_fail(err, "expected a number without quotes, got %.*s", length, t->at);
    } else if (is_long(t->at, end)) {
        ct_fail(err, "a number of %zu characters is too long; expected up to %d",
                (size_t)(end - t->at), CODEC_DECIMAL_LONGEST - 1);
    } else {
        ct_fail(err, "expected a number, got '%.*s'%s", length, t->at,
                end - t->at > length ? "..." : "");
    }
    return fail_at(t, t->at, err);
}

static bool fail_number(const codec_table_text *t, const codec_decimal *number, size_t length,
                        ct_error *err) {
    const int shown = length < 40 ? (int)length : 40;
    if (number->special) {
        ct_fail(err, "%.*s isn't a finite number; --allow-nonfinite accepts it", shown, t->at);
    } else {
        ct_fail(err, "%.*s is more than a float can hold, which is about 3.4e38", shown, t->at);
    }
    return fail_at(t, t->at, err);
}

static bool read_number(codec_table_text *t, float *out, ct_error *err) {
    codec_decimal number;
    const size_t length = codec_decimal_read(t->at, t->end, &number);
    if (!length ||
        (number.special && t->at + length < t->end && isalpha((unsigned char)t->at[length]))) {
        return fail_word(t, err);
    }
    if (number.beyond || (number.special && !t->nonfinite)) {
        return fail_number(t, &number, length, err);
    }
    t->loses |= number.loses;
    *out = number.value;
    t->at += length;
    return true;
}

static inline void skip_blanks(codec_table_text *t) {
    while (t->at < t->end && codec_table_blank(*t->at)) {
        t->at++;
    }
}

static inline bool at_line_end(const codec_table_text *t) {
    const char *at = t->at + (t->at < t->end && *t->at == '\r');
    return at == t->end || *at == '\n' || *t->at == '#';
}

static const char *separator_name(char separator) {
    return separator == ',' ? "','" : separator == ';' ? "';'" : "blanks";
}

static bool note_separator(codec_table_text *t, const char *at, char found, ct_error *err) {
    if (!t->separator) {
        t->separator = found;
        t->tab = *at == '\t';
    }
    if (t->separator == found) {
        return true;
    }
    ct_fail(err,
            "%s between numbers, but %s before; a file has one separator, and its decimal "
            "point is '.'",
            separator_name(found), separator_name(t->separator));
    return fail_at(t, at, err);
}

/* Moves on to the next number of the row; *more is false at its end. */
static bool read_separator(codec_table_text *t, bool *more, ct_error *err) {
    const char *start = t->at;
    skip_blanks(t);
    if (at_line_end(t)) {
        *more = false;
        return true;
    }
    const char found = *t->at == ',' || *t->at == ';' ? *t->at : ' ';
    if (found == ' ' && t->at == start) {
        while (t->at > t->line && !codec_table_blank(t->at[-1]) && !strchr(",;", t->at[-1])) {
            t->at--; /* "12abc": the whole word */
        }
        return fail_word(t, err);
    }
    if (!note_separator(t, found == ' ' ? start : t->at, found, err)) {
        return false;
    }
    if (found != ' ') {
        t->at++;
        skip_blanks(t);
    }
    return true;
}

static bool check_width(codec_table_text *t, size_t width, ct_error *err) {
    t->width = t->width ? t->width : width;
    if (width == t->width) {
        return true;
    }
    ct_fail(err, "%s in this row, but %s in those before", ct_count(width, "number").text,
            ct_count(t->width, "number").text);
    return fail_at(t, t->at, err);
}

static void skip_line(codec_table_text *t) {
    const char *line_end = memchr(t->at, '\n', (size_t)(t->end - t->at));
    t->at = line_end ? line_end + 1 : t->end;
    t->line = t->at;
    t->line_number++;
}

void codec_table_next(codec_table_text *t) {
    for (skip_blanks(t); t->at < t->end && at_line_end(t); skip_blanks(t)) {
        skip_line(t);
    }
}

/* Nearly all numbers are read in runs; what is left, one by one. Numbers beyond the width are only
 * counted. */
bool codec_table_row(codec_table_text *t, float *row, ct_error *err) {
    enum { SPARE = 256 };
    float spare[SPARE];
    const char between = t->separator == ' ' && t->tab ? '\t' : t->separator;
    size_t count = 0;
    for (bool more = true; more;) {
        const bool fits = count < t->width;
        float *out = fits ? row + count : spare;
        const size_t run = codec_decimal_run(&t->ends, &t->at, between, out,
                                             fits ? t->width - count : SPARE, &t->loses);
        if (!run && !read_number(t, out, err)) {
            return false;
        }
        count += run ? run : 1;
        if (!read_separator(t, &more, err)) {
            return false;
        }
    }
    if (!check_width(t, count, err)) {
        return false;
    }
    skip_line(t);
    return true;
}
