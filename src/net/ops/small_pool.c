#include "net/ops/small_pool.h"

#include <stdlib.h>

#include "base/minmax.h"
#include "conv/rows/table.h"

enum {
    SMALL = 4096, /* floats of an image: they stay in the L1 cache */
    DEEP = 8,     /* channels from which the kernel needs nothing but the rows */
    MOST_ROWS = 16,
};

static void reach(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    (void)source;
    const conv_window *w = rows->own;
    *from = first * w->stride_y;
    *to = ct_max(*from, (end - 1) * w->stride_y + w->height);
}

static void run(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                float *out, size_t stride) {
    (void)worker;
    const conv_window *w = rows->own;
    const float *window[MOST_ROWS];
    const rows_pool pool = {.in = window,
                            .rows = (size_t)w->height,
                            .width = (size_t)w->width,
                            .channels = (size_t)rows->in[0].channels,
                            .step = (size_t)(w->stride_x * rows->in[0].channels)};
    for (int y = first; y < end; y++, out += stride) {
        for (int k = 0; k < w->height; k++) {
            window[k] = in[0].row(in[0].context, y * w->stride_y + k);
        }
        rows_chosen()->pool(out, &pool, CONV_POOL_MAX, (size_t)rows->out.width);
    }
}

static void free_own(net_rows *rows) {
    free(rows->own);
}

/* Whether all windows along an axis lie within the image. */
static bool lies_within(int in, int made, int size, int stride, int before) {
    return before == 0 && made > 0 && (int64_t)(made - 1) * stride + size <= in;
}

bool net_small_pool(const conv_window *window, conv_shape made, net_rows *out, ct_error *err) {
    const conv_shape in = out->in[0];
    const conv_window *w = window;
    if (w->dilation_x != 1 || w->dilation_y != 1 || w->height > MOST_ROWS || in.channels < DEEP ||
        (int64_t)in.width * in.height * in.channels > SMALL ||
        !lies_within(in.width, made.width, w->width, w->stride_x, w->left) ||
        !lies_within(in.height, made.height, w->height, w->stride_y, w->top)) {
        return true;
    }
    conv_window *own = malloc(sizeof *own);
    if (!own) {
        return ct_fail(err, "out of memory");
    }
    *own = *window;
    *out = (net_rows){.out = made,
                      .source_count = 1,
                      .in = {in},
                      .reach = reach,
                      .run = run,
                      .free = free_own,
                      .own = own};
    return true;
}
