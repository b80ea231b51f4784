/* Reads a table: all its numbers before the first row, as the number of rows isn't known before.
 * The text passes through a buffer of some lines. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/numbers/decimal.h"
#include "codec/numbers/plain.h"
#include "codec/numbers/table.h"

/* Numbers as they stand in the file: row by row, one channel behind the other. */
typedef struct table_numbers {
    float *list;
    size_t count, capacity;
    size_t most; /* that max_memory allows */
} table_numbers;

typedef struct table_in {
    codec_reader *reader;
    char *buffer;
    size_t capacity;
    const char *at, *end, *line; /* of whole lines in the buffer; the line begins at `line` */
    unsigned long long line_number;
    char separator; /* ',', ';', or ' ' for blanks and tabs; 0 until the first is found */
    bool tab;       /* the first was a tab */
    bool loses;     /* a whole number isn't quite a float */
    table_numbers numbers;
    size_t width, height, rows; /* height: 0 until the first channel ended; rows: of this one */
    size_t channels;            /* that ended */
} table_in;

enum { CHUNK = 1 << 17 };

/* "line 3, column 7: what"; columns are bytes, counted from 1. */
static bool fail_at(const table_in *t, const char *at, ct_error *err) {
    return ct_fail_at(err, "line %llu, column %llu: ", t->line_number,
                      (unsigned long long)(at - t->line) + 1);
}

static bool fail_word(const table_in *t, ct_error *err) {
    const char *end = t->at;
    while (end < t->end && !strchr("\r\n,;#", *end) && !codec_table_blank(*end)) {
        end++;
    }
    const int length = end - t->at < 40 ? (int)(end - t->at) : 40;
    if (end < t->end && *end == '\r') {
        ct_fail(err, "the line ends in CR alone; expected LF, or CR LF");
    } else if (length == 0) {
        ct_fail(err, "a number is missing here");
    } else {
        ct_fail(err, "expected a number, got '%.*s'%s", length, t->at,
                end - t->at > length ? "..." : "");
    }
    return fail_at(t, t->at, err);
}

/* ---- numbers ---- */

static bool grow(table_numbers *numbers, ct_error *err) {
    size_t capacity = numbers->capacity ? numbers->capacity * 2 : 1024;
    capacity = capacity < numbers->most ? capacity : numbers->most;
    if (capacity <= numbers->count) {
        return ct_fail(err, "the numbers need more memory than the limit of %s (--max-memory)",
                       ct_size_of(numbers->most * sizeof(float)).text);
    }
    float *list = realloc(numbers->list, capacity * sizeof *list);
    if (!list) {
        return ct_fail(err, "out of memory");
    }
    numbers->list = list;
    numbers->capacity = capacity;
    return true;
}

static bool fail_number(const table_in *t, const codec_decimal *number, size_t length,
                        ct_error *err) {
    const int shown = length < 40 ? (int)length : 40;
    if (number->special) {
        ct_fail(err, "%.*s isn't a finite number; --allow-nonfinite accepts it", shown, t->at);
    } else {
        ct_fail(err, "%.*s is more than a float can hold, which is about 3.4e38", shown, t->at);
    }
    return fail_at(t, t->at, err);
}

static inline bool read_number(table_in *t, ct_error *err) {
    codec_decimal number;
    const size_t length = codec_decimal_read(t->at, t->end, &number);
    if (!length ||
        (number.special && t->at + length < t->end && isalpha((unsigned char)t->at[length]))) {
        return fail_word(t, err);
    }
    if (number.beyond || (number.special && !t->reader->limits.nonfinite)) {
        return fail_number(t, &number, length, err);
    }
    t->loses |= number.loses;
    if (t->numbers.count == t->numbers.capacity && !grow(&t->numbers, err)) {
        return false;
    }
    t->numbers.list[t->numbers.count++] = number.value;
    t->at += length;
    return true;
}

/* ---- rows ---- */

static inline void skip_blanks(table_in *t) {
    while (t->at < t->end && codec_table_blank(*t->at)) {
        t->at++;
    }
}

static inline bool at_line_end(const table_in *t) {
    const char *at = t->at + (t->at < t->end && *t->at == '\r');
    return at == t->end || *at == '\n' || *t->at == '#';
}

static const char *separator_name(char separator) {
    return separator == ',' ? "','" : separator == ';' ? "';'" : "blanks";
}

