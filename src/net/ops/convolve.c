/* Convolutions of any number of axes: each cell of a kernel adds its multiple of a map, row by row.
 * The transposed one is the same walk with the two grids exchanged. */
#include "net/ops/convolve.h"

#include <stdlib.h>
#include <string.h>

static bool check_channels(const net_call *call, bool transposed, ct_error *err) {
    const net_shape *x = &call->in[0]->shape, *w = &call->in[1]->shape;
    const net_tensor *b = net_in(call, 2);
    const int64_t groups = net_int(call->node, "group", 1), channels = x->size[1];
    const int64_t first = w->size[0], second = w->size[1];
    if (groups < 1 || groups > INT32_MAX) {
        return ct_fail(err, "it has %lld groups", (long long)groups);
    }
    if (first > INT32_MAX || second > INT32_MAX || channels > INT32_MAX) {
        return ct_fail(err, "it has too many channels");
    }
    const int64_t wanted = transposed ? first : second >= 0 ? second * groups : -1;
    if (channels >= 0 && wanted >= 0 && channels != wanted) {
        return ct_fail(err, "its input has %lld channels, and its weights are for %lld",
                       (long long)channels, (long long)wanted);
    }
    if (first >= 0 && first % groups != 0) {
        return ct_fail(err, "%lld groups don't divide %lld channels", (long long)groups,
                       (long long)first);
    }
    const int64_t made = transposed ? (second >= 0 ? second * groups : -1) : first;
    if (b && b->shape.rank == 1 && b->shape.size[0] >= 0 && made >= 0 && b->shape.size[0] != made) {
        return ct_fail(err, "it has %lld biases for %lld channels", (long long)b->shape.size[0],
                       (long long)made);
    }
    return true;
}

bool net_conv_check(const net_call *call, bool transposed, int *axes, ct_error *err) {
    const net_tensor *x = call->in[0], *w = call->in[1];
    *axes = 0;
    for (int i = 0; i < 3; i++) {
        const net_tensor *in = net_in(call, i);
        if (!net_want_real(call, i, err) ||
            (in && x->type != NET_NONE && !net_want_type(call, i, x->type, err))) {
            return false;
        }
    }
    if (!net_want_rank(call, 0, 3, NET_MOST_DIMENSIONS, err) ||
        !net_want_rank(call, 1, 3, NET_MOST_DIMENSIONS, err) ||
        !net_want_rank(call, 2, 1, 1, err)) {
        return false;
    }
    if (x->shape.rank >= 0 && w->shape.rank >= 0) {
        if (x->shape.rank != w->shape.rank) {
            return ct_fail(err, "its input has %s, and its weights have %d",
                           ct_count((uint64_t)x->shape.rank, "dimension").text, w->shape.rank);
        }
        *axes = x->shape.rank - 2;
        return check_channels(call, transposed, err);
    }
    return true;
}

bool net_conv_describe(const net_call *call, net_convolution *conv, net_shape *made,
                       ct_error *err) {
    const net_shape *x = &call->in[0]->shape, *w = &call->in[1]->shape;
    *made = (net_shape){.rank = -1};
    int axes;
    if (!net_conv_check(call, false, &axes, err)) {
        return false;
    }
    if (axes == 0) {
        return true;
    }
    *conv = (net_convolution){.batch = x->size[0],
                              .groups = net_int(call->node, "group", 1),
                              .in_channels = x->size[1],
                              .out_channels = w->size[0]};
    if (!net_window_read(call->node, axes, w->size + 2, &conv->window, err)) {
        return false;
    }
    *made = (net_shape){.rank = x->rank, .size = {x->size[0], w->size[0]}};
    for (int i = 0; i < axes; i++) {
        conv->in[i] = x->size[2 + i];
        if (!net_window_size(&conv->window, i, conv->in[i], call->symbols, &made->size[2 + i],
                             err)) {
            return false;
        }
        conv->out[i] = made->size[2 + i];
    }
    if (net_shape_is_known(x)) {
        net_window_fix(&conv->window, conv->in);
    }
    return true;
}

double *net_conv_doubles(const net_tensor *tensor) {
    const size_t count = net_count(tensor);
    double *doubles = malloc((count + 1) * sizeof *doubles);
    for (size_t i = 0; doubles && i < count; i++) {
        doubles[i] = net_real_at(tensor, i);
    }
    return doubles;
}

/* ---- sums ---- */

typedef struct sums {
    const net_call *call;
    const net_convolution *conv;
    net_grids grids;
    size_t coarse, fine; /* elements of a map */
} sums;

