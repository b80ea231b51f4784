/* Compiles one stage with a window: its path, its taps, and the geometry of its ring. */
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
static plan_path choose_path(const conv_stage *stage) {
    switch (stage->op) {
    case CONV_POOL:
        return PATH_POOL;
    case CONV_COMPASS:
        return PATH_COMPASS;
    case CONV_GRADIENT:
        return is_gradient3(stage) ? PATH_GRADIENT3 : PATH_GRADIENT;
    default:
        return stage->weights ? PATH_TAPS : PATH_SEPARABLE;
    }
}

/* ---- taps ---- */

/* The cells of a width x height kernel. Offsets count from column `origin`. */
static bool make_taps(plan_taps *taps, const double *weights, int width, int height, int step,
                      int origin) {
    const size_t cells = (size_t)width * (size_t)height;
    taps->row = malloc(cells * sizeof *taps->row);
    taps->offset = malloc(cells * sizeof *taps->offset);
    taps->weight = malloc(cells * sizeof *taps->weight);
    if (!taps->row || !taps->offset || !taps->weight) {
        return false;
    }
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const float w = (float)weights[y * width + x];
            if (w != 0.0F) {
                taps->row[taps->count] = y;
                taps->offset[taps->count] = x * step + origin;
                taps->weight[taps->count++] = w;
            }
        }
    }
    return true;
}

static float sum_of(const double *weights, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += weights[i];
    }
    return (float)sum;
}

static bool make_all_taps(plan_step *step) {
    const conv_stage *stage = &step->stage;
    const conv_window *w = &stage->window;
    const int channels = step->in.channels;
    const int columns = w->dilation_x * channels, origin = -w->left * channels;
    const int cells = w->width * w->height;
    step->tap_sets = step->path == PATH_SEPARABLE ? 2 : stage->kernels;
    step->taps = calloc((size_t)step->tap_sets, sizeof *step->taps);
    if (!step->taps) {
        return false;
    }
    if (step->path == PATH_SEPARABLE) {
        step->sum = sum_of(stage->column, w->height) * sum_of(stage->row, w->width);
        return make_taps(&step->taps[0], stage->column, 1, w->height, 0, origin) &&
               make_taps(&step->taps[1], stage->row, w->width, 1, columns, 0);
    }
    step->sum = sum_of(stage->weights, cells);
    for (int k = 0; k < step->tap_sets; k++) {
        if (!make_taps(&step->taps[k], stage->weights + (size_t)k * (size_t)cells, w->width,
                       w->height, columns, origin)) {
            return false;
        }
    }
    return true;
}

/* How many cells along one axis count in the mean of output i (PyTorch's rule: padding may count,
 * what lies beyond it, as with ceil, never does). */
static int pool_cells(int i, int in, int cells, int stride, int before, int after, bool padding) {
    int first = i * stride - before, end = first + cells;
    end = end < in + after ? end : in + after;
    if (!padding) {
        first = larger(first, 0);
        end = end < in ? end : in;
    }
    return larger(end - first, 1);
}

int plan_pool_rows(const plan_step *step, int y) {
    const conv_window *w = &step->stage.window;
    return pool_cells(y, step->in.height, w->height, w->stride_y, w->top, w->bottom,
                      step->stage.count_padding);
}

static bool make_counts(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const size_t channels = (size_t)step->made.channels;
    const size_t width = (size_t)step->made.width;
    step->counts = malloc(width * channels * sizeof *step->counts);
    if (!step->counts) {
        return false;
    }
    for (size_t i = 0; i < width * channels; i++) {
        step->counts[i] =
            (float)pool_cells((int)(i / channels), step->in.width, w->width, w->stride_x, w->left,
                              w->right, step->stage.count_padding);
    }
    return true;
}

/* ---- the ring ---- */

static bool make_margins(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const int width = step->in.width;
    const bool pool = step->path == PATH_POOL;
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

static bool make_ring(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const size_t channels = (size_t)step->in.channels;
    const int reach = w->dilation_x * (w->width - 1);
    const int last = (step->made.width - 1) * w->stride_x - w->left + reach;
    step->left = w->left;
    step->right = larger(0, last - (step->in.width - 1));
    step->full_width = (step->made.width - 1) * w->stride_x + 1;
    step->start = rounded_up((size_t)step->left * channels, 16);
    /* Room for the last block that starts within the last computed column. */
    step->pitch = rounded_up(
        step->start + ((size_t)step->in.width + (size_t)step->right) * channels + ROWS_BLOCK, 16);
    const int64_t extent = (int64_t)w->dilation_y * (w->height - 1) + 1;
    const bool comes_round = w->border == CONV_WRAP && step->path != PATH_POOL;
    step->ring_rows = extent < step->in.height || comes_round ? (int)extent : step->in.height;
    return make_margins(step);
}

bool plan_make_step(plan_step *step, const conv_stage *stage, conv_shape in) {
    step->stage = *stage;
    step->in = in;
    step->path = choose_path(stage);
    if (!make_ring(step)) {
        return false;
    }
    if (step->path == PATH_GRADIENT3) {
        step->side = (float)stage->weights[2];
        step->middle = (float)stage->weights[5];
        return true;
    }
    if (step->path == PATH_POOL) {
        return stage->pool != CONV_POOL_AVG || make_counts(step);
    }
    return make_all_taps(step);
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
