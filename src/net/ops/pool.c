#include "net/ops/pool.h"

bool net_pool_describe(const net_call *call, net_pooling *pooling, net_shape *made, ct_error *err) {
    const net_shape *x = &call->in[0]->shape;
    *made = (net_shape){.rank = -1};
    if (!net_want_rank(call, 0, 3, NET_MOST_DIMENSIONS, err)) {
        return false;
    }
    if (x->rank < 0) {
        return true;
    }
    if (!net_window_read(call->node, x->rank - 2, NULL, &pooling->window, err)) {
        return false;
    }
    *made = (net_shape){.rank = x->rank, .size = {x->size[0], x->size[1]}};
    for (int i = 0; i < pooling->window.axes; i++) {
        pooling->in[i] = x->size[2 + i];
        if (!net_window_size(&pooling->window, i, pooling->in[i], call->symbols, &made->size[2 + i],
                             err)) {
            return false;
        }
        pooling->out[i] = made->size[2 + i];
    }
    if (net_shape_is_known(x)) {
        net_window_fix(&pooling->window, pooling->in);
        pooling->maps = (size_t)(x->size[0] * x->size[1]);
        if (pooling->maps > INT32_MAX) {
            return ct_fail(err, "it has too many channels");
        }
    }
    return true;
}

bool net_pool_shape(const net_call *call, ct_error *err) {
    net_pooling pooling;
    net_shape made;
    if (!net_pool_describe(call, &pooling, &made, err)) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &made);
    return true;
}

/* Cells k < count with 0 <= first + k step < size. */
static int64_t cells_within(int64_t first, int64_t step, int64_t count, int64_t size) {
    const int64_t low = first < 0 ? (-first + step - 1) / step : 0;
    const int64_t high = first < size ? (size - 1 - first) / step + 1 : 0;
    const int64_t end = high < count ? high : count;
    return end > low ? end - low : 0;
}

int64_t net_pool_seen(const net_pooling *pooling, int axis, int64_t i, bool padding) {
    const net_window *w = &pooling->window;
    const int64_t first = i * w->stride[axis];
    return padding ? cells_within(first, w->dilation[axis], w->kernel[axis],
                                  pooling->in[axis] + w->before[axis] + w->after[axis])
                   : cells_within(first - w->before[axis], w->dilation[axis], w->kernel[axis],
                                  pooling->in[axis]);
}
