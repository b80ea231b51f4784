/* Tables of numbers that fit a terminal.
 *
 *   column      199      200      201    kernel       products
 *   row  99  37.946   77.149  102.715  × -1 0 1 = -37.946 0 102.715
 */
#include "app/commands/explain_table.h"

#include <math.h>
#include <string.h>

enum { INDENT = 3, GAP = 3, DOTS = 4, SUM = 16, MOST_DIVISOR = 10000 };

typedef enum block { VALUES, WEIGHTS, PRODUCTS, BLOCKS } block;

/* One table and its layout. */
typedef struct table {
    const explain_style *style;
    const explain_cells *cells;
    const explain_window *window;
    double divisor;
    int decimals;      /* at most, of numbers from 1 up */
    int marks;         /* columns behind a value: for a bracket, a star, or both */
    int exact[BLOCKS]; /* decimals that a block's numbers have */
    int cell[BLOCKS];  /* columns of a cell, without the blank in front */
    int width[BLOCKS]; /* of a block */
    char title[BLOCKS][48];
    int label; /* columns of a row's name, without the blank behind */
} table;

double explain_divisor(const double *weights, int count) {
    for (int d = 1; d <= MOST_DIVISOR; d++) {
        bool whole = true;
        for (int i = 0; whole && i < count; i++) {
            const double n = weights[i] * d;
            whole = fabs(n - rint(n)) <= 1e-9 * fmax(1, fabs(n)) && fabs(n) < MOST_DIVISOR &&
                    (rint(n) != 0 || weights[i] == 0);
        }
        if (whole) {
            return d;
        }
    }
    return 1;
}

static double cell_value(const table *t, block what, int cell) {
    const double value = (double)t->window->values[cell * t->window->channels + t->cells->channel];
    if (what == VALUES) {
        return value;
    }
    double weight = t->cells->weights[cell] * t->divisor;
    weight = t->divisor != 1 ? rint(weight) : weight;
    /* A weight of 0 leaves out what isn't a number, too. */
    return what == WEIGHTS ? weight : weight != 0 ? value * weight : 0;
}

/* ---- a cell's text ---- */

/* The fewest decimals that leave nothing out, up to `most`. */
static int decimals_of(double value, int most) {
    char text[64];
    int found = 0;
    if (isfinite(value) && fabs(value) < 1e7) {
        snprintf(text, sizeof text, "%.*f", most, value);
        for (int i = most; i > 0 && !found; i--) {
            found = text[strlen(text) - 1 - (size_t)(most - i)] != '0' ? i : 0;
        }
    }
    return found;
}

static void find_decimals(table *t, block what) {
    const int count = t->window->width * t->window->height;
    double largest = 0;
    for (int i = 0; i < count; i++) {
        const double size = fabs(cell_value(t, what, i));
        largest = isfinite(size) && size > largest ? size : largest;
    }
    const int most = t->decimals + (largest < 1 ? 2 : largest < 10 && t->decimals == 1 ? 1 : 0);
    t->exact[what] = 0;
    for (int i = 0; i < count; i++) {
        const int n = decimals_of(cell_value(t, what, i), most);
        t->exact[what] = n > t->exact[what] ? n : t->exact[what];
    }
}

static void number_text(double value, int decimals, char text[40]) {
    snprintf(text, 40, "%.*f", decimals, value == 0 ? 0.0 : value);
    const bool gone = value != 0 && strspn(text, "-0.") == strlen(text);
    if (isnan(value)) {
        strcpy(text, "nan");
    } else if (gone || fabs(value) >= 1e7) {
        snprintf(text, 40, gone ? "%.1g" : "%.6g", value);
    } else if (value == 0) {
        strcpy(text, "0");
    }
}

static bool is_chosen(const table *t, int cell) {
    const int chosen = t->cells->weights ? -1 : t->cells->chosen;
    return chosen >= 0 &&
           (cell == chosen ||
            (t->cells->alike && cell_value(t, VALUES, cell) == cell_value(t, VALUES, chosen)));
}

/* The brackets around a value: beyond the edge, or the centre. */
static const char *brackets_of(const table *t, int cell) {
    return t->window->beyond[cell]                            ? "[]"
           : cell == t->window->centre && !t->cells->unplaced ? "<>"
                                                              : "";
}

