/* A trace for people: two tables. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/call/message.h"
#include "app/run/trace.h"

enum {
    LINE = 100,
    COLUMNS = 11,
    CELL = 64,
    GAP = 2,         /* blanks between columns */
    KEYS = 2,        /* columns that say which stage it is */
    NAME = 30,       /* of a stage, at most */
    SHORT_NAME = 12, /* where the line would be too long */
};

typedef char cell[CELL];

/* A table under construction: rows of cells, of which some columns may stay empty. */
typedef struct table {
    const char *heads[COLUMNS];
    bool right[COLUMNS]; /* numbers */
    int columns;
} table;

/* ---- cells ---- */

/* "4x3x3+alpha", as the command shape reads it. */
static void shape_cell(cell to, conv_shape s, bool alpha) {
    snprintf(to, CELL, "%dx%dx%d%s", s.width, s.height, s.channels - alpha, alpha ? "+alpha" : "");
}

/* "3x5"; what isn't whole, as jumps of resized images, has four digits. */
static void size_cell(cell to, double x, double y) {
    const char *const forms[] = {"%.4gx%.4g", "%.0fx%.0f"};
    snprintf(to, CELL, forms[x == rint(x) && y == rint(y)], x, y);
}

/* The same, but one number where both are equal. */
static void pair_cell(cell to, double x, double y) {
    size_cell(to, x, y);
    if (x == y) {
        *strchr(to, 'x') = '\0';
    }
}

/* Three digits are enough: "86.7M"; a small one as it is. */
static void count_cell(cell to, double count) {
    static const char units[] = "kMGTPE";
    int unit = -1;
    if (count < 10000) {
        snprintf(to, CELL, "%.0f", count);
        return;
    }
    while (count >= 999.5 && unit < 5) {
        count /= 1000;
        unit++;
    }
    snprintf(to, CELL, "%.*f%c", count < 9.995 ? 2 : count < 99.95 ? 1 : 0, count, units[unit]);
}

/* Six digits of the largest value: what floats compute has no more. */
static void value_cell(cell to, double value, const flow_summary *s) {
    const double most = fmax(fabs(s->min), fabs(s->max));
    if (!isfinite(value)) {
        snprintf(to, CELL, "-");
        return;
    }
    const double unit = most > 0 ? pow(10, floor(log10(most)) - 5) : 1;
    const double rounded = isnormal(unit) ? rint(value / unit) * unit : value;
    snprintf(to, CELL, "%.6g", rounded == 0 ? 0.0 : rounded);
}

/* As much of a name as fits, in whole characters. */
static bool name_cell(cell to, const char *name) {
    ct_text text = {0};
    if (!app_escape(&text, name)) {
        return false;
    }
    size_t kept = text.length;
    if (kept > NAME) {
        kept = NAME - 3;
        while (kept > 0 && ((unsigned char)text.bytes[kept] & 0xC0) == 0x80) {
            kept--;
        }
    }
    snprintf(to, CELL, "%.*s%s", (int)kept, text.bytes, kept < text.length ? "..." : "");
    ct_text_free(&text);
    return true;
}

static bool begin_row(cell *cells, const app_trace_row *row) {
    for (int c = 0; c < COLUMNS; c++) {
        cells[c][0] = '\0';
    }
    row->number ? snprintf(cells[0], CELL, "%d", row->number) : snprintf(cells[0], CELL, "+");
    return name_cell(cells[1], row->name);
}

/* ---- the two tables ---- */

static const table shapes = {
    .heads = {"", "stage", "output", "window", "dilation", "stride", "padding", "parameters",
              "products", "field", "jump"},
    .right = {[0] = true, [7] = true, [8] = true},
    .columns = 11,
};

static bool shape_row(const app_trace *trace, int i, cell *cells) {
    const app_trace_row *row = &trace->rows[i];
    if (!begin_row(cells, row)) {
        return false;
    }
    shape_cell(cells[2], row->out, row->alpha >= 0);
    if (app_trace_has_window(row)) {
        const conv_window *w = &row->stage.window;
        snprintf(cells[3], CELL, "%dx%d", w->width, w->height);
        if (w->dilation_x > 1 || w->dilation_y > 1) {
            pair_cell(cells[4], w->dilation_x, w->dilation_y);
        }
        pair_cell(cells[5], w->stride_x, w->stride_y);
        snprintf(cells[6], CELL, "%s", app_trace_padding(&row->stage).text);
    }
    count_cell(cells[7], row->parameters);
    count_cell(cells[8], row->products);
    if (row->field.whole) {
        snprintf(cells[9], CELL, "all");
    } else {
        size_cell(cells[9], row->field.width, row->field.height);
    }
    pair_cell(cells[10], row->field.jump_x, row->field.jump_y);
    return true;
}

static const table values = {
    .heads = {"", "stage", "computed by", "minimum", "mean", "maximum", "negative", "not finite"},
    .right = {[0] = true, [3] = true, [4] = true, [5] = true, [6] = true, [7] = true},
    .columns = 8,
};

static const char *path_text(const app_trace *trace, const app_trace_row *row) {
    return trace->network && row == trace->rows ? "network"
           : row->at < 0                        ? "nothing to do"
           : row->choice.path                   ? row->choice.path
           : row->stage.op == CONV_CROP         ? "nothing to do"
           : conv_stage_is_whole(&row->stage)   ? "whole image"
                                                : "pixel by pixel";
}

