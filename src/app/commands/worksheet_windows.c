/* Exercises on one window of a small image: convolution by hand, the median. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands/explain_table.h"
#include "app/commands/stage_kernels.h"
#include "app/commands/worksheet_makers.h"

enum {
    MOST_CELLS = 7, /* of a window's side, on paper */
    MOST_TRIES = 1000
};

/* ---- convolution ---- */

/* One kernel at one place. */
typedef struct task {
    const sheet_lesson *lesson;
    conv_stage stage; /* a plain correlation with that kernel */
    double weights[MOST_CELLS * MOST_CELLS];
    double divisor;
    int columns[MOST_CELLS], rows[MOST_CELLS]; /* of the image, under the window; -1: constant */
    float *image;
    int x, y;
    double made; /* the engine's result there */
} task;

static bool is_whole(const task *t) {
    for (int i = 0; i < t->stage.window.width * t->stage.window.height; i++) {
        const double n = t->weights[i] * t->divisor;
        if (fabs(n - rint(n)) > 1e-6 || fabs(n) > 99) {
            return false;
        }
    }
    return true;
}

/* The kernel of the chain's stage, as a stage of its own. */
static bool choose_kernel(task *t, int index) {
    const sheet_lesson *l = t->lesson;
    const conv_stage *stage = &l->program->stages[index];
    const conv_window *w = &stage->window;
    const char *name = filter_chain_stage_text(l->chain, (size_t)l->program->origin[index]);
    if (w->width > MOST_CELLS || w->height > MOST_CELLS) {
        return ct_fail(l->err, "%s: a window of %dx%d cells is too much for paper; at most %dx%d",
                       name, w->width, w->height, MOST_CELLS, MOST_CELLS);
    }
    int k = stage->op == CONV_COMPASS ? sheet_draw(l->random, 0, stage->kernels - 1) : 0;
    if (stage->op == CONV_GRADIENT) {
        k = stage->gradient == CONV_Y   ? 1
            : stage->gradient == CONV_X ? 0
                                        : sheet_draw(l->random, 0, 1);
    }
    stage_kernel(stage, k, t->weights);
    t->divisor = explain_divisor(t->weights, w->width * w->height);
    t->stage =
        (conv_stage){.op = CONV_CORRELATE, .kernels = 1, .weights = t->weights, .window = *w};
    return is_whole(t) ||
           ct_fail(l->err,
                   "%s: its kernel isn't of whole numbers over one divisor, which can be worked "
                   "out by hand; such are conv:gaussian3, box:3, sobel and conv:sharpen",
                   name);
}

/* Whether cell i of the window lies beyond the edge. */
static bool is_beyond(const task *t, int i) {
    const conv_window *w = &t->stage.window;
    const int x = t->x * w->stride_x - w->left + i % w->width * w->dilation_x;
    const int y = t->y * w->stride_y - w->top + i / w->width * w->dilation_y;
    return x < 0 || y < 0 || x >= t->lesson->width || y >= t->lesson->height;
}

/* Where padding=keep makes no sum, since the window reaches beyond the edge. */
static bool is_kept(const task *t) {
    const conv_window *w = &t->stage.window;
    bool beyond = false;
    for (int i = 0; w->keep && i < w->width * w->height; i++) {
        beyond = beyond || is_beyond(t, i);
    }
    return beyond;
}

/* At random, where the window lies inside if it has to. */
static void draw_place(task *t, conv_shape out) {
    int tries = MOST_TRIES;
    do {
        t->x = sheet_draw(t->lesson->random, 0, out.width - 1);
        t->y = sheet_draw(t->lesson->random, 0, out.height - 1);
    } while (is_kept(t) && --tries > 0);
}

