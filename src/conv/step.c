/* Compiles one stage with a window: its path, and the geometry of its ring. */
#include <math.h>
#include <stdlib.h>

#include "conv/plan.h"

static int larger(int a, int b) {
    return a > b ? a : b;
}

static size_t rounded_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

float plan_sum_of(const double *weights, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += weights[i];
    }
    return (float)sum;
}

bool plan_fill_is_byte(const conv_window *w) {
    const float fills[2] = {w->fill, w->alpha >= 0 ? w->fill_alpha : 0.0F};
    for (int i = 0; i < 2 && w->border == CONV_CONSTANT; i++) {
        if (!(fills[i] >= 0 && fills[i] <= 255 && rintf(fills[i]) == fills[i])) {
            return false;
        }
    }
    return true;
}

/* ---- which path ---- */

/* The one place that says which path a stage takes. bytes: its input is the image, of 8 bits. */
static const plan_path *choose_path(const conv_stage *stage, bool bytes) {
    switch (stage->op) {
    case CONV_POOL:
        return stage->pool == CONV_POOL_NEAREST ? &path_nearest : &path_pool;
    case CONV_LAYER:
        return &path_layer;
    case CONV_COMPASS:
        return &path_compass;
    case CONV_GRADIENT:
        if (!path_gradient3_takes(stage)) {
            return &path_gradient;
        }
        return bytes && path_gradient3_bytes_takes(stage) ? &path_gradient3_bytes : &path_gradient3;
    default:
        if (bytes && path_bytes_takes(stage)) {
            return &path_bytes;
        }
        if (stage->weights) {
            return path_dense_takes(stage) ? &path_dense : &path_taps;
        }
        if (bytes && path_separable_bytes_takes(stage)) {
            return path_separable_is_long(stage) ? &path_separable_long_bytes
                                                 : &path_separable_bytes;
        }
        return path_separable_is_long(stage) ? &path_separable_long : &path_separable;
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
    enum { RING_BYTES = 256 * 1024 };
    const conv_window *w = &step->stage.window;
    step->batch = w->dilation_y > 1 || w->stride_y > w->height ? 1 : step->path->batch;
    step->batch = step->batch < step->made.height ? step->batch : step->made.height;
    /* Pooling gains nothing from a batch but shorter calls: its ring stays in the second cache. */
    const int64_t row = (int64_t)step->in.width * step->in.channels * (int64_t)sizeof(float);
    while (step->stage.op == CONV_POOL && step->batch > 1 &&
           batch_extent(step) * row > RING_BYTES) {
        step->batch--;
    }
}

/* BLOCK floats of input a row, but enough that the columns that two blocks both look at are a small
 * share. */
static void choose_block(plan_step *step) {
    enum { BLOCK = 1024 };
    const conv_window *w = &step->stage.window;
    const int64_t reach = (int64_t)w->dilation_x * (w->width - 1);
    int64_t columns = (step->path->block ? step->path->block : BLOCK) / step->in.channels;
    columns = columns > 8 * reach ? columns : 8 * reach;
    const int64_t pixels = columns / w->stride_x;
    step->block = pixels < 1 ? 1 : pixels < step->made.width ? (int)pixels : step->made.width;
    step->columns = (int64_t)(step->block - 1) * w->stride_x + 1 + reach;
}

static bool make_ring(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const size_t channels = (size_t)step->in.channels;
    const int reach = w->dilation_x * (w->width - 1);
    const int last = (step->made.width - 1) * w->stride_x - w->left + reach;
    step->left = w->left;
    step->right = larger(0, last - (step->in.width - 1));
    step->start = rounded_up((size_t)step->left * channels, 64 / step->sample);
    /* Room for the last block that starts within the last computed column. */
    step->pitch = rounded_up(
        step->start + ((size_t)step->in.width + (size_t)step->right) * channels + ROWS_BLOCK,
        64 / step->sample);
    const int64_t extent = batch_extent(step);
    const bool comes_round = w->border == CONV_WRAP && step->stage.op != CONV_POOL;
    step->ring_rows = extent < step->in.height || comes_round ? (int)extent : step->in.height;
    return make_margins(step);
}

bool plan_make_step(plan_step *step, const conv_stage *stage, conv_shape in, bool bytes) {
    step->stage = *stage;
    step->in = in;
    step->path = choose_path(stage, bytes);
    step->sample = step->path->bytes ? 1 : sizeof(float);
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
    free(step->panels);
    free(step->factors.column);
    free(step->dense);
    free(step->bytes.row);
    free(step->bytes.offset);
    free(step->bytes.weight);
    free(step->counts);
    free(step->margin);
}
