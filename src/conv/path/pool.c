/* Pooling: the largest, the smallest or the mean sample of each window. */
#include <stdlib.h>
#include <string.h>

#include "conv/path/path.h"
#include "conv/path/rates.h"

/* How many cells along one axis count in the mean of output i (PyTorch's rule: padding may count,
 * what lies beyond it, with ceil, never does). */
static int pool_cells(int i, int in, int cells, int stride, int before, int after, bool padding) {
    int first = i * stride - before, end = first + cells;
    end = end < in + after ? end : in + after;
    if (!padding) {
        first = first > 0 ? first : 0;
        end = end < in ? end : in;
    }
    return end - first > 1 ? end - first : 1;
}

/* How many cells along y count in output row y. */
static int mean_rows(const path_site *site, int y) {
    const conv_window *w = &site->stage.window;
    return pool_cells(y, site->in.height, w->height, w->stride_y, w->top, w->bottom,
                      site->stage.count_padding);
}

/* From so many channels, or columns from one window to the next, a window is better combined by
 * itself. */
enum { DEEP = 8 };

static bool is_deep(const path_site *site) {
    return site->in.channels >= DEEP || site->stage.window.stride_x >= DEEP;
}

/* Deep windows need no scratch row: a block is just wide enough for calls to cost little. */
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

/* For a mean: how many cells along x count, for each output float. */
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

/* Points call->pointers at the rows of output row r's window that lie inside the image; returns how
 * many. */
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

/* `count` rows to be combined: rows[k], or where that is NULL, the row itself from k steps on. */
typedef struct operands {
    const float *const *rows;
    const float *row;
    size_t step, count;
} operands;

static const float *operand(const operands *o, size_t k) {
    return o->rows ? o->rows[k] : o->row + k * o->step;
}

/* Combines those from first to end; the result is in one of two scratch rows, or the only row
 * itself. */
static const float *combine_some(const path_call *call, const operands *o, size_t first, size_t end,
                                 size_t n, float *const *scratch) {
    combine_rows *const combine = combination(call);
    const float *sum = operand(o, first);
    for (size_t k = first + 1; k < end; k++) {
        float *to = scratch[k & 1];
        combine(to, sum, operand(o, k), n);
        sum = to;
    }
    return sum;
}

/* Combines n floats of all, in one of four scratch rows. One long sum would lose digits, so it's
 * made in parts. */
static const float *combine_all(const path_call *call, const operands *o, size_t n,
                                float *const *scratch) {
    enum { PART = 64 };
    float *const *whole = scratch + 2;
    const float *sum = combine_some(call, o, 0, o->count < PART ? o->count : PART, n, scratch);
    for (size_t first = PART; first < o->count; first += PART) {
        const size_t end = first + PART < o->count ? first + PART : o->count;
        float *to = whole[first / PART & 1];
        if (first == PART) { /* the first part makes room for the next */
            memcpy(whole[0], sum, n * sizeof *sum);
            sum = whole[0];
        }
        combination(call)(to, sum, combine_some(call, o, first, end, n, scratch), n);
        sum = to;
    }
    return sum;
}

/* Combines the rows in call->pointers. */
static const float *down_the_rows(const path_call *call, size_t rows, size_t n) {
    const operands o = {.rows = (const float *const *)call->pointers, .count = rows};
    return combine_all(call, &o, n, call->scratch);
}

/* Combines each pixel of `row` with the width - 1 that follow. */
static const float *along_the_row(const path_call *call, const float *row, size_t n) {
    const size_t width = (size_t)call->site->stage.window.width;
    const size_t column = (size_t)call->site->in.channels;
    const operands o = {.row = row, .step = column, .count = width};
    return combine_all(call, &o, n, call->scratch + 4);
}

/* Output row r, in `out` or in a scratch row. Deep pixels are combined window by window. The
 * channels of shallow ones don't fill a vector, so it's faster to combine whole rows and decimate
 * them afterwards. */
static const float *pool_row(const path_call *call, int r, size_t pixels, float *out) {
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
        return out;
    }
    const float *row = down_the_rows(call, windows.rows, n + (windows.width - 1) * channels);
    if (pairs) {
        windows.in = &row;
        windows.rows = 1;
        call->rows->pool(out, &windows, stage->pool, pixels);
        return out;
    }
    const float *all = along_the_row(call, row, n);
    if (stride == 1) {
        return all;
    }
    call->rows->decimate(out, all, channels, stride, pixels);
    return out;
}

static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const float *counts = site->own;
    const size_t channels = (size_t)site->in.channels, pixels = n / channels;
    for (int r = 0; r < call->count; r++) {
        if (counts) {
            const float *sums = pool_row(call, r, pixels, call->scratch[8]);
            call->rows->divide(out[r], sums, counts + (size_t)call->x * channels,
                               (float)mean_rows(site, call->y + r), n);
            continue;
        }
        const float *row = pool_row(call, r, pixels, out[r]);
        if (row != out[r]) {
            memcpy(out[r], row, n * sizeof *row);
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