static bool value_row(const app_trace *trace, int i, cell *cells) {
    const app_trace_row *row = &trace->rows[i];
    const flow_summary *s = &trace->values[i];
    if (!begin_row(cells, row)) {
        return false;
    }
    snprintf(cells[2], CELL, "%s", path_text(trace, row));
    value_cell(cells[3], s->min, s);
    value_cell(cells[4], flow_summary_mean(s), s);
    value_cell(cells[5], s->max, s);
    const double share = s->finite ? (double)s->negative / (double)s->finite : 0;
    /* What isn't none, or all, doesn't look like it. */
    const double shown = s->negative && share < 0.001               ? 0.1
                         : s->negative < s->finite && share > 0.999 ? 99.9
                                                                    : 100 * share;
    snprintf(cells[6], CELL, "%.1f%%", shown);
    if (s->nan + s->infinite > 0) {
        count_cell(cells[7], (double)(s->nan + s->infinite));
    }
    return true;
}

static const table paths = {
    .heads = {"", "stage", "computed by", "because"},
    .right = {[0] = true},
    .columns = 4,
};

static bool path_row(const app_trace *trace, int i, cell *cells) {
    const app_trace_row *row = &trace->rows[i];
    if (!begin_row(cells, row)) {
        return false;
    }
    snprintf(cells[2], CELL, "%s", path_text(trace, row));
    snprintf(cells[3], CELL, "%.60s", row->choice.path ? row->choice.why : "");
    return true;
}

/* ---- printing ---- */

typedef bool make_row(const app_trace *trace, int i, cell *cells);

/* Columns that a terminal takes: characters, not bytes. */
static int width_of(const char *text) {
    int width = 0;
    for (; *text; text++) {
        width += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return width;
}

/* Cuts a text that is wider. */
static void fit(cell text, int width) {
    int used = 0;
    char *at = text;
    if (width_of(text) <= width) {
        return;
    }
    for (; used < width - 3 || ((unsigned char)*at & 0xC0) == 0x80; at++) {
        used += ((unsigned char)*at & 0xC0) != 0x80;
    }
    strcpy(at, "...");
}

/* The columns first..end-1, behind those that say which stage it is. */
static bool add_line(ct_text *out, const int *widths, const bool *right, cell *cells, int first,
                     int end) {
    int blanks = 0; /* not added yet, so that no line ends with any */
    bool ok = true;
    for (int c = 0; c < end; c++) {
        if (widths[c] == 0 || (c >= KEYS && c < first)) {
            continue;
        }
        fit(cells[c], widths[c]);
        const int fill = widths[c] - width_of(cells[c]);
        blanks += right[c] ? fill : 0;
        if (cells[c][0]) {
            ok = ok && ct_text_print(out, "%*s%s", blanks, "", cells[c]);
            blanks = 0;
        }
        blanks += (right[c] ? 0 : fill) + GAP;
    }
    return ok && ct_text_print(out, "\n");
}

/* The widest cell of each column, and its head; 0 where every cell is empty: the column is left
 * out. */
static bool find_widths(const app_trace *trace, const table *t, make_row *make, int *widths) {
    cell cells[COLUMNS];
    for (int i = 0; i < trace->count; i++) {
        if (!make(trace, i, cells)) {
            return false;
        }
        for (int c = 0; c < t->columns; c++) {
            const int width = width_of(cells[c]);
            widths[c] = width > widths[c] ? width : widths[c];
        }
    }
    for (int c = 0; c < t->columns; c++) {
        const int head = width_of(t->heads[c]);
        widths[c] = widths[c] > 0 && head > widths[c] ? head : widths[c];
    }
    return true;
}

static int line_width(const int *widths, int first, int end) {
    int width = -GAP;
    for (int c = 0; c < end; c++) {
        width += widths[c] && (c < KEYS || c >= first) ? widths[c] + GAP : 0;
    }
    return width;
}

/* The end of the columns from `first` on that fit a line; at least one does. */
static int columns_end(const table *t, const int *widths, int first) {
    int end = first + 1;
    while (end < t->columns && line_width(widths, first, end + 1) <= LINE) {
        end++;
    }
    return end;
}

/* The columns that fit; then the others, behind the same names. */
static bool add_table(ct_text *out, const app_trace *trace, const table *t, make_row *make) {
    int widths[COLUMNS] = {0};
    cell cells[COLUMNS];
    bool ok = find_widths(trace, t, make, widths);
    const int over = line_width(widths, KEYS, t->columns) - LINE;
    if (over > 0 && widths[1] > SHORT_NAME) {
        widths[1] = widths[1] - over > SHORT_NAME ? widths[1] - over : SHORT_NAME;
    }
    for (int first = KEYS, end; ok && first < t->columns; first = end) {
        end = columns_end(t, widths, first);
        for (int c = 0; c < t->columns; c++) {
            snprintf(cells[c], CELL, "%s", t->heads[c]);
        }
        ok = add_line(out, widths, t->right, cells, first, end);
        for (int i = 0; ok && i < trace->count; i++) {
            ok = make(trace, i, cells) && add_line(out, widths, t->right, cells, first, end);
        }
    }
    return ok;
}

bool app_trace_tables(const app_trace *trace, ct_text *out) {
    double parameters = 0, products = 0;
    cell a, b, in;
    for (int i = 0; i < trace->count; i++) {
        parameters += trace->rows[i].parameters;
        products += trace->rows[i].products;
    }
    count_cell(a, parameters);
    count_cell(b, products);
    shape_cell(in, trace->in, trace->alpha);
    return ct_text_print(out, "input %s\n", in) && add_table(out, trace, &shapes, shape_row) &&
           ct_text_print(out, "in all: %s parameters, %s products\n\n", a, b) &&
           (trace->values ? add_table(out, trace, &values, value_row)
                          : add_table(out, trace, &paths, path_row)) &&
           (!trace->network || (ct_text_print(out, "\nthe network's nodes\n") &&
                                app_net_trace_table(trace->network, out)));
}