/* Whether a value has brackets and a star: then all have room for both. */
static bool has_both_marks(const table *t) {
    bool both = false;
    for (int i = 0; i < t->window->width * t->window->height; i++) {
        both = both || (is_chosen(t, i) && *brackets_of(t, i));
    }
    return both;
}

/* A value has its marks around it. */
static void cell_text(const table *t, block what, int cell, char text[48]) {
    char number[40], marks[3];
    number_text(cell_value(t, what, cell), t->exact[what], number);
    if (what != VALUES) {
        snprintf(text, 48, "%s", number);
        return;
    }
    const char *around = brackets_of(t, cell);
    snprintf(marks, sizeof marks, "%.1s%s", *around ? around + 1 : "",
             is_chosen(t, cell) ? "*" : "");
    snprintf(text, 48, "%.1s%s%-*s", around,
             t->window->beyond[cell] && t->window->unfilled ? "-" : number, t->marks, marks);
}

/* ---- the layout ---- */

static int last_block(const table *t) {
    return t->cells->weights ? PRODUCTS : VALUES;
}

static int column_at(const table *t, int kx) {
    return t->window->first_x + kx * t->window->step_x;
}

static int row_at(const table *t, int ky) {
    return t->window->first_y + ky * t->window->step_y;
}

static void row_name(const table *t, int ky, char text[48]) {
    char number[16];
    snprintf(number, sizeof number, "%d", row_at(t, ky));
    snprintf(text, 48, "row %*s", t->label - 4, number);
}

static int longest_row_number(const table *t) {
    const int a = snprintf(NULL, 0, "%d", row_at(t, 0));
    const int b = snprintf(NULL, 0, "%d", row_at(t, t->window->height - 1));
    return a > b ? a : b;
}

static void measure_block(table *t, block what) {
    char text[48];
    find_decimals(t, what);
    t->cell[what] = 1;
    for (int i = 0; i < t->window->width * t->window->height; i++) {
        cell_text(t, what, i, text);
        const int length = (int)strlen(text);
        t->cell[what] = length > t->cell[what] ? length : t->cell[what];
    }
    for (int kx = 0; what == VALUES && !t->cells->unplaced && kx < t->window->width; kx++) {
        const int length = snprintf(NULL, 0, "%d", column_at(t, kx)) + t->marks;
        t->cell[what] = length > t->cell[what] ? length : t->cell[what];
    }
    const int title = (int)strlen(t->title[what]);
    t->width[what] = t->window->width * (t->cell[what] + 1);
    t->width[what] = t->width[what] < title ? title : t->width[what];
}

static void measure(table *t, int decimals) {
    const int row = longest_row_number(t) + 4, column = 6; /* "row 12", "column" */
    t->decimals = decimals;
    t->marks = has_both_marks(t) ? 2 : 1;
    t->label = t->cells->unplaced ? 0 : row > column ? row : column;
    strcpy(t->title[VALUES], "");
    strcpy(t->title[PRODUCTS], " products");
    snprintf(t->title[WEIGHTS], sizeof t->title[WEIGHTS],
             t->divisor != 1 ? " kernel / %.0f" : " kernel", t->divisor);
    for (int what = VALUES; what <= last_block(t); what++) {
        measure_block(t, (block)what);
    }
}

static int total_width(const table *t) {
    int width = INDENT + t->label;
    for (int what = VALUES; what <= last_block(t); what++) {
        width += t->width[what] + (what ? GAP : 0);
    }
    return width;
}

/* ---- printing ---- */

static const char *color_of(const table *t, block what, int cell) {
    const double value = cell_value(t, what, cell);
    if (what != VALUES) {
        return value < 0 ? t->style->negative : value > 0 ? t->style->positive : "";
    }
    const bool strong = t->cells->weights ? cell == t->window->centre : is_chosen(t, cell);
    return t->window->beyond[cell] ? t->style->dim : strong ? t->style->strong : "";
}

/* Row ky of a block, its first `columns` cells. */
static void print_cells(const table *t, block what, int ky, int columns) {
    char text[48];
    for (int kx = 0; kx < columns; kx++) {
        const int cell = ky * t->window->width + kx;
        const char *color = color_of(t, what, cell);
        cell_text(t, what, cell, text);
        fprintf(t->style->out, " %*s%s%s%s", t->cell[what] - (int)strlen(text), "", color, text,
                *color ? t->style->plain : "");
    }
}

