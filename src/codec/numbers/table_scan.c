#include "codec/numbers/table_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/numbers/plain.h"
#include "codec/numbers/table.h"

enum {
    CHUNK = 1 << 17,
    GROUP_BYTES = 1 << 16, /* of text, about, unless a row has more */
    GROUP_ROWS = 1 << 12,
    FIRST_MARKS = 64,
};

typedef enum line_state {
    LINE_BLANK,  /* only blanks so far */
    LINE_RETURN, /* and a CR, which ends the line if an LF follows */
    LINE_ROW,
    LINE_COMMENT,
} line_state;

typedef struct scan {
    const codec_reader *reader;
    codec_table_layout *layout;
    line_state state;
    codec_table_mark line; /* the line that is looked at */
    uint64_t column;       /* where it stops being blank, from 0 */
    size_t rows;           /* of the channel so far */
    bool first_marked;     /* the first row of all was found, but not its end */
} scan;

static bool fail_at(const scan *s, ct_error *err) {
    return ct_fail_at(err, "line %llu, column %llu: ", s->line.line,
                      (unsigned long long)s->column + 1);
}

static bool add_mark(scan *s, ct_error *err) {
    codec_table_layout *t = s->layout;
    if (t->count == t->capacity) {
        const size_t capacity = t->capacity ? 2 * t->capacity : FIRST_MARKS;
        if (t->capacity && capacity * sizeof *t->marks > s->reader->limits.max_memory) {
            return ct_fail(err,
                           "finding its rows needs more memory than the limit of %s "
                           "(--max-memory)",
                           ct_size_of(s->reader->limits.max_memory).text);
        }
        codec_table_mark *marks = realloc(t->marks, capacity * sizeof *marks);
        if (!marks) {
            return ct_fail(err, "out of memory");
        }
        t->marks = marks;
        t->capacity = capacity;
    }
    if (t->count > 0) {
        const uint64_t length = s->line.at - t->marks[t->count - 1].at;
        t->longest = length > t->longest ? length : t->longest;
    }
    t->marks[t->count++] = s->line;
    return true;
}

/* Once the first row's length is known. */
static void choose_step(scan *s, uint64_t end) {
    const uint64_t length = end - s->line.at, fit = GROUP_BYTES / (length ? length : 1);
    s->layout->step = fit < 1 ? 1 : fit < GROUP_ROWS ? (size_t)fit : GROUP_ROWS;
    s->first_marked = false;
}

/* A line that has something else than blanks. */
static bool begin_row(scan *s, ct_error *err) {
    codec_table_layout *t = s->layout;
    if (t->rows && s->rows == t->rows) {
        ct_fail(err,
                "more rows than the %zu of the first channel; a blank line begins another "
                "channel",
                t->rows);
        return fail_at(s, err);
    }
    if (s->rows >= (size_t)s->reader->limits.max_plain_side) {
        return codec_plain_check_side(s->reader, 1, s->rows + 1, err);
    }
    s->first_marked = s->first_marked || t->count == 0;
    return (t->step && s->rows % t->step) || add_mark(s, err);
}

/* A blank line, or the file's end. */
static bool end_channel(scan *s, bool at_end, ct_error *err) {
    codec_table_layout *t = s->layout;
    if (!s->rows) {
        return true;
    }
    t->rows = t->rows ? t->rows : s->rows;
    if (s->rows != t->rows && at_end) {
        return ct_fail(err, "the file ends after %s of channel %zu, but the first has %zu",
                       ct_count(s->rows, "row").text, t->channels + 1, t->rows);
    }
    if (s->rows != t->rows) {
        ct_fail(err, "a blank line ends a channel of %s, but the first has %zu",
                ct_count(s->rows, "row").text, t->rows);
        return fail_at(s, err);
    }
    s->rows = 0;
    t->channels++;
    return true;
}

/* The line ends before `end`. */
static bool end_line(scan *s, uint64_t end, ct_error *err) {
    if (s->state == LINE_ROW) {
        s->rows++;
        if (s->first_marked) {
            choose_step(s, end);
        }
    } else if (s->state != LINE_COMMENT && !end_channel(s, false, err)) {
        return false;
    }
    s->line = (codec_table_mark){end, s->line.line + 1};
    s->state = LINE_BLANK;
    return true;
}

/* One byte of a line whose kind isn't known yet. */
static bool judge(scan *s, char c, uint64_t at, ct_error *err) {
    if (s->state == LINE_BLANK) {
        s->column = at - s->line.at;
        if (codec_table_blank(c)) {
            return true;
        }
        if (c == '\r') {
            s->state = LINE_RETURN;
            return true;
        }
    }
    if (c == '\n') {
        return end_line(s, at + 1, err);
    }
    s->state = c == '#' && s->state == LINE_BLANK ? LINE_COMMENT : LINE_ROW;
    return s->state == LINE_COMMENT || begin_row(s, err);
}

static bool scan_chunk(scan *s, const char *text, size_t size, uint64_t offset, ct_error *err) {
    const char *at = text, *end = text + size;
    while (at < end) {
        if (s->state == LINE_BLANK || s->state == LINE_RETURN) {
            if (!judge(s, *at, offset + (uint64_t)(at - text), err)) {
                return false;
            }
            at++;
            continue;
        }
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        at = line_end ? line_end + 1 : end;
        if (line_end && !end_line(s, offset + (uint64_t)(at - text), err)) {
            return false;
        }
    }
    return true;
}

static bool scan_text(scan *s, char *buffer, ct_error *err) {
    const size_t bom = sizeof CODEC_TABLE_BOM - 1;
    const codec_input *input = &s->reader->input;
    uint64_t left = 0, offset = 0;
    codec_input_left(input, &left);
    while (offset < left) {
        int error;
        const size_t got = codec_input_read_at(input, offset, buffer, CHUNK, &error);
        if (!got) {
            return codec_fail_cut(error, err, "the file became shorter while it was read");
        }
        const bool mark = !offset && got >= bom && memcmp(buffer, CODEC_TABLE_BOM, bom) == 0;
        const size_t skip = mark ? bom : 0;
        s->line.at = mark ? bom : s->line.at;
        if (!scan_chunk(s, buffer + skip, got - skip, offset + skip, err)) {
            return false;
        }
        offset += got;
    }
    s->layout->end = left;
    return (s->line.at == left || end_line(s, left, err)) && end_channel(s, true, err);
}

bool codec_table_scan(const codec_reader *reader, codec_table_layout *layout, ct_error *err) {
    scan s = {.reader = reader, .layout = layout, .line = {0, 1}};
    char *buffer = malloc(CHUNK);
    const bool ok = buffer ? scan_text(&s, buffer, err) : ct_fail(err, "out of memory");
    free(buffer);
    if (ok && !layout->channels) { /* the first bytes had some, but the file changed */
        return ct_fail(err, "there are only comments, no numbers");
    }
    if (ok) {
        const uint64_t last = layout->end - layout->marks[layout->count - 1].at;
        layout->longest = last > layout->longest ? last : layout->longest;
    }
    return ok;
}
