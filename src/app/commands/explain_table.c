/* Tables of numbers that fit a terminal of 80 columns. */
#include <math.h>
#include <string.h>

#include "app/call/message.h"
#include "app/commands/explain_table.h"

enum { LINE_WIDTH = 80, INDENT = 2, GAP = 3, DOTS = 4, CHANNELS = 20 /* " ... (4096 channels)" */ };

explain_style explain_style_for(FILE *out) {
    bool color = app_color(out);
    return (explain_style){out, color ? "\033[36m" : "", color ? "\033[1m" : "",
                           color ? "\033[0m" : ""};
}

const char *explain_number(double number, char text[32]) {
    if (isnan(number)) { /* printf would give it a sign */
        return strcpy(text, "nan");
    }
    const bool whole = fabs(number) < 1e15 && number == rint(number);
    snprintf(text, 32, whole ? "%.0f" : "%.6g", number == 0 ? 0.0 : number);
    return text;
}

void explain_pixel_numbers(FILE *out, int column, const float *pixel, int channels) {
    char text[32];
    int c = 0;
    for (; c < channels; c++) {
        column += (int)strlen(explain_number((double)pixel[c], text)) + 1;
        if (column > LINE_WIDTH - (c < channels - 1 ? CHANNELS : 0)) {
            break;
        }
        fprintf(out, " %s", text);
    }
    if (c < channels) {
        fprintf(out, " ... (%d channels)", channels);
    }
    fputc('\n', out);
}

bool explain_same_float(double a, double b) {
    return (float)a == (float)b || (isnan((float)a) && isnan((float)b));
}

typedef enum block { VALUES, WEIGHTS, PRODUCTS, BLOCKS } block;

/* One table and its layout. */
typedef struct table {
    const explain_style *style;
    const explain_window *window;
    int channel;
    const double *weights;
    int chosen;
    int digits;
    int cell[BLOCKS]; /* characters of a cell, without the blank in front */
} table;

static double cell_value(const table *t, block what, int cell) {
    double value = (double)t->window->values[cell * t->window->channels + t->channel];
    return what == VALUES ? value : what == WEIGHTS ? t->weights[cell] : value * t->weights[cell];
}

static void cell_text(const table *t, block what, int cell, char text[48]) {
    char number[40];
    double value = cell_value(t, what, cell);
    snprintf(number, sizeof number, "%.*g", t->digits, value == 0 ? 0.0 : value);
    bool pool = !t->weights;
    if (what == VALUES && t->window->beyond[cell]) {
        snprintf(text, 48, "[%s]", pool ? "" : number);
    } else if (what == VALUES && cell == t->chosen) {
        snprintf(text, 48, "%s*", number);
    } else {
        snprintf(text, 48, "%s", number);
    }
}

static void measure(table *t) {
    char text[48];
    int cells = t->window->width * t->window->height;
    for (block what = VALUES; what < (t->weights ? BLOCKS : WEIGHTS); what++) {
        t->cell[what] = 1;
        for (int i = 0; i < cells; i++) {
            cell_text(t, what, i, text);
            int length = (int)strlen(text);
            t->cell[what] = length > t->cell[what] ? length : t->cell[what];
        }
    }
}

static int block_width(const table *t, block what) {
    return t->window->width * (t->cell[what] + 1);
}

static int total_width(const table *t) {
    return INDENT + block_width(t, VALUES) + block_width(t, WEIGHTS) + block_width(t, PRODUCTS) +
           2 * GAP;
}

/* Row ky of a block, its first `columns` cells. */
static void print_row(const table *t, block what, int ky, int columns) {
    char text[48];
    for (int kx = 0; kx < columns; kx++) {
        int cell = ky * t->window->width + kx;
        cell_text(t, what, cell, text);
        bool marked = what == VALUES && t->window->beyond[cell];
        bool strong = what == VALUES && cell == t->chosen;
        fprintf(t->style->out, " %*s%s%s%s", t->cell[what] - (int)strlen(text), "",
                marked   ? t->style->dim
                : strong ? t->style->strong
                         : "",
                text, marked || strong ? t->style->plain : "");
    }
}

static const char *const titles[BLOCKS] = {"window", "kernel", "products"};

static void print_side_by_side(const table *t) {
    FILE *out = t->style->out;
    for (block what = VALUES; what < BLOCKS; what++) {
        fprintf(out, "%*s%-*s", what ? GAP : INDENT, "", what < PRODUCTS ? block_width(t, what) : 0,
                what == VALUES    ? " window"
                : what == WEIGHTS ? " kernel"
                                  : " products");
    }
    fputc('\n', out);
    for (int ky = 0; ky < t->window->height; ky++) {
        for (block what = VALUES; what < BLOCKS; what++) {
            fprintf(out, "%*s", what ? GAP : INDENT, what == WEIGHTS ? "x " : what ? "= " : "");
            print_row(t, what, ky, t->window->width);
        }
        fputc('\n', out);
    }
}

static double row_sum(const table *t, int ky) {
    double sum = 0;
    for (int kx = 0; kx < t->window->width; kx++) {
        sum += cell_value(t, PRODUCTS, ky * t->window->width + kx);
    }
    return sum;
}

/* Prints the blocks below each other, and says where columns don't fit and are cut off. Rows of
 * products then end in their sums. */
static void print_stacked(const table *t) {
    FILE *out = t->style->out;
    int room = LINE_WIDTH - INDENT;
    for (block what = VALUES; what < (t->weights ? BLOCKS : WEIGHTS); what++) {
        char text[32];
        int columns = t->window->width;
        bool cut = block_width(t, what) > room;
        if (cut) {
            columns = (room - DOTS - (what == PRODUCTS ? 16 : 0)) / (t->cell[what] + 1);
        }
        fprintf(out, "%*s %s", INDENT, "", titles[what]);
        fprintf(out, cut ? ": %d of %d columns shown; sums are over all\n" : "\n", columns,
                t->window->width);
        for (int ky = 0; ky < t->window->height; ky++) {
            fprintf(out, "%*s", INDENT, "");
            print_row(t, what, ky, columns);
            fputs(cut ? " ..." : "", out);
            if (cut && what == PRODUCTS) {
                fprintf(out, " sum %s", explain_number(row_sum(t, ky), text));
            }
            fputc('\n', out);
        }
    }
}

void explain_table(const explain_style *style, const explain_window *window, int channel,
                   const double *weights, int chosen) {
    table t = {
        .style = style, .window = window, .channel = channel, .weights = weights, .chosen = chosen};
    /* Six digits where they fit, else four: the sums below the table are exact either way. */
    for (t.digits = 6; t.digits >= 4; t.digits -= 2) {
        measure(&t);
        if (weights && total_width(&t) <= LINE_WIDTH) {
            print_side_by_side(&t);
            return;
        }
    }
    t.digits = 6;
    measure(&t);
    if (block_width(&t, weights ? PRODUCTS : VALUES) > LINE_WIDTH - INDENT ||
        (weights && block_width(&t, WEIGHTS) > LINE_WIDTH - INDENT)) {
        t.digits = 4;
        measure(&t);
    }
    print_stacked(&t);
}
