/* Convolutions of 8-bit numbers, exact in 32 bits (ONNX: ConvInteger, QLinearConv). */
#include <stdlib.h>
#include <string.h>

#include "net/ops/convolve.h"
#include "net/ops/ops.h"
#include "net/ops/scales.h"

/* Where the inputs stand: those of QLinearConv that ConvInteger doesn't have are -1. */
typedef struct places {
    int x, x_scale, x_point, w, w_scale, w_point, y_scale, y_point, bias;
} places;

static const places INTEGER = {0, -1, 2, 1, -1, 3, -1, -1, -1};
static const places LINEAR = {0, 1, 2, 3, 4, 5, 6, 7, 8};

static const net_tensor *at_place(const net_call *call, int i) {
    return i < 0 ? NULL : net_in(call, i);
}

/* The rule of Conv, told of floats. */
static bool describe(const net_call *call, const places *at, net_convolution *conv, net_shape *made,
                     ct_error *err) {
    const net_tensor x = {NET_FLOAT, call->in[at->x]->shape, NULL};
    const net_tensor w = {NET_FLOAT, call->in[at->w]->shape, NULL};
    const net_tensor *bias = at_place(call, at->bias);
    const net_tensor b = {NET_FLOAT, bias ? bias->shape : (net_shape){0}, NULL};
    const net_tensor *in[9] = {&x, &w, bias ? &b : NULL};
    net_call as_floats = *call;
    as_floats.in = in;
    return net_conv_describe(&as_floats, conv, made, err);
}

static bool sums_shape(const net_call *call, const places *at, net_shape *made, ct_error *err) {
    net_convolution conv;
    if (!net_want_byte(call, at->x, err) || !net_want_byte(call, at->w, err) ||
        !net_want_type(call, at->x_point, call->in[at->x]->type, err) ||
        !net_want_type(call, at->w_point, call->in[at->w]->type, err) ||
        !net_want_numbers(call, at->x_point, 1, err) || !describe(call, at, &conv, made, err)) {
        return false;
    }
    const int64_t channels = made->rank > 1 ? made->size[1] : -1;
    return net_want_numbers(call, at->w_point, channels, err) &&
           (at->w_scale < 0 || net_want_numbers(call, at->w_scale, channels, err));
}

static bool integer_shape(const net_call *call, ct_error *err) {
    net_shape made;
    if (!sums_shape(call, &INTEGER, &made, err)) {
        return false;
    }
    net_give(call, 0, NET_I32, &made);
    return true;
}

static bool linear_shape(const net_call *call, ct_error *err) {
    static const int floats[] = {1, 4, 6}, single[] = {1, 6, 7};
    net_shape made;
    for (int i = 0; i < 3; i++) {
        if (!net_want_type(call, floats[i], NET_FLOAT, err) ||
            !net_want_numbers(call, single[i], 1, err)) {
            return false;
        }
    }
    if (!net_want_byte(call, 7, err) || !net_want_type(call, 8, NET_I32, err) ||
        !sums_shape(call, &LINEAR, &made, err)) {
        return false;
    }
    net_give(call, 0, call->in[7]->type, &made);
    return true;
}

/* ---- run ---- */

typedef struct sums {
    const net_call *call;
    const places *at;
    const net_convolution *conv;
    net_grids grids;
    size_t coarse, fine; /* elements of a map */
    uint32_t *room;      /* for the sums of all maps */
} sums;

/* One cell's weight, and the two maps. */
typedef struct share {
    const uint8_t *from;
    uint32_t *to;
    int16_t weight, point;
} share;

#define LINE(function, type)                                                                       \
    static void function(void *argument, size_t coarse, size_t fine, size_t step, size_t count) {  \
        const share *s = argument;                                                                 \
        const type *restrict from = (const type *)s->from + fine;                                  \
        uint32_t *restrict to = s->to + coarse;                                                    \
        const int16_t weight = s->weight, point = s->point;                                        \
        if (step == 1) {                                                                           \
            for (size_t i = 0; i < count; i++) {                                                   \
                const int16_t x = (int16_t)(from[i] - point);                                      \
                to[i] += (uint32_t)((int32_t)x * (int32_t)weight);                                 \
            }                                                                                      \
            return;                                                                                \
        }                                                                                          \
        for (size_t i = 0; i < count; i++) {                                                       \
            to[i] += (uint32_t)((from[i * step] - point) * (int32_t)weight);                       \
        }                                                                                          \
    }
LINE(line_u8, uint8_t)
LINE(line_i8, int8_t)