static void print_label(const table *t, int ky) {
    char name[48];
    row_name(t, ky, name);
    fprintf(t->style->out, "%*s%s", INDENT, "", t->cells->unplaced ? "" : name);
}

/* The names of the first `columns` columns, over the window's values; returns the column reached.
 */
static int print_columns(const table *t, int columns) {
    FILE *out = t->style->out;
    if (t->cells->unplaced) {
        return fprintf(out, "%*s", INDENT + columns * (t->cell[VALUES] + 1), " window");
    }
    int at = fprintf(out, "%*s%-*s", INDENT, "", t->label, "column");
    for (int kx = 0; kx < columns; kx++) {
        at += fprintf(out, "%*s %*d", kx ? t->marks : 0, "", t->cell[VALUES] - t->marks,
                      column_at(t, kx));
    }
    return at;
}

static void print_side_by_side(const table *t) {
    FILE *out = t->style->out;
    int at = print_columns(t, t->window->width);
    int want = INDENT + t->label + t->width[VALUES];
    for (int what = WEIGHTS; what < BLOCKS; what++) {
        at += fprintf(out, "%*s", want + GAP - at, "");
        at += fprintf(out, "%s", t->title[what]);
        want += GAP + t->width[what];
    }
    fputc('\n', out);
    for (int ky = 0; ky < t->window->height; ky++) {
        print_label(t, ky);
        for (int what = VALUES; what < BLOCKS; what++) {
            const int blanks = t->width[what] - t->window->width * (t->cell[what] + 1);
            fprintf(out, "%s%s%s", what ? " " : "",
                    what == WEIGHTS    ? t->style->times
                    : what == PRODUCTS ? "="
                                       : "",
                    what ? " " : "");
            print_cells(t, (block)what, ky, t->window->width);
            fprintf(out, "%*s", what < PRODUCTS ? blanks : 0, "");
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

static bool fits(const table *t, block what) {
    return INDENT + t->label + t->window->width * (t->cell[what] + 1) <= t->style->width;
}

/* Prints a block of its own, and says where columns don't fit and are cut off. Rows of products
 * then end in their sums. */
static void print_block(const table *t, block what) {
    char text[32];
    FILE *out = t->style->out;
    const bool cut = !fits(t, what);
    int columns = t->window->width;
    if (cut) {
        columns = (t->style->width - INDENT - t->label - DOTS - (what == PRODUCTS ? SUM : 0)) /
                  (t->cell[what] + 1);
    }
    if (what != VALUES || t->cells->unplaced || cut) {
        fprintf(out, "%*s%s", INDENT, "", what == VALUES ? "window" : t->title[what] + 1);
        fprintf(out, cut ? ": %d of %d columns shown; sums are over all\n" : "\n", columns,
                t->window->width);
    }
    if (what == VALUES && !t->cells->unplaced) {
        print_columns(t, columns);
        fputc('\n', out);
    }
    for (int ky = 0; ky < t->window->height; ky++) {
        if (what == VALUES) {
            print_label(t, ky);
        } else {
            fprintf(out, "%*s", INDENT + t->label, "");
        }
        print_cells(t, what, ky, columns);
        fputs(cut ? " ..." : "", out);
        if (cut && what == PRODUCTS) {
            fprintf(out, " sum %s", explain_number(row_sum(t, ky), text));
        }
        fputc('\n', out);
    }
}

void explain_table(const explain_style *style, const explain_cells *cells) {
    table t = {.style = style,
               .cells = cells,
               .window = cells->window,
               .divisor = cells->divisor > 0 ? cells->divisor : 1};
    /* Fewer decimals where that keeps all in one line: sums below the table are exact either way.
     * The names of rows and columns stay: bare numbers would look like the image's. */
    for (int decimals = 3; cells->weights && decimals >= 1; decimals--) {
        measure(&t, decimals);
        if (total_width(&t) <= style->width) {
            print_side_by_side(&t);
            return;
        }
    }
    for (int decimals = 3; decimals >= 1; decimals--) {
        measure(&t, decimals);
        if (fits(&t, VALUES) && (!cells->weights || (fits(&t, WEIGHTS) && fits(&t, PRODUCTS)))) {
            break;
        }
    }
    for (int what = VALUES; what <= last_block(&t); what++) {
        print_block(&t, (block)what);
    }
}
