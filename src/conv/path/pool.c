/* Pooling: the largest, the smallest or the mean sample of each window. */
#include <stdlib.h>
#include <string.h>

#include "conv/path/paths.h"
#include "conv/path/rates.h"

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
static int mean_rows(const path_site *site, int y) {
    const conv_window *w = &site->stage.window;
    return pool_cells(y, site->in.height, w->height, w->stride_y, w->top, w->bottom,
                      site->stage.count_padding);
}

/* Channels, or columns from one window to the next, from which on a window is better combined for
 * itself. */
enum { DEEP = 8 };

static bool is_deep(const path_site *site) {
    return site->in.channels >= DEEP || site->stage.window.stride_x >= DEEP;
}

/* Deep windows need no scratch row: a block is as wide as calls are worth their while. */
static void choose_deep_block(path_site *site) {
    enum { FLOATS = 4096 };
    const int pixels = FLOATS / site->in.channels + 1;
    site->block = pixels < site->made.width ? pixels : site->made.width;
    site->columns = 0;
}

static bool takes(const path_site *site) {
    return site->stage.pool != CONV_POOL_NEAREST;
}

static double cost(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return path_rate.row * (w->width + w->height);
}

/* Of a mean: the cells along x that count, for each output float. */
static bool make(path_site *site) {
    site->finished = site->exact = true;
    if (is_deep(site)) {
        choose_deep_block(site);
    }
    const conv_window *w = &site->stage.window;
    const size_t channels = (size_t)site->made.channels;
    const size_t floats = (size_t)site->made.width * channels;
    if (site->stage.pool != CONV_POOL_AVG) {
        return true;
    }
    float *counts = site->own = malloc(floats * sizeof *counts);
    for (size_t i = 0; counts && i < floats; i++) {
        counts[i] = (float)pool_cells((int)(i / channels), site->in.width, w->width, w->stride_x,
                                      w->left, w->right, site->stage.count_padding);
    }
    return counts != NULL;
}

/* Points call->pointers at the rows of output row r's window that lie inside the image; how many.
 */
static size_t inside_rows(const path_call *call, int r) {
    size_t rows = 0;
    for (int k = 0; k < call->site->stage.window.height; k++) {
        const float *row = path_row(call, r, k);
        if (row) {
            call->pointers[rows++] = row;
        }
    }
    return rows;
}

typedef void combine_rows(float *out, const float *a, const float *b, size_t n);

static combine_rows *combination(const path_call *call) {
    const conv_pool kind = call->site->stage.pool;
    return kind == CONV_POOL_MAX   ? call->rows->max
           : kind == CONV_POOL_MIN ? call->rows->min
                                   : call->rows->add;
}

/* n floats of all rows in call->pointers combined; the result is in a scratch row, or the only row.
 */
static const float *down_the_rows(const path_call *call, size_t rows, size_t n) {
    combine_rows *const combine = combination(call);
    const float *const *in = (const float *const *)call->pointers;
    const float *sum = in[0];
    for (size_t k = 1; k < rows; k++) {
        float *to = call->scratch[k & 1];
        combine(to, sum, in[k], n);
        sum = to;
    }
    return sum;
}

/* Each pixel of `row` combined with the width - 1 that follow: n floats, in a scratch row, or `row`
 * itself. */
static const float *along_the_row(const path_call *call, const float *row, size_t n) {
    combine_rows *const combine = combination(call);
    const size_t column = (size_t)call->site->in.channels;
    const float *sum = row;
    for (int k = 1; k < call->site->stage.window.width; k++) {
        float *to = call->scratch[2 + (k & 1)];
        combine(to, sum, row + (size_t)k * column, n);
        sum = to;
    }
    return sum;
}

/* Deep pixels are combined window by window. The channels of shallow ones don't fill a vector, so
 * that it's faster to combine whole rows, and then to leave out what the stride leaves out. */
static void pool_row(const path_call *call, int r, size_t pixels, float *out) {
    const conv_stage *stage = &call->site->stage;
    const conv_window *w = &stage->window;
    const size_t channels = (size_t)call->site->in.channels, stride = (size_t)w->stride_x;
    const size_t n = ((pixels - 1) * stride + 1) * channels;
    rows_pool windows = {.in = (const float *const *)call->pointers,
                         .rows = inside_rows(call, r),
                         .width = (size_t)w->width,
                         .channels = channels,
                         .step = stride * channels};
    const bool pairs = channels == 1 && stride == 2 && (w->width == 2 || w->width == 3);
    if (is_deep(call->site) || (pairs && windows.rows <= 2)) {
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

static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const float *counts = site->own;
    const size_t channels = (size_t)site->in.channels, pixels = n / channels;
    for (int r = 0; r < call->count; r++) {
        if (counts) {
            float *sums = call->scratch[PATH_SCRATCH];
            pool_row(call, r, pixels, sums);
            call->rows->divide(out[r], sums, counts + (size_t)call->x * channels,
                               (float)mean_rows(site, call->y + r), n);
        } else {
            pool_row(call, r, pixels, out[r]);
        }
    }
}

const conv_path path_pool = {
    .name = "pool",
    .op = CONV_POOL,
    .batch = 4,
    .takes = takes,
    .cost = cost,
    .make = make,
    .run = run,
};
