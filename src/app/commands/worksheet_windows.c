/* Exercises on one window of a small image: convolution and gradients by hand, the median. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands/explain_table.h"
#include "app/commands/stage_kernels.h"
#include "app/commands/worksheet_makers.h"
#include "app/commands/worksheet_task.h"

/* ---- convolution ---- */

/* Its weights are whole numbers over the divisor. */
typedef struct hand_kernel {
    double weights[SHEET_MOST_CELLS * SHEET_MOST_CELLS], divisor;
} hand_kernel;

static bool is_whole(const hand_kernel *kernel, int cells) {
    for (int i = 0; i < cells; i++) {
        const double n = kernel->weights[i] * kernel->divisor;
        if (fabs(n - rint(n)) > 1e-6 || fabs(n) > 99) {
            return false;
        }
    }
    return true;
}

/* The k-th kernel of the chain's stage. */
static bool take_kernel(const sheet_lesson *l, int index, int k, hand_kernel *kernel) {
    const conv_stage *stage = &l->program->stages[index];
    const conv_window *w = &stage->window;
    const char *name = filter_chain_stage_text(l->chain, (size_t)l->program->origin[index]);
    if (w->width > SHEET_MOST_CELLS || w->height > SHEET_MOST_CELLS) {
        return ct_fail(l->err, "%s: a window of %dx%d cells is too much for paper; at most %dx%d",
                       name, w->width, w->height, SHEET_MOST_CELLS, SHEET_MOST_CELLS);
    }
    stage_kernel(stage, k, kernel->weights);
    kernel->divisor = explain_divisor(kernel->weights, w->width * w->height);
    return is_whole(kernel, w->width * w->height) ||
           ct_fail(l->err,
                   "%s: its kernel isn't of whole numbers over one divisor, which can be worked "
                   "out by hand; such are conv:gaussian3, box:3, sobel and conv:sharpen",
                   name);
}

/* The products of the window before it and the kernel; and their sum, called `name`, which is
 * `made` once it's divided. */
static void draw_products(const sheet_task *t, const hand_kernel *kernel, const char *title,
                          const char *name, double made) {
    const sheet_lesson *l = t->lesson;
    const conv_window *w = &t->stage.window;
    char divided[64], a[24], b[24];
    double sum = 0;
    snprintf(divided, sizeof divided, "%s / %.0f", title, kernel->divisor);
    sheet_grid *cells =
        sheet_add_grid(l->sheet, "×", kernel->divisor != 1 ? divided : title, w->width, w->height);
    for (int i = 0; i < w->width * w->height; i++) {
        sheet_number(sheet_at(cells, i % w->width, i / w->width),
                     rint(kernel->weights[i] * kernel->divisor));
    }
    sheet_grid *products = sheet_add_grid(l->sheet, "=", "products", w->width, w->height);
    for (int i = 0; i < w->width * w->height; i++) {
        sheet_cell *cell = sheet_at(products, i % w->width, i / w->width);
        const double product = sheet_task_value(t, i) * rint(kernel->weights[i] * kernel->divisor);
        sheet_number(cell, product);
        cell->blank = true;
        sum += product;
    }
    sheet_number_text(sum, a);
    sheet_number_text(made, b);
    if (kernel->divisor != 1) {
        sheet_say(
            l->sheet,
            "Sum of the products: " SHEET_BLANK("%s") "   divided by %.0f%s: " SHEET_BLANK("%s"), a,
            kernel->divisor, name, b);
    } else {
        sheet_say(l->sheet, "Sum of the products%s: " SHEET_BLANK("%s"), name, b);
    }
}

static bool make_sum(const sheet_lesson *l, int index, int k) {
    hand_kernel kernel;
    sheet_task t = {.lesson = l};
    if (!take_kernel(l, index, k, &kernel)) {
        return false;
    }
    t.stage = (conv_stage){.op = CONV_CORRELATE,
                           .kernels = 1,
                           .weights = kernel.weights,
                           .window = l->program->stages[index].window};
    const bool ok = sheet_task_solve(&t);
    if (ok) {
        sheet_task_ask(&t, "Convolution by hand", "the kernel", "multiply cell by cell, and add");
        sheet_row(l->sheet);
        sheet_task_draw_window(&t);
        draw_products(&t, &kernel, "kernel", kernel.divisor != 1 ? "" : ", the result", t.made);
    }
    free(t.image);
    return ok;
}

/* ---- gradients ---- */

