/* Pooling. */
#include <stdlib.h>
#include <string.h>

#include "conv/plan.h"

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

int plan_pool_rows(const plan_step *step, int y) {
    const conv_window *w = &step->stage.window;
    return pool_cells(y, step->in.height, w->height, w->stride_y, w->top, w->bottom,
                      step->stage.count_padding);
}

static bool make_counts(plan_step *step) {
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

typedef void combine_rows(float *out, const float *a, const float *b, size_t n);

static combine_rows *combination(const path_call *call) {
    const conv_pool kind = call->step->stage.pool;
    return kind == CONV_POOL_MAX   ? call->rows->max
           : kind == CONV_POOL_MIN ? call->rows->min
                                   : call->rows->add;
}

/* Combines n floats of row r's window; what is outside is left out. */
static const float *pool_rows(const path_call *call, int r, combine_rows *combine, size_t n) {
    const float *sum = NULL;
    int turn = 0;
    for (int k = 0; k < call->step->stage.window.height; k++) {
        const float *row = path_row(call, r, k);
        if (row && sum) {
            combine(call->scratch[turn], sum, row, n);
            sum = call->scratch[turn];
            turn = 1 - turn;
        } else if (row) {
            sum = row;
        }
    }
    return sum;
}

static void columns_pool(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    combine_rows *const combine = combination(call);
    const size_t column = (size_t)step->in.channels, reach = column * (size_t)(w->width - 1);
    for (int r = 0; r < call->count; r++) {
        const float *row = pool_rows(call, r, combine, n + reach);
        const float *sum = row;
        float *const turns[2] = {out[r], call->scratch[2]};
        for (int k = 1; k < w->width; k++) {
            float *to = turns[(w->width - 1 - k) & 1]; /* so that the last goes to out */
            combine(to, sum, row + (size_t)k * column, n);
            sum = to;
        }
        if (sum != out[r]) {
            memcpy(out[r], sum, n * sizeof *sum);
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
    .name = "pool", .batch = BATCH, .make = make_counts, .columns = columns_pool};
const plan_path path_nearest = {.name = "nearest", .batch = BATCH, .columns = columns_nearest};