static bool note_separator(table_in *t, const char *at, char found, ct_error *err) {
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
static inline bool read_separator(table_in *t, bool *more, ct_error *err) {
    if (t->at < t->end && *t->at == ',' && t->separator == ',') { /* the usual case */
        t->at++;
        skip_blanks(t);
        return true;
    }
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

static bool check_width(table_in *t, size_t width, ct_error *err) {
    if (!t->width) {
        t->width = width;
        return codec_check_size(&t->reader->limits, width, 1, err);
    }
    if (width == t->width) {
        return true;
    }
    ct_fail(err, "%s in this row, but %s in those before", ct_count(width, "number").text,
            ct_count(t->width, "number").text);
    return fail_at(t, t->at, err);
}

static bool read_row_of(table_in *t, ct_error *err) {
    const size_t before = t->numbers.count;
    if (t->height && t->rows == t->height) {
        ct_fail(err,
                "more rows than the %zu of the first channel; a blank line begins another "
                "channel",
                t->height);
        return fail_at(t, t->at, err);
    }
    for (bool more = true; more;) {
        if (!read_number(t, err) || !read_separator(t, &more, err)) {
            return false;
        }
    }
    t->rows++;
    return check_width(t, t->numbers.count - before, err);
}

/* A blank line, or the file's end. */
static bool end_channel(table_in *t, bool at_end, ct_error *err) {
    if (!t->rows) {
        return true;
    }
    t->height = t->height ? t->height : t->rows;
    if (t->rows != t->height && at_end) {
        return ct_fail(err, "the file ends after %s of channel %zu, but the first has %zu",
                       ct_count(t->rows, "row").text, t->channels + 1, t->height);
    }
    if (t->rows != t->height) {
        ct_fail(err, "a blank line ends a channel of %s, but the first has %zu",
                ct_count(t->rows, "row").text, t->height);
        return fail_at(t, t->at, err);
    }
    t->rows = 0;
    t->channels++;
    return true;
}

static bool read_line(table_in *t, ct_error *err) {
    skip_blanks(t);
    const bool comment = t->at < t->end && *t->at == '#';
    if (!comment && !(at_line_end(t) ? end_channel(t, false, err) : read_row_of(t, err))) {
        return false;
    }
    const char *line_end = memchr(t->at, '\n', (size_t)(t->end - t->at));
    t->at = line_end ? line_end + 1 : t->end;
    t->line = t->at;
    t->line_number++;
    return true;
}

static bool read_lines(table_in *t, ct_error *err) {
    while (t->at < t->end) {
        if (!read_line(t, err)) {
            return false;
        }
    }
    return true;
}

/* ---- the text ---- */

static bool grow_buffer(table_in *t, ct_error *err) {
    const size_t capacity = t->capacity ? t->capacity * 2 : CHUNK;
    if (capacity > CHUNK && capacity > t->reader->limits.max_memory) {
        return ct_fail(err, "a line needs more memory than the limit of %s (--max-memory)",
                       ct_size_of(t->reader->limits.max_memory).text);
    }
    char *buffer = realloc(t->buffer, capacity);
    if (!buffer) {
        return ct_fail(err, "out of memory");
    }
    t->buffer = buffer;
    t->capacity = capacity;
    return true;
}

/* Fills the buffer behind its first `rest` bytes and finds the lines that are whole; the last line
 * is, even without a line end. False: there was an error. */
static bool fill_buffer(table_in *t, size_t rest, size_t *size, ct_error *err) {
    codec_input *input = &t->reader->input;
    const char *last = NULL;
    while (!last) {
        if (rest == t->capacity && !grow_buffer(t, err)) {
            return false;
        }
        const size_t wanted = t->capacity - rest;
        const size_t got = codec_input_read(input, t->buffer + rest, wanted);
        *size = rest + got;
        last = got < wanted ? t->buffer + *size - 1 : memrchr(t->buffer + rest, '\n', got);
        rest = *size;
    }
    if (input->error) {
        return codec_fail_short(t->reader, err, "%s", "");
    }
    t->line = t->at = t->buffer;
    t->end = last + 1;
    return true;
}

static bool read_table(table_in *t, ct_error *err) {
    const size_t bom = sizeof CODEC_TABLE_BOM - 1;
    size_t size;
    t->line_number = 1;
    for (size_t rest = 0;; rest = size - (size_t)(t->end - t->buffer)) {
        if (rest) {
            memmove(t->buffer, t->end, rest);
        }
        if (!fill_buffer(t, rest, &size, err)) {
            return false;
        }
        if (t->line_number == 1 && size >= bom && memcmp(t->at, CODEC_TABLE_BOM, bom) == 0) {
            t->at += bom;
            t->line = t->at;
        }
        if (!read_lines(t, err)) {
            return false;
        }
        if (size < t->capacity) {
            break;
        }
    }
    return end_channel(t, true, err) &&
           (t->channels || ct_fail(err, "there are only comments, no numbers"));
}

/* ---- the decoder ---- */

static bool open_table(codec_reader *reader, ct_error *err) {
    table_in *t = calloc(1, sizeof *t);
    reader->state = t;
    if (!t) {
        return ct_fail(err, "out of memory");
    }
    t->reader = reader;
    t->numbers.most = (size_t)(reader->limits.max_memory / sizeof(float));
    if (!read_table(t, err)) {
        return false;
    }
    free(t->buffer);
    t->buffer = NULL;
    if (t->loses) {
        codec_plain_warn_loss(reader);
    }
    reader->format = t->separator == ',' ? "csv" : t->separator == ' ' && t->tab ? "tsv" : "txt";
    codec_plain_info(&reader->info, CODEC_F32);
    return codec_plain_check(reader, t->width, t->height, t->channels, err);
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    (void)err;
    const table_in *t = reader->state;
    const float *from = t->numbers.list + (size_t)reader->next_row * t->width;
    codec_plain_interleave(row, from, t->width, t->channels, t->width * t->height, sizeof(float));
    return true;
}

static uint64_t memory(const codec_reader *reader) {
    return ((const table_in *)reader->state)->numbers.capacity * sizeof(float);
}

static void close_table(codec_reader *reader) {
    table_in *t = reader->state;
    if (t) {
        free(t->buffer);
        free(t->numbers.list);
        free(t);
    }
}

const codec_decoder codec_table_decoder = {.probe = codec_table_probe,
                                           .open = open_table,
                                           .memory = memory,
                                           .read_row = read_row,
                                           .close = close_table,
                                           .whole = true};