/* One cell's weight, and the two maps. */
typedef struct share {
    const void *from;
    void *to;
    double weight;
} share;

#define LINES(type)                                                                                \
    static void gather_##type(void *argument, size_t coarse, size_t fine, size_t step,             \
                              size_t count) {                                                      \
        const share *s = argument;                                                                 \
        const type *restrict from = (const type *)s->from + fine;                                  \
        type *restrict to = (type *)s->to + coarse;                                                \
        const type weight = (type)s->weight;                                                       \
        if (step == 1) {                                                                           \
            for (size_t i = 0; i < count; i++) {                                                   \
                to[i] += weight * from[i];                                                         \
            }                                                                                      \
            return;                                                                                \
        }                                                                                          \
        for (size_t i = 0; i < count; i++) {                                                       \
            to[i] += weight * from[i * step];                                                      \
        }                                                                                          \
    }                                                                                              \
    static void scatter_##type(void *argument, size_t coarse, size_t fine, size_t step,            \
                               size_t count) {                                                     \
        const share *s = argument;                                                                 \
        const type *restrict from = (const type *)s->from + coarse;                                \
        type *restrict to = (type *)s->to + fine;                                                  \
        const type weight = (type)s->weight;                                                       \
        for (size_t i = 0; i < count; i++) {                                                       \
            to[i * step] += weight * from[i];                                                      \
        }                                                                                          \
    }                                                                                              \
    static void fill_##type(void *to, double value, size_t count) {                                \
        type *restrict map = to;                                                                   \
        for (size_t i = 0; i < count; i++) {                                                       \
            map[i] = (type)value;                                                                  \
        }                                                                                          \
    }
LINES(float)
LINES(double)

/* One map of the output. */
static void make_map(void *argument, int i) {
    const sums *s = argument;
    const net_convolution *conv = s->conv;
    const net_tensor *x = s->call->in[0], *w = s->call->in[1], *b = net_in(s->call, 2);
    const bool wide = x->type == NET_DOUBLE;
    const size_t size = net_type_size(x->type), cells = net_window_cells(&conv->window);
    const size_t from_map = conv->transposed ? s->coarse : s->fine;
    const size_t to_map = conv->transposed ? s->fine : s->coarse;
    const size_t ins = (size_t)(conv->in_channels / conv->groups);
    const size_t outs = (size_t)(conv->out_channels / conv->groups);
    const size_t channel = (size_t)i % (size_t)conv->out_channels;
    const size_t image = (size_t)i / (size_t)conv->out_channels, group = channel / outs;
    net_line *line = conv->transposed ? (wide ? scatter_double : scatter_float)
                                      : (wide ? gather_double : gather_float);
    share part = {.to = (char *)s->call->out[0]->data + (size_t)i * to_map * size};
    (wide ? fill_double : fill_float)(part.to, b ? net_real_at(b, channel) : 0, to_map);
    for (size_t c = 0; c < ins; c++) {
        const size_t in = group * ins + c;
        const size_t at = conv->transposed ? in * outs + channel % outs : channel * ins + c;
        int64_t cell[NET_MOST_AXES] = {0};
        part.from =
            (const char *)x->data + (image * (size_t)conv->in_channels + in) * from_map * size;
        for (size_t k = at * cells;; k++) {
            part.weight = net_real_at(w, k);
            net_walk_cell(&s->grids, cell, line, &part);
            if (!net_next_cell(&conv->window, cell)) {
                break;
            }
        }
    }
}

static size_t product(const int64_t *sizes, int count) {
    size_t all = 1;
    for (int i = 0; i < count; i++) {
        all *= (size_t)sizes[i];
    }
    return all;
}

bool net_conv_sums(const net_call *call, const net_convolution *conv, ct_error *err) {
    const int axes = conv->window.axes;
    const int64_t maps = conv->batch * conv->out_channels;
    if (maps > INT32_MAX) {
        return ct_fail(err, "it has too many channels");
    }
    if (net_count(call->out[0]) == 0) {
        return true;
    }
    const int64_t *coarse = conv->transposed ? conv->in : conv->out;
    const int64_t *fine = conv->transposed ? conv->out : conv->in;
    sums s = {.call = call,
              .conv = conv,
              .grids = {&conv->window, coarse, fine},
              .coarse = product(coarse, axes),
              .fine = product(fine, axes)};
    const double cells =
        (double)conv->in_channels / (double)conv->groups * (double)net_window_cells(&conv->window);
    net_each_of(call->team, (double)maps * (double)s.coarse * cells, (int)maps, make_map, &s);
    return true;
}