static void put(const sums *s, size_t map, size_t channel, const uint32_t *sum) {
    const net_call *call = s->call;
    const places *at = s->at;
    const float scale = net_scale_at(call->in[at->x_scale], 0) *
                        net_scale_at(call->in[at->w_scale], channel) /
                        net_scale_at(call->in[at->y_scale], 0);
    const float point = (float)net_point_at(call->in[at->y_point], 0);
    uint8_t *u8 = (uint8_t *)call->out[0]->data + map * s->coarse;
    int8_t *i8 = (int8_t *)call->out[0]->data + map * s->coarse;
    if (call->out[0]->type == NET_U8) {
        for (size_t i = 0; i < s->coarse; i++) {
            u8[i] = (uint8_t)net_quantised((float)(int32_t)sum[i] * scale, point, 0, 255);
        }
    } else {
        for (size_t i = 0; i < s->coarse; i++) {
            i8[i] = (int8_t)net_quantised((float)(int32_t)sum[i] * scale, point, -128, 127);
        }
    }
}

/* One map of the output. */
static void make_map(void *argument, int i) {
    const sums *s = argument;
    const net_convolution *conv = s->conv;
    const net_tensor *x = s->call->in[s->at->x], *w = s->call->in[s->at->w];
    const net_tensor *bias = at_place(s->call, s->at->bias);
    const size_t cells = net_window_cells(&conv->window);
    const size_t ins = (size_t)(conv->in_channels / conv->groups);
    const size_t outs = (size_t)(conv->out_channels / conv->groups);
    const size_t channel = (size_t)i % (size_t)conv->out_channels;
    const size_t image = (size_t)i / (size_t)conv->out_channels, group = channel / outs;
    const int64_t less = net_point_at(net_in(s->call, s->at->w_point), channel);
    net_line *line = x->type == NET_U8 ? line_u8 : line_i8;
    share part = {.to = s->room + (size_t)i * s->coarse,
                  .point = (int16_t)net_point_at(net_in(s->call, s->at->x_point), 0)};
    const uint32_t start = bias ? (uint32_t)net_whole_at(bias, channel) : 0;
    for (size_t k = 0; k < s->coarse; k++) {
        part.to[k] = start;
    }
    for (size_t c = 0; c < ins; c++) {
        int64_t cell[NET_MOST_AXES] = {0};
        part.from = (const uint8_t *)x->data +
                    (image * (size_t)conv->in_channels + group * ins + c) * s->fine;
        for (size_t k = (channel * ins + c) * cells;; k++) {
            part.weight = (int16_t)(net_whole_at(w, k) - less);
            net_walk_cell(&s->grids, cell, line, &part);
            if (!net_next_cell(&conv->window, cell)) {
                break;
            }
        }
    }
    if (s->at->y_scale >= 0) {
        put(s, (size_t)i, channel, part.to);
    }
}

static size_t product(const int64_t *sizes, int count) {
    size_t all = 1;
    for (int i = 0; i < count; i++) {
        all *= (size_t)sizes[i];
    }
    return all;
}

static bool conv_run(const net_call *call, const places *at, ct_error *err) {
    net_convolution conv;
    net_shape made;
    if (!describe(call, at, &conv, &made, err)) {
        return false;
    }
    const size_t count = net_count(call->out[0]);
    if (conv.batch * conv.out_channels > INT32_MAX) {
        return ct_fail(err, "it has too many channels");
    }
    if (count == 0) {
        return true;
    }
    sums s = {.call = call,
              .at = at,
              .conv = &conv,
              .grids = {&conv.window, conv.out, conv.in},
              .coarse = product(conv.out, conv.window.axes),
              .fine = product(conv.in, conv.window.axes)};
    void *room = NULL;
    if (at->y_scale >= 0) { /* the output has no room for sums */
        room = count < SIZE_MAX / sizeof *s.room ? malloc(count * sizeof *s.room) : NULL;
        if (!room) {
            return ct_fail(err, "out of memory");
        }
    }
    s.room = room ? room : call->out[0]->data;
    const double products = (double)count * (double)conv.in_channels / (double)conv.groups *
                            (double)net_window_cells(&conv.window);
    net_each_of(call->team, products, (int)(conv.batch * conv.out_channels), make_map, &s);
    free(room);
    return true;
}

static bool integer_run(const net_call *call, ct_error *err) {
    return conv_run(call, &INTEGER, err);
}

static bool linear_run(const net_call *call, ct_error *err) {
    return conv_run(call, &LINEAR, err);
}

const net_op net_ops_integer_conv[] = {
    {.name = "ConvInteger",
     .since = 10,
     .least = 2,
     .most = 4,
     .outputs = 1,
     .weights = NET_INPUT(1),
     .shape = integer_shape,
     .run = integer_run},
    {.name = "QLinearConv",
     .since = 10,
     .least = 8,
     .most = 9,
     .outputs = 1,
     .weights = NET_INPUT(3) | NET_INPUT(8),
     .shape = linear_shape,
     .run = linear_run},
    {0},
};