static bool choose_place(task *t, conv_shape out) {
    const sheet_lesson *l = t->lesson;
    if (l->digits && l->call->count <= 1) { /* --at is in their middle, but for the edges */
        t->x = (out.width - 1) / 2;
        t->y = (out.height - 1) / 2;
    } else if (l->call->at_given && !l->digits) {
        t->x = l->call->at_x;
        t->y = l->call->at_y;
    } else {
        draw_place(t, out);
    }
    if (t->x < out.width && t->y < out.height && is_kept(t)) {
        return ct_fail(l->err,
                       "padding=keep makes no sum at %d,%d of %dx%d, where the window reaches "
                       "beyond the edge; choose another with --at, or a larger --size",
                       t->x, t->y, out.width, out.height);
    }
    return (t->x < out.width && t->y < out.height) ||
           ct_fail(l->err, "--at %d,%d lies outside the output, which is %dx%d", t->x, t->y,
                   out.width, out.height);
}

static bool solve(task *t) {
    const sheet_lesson *l = t->lesson;
    const conv_shape in = {l->width, l->height, 1};
    conv_shape out;
    if (!(t->image = sheet_lesson_numbers(l, l->err))) {
        return false;
    }
    float *made = sheet_run(&t->stage, 1, in, t->image, &out, l->err);
    const bool ok = made && choose_place(t, out);
    if (ok) {
        t->made = (double)made[t->y * out.width + t->x];
        sheet_window(&t->stage.window, in, t->x, t->y, t->columns, t->rows);
    }
    free(made);
    return ok;
}

static double window_value(const task *t, int i) {
    const int width = t->stage.window.width;
    const int x = t->columns[i % width], y = t->rows[i / width];
    return x < 0 || y < 0 ? (double)t->stage.window.fill
                          : (double)t->image[y * t->lesson->width + x];
}

static void draw_image(const task *t) {
    const sheet_lesson *l = t->lesson;
    const conv_window *w = &t->stage.window;
    sheet_grid *grid = sheet_add_grid(l->sheet, "", "image", l->width, l->height);
    for (int i = 0; i < l->width * l->height; i++) {
        sheet_number(sheet_at(grid, i % l->width, i / l->width), (double)t->image[i]);
    }
    for (int i = 0; i < w->width * w->height; i++) {
        if (!is_beyond(t, i)) {
            sheet_cell *cell = sheet_at(grid, t->columns[i % w->width], t->rows[i / w->width]);
            cell->marked = true;
            cell->strong = i == w->anchor_y * w->width + w->anchor_x;
        }
    }
}

/* The window, to be copied. */
static void draw_window(const task *t) {
    const conv_window *w = &t->stage.window;
    sheet_grid *window = sheet_add_grid(t->lesson->sheet, "", "window", w->width, w->height);
    for (int i = 0; i < w->width * w->height; i++) {
        sheet_cell *cell = sheet_at(window, i % w->width, i / w->width);
        sheet_number(cell, window_value(t, i));
        cell->beyond = is_beyond(t, i);
        cell->blank = true;
        cell->strong = i == w->anchor_y * w->width + w->anchor_x;
    }
}

static void draw_sum(const task *t) {
    const sheet_lesson *l = t->lesson;
    const conv_window *w = &t->stage.window;
    char divided[24];
    const int cells = w->width * w->height;
    double sum = 0;
    sheet_row(l->sheet);
    draw_window(t);
    snprintf(divided, sizeof divided, "kernel / %.0f", t->divisor);
    sheet_grid *kernel =
        sheet_add_grid(l->sheet, "×", t->divisor != 1 ? divided : "kernel", w->width, w->height);
    for (int i = 0; i < cells; i++) {
        sheet_number(sheet_at(kernel, i % w->width, i / w->width),
                     rint(t->weights[i] * t->divisor));
    }
    sheet_grid *products = sheet_add_grid(l->sheet, "=", "products", w->width, w->height);
    for (int i = 0; i < cells; i++) {
        sheet_cell *cell = sheet_at(products, i % w->width, i / w->width);
        const double product = window_value(t, i) * rint(t->weights[i] * t->divisor);
        sheet_number(cell, product);
        cell->blank = true;
        sum += product;
    }
    char a[24], b[24];
    sheet_number_text(sum, a);
    sheet_number_text(t->made, b);
    if (t->divisor != 1) {
        sheet_say(
            l->sheet,
            "Sum of the products: " SHEET_BLANK("%s") "   divided by %.0f: " SHEET_BLANK("%s"), a,
            t->divisor, b);
    } else {
        sheet_say(l->sheet, "Sum of the products, the result: " SHEET_BLANK("%s"), b);
    }
}

