/* Exercises on one small image: convolution by hand, padding, pooling. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands/explain_table.h"
#include "app/commands/stage_kernels.h"
#include "app/commands/worksheet_makers.h"

enum { MOST_CELLS = 7 }; /* of a window's side, on paper */

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

static bool choose_place(task *t, conv_shape out) {
    const sheet_lesson *l = t->lesson;
    if (l->digits && l->call->count <= 1) { /* --at is in their middle, but for the edges */
        t->x = (out.width - 1) / 2;
        t->y = (out.height - 1) / 2;
    } else if (l->call->at_given && !l->digits) {
        t->x = l->call->at_x;
        t->y = l->call->at_y;
    } else {
        t->x = sheet_draw(l->random, 0, out.width - 1);
        t->y = sheet_draw(l->random, 0, out.height - 1);
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

/* Whether cell i of the window lies beyond the edge. */
static bool is_beyond(const task *t, int i) {
    const conv_window *w = &t->stage.window;
    const int x = t->x * w->stride_x - w->left + i % w->width * w->dilation_x;
    const int y = t->y * w->stride_y - w->top + i / w->width * w->dilation_y;
    return x < 0 || y < 0 || x >= t->lesson->width || y >= t->lesson->height;
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

static void draw_sum(const task *t) {
    const sheet_lesson *l = t->lesson;
    const conv_window *w = &t->stage.window;
    char divided[24];
    const int cells = w->width * w->height;
    double sum = 0;
    sheet_row(l->sheet);
    sheet_grid *window = sheet_add_grid(l->sheet, "", "window", w->width, w->height);
    for (int i = 0; i < cells; i++) {
        sheet_cell *cell = sheet_at(window, i % w->width, i / w->width);
        sheet_number(cell, window_value(t, i));
        cell->beyond = is_beyond(t, i);
        cell->blank = true;
        cell->strong = i == w->anchor_y * w->width + w->anchor_x;
    }
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

bool sheet_make_convolution(const sheet_lesson *l) {
    task t = {.lesson = l};
    const int index = sheet_lesson_kernel(l);
    if (index < 0) {
        return ct_fail(l->err, "no stage of the chain has a kernel; try conv:sharpen or sobel:x");
    }
    bool ok = choose_kernel(&t, index) && solve(&t);
    if (ok) {
        bool beyond = false;
        for (int i = 0; i < t.stage.window.width * t.stage.window.height; i++) {
            beyond = beyond || is_beyond(&t, i);
        }
        sheet_begin(l->sheet, "Convolution by hand");
        sheet_say(l->sheet,
                  "Which number does the kernel make at column %d, row %d of the result (both "
                  "counted from 0)? Copy the window%s, multiply cell by cell, and add.",
                  t.x, t.y,
                  beyond ? ", with what the padding puts beyond the edge into its shaded cells"
                         : "");
        sheet_row(l->sheet);
        draw_image(&t);
        draw_sum(&t);
    }
    free(t.image);
    return ok;
}

/* ---- padding ---- */

static const struct {
    conv_border border;
    const char *name, *pattern;
} borders[] = {
    {CONV_MIRROR, "mirror", "cb|abcd|cb"},       {CONV_SYMMETRIC, "symmetric", "ba|abcd|dc"},
    {CONV_REPLICATE, "replicate", "aa|abcd|dd"}, {CONV_WRAP, "wrap", "cd|abcd|ab"},
    {CONV_CONSTANT, "zero", "00|abcd|00"},
};

enum { BORDERS = sizeof borders / sizeof *borders };

/* The chain's own padding where it's one of those, else any of them. */
static int choose_border(const sheet_lesson *l) {
    const int index = sheet_lesson_kernel(l);
    const conv_window *w = index >= 0 ? &l->program->stages[index].window : NULL;
    for (int i = 0; w && w->left > 0 && i < BORDERS; i++) {
        if (borders[i].border == w->border && (w->border != CONV_CONSTANT || w->fill == 0)) {
            return i;
        }
    }
    return sheet_draw(l->random, 0, BORDERS - 1);
}

bool sheet_make_padding(const sheet_lesson *l) {
    const int chosen = choose_border(l), pad = l->width < 6 && l->height < 6 ? 2 : 1;
    if (l->width > 12 || l->height > 12) {
        return ct_fail(l->err, "padding: %dx%d is too much for paper; at most 12x12", l->width,
                       l->height);
    }
    float *image = sheet_lesson_numbers(l, l->err);
    if (!image) {
        return false;
    }
    sheet_begin(l->sheet, "Padding");
    sheet_say(l->sheet, "Fill in what lies beyond the edge with padding=%s (%s).",
              borders[chosen].name, borders[chosen].pattern);
    sheet_row(l->sheet);
    sheet_grid *grid = sheet_add_grid(l->sheet, "", "", l->width + 2 * pad, l->height + 2 * pad);
    for (int y = -pad; y < l->height + pad; y++) {
        for (int x = -pad; x < l->width + pad; x++) {
            const bool inside = x >= 0 && y >= 0 && x < l->width && y < l->height;
            const int from_x = inside ? x : conv_border_index(borders[chosen].border, x, l->width);
            const int from_y = inside ? y : conv_border_index(borders[chosen].border, y, l->height);
            sheet_cell *cell = sheet_at(grid, x + pad, y + pad);
            sheet_number(cell,
                         from_x < 0 || from_y < 0 ? 0 : (double)image[from_y * l->width + from_x]);
            cell->blank = cell->beyond = !inside;
        }
    }
    free(image);
    return true;
}

/* ---- pooling ---- */

static conv_stage choose_pool(const sheet_lesson *l) {
    for (int i = 0; i < l->program->count; i++) {
        if (l->program->stages[i].op == CONV_POOL) {
            return l->program->stages[i];
        }
    }
    return (conv_stage){.op = CONV_POOL,
                        .pool = sheet_draw(l->random, 0, 1) ? CONV_POOL_MAX : CONV_POOL_AVG,
                        .window = {.width = 2,
                                   .height = 2,
                                   .stride_x = 2,
                                   .stride_y = 2,
                                   .dilation_x = 1,
                                   .dilation_y = 1,
                                   .alpha = -1}};
}

/* Windows that don't overlap are told apart as the squares of a chessboard; x, y count from the
 * padding's corner. */
static bool is_marked(const conv_window *w, conv_shape out, int x, int y) {
    const int column = x / w->stride_x, row = y / w->stride_y;
    return w->stride_x == w->width && w->stride_y == w->height && column < out.width &&
           row < out.height && column % 2 == row % 2;
}

bool sheet_make_pooling(const sheet_lesson *l) {
    static const char *const takes[] = {"largest number", "smallest number", "mean",
                                        "middle number (the upper left one of four)"};
    const conv_stage pool = choose_pool(l);
    const conv_window *w = &pool.window;
    conv_shape out;
    float *image = sheet_lesson_numbers(l, l->err);
    float *made =
        image ? sheet_run(&pool, 1, (conv_shape){l->width, l->height, 1}, image, &out, l->err)
              : NULL;
    if (made) {
        sheet_begin(l->sheet, "Pooling");
        sheet_say(l->sheet,
                  "Each window of %d×%d, %d further to the right and %d further down each time, "
                  "leaves its %s.%s",
                  w->width, w->height, w->stride_x, w->stride_y, takes[pool.pool],
                  w->left > 0 ? " Cells beyond the edge don't count." : "");
        sheet_row(l->sheet);
        sheet_grid *grid = sheet_add_grid(l->sheet, "", "image", l->width, l->height);
        for (int i = 0; i < l->width * l->height; i++) {
            sheet_cell *cell = sheet_at(grid, i % l->width, i / l->width);
            sheet_number(cell, (double)image[i]);
            cell->marked = is_marked(w, out, i % l->width + w->left, i / l->width + w->top);
        }
        sheet_grid *result = sheet_add_grid(l->sheet, "→", "result", out.width, out.height);
        for (int i = 0; i < out.width * out.height; i++) {
            sheet_cell *cell = sheet_at(result, i % out.width, i / out.width);
            sheet_number(cell, (double)made[i]);
            cell->blank = true;
        }
    }
    const bool ok = made != NULL;
    free(made);
    free(image);
    return ok;
}
