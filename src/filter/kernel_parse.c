/* The text of a kernel: rows of numbers, comments, `anchor X,Y` and `divide N`. Blanks and commas
 * separate numbers; a comma needs a number before it, so that an empty cell of a table is noticed.
 */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "filter/kernel.h"
#include "filter/kernel_hint.h"
#include "filter/plain.h"

typedef struct kernel_text {
    const char *origin;
    const char *at, *end, *line_start;
    int line;
    double *numbers;
    size_t count, capacity;
    int width, height; /* of the complete rows */
    int row;           /* numbers in the row being read */
    bool cell;         /* there is a number before `at` in the row, with no comma after it yet */
    kernel_layout layout;
    bool in_line; /* the line holds a row already */
    double divisor;
    bool has_divisor, has_anchor;
    int anchor_x, anchor_y;
    int anchor_line;
    ct_error *err;
} kernel_text;

/* The column of `where`, in UTF-8 characters from 1. */
static int column(const kernel_text *t, const char *where) {
    int characters = 1;
    for (const char *p = t->line_start; p < where; p++) {
        characters += ((unsigned char)*p & 0xc0) != 0x80;
    }
    return characters;
}

/* Prefixes the message with ORIGIN:LINE:COLUMN of `where`. */
static bool fail_where(const kernel_text *t, const char *where, const char *what) {
    return ct_fail(t->err, "%s:%d:%d: %s", t->origin, t->line, column(t, where), what);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool ends_word(const kernel_text *t, const char *p) {
    return p >= t->end || is_blank(*p) || *p == ',' || *p == '\n' || *p == ';' || *p == '#';
}

static const char *word_end(const kernel_text *t, const char *p) {
    while (!ends_word(t, p)) {
        p++;
    }
    return p;
}

static bool end_row(kernel_text *t) {
    t->cell = false; /* a comma after the last number is fine: `0, 1,` is a habit from C */
    if (t->row == 0) {
        return true; /* an empty line, a comment, or `;` before a line's end */
    }
    if (t->height > 0 && t->row != t->width) {
        return ct_fail(t->err, "%s:%d:%d: row %d has %d number%s; expected %d, as in row 1",
                       t->origin, t->line, column(t, t->at), t->height + 1, t->row,
                       t->row == 1 ? "" : "s", t->width);
    }
    if (t->height == CONV_MAX_KERNEL) {
        return fail_where(t, t->at, "more than 255 rows");
    }
    t->width = t->row;
    t->height++;
    t->row = 0;
    t->layout.lines += !t->in_line;
    t->layout.split += t->in_line;
    t->in_line = true;
    return true;
}

static bool add_number(kernel_text *t, double value) {
    if (t->row == CONV_MAX_KERNEL) {
        return fail_where(t, t->at, "more than 255 numbers in a row");
    }
    if (t->count == t->capacity) {
        const size_t capacity = t->capacity ? 2 * t->capacity : 64;
        double *numbers = realloc(t->numbers, capacity * sizeof *numbers);
        if (!numbers) {
            return ct_fail(t->err, "out of memory");
        }
        t->numbers = numbers;
        t->capacity = capacity;
    }
    t->numbers[t->count++] = value;
    t->row++;
    t->cell = true;
    return true;
}

/* A number that the engine's float32 can hold. */
static bool read_number(kernel_text *t, const char *end, double *value) {
    const size_t length = (size_t)(end - t->at);
    if (!ct_parse_number(t->at, length, value)) {
        return ct_fail(t->err, "%s:%d:%d: '%.*s' isn't a number; expected one like 2, -0.5 or 1/9",
                       t->origin, t->line, column(t, t->at), (int)(length < 40 ? length : 40),
                       t->at);
    }
    if (!isfinite((float)*value)) {
        return fail_where(t, t->at, "the number is too large");
    }
    return true;
}

static void skip_separators(kernel_text *t) {
    while (t->at < t->end && (is_blank(*t->at) || *t->at == ',')) {
        t->at++;
    }
}

static bool starts_with(const kernel_text *t, const char *word) {
    const size_t length = strlen(word);
    return (size_t)(t->end - t->at) >= length && memcmp(t->at, word, length) == 0 &&
           ends_word(t, t->at + length);
}

static bool read_divide(kernel_text *t) {
    if (t->has_divisor) {
        return fail_where(t, t->at, "a second 'divide'");
    }
    t->at += strlen("divide");
    skip_separators(t);
    const char *end = word_end(t, t->at);
    if (!read_number(t, end, &t->divisor)) {
        return false;
    }
    if (t->divisor == 0) {
        return fail_where(t, t->at, "division by zero");
    }
    t->has_divisor = true;
    t->at = end;
    return true;
}

static bool read_anchor(kernel_text *t) {
    if (t->has_anchor) {
        return fail_where(t, t->at, "a second 'anchor'");
    }
    t->at += strlen("anchor");
    int *const parts[2] = {&t->anchor_x, &t->anchor_y};
    for (int i = 0; i < 2; i++) {
        long value;
        skip_separators(t);
        const char *end = word_end(t, t->at);
        if (!ct_parse_int(t->at, (size_t)(end - t->at), 0, CONV_MAX_KERNEL - 1, &value)) {
            return fail_where(t, t->at, "expected 'anchor X,Y', both counted from 0");
        }
        *parts[i] = (int)value;
        t->at = end;
    }
    t->has_anchor = true;
    t->anchor_line = t->line;
    return true;
}

/* `anchor` or `divide`, alone on their line. */
static bool read_setting(kernel_text *t, bool *was_one) {
    *was_one = starts_with(t, "anchor") || starts_with(t, "divide");
    if (!*was_one) {
        return true;
    }
    if (!(*t->at == 'a' ? read_anchor(t) : read_divide(t))) {
        return false;
    }
    skip_separators(t); /* a spreadsheet pads the line with commas */
    if (t->at < t->end && *t->at != '\n' && *t->at != ';' && *t->at != '#') {
        return fail_where(t, t->at, "expected the end of the line");
    }
    return true;
}

static bool read_word(kernel_text *t) {
    bool setting = false;
    if (t->row == 0 && !read_setting(t, &setting)) {
        return false;
    }
    if (setting) {
        return true;
    }
    double value;
    const char *end = word_end(t, t->at);
    const bool name = (*t->at >= 'a' && *t->at <= 'z') || (*t->at >= 'A' && *t->at <= 'Z');
    if (t->row == 0 && name) {
        kernel_fail_setting(t->at, (size_t)(end - t->at), t->err);
        return ct_fail_at(t->err, "%s:%d:%d: ", t->origin, t->line, column(t, t->at));
    }
    if (!read_number(t, end, &value) || !add_number(t, value)) {
        return false;
    }
    t->at = end;
    return true;
}

static bool read_comma(kernel_text *t) {
    if (!t->cell) {
        return fail_where(t, t->at, "an empty cell; write 0 for a cell without weight");
    }
    t->cell = false;
    t->layout.commas = true;
    t->at++;
    return true;
}

/* The end of a row, by ';' or a line's end. */
static bool read_end(kernel_text *t) {
    if (!end_row(t)) {
        return false;
    }
    if (*t->at++ == '\n') {
        t->line++;
        t->line_start = t->at;
        t->in_line = false;
    }
    return true;
}

static bool read_text(kernel_text *t) {
    while (t->at < t->end) {
        const char c = *t->at;
        if (c == '\0') {
            return fail_where(t, t->at, "a NUL byte; a kernel is plain text");
        }
        if (is_blank(c)) {
            t->at++;
        } else if (c == ',') {
            if (!read_comma(t)) {
                return false;
            }
        } else if (c == '#') {
            const char *newline = memchr(t->at, '\n', (size_t)(t->end - t->at));
            t->at = newline ? newline : t->end;
        } else if (c == '\n' || c == ';') {
            if (!read_end(t)) {
                return false;
            }
        } else if (!read_word(t)) {
            return false;
        }
    }
    return end_row(t);
}

/* Whether a sum over the whitest 16-bit image fits a float32, which the engine adds in: beyond that
 * there would be infinities, and differences of those. */
static bool check_sum(const filter_kernel *kernel, const kernel_text *t) {
    const double most = (double)FLT_MAX / UINT16_MAX;
    double sum = 0;
    for (int i = 0; i < kernel->width * kernel->height; i++) {
        sum += fabs(kernel->weights[i]);
    }
    return sum <= most || ct_fail(t->err,
                                  "%s: the weights are too large: without their signs they sum to "
                                  "%.3g; expected at most %.3g",
                                  t->origin, sum, most);
}

static filter_kernel *build(const kernel_text *t) {
    if (t->height == 0) {
        ct_fail(t->err, "%s: no numbers; expected rows like '0 -1 0; -1 5 -1; 0 -1 0'", t->origin);
        return NULL;
    }
    if (t->has_anchor && (t->anchor_x >= t->width || t->anchor_y >= t->height)) {
        ct_fail(t->err, "%s:%d:1: anchor %d,%d lies outside the %dx%d kernel", t->origin,
                t->anchor_line, t->anchor_x, t->anchor_y, t->width, t->height);
        return NULL;
    }
    filter_kernel *kernel = filter_kernel_new(t->origin, t->width, t->height);
    if (!kernel) {
        ct_fail(t->err, "out of memory");
        return NULL;
    }
    if (t->has_anchor) {
        kernel->anchor_x = t->anchor_x;
        kernel->anchor_y = t->anchor_y;
    }
    kernel->divisor = t->divisor;
    for (size_t i = 0; i < t->count; i++) {
        kernel->weights[i] = t->numbers[i] / t->divisor;
        if (!isfinite((float)kernel->weights[i])) {
            ct_fail(t->err, "%s: %g divided by %g is too large", t->origin, t->numbers[i],
                    t->divisor);
            filter_kernel_free(kernel);
            return NULL;
        }
    }
    if (!check_sum(kernel, t)) {
        filter_kernel_free(kernel);
        return NULL;
    }
    kernel_hint(kernel, t->origin, &t->layout);
    return kernel;
}

filter_kernel *kernel_parse_part(const char *origin, int line, const char *text, size_t size,
                                 ct_error *err) {
    ct_error local;
    static const char mark[] = "\xEF\xBB\xBF"; /* UTF-8's byte-order mark */
    const size_t skip = size >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    size_t length = 0;
    char *plain = plain_text(text + skip, size - skip, &length);
    if (!plain) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    kernel_text t = {.origin = origin,
                     .at = plain,
                     .end = plain + length,
                     .line_start = plain,
                     .line = line,
                     .divisor = 1,
                     .err = err ? err : &local};
    filter_kernel *kernel = read_text(&t) ? build(&t) : NULL;
    free(t.numbers);
    free(plain);
    return kernel;
}

filter_kernel *filter_kernel_parse(const char *origin, const char *text, size_t size,
                                   ct_error *err) {
    return kernel_parse_part(origin, 1, text, size, err);
}