/* How the window moves and what its cells are apart, where that isn't 1. */
static void tell_steps(const conv_window *w, char text[160]) {
    const bool strided = w->stride_x > 1 || w->stride_y > 1;
    const int used = !strided ? 0
                              : snprintf(text, 160,
                                         " The window moves %d to the right and %d down "
                                         "at a time (the stride).",
                                         w->stride_x, w->stride_y);
    if (w->dilation_x > 1 || w->dilation_y > 1) {
        snprintf(text + used, 160 - (size_t)used,
                 " Its cells lie %d columns and %d rows apart (the dilation).", w->dilation_x,
                 w->dilation_y);
    }
}

/* What is asked, up to "Copy the window". */
static void ask(const task *t, const char *title, const char *who, const char *then) {
    const conv_window *w = &t->stage.window;
    char padding[64], beyond[128] = "", steps[160] = "";
    sheet_padding_text(w, padding);
    tell_steps(w, steps);
    for (int i = 0; !beyond[0] && i < w->width * w->height; i++) {
        if (is_beyond(t, i)) {
            snprintf(beyond, sizeof beyond,
                     ", with what %s puts beyond the edge into its shaded cells", padding);
        }
    }
    sheet_begin(t->lesson->sheet, title);
    sheet_say(t->lesson->sheet,
              "Which number does %s make at column %d, row %d of the result (both counted from "
              "0)?%s Copy the window%s, %s.",
              who, t->x, t->y, steps, beyond, then);
    sheet_row(t->lesson->sheet);
    draw_image(t);
}

bool sheet_make_convolution(const sheet_lesson *l) {
    task t = {.lesson = l};
    const int index = sheet_lesson_kernel(l);
    if (index < 0) {
        return ct_fail(l->err, "no stage of the chain has a kernel; try conv:sharpen or sobel:x");
    }
    const bool ok = choose_kernel(&t, index) && solve(&t);
    if (ok) {
        ask(&t, "Convolution by hand", "the kernel", "multiply cell by cell, and add");
        draw_sum(&t);
    }
    free(t.image);
    return ok;
}

/* ---- the median ---- */

/* The chain's own, else that of 3x3. */
static conv_stage choose_median(const sheet_lesson *l) {
    for (int i = 0; i < l->program->count; i++) {
        if (l->program->stages[i].op == CONV_MEDIAN) {
            return l->program->stages[i];
        }
    }
    return (conv_stage){.op = CONV_MEDIAN, .window = sheet_centred_window(3, 3)};
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A line of so many cells is as wide as the paper. */
enum { MOST_SORTED = 15 };

static void draw_sorted(const task *t) {
    const int cells = t->stage.window.width * t->stage.window.height;
    double values[MOST_SORTED];
    char middle[24];
    for (int i = 0; i < cells; i++) {
        values[i] = window_value(t, i);
    }
    qsort(values, (size_t)cells, sizeof *values, by_value);
    sheet_row(t->lesson->sheet);
    draw_window(t);
    sheet_grid *sorted = sheet_add_grid(t->lesson->sheet, "→", "in order", cells, 1);
    for (int i = 0; i < cells; i++) {
        sheet_number(sheet_at(sorted, i, 0), values[i]);
        sheet_at(sorted, i, 0)->blank = true;
    }
    sheet_number_text(t->made, middle);
    sheet_say(t->lesson->sheet, "The middle one, the result: " SHEET_BLANK("%s"), middle);
}

bool sheet_make_median(const sheet_lesson *l) {
    task t = {.lesson = l, .stage = choose_median(l)};
    const conv_window *w = &t.stage.window;
    if (w->width > MOST_CELLS || w->height > MOST_CELLS || w->width * w->height > MOST_SORTED) {
        return ct_fail(l->err, "median: a window of %dx%d cells is too much for paper; at most %d",
                       w->width, w->height, MOST_SORTED);
    }
    const bool ok = solve(&t);
    if (ok) {
        ask(&t, "The median by hand", "the median filter", "and put its numbers in order");
        draw_sorted(&t);
    }
    free(t.image);
    return ok;
}
