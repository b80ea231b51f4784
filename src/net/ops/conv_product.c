#include "net/ops/conv_product.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "conv/matrix.h"

enum { NEAR_FLOATS = 32 * 1024, MOST_ROWS = 84 /* windows that are laid out at a time */ };

struct net_conv_product {
    size_t count;
    conv_matrix groups[];
};

void net_conv_product_free(net_conv_product *product) {
    for (size_t g = 0; product && g < product->count; g++) {
        conv_matrix_free(&product->groups[g]);
    }
    free(product);
}

bool net_conv_product_make(const net_call *call, const net_convolution *conv,
                           net_conv_product **made, ct_error *err) {
    const net_tensor *w = call->in[1], *b = net_in(call, 2);
    const size_t groups = (size_t)conv->groups, outs = (size_t)conv->out_channels / groups;
    const size_t depth = (size_t)conv->in_channels / groups * net_window_cells(&conv->window);
    *made = NULL;
    if (w->type != NET_FLOAT || !w->data || (b && (b->type != NET_FLOAT || !b->data)) ||
        net_count(w) == 0) {
        return true;
    }
    net_conv_product *product = calloc(1, sizeof *product + groups * sizeof *product->groups);
    bool ok = product != NULL;
    for (size_t g = 0; ok && g < groups; g++) {
        conv_matrix *to = &product->groups[g];
        ok = conv_matrix_new(to, depth, outs);
        if (ok) {
            product->count++;
            conv_matrix_pack(to, (const float *)w->data + g * outs * depth, 1, depth, 1);
            conv_matrix_bias(to, b ? (const float *)b->data + g * outs : NULL, 1, 1);
        }
    }
    if (!ok) {
        net_conv_product_free(product);
        return ct_fail(err, "out of memory");
    }
    *made = product;
    return true;
}

typedef struct work {
    const net_call *call;
    const net_convolution *conv;
    const net_conv_product *product;
    size_t windows, rows, pieces; /* of a map, of a piece, of a map's windows */
    atomic_bool failed;
} work;

/* A row of the window, `count` numbers from place `at` on of `size`; 0 beyond. */
static void lay_line(float *restrict to, const float *restrict from, int64_t at, int64_t size,
                     int64_t count, int64_t dilation) {
    for (int64_t k = 0; k < count; k++, at += dilation) {
        to[k] = at >= 0 && at < size ? from[at] : 0;
    }
}

/* All cells of the window at `window` (an index for each axis), of one map. */
static float *lay_map(float *to, const float *map, const net_convolution *conv,
                      const int64_t *window) {
    const net_window *w = &conv->window;
    const int last = w->axes - 1;
    int64_t cell[NET_MOST_AXES] = {0};
    for (;;) {
        size_t at = 0;
        bool inside = true;
        for (int i = 0; i < last; i++) {
            const int64_t x = window[i] * w->stride[i] - w->before[i] + cell[i] * w->dilation[i];
            inside = inside && x >= 0 && x < conv->in[i];
            at = at * (size_t)conv->in[i] + (inside ? (size_t)x : 0);
        }
        if (inside) {
            lay_line(to, map + at * (size_t)conv->in[last],
                     window[last] * w->stride[last] - w->before[last], conv->in[last],
                     w->kernel[last], w->dilation[last]);
        } else {
            memset(to, 0, (size_t)w->kernel[last] * sizeof *to);
        }
        to += w->kernel[last];
        int i = last - 1;
        while (i >= 0 && ++cell[i] == w->kernel[i]) {
            cell[i--] = 0;
        }
        if (i < 0) {
            return to;
        }
    }
}

static void lay_windows(const work *all, float *to, size_t image, size_t group, size_t first,
                        size_t count) {
    const net_convolution *conv = all->conv;
    const size_t channels = (size_t)(conv->in_channels / conv->groups);
    const size_t map = net_shape_product(&all->call->in[0]->shape, 2, all->call->in[0]->shape.rank);
    const float *from = (const float *)all->call->in[0]->data +
                        (image * (size_t)conv->in_channels + group * channels) * map;
    for (size_t n = first; n < first + count; n++) {
        int64_t window[NET_MOST_AXES];
        size_t rest = n;
        for (int i = conv->window.axes; i-- > 0; rest /= (size_t)conv->out[i]) {
            window[i] = (int64_t)(rest % (size_t)conv->out[i]);
        }
        for (size_t c = 0; c < channels; c++) {
            to = lay_map(to, from + c * map, conv, window);
        }
    }
}

static void run_piece(void *argument, int piece) {
    work *all = argument;
    const net_convolution *conv = all->conv;
    const size_t group = (size_t)piece / all->pieces % (size_t)conv->groups;
    const size_t image = (size_t)piece / all->pieces / (size_t)conv->groups;
    const size_t first = (size_t)piece % all->pieces * all->rows;
    const size_t count = ct_min_size(all->rows, all->windows - first);
    const conv_matrix *matrix = &all->product->groups[group];
    const size_t outs = matrix->columns;
    float *rows = malloc((count * (matrix->rows + outs) + 1) * sizeof *rows);
    if (!rows) {
        atomic_store(&all->failed, true);
        return;
    }
    float *made = rows + count * matrix->rows;
    lay_windows(all, rows, image, group, first, count);
    conv_matrix_multiply(matrix, made, outs, rows, matrix->rows, count, 0, matrix->panels);
    float *out = (float *)all->call->out[0]->data +
                 (image * (size_t)conv->out_channels + group * outs) * all->windows + first;
    for (size_t f = 0; f < outs; f++, out += all->windows) {
        for (size_t n = 0; n < count; n++) {
            out[n] = made[n * outs + f];
        }
    }
    free(rows);
}

bool net_conv_product_run(const net_call *call, const net_convolution *conv,
                          const net_conv_product *product, ct_error *err) {
    const net_shape *made = &call->out[0]->shape;
    if (net_count(call->out[0]) == 0) {
        return true;
    }
    work all = {.call = call,
                .conv = conv,
                .product = product,
                .windows = net_shape_product(made, 2, made->rank)};
    const size_t near = NEAR_FLOATS / (product->groups[0].rows + 1) + 1;
    all.rows = ct_min_size(near, MOST_ROWS);
    all.rows = ct_max_size(all.rows, 4); /* more than go at the memory's pace */
    all.pieces = (all.windows + all.rows - 1) / all.rows;
    const size_t pieces = all.pieces * (size_t)conv->groups * (size_t)conv->batch;
    if (pieces > INT32_MAX) {
        return ct_fail(err, "its output has too many windows");
    }
    const double sums = (double)net_count(call->out[0]) * (double)product->groups[0].rows;
    net_each_of(call->team, sums, (int)pieces, run_piece, &all);
    return !atomic_load(&all.failed) || ct_fail(err, "out of memory");
}
