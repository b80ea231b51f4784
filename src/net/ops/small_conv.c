#include "net/ops/small_conv.h"

#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "conv/matrix.h"
#include "net/ops/conv_sum.h"

enum { SMALL = 4096 /* floats of an image with its padding: they stay in the L1 cache */ };

typedef struct small {
    conv_window window;
    conv_matrix matrix;   /* (row, column, channel of the window) x filters */
    size_t width, height; /* of the image with its padding */
} small;

static void free_small(net_rows *rows) {
    small *s = rows->own;
    conv_matrix_free(&s->matrix);
    free(s);
}

static void reach(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    (void)source;
    const conv_window *w = &((const small *)rows->own)->window;
    const int height = rows->in[0].height;
    *from = ct_clamp(first * w->stride_y - w->top, 0, height);
    *to = ct_clamp((ct_max(end, 1) - 1) * w->stride_y - w->top + w->height, *from, height);
}

/* The image with its padding. That stays 0, so the memory is its own, not what nodes share. */
static void *enter(const net_rows *rows, void *shared) {
    (void)shared;
    return calloc(1, rows->own_bytes);
}

static void run(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                float *out, size_t stride) {
    const small *s = rows->own;
    const conv_window *w = &s->window;
    const size_t channels = (size_t)rows->in[0].channels, row = s->width * channels;
    float *image = worker;
    int from, to;
    reach(rows, 0, first, end, &from, &to);
    for (int y = from; y < to; y++) {
        memcpy(image + (size_t)(y + w->top) * row + (size_t)w->left * channels,
               in[0].row(in[0].context, y), (size_t)rows->in[0].width * channels * sizeof *image);
    }
    for (int y = first; y < end; y++, out += stride) {
        conv_matrix_multiply_runs(&s->matrix, out, (size_t)rows->out.channels,
                                  image + (size_t)(y * w->stride_y) * row, row, (size_t)w->height,
                                  (size_t)w->stride_x * channels, (size_t)rows->out.width);
    }
}

/* The weights, filter x channel x row x column, as row x column x channel x filter. */
static float *turned(const net_tensor *weights) {
    const int64_t *size = weights->shape.size;
    const size_t filters = (size_t)size[0], channels = (size_t)size[1];
    const size_t cells = net_shape_product(&weights->shape, 2, weights->shape.rank);
    const float *from = weights->data;
    float *to = malloc(filters * channels * cells * sizeof *to);
    for (size_t f = 0; to && f < filters; f++) {
        for (size_t c = 0; c < channels; c++) {
            for (size_t i = 0; i < cells; i++) {
                to[(i * channels + c) * filters + f] = *from++;
            }
        }
    }
    return to;
}

static bool pack(const net_call *call, small *s) {
    const net_tensor *weights = call->in[1], *bias = net_in(call, 2);
    const size_t filters = (size_t)weights->shape.size[0];
    const size_t depth = net_count(weights) / filters;
    float *rows = turned(weights);
    if (!rows || !conv_matrix_new(&s->matrix, depth, filters)) {
        free(rows);
        return false;
    }
    conv_matrix_pack(&s->matrix, rows, filters, 1, 1);
    conv_matrix_bias(&s->matrix, bias ? bias->data : NULL, 1, 1);
    s->matrix.relu = net_conv_layer_has_relu(call);
    free(rows);
    return true;
}

static bool is_small(const net_call *call, const net_convolution *conv, const conv_window *w,
                     conv_shape in) {
    const int64_t width = (int64_t)in.width + w->left + w->right;
    const int64_t height = (int64_t)in.height + w->top + w->bottom;
    return conv->groups == 1 && w->dilation_x == 1 && w->dilation_y == 1 &&
           call->in[1]->type == NET_FLOAT && net_count(call->in[1]) > 0 && width <= SMALL &&
           w->height <= CONV_MATRIX_RUNS && height <= SMALL &&
           width * height * in.channels <= SMALL;
}

bool net_small_conv(const net_call *call, const net_convolution *conv, const conv_window *window,
                    net_rows *out, ct_error *err) {
    const conv_shape in = out->in[0];
    if (!is_small(call, conv, window, in)) {
        return true;
    }
    small *s = calloc(1, sizeof *s);
    if (!s || !pack(call, s)) {
        free(s);
        return ct_fail(err, "out of memory");
    }
    s->window = *window;
    s->width = (size_t)(in.width + window->left + window->right);
    s->height = (size_t)(in.height + window->top + window->bottom);
    const int x = conv->window.axes - 1;
    *out = (net_rows){.out = {.width = (int)conv->out[x],
                              .height = x > 0 ? (int)conv->out[0] : in.height,
                              .channels = (int)conv->out_channels},
                      .source_count = 1,
                      .in = {in},
                      .reach = reach,
                      .run = run,
                      .enter = enter,
                      .leave = free,
                      .own_bytes = s->width * s->height * (size_t)in.channels * sizeof(float),
                      .free = free_small,
                      .own = s};
    return true;
}
