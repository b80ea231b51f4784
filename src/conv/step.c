/* Compiles one stage with a window: its path, and the geometry of its ring. */
#include <stdlib.h>

#include "conv/plan.h"

static int larger(int a, int b) {
    return a > b ? a : b;
}

static size_t rounded_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

/* ---- which path ---- */

/* x = [-s 0 s; -m 0 m; -s 0 s] and y its transpose. */
static bool is_gradient3(const conv_stage *stage) {
    const conv_window *w = &stage->window;
    if (w->width != 3 || w->height != 3 || stage->gradient == CONV_ANGLE) {
        return false;
    }
    const double *x = stage->weights, *y = x + 9;
    const double s = x[2], m = x[5];
    const double expected[9] = {-s, 0, s, -m, 0, m, -s, 0, s};
    for (int i = 0; i < 9; i++) {
        if (x[i] != expected[i] || y[i / 3 + i % 3 * 3] != expected[i]) {
            return false;
        }
    }
    return true;
}

/* The one place that says which path a stage takes. */
static const plan_path *choose_path(const conv_stage *stage) {
    switch (stage->op) {
    case CONV_POOL:
        return stage->pool == CONV_POOL_NEAREST ? &path_nearest : &path_pool;
    case CONV_COMPASS:
        return &path_compass;
    case CONV_GRADIENT:
        return is_gradient3(stage) ? &path_gradient3 : &path_gradient;
    default:
        return stage->weights ? &path_taps : &path_separable;
    }
}

/* ---- the ring ---- */

static bool make_margins(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const int width = step->in.width;
    const bool pool = step->stage.op == CONV_POOL;
    step->margin = malloc(((size_t)step->left + (size_t)step->right + 1) * sizeof *step->margin);
    if (!step->margin) {
        return false;
    }
    for (int i = 0; i < step->left + step->right; i++) {
        const int column = i < step->left ? i - step->left : width + i - step->left;
        step->margin[i] = pool ? -1 : conv_border_index(w->border, column, width);
    }
    return true;
}

size_t plan_window_rows(const plan_step *step, int count) {
    const conv_window *w = &step->stage.window;
    return ((size_t)count - 1) * (size_t)w->stride_y + (size_t)w->height;
}

/* Rows of the input from the first to the last that a batch looks at. */
static int64_t batch_extent(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    return (int64_t)w->dilation_y * (w->height - 1) + 1 + (int64_t)(step->batch - 1) * w->stride_y;
}

/* Several rows at once share what they read; with dilation their windows have little in common, and
 * the ring would have to be long. */
static void choose_batch(plan_step *step) {
    const conv_window *w = &step->stage.window;
    step->batch = w->dilation_y > 1 || w->stride_y > w->height ? 1 : step->path->batch;
    step->batch = step->batch < step->made.height ? step->batch : step->made.height;
}

/* BLOCK floats of input a row, but enough that the columns that two blocks both look at are a small
 * share. */
static void choose_block(plan_step *step) {
    enum { BLOCK = 1024 };
    const conv_window *w = &step->stage.window;
    const int64_t reach = (int64_t)w->dilation_x * (w->width - 1);
    int64_t columns = BLOCK / step->in.channels;
    columns = columns > 8 * reach ? columns : 8 * reach;
    const int64_t pixels = columns / w->stride_x;
    step->block = pixels < 1 ? 1 : pixels < step->made.width ? (int)pixels : step->made.width;
}

static bool make_ring(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const size_t channels = (size_t)step->in.channels;
    const int reach = w->dilation_x * (w->width - 1);
    const int last = (step->made.width - 1) * w->stride_x - w->left + reach;
    step->left = w->left;
    step->right = larger(0, last - (step->in.width - 1));
    step->start = rounded_up((size_t)step->left * channels, 16);
    /* Room for the last block that starts within the last computed column. */
    step->pitch = rounded_up(
        step->start + ((size_t)step->in.width + (size_t)step->right) * channels + ROWS_BLOCK, 16);
    const int64_t extent = batch_extent(step);
    const bool comes_round = w->border == CONV_WRAP && step->stage.op != CONV_POOL;
    step->ring_rows = extent < step->in.height || comes_round ? (int)extent : step->in.height;
    return make_margins(step);
}

bool plan_make_step(plan_step *step, const conv_stage *stage, conv_shape in) {
    step->stage = *stage;
    step->in = in;
    step->path = choose_path(stage);
    choose_batch(step);
    choose_block(step);
    return make_ring(step) && (!step->path->make || step->path->make(step));
}

void plan_free_step(plan_step *step) {
    for (int k = 0; k < step->tap_sets && step->taps; k++) {
        free(step->taps[k].row);
        free(step->taps[k].offset);
        free(step->taps[k].weight);
    }
    free(step->taps);
    free(step->counts);
    free(step->margin);
}
