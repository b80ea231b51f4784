/* Pooling. */
#include <stdlib.h>
#include <string.h>

#include "conv/plan/plan.h"

/* How many cells along one axis count in the mean of output i (PyTorch's rule: padding may count,
 * what lies beyond it, as with ceil, never does). */
static int pool_cells(int i, int in, int cells, int stride, int before, int after, bool padding) {
    int first = i * stride - before, end = first + cells;
    end = end < in + after ? end : in + after;
    if (!padding) {
        first = first > 0 ? first : 0;
        end = end < in ? end : in;
    }
    return end - first > 1 ? end - first : 1;
}

/* Of output row y, those along y. */
static int mean_rows(const plan_step *step, int y) {
    const conv_window *w = &step->stage.window;
    return pool_cells(y, step->in.height, w->height, w->stride_y, w->top, w->bottom,
                      step->stage.count_padding);
}

/* Channels, or columns from one window to the next, from which on a window is better combined for
 * itself. */
enum { DEEP = 8 };

static bool is_deep(const plan_step *step) {
    return step->in.channels >= DEEP || step->stage.window.stride_x >= DEEP;
}

/* Deep windows need no scratch row: a block is as wide as calls are worth their while. */
static void choose_deep_block(plan_step *step) {
    enum { FLOATS = 4096 };
    const int pixels = FLOATS / step->in.channels + 1;
    step->block = pixels < step->made.width ? pixels : step->made.width;
    step->columns = 0;
}

static bool make_pool(plan_step *step) {
    step->finished = step->exact = true;
    if (is_deep(step)) {
        choose_deep_block(step);
    }
    const conv_window *w = &step->stage.window;
    const size_t channels = (size_t)step->made.channels;
    const size_t width = (size_t)step->made.width;
    if (step->stage.pool != CONV_POOL_AVG) {
        return true;
    }
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

/* Points call->taps at the rows of output row r's window that lie inside the image; how many. */
static size_t inside_rows(const path_call *call, int r) {
    size_t rows = 0;
    for (int k = 0; k < call->step->stage.window.height; k++) {
        const float *row = path_row(call, r, k);
        if (row) {
            call->taps[rows++] = row;
        }
    }
    return rows;
}

typedef void combine_rows(float *out, const float *a, const float *b, size_t n);

static combine_rows *combination(const path_call *call) {
    const conv_pool kind = call->step->stage.pool;
    return kind == CONV_POOL_MAX   ? call->rows->max
           : kind == CONV_POOL_MIN ? call->rows->min
                                   : call->rows->add;
}

/* n floats of all rows in call->taps combined; the result is in a scratch row, or the only row. */
static const float *down_the_rows(const path_call *call, size_t rows, size_t n) {
    combine_rows *const combine = combination(call);
    const float *sum = call->taps[0];
    for (size_t k = 1; k < rows; k++) {
        float *to = call->scratch[k & 1];
        combine(to, sum, call->taps[k], n);
        sum = to;
    }
    return sum;
}

/* Each pixel of `row` combined with the width - 1 that follow: n floats, in a scratch row, or `row`
 * itself. */
static const float *along_the_row(const path_call *call, const float *row, size_t n) {
    combine_rows *const combine = combination(call);
    const size_t column = (size_t)call->step->in.channels;
    const float *sum = row;
    for (int k = 1; k < call->step->stage.window.width; k++) {
        float *to = call->scratch[2 + (k & 1)];
        combine(to, sum, row + (size_t)k * column, n);
        sum = to;
    }
    return sum;
}

/* Deep pixels are combined window by window. The channels of shallow ones don't fill a vector, so
 * that it's faster to combine whole rows, and then to leave out what the stride leaves out. */
static void pool_row(const path_call *call, int r, size_t pixels, float *out) {
    const conv_stage *stage = &call->step->stage;
    const conv_window *w = &stage->window;
    const size_t channels = (size_t)call->step->in.channels, stride = (size_t)w->stride_x;
    const size_t n = ((pixels - 1) * stride + 1) * channels;
    rows_pool windows = {.in = call->taps,
                         .rows = inside_rows(call, r),
                         .width = (size_t)w->width,
                         .channels = channels,
                         .step = stride * channels};
    const bool pairs = channels == 1 && stride == 2 && (w->width == 2 || w->width == 3);
    if (is_deep(call->step) || (pairs && windows.rows <= 2)) {
        call->rows->pool(out, &windows, stage->pool, pixels);
        return;
    }
    const float *row = down_the_rows(call, windows.rows, n + (windows.width - 1) * channels);
    if (pairs) {
        windows.in = &row;
        windows.rows = 1;
        call->rows->pool(out, &windows, stage->pool, pixels);
        return;
    }
    call->rows->decimate(out, along_the_row(call, row, n), channels, stride, pixels);
}

static void columns_pool(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const size_t channels = (size_t)step->in.channels, pixels = n / channels;
    for (int r = 0; r < call->count; r++) {
        if (step->counts) {
            float *sums = call->scratch[PATH_SCRATCH];
            pool_row(call, r, pixels, sums);
            call->rows->divide(out[r], sums, step->counts + (size_t)call->x * channels,
                               (float)mean_rows(step, call->y + r), n);
        } else {
            pool_row(call, r, pixels, out[r]);
        }
    }
}

/* The sample at cell ((size - 1) / 2) of each window; beyond the image its nearest. */
static void columns_nearest(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const int channels = step->in.channels;
    const int middle = (w->height - 1) / 2;
    for (int r = 0; r < call->count; r++) {
        const void *const *in = call->in + r * w->stride_y;
        const float *row = NULL;
        for (int d = 0; d < w->height && !row; d++) {
            row = middle - d >= 0 ? in[middle - d] : NULL;
            row = !row && middle + d < w->height ? in[middle + d] : row;
        }
        for (int i = 0; i < (int)n / channels; i += w->stride_x) {
            int column = call->x * w->stride_x + i - w->left + (w->width - 1) / 2;
            column = column < 0 ? 0 : column;
            column = column < step->in.width ? column : step->in.width - 1;
            memcpy(out[r] + (ptrdiff_t)i * channels, row + (ptrdiff_t)column * channels,
                   (size_t)channels * sizeof *row);
        }
    }
}

enum { BATCH = 4 };

const plan_path path_pool = {
    .name = "pool", .batch = BATCH, .make = make_pool, .columns = columns_pool};
const plan_path path_nearest = {.name = "nearest", .batch = BATCH, .columns = columns_nearest};