/* What is made of both sums. */
static bool ask_result(const sheet_task *t) {
    char squared[24], result[24];
    double sum;
    if (!sheet_task_gradient(t, CONV_SQUARED, &sum)) {
        return false;
    }
    sheet_number_text(sum, squared);
    sheet_number_text(t->made, result);
    if (t->stage.gradient == CONV_MAGNITUDE) {
        sheet_say(
            t->lesson->sheet,
            "gx² + gy²: " SHEET_BLANK("%s") "   its square root, the result: " SHEET_BLANK("%s"),
            squared, result);
    } else if (t->stage.gradient == CONV_SQUARED) {
        sheet_say(t->lesson->sheet, "gx² + gy², the result: " SHEET_BLANK("%s"), squared);
    } else if (t->stage.gradient == CONV_L1) {
        sheet_say(t->lesson->sheet, "|gx| + |gy|, the result: " SHEET_BLANK("%s"), result);
    } else {
        sheet_say(t->lesson->sheet,
                  "The angle of (gx, gy), from 0 to 360 degrees, times %g / 360, the "
                  "result: " SHEET_BLANK("%s"),
                  (double)t->stage.b, result);
    }
    return true;
}

/* Both sums, and what the stage makes of them. */
static bool make_gradient(const sheet_lesson *l, int index) {
    static const char *const titles[] = {"kernel x", "kernel y"}, *const names[] = {", gx", ", gy"};
    hand_kernel kernels[2];
    double sums[2];
    sheet_task t = {.lesson = l, .stage = l->program->stages[index]};
    bool ok = take_kernel(l, index, 0, &kernels[0]) && take_kernel(l, index, 1, &kernels[1]) &&
              sheet_task_solve(&t);
    for (int k = 0; ok && k < 2; k++) {
        ok = sheet_task_gradient(&t, k ? CONV_Y : CONV_X, &sums[k]);
    }
    if (ok) {
        sheet_task_ask(&t, "Convolution by hand: a gradient",
                       filter_chain_stage_text(l->chain, (size_t)l->program->origin[index]),
                       "multiply it cell by cell with each of the two kernels, and add");
        sheet_row(l->sheet);
        sheet_task_draw_window(&t);
    }
    for (int k = 0; ok && k < 2; k++) {
        if (k > 0) {
            sheet_say(l->sheet, "The same window and the other kernel:");
            sheet_row(l->sheet);
        }
        draw_products(&t, &kernels[k], titles[k], names[k], sums[k]);
    }
    ok = ok && ask_result(&t);
    free(t.image);
    return ok;
}

bool sheet_make_convolution(const sheet_lesson *l) {
    const int index = sheet_lesson_kernel(l);
    if (index < 0) {
        return ct_fail(l->err, "no stage of the chain has a kernel; try conv:sharpen or sobel");
    }
    const conv_stage *stage = &l->program->stages[index];
    if (stage->op == CONV_COMPASS) {
        return make_sum(l, index, sheet_draw(l->random, 0, stage->kernels - 1));
    }
    if (stage->op == CONV_GRADIENT && stage->gradient != CONV_X && stage->gradient != CONV_Y) {
        return make_gradient(l, index);
    }
    return make_sum(l, index, stage->op == CONV_GRADIENT && stage->gradient == CONV_Y);
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

static void draw_sorted(const sheet_task *t) {
    const int cells = t->stage.window.width * t->stage.window.height;
    double values[MOST_SORTED];
    char middle[24];
    for (int i = 0; i < cells; i++) {
        values[i] = sheet_task_value(t, i);
    }
    qsort(values, (size_t)cells, sizeof *values, by_value);
    sheet_row(t->lesson->sheet);
    sheet_task_draw_window(t);
    sheet_grid *sorted = sheet_add_grid(t->lesson->sheet, "→", "in order", cells, 1);
    for (int i = 0; i < cells; i++) {
        sheet_number(sheet_at(sorted, i, 0), values[i]);
        sheet_at(sorted, i, 0)->blank = true;
    }
    sheet_number_text(t->made, middle);
    sheet_say(t->lesson->sheet, "The middle one, the result: " SHEET_BLANK("%s"), middle);
}

bool sheet_make_median(const sheet_lesson *l) {
    sheet_task t = {.lesson = l, .stage = choose_median(l)};
    const conv_window *w = &t.stage.window;
    if (w->width > SHEET_MOST_CELLS || w->height > SHEET_MOST_CELLS ||
        w->width * w->height > MOST_SORTED) {
        return ct_fail(l->err, "median: a window of %dx%d cells is too much for paper; at most %d",
                       w->width, w->height, MOST_SORTED);
    }
    const bool ok = sheet_task_solve(&t);
    if (ok) {
        sheet_task_ask(&t, "The median by hand", "the median filter",
                       "and put its numbers in order");
        draw_sorted(&t);
    }
    free(t.image);
    return ok;
}
