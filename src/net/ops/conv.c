/* Conv: ONNX operator specification, opsets 1 and 11. */
#include "net/ops/convolve.h"
#include "net/ops/ops.h"

/* Output shape, and what the sums need; sizes may be unknown. */
static bool describe(const net_call *call, net_convolution *conv, net_shape *made, ct_error *err) {
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
    return true;
}

static bool conv_shape_rule(const net_call *call, ct_error *err) {
    net_convolution conv;
    net_shape made;
    if (!describe(call, &conv, &made, err)) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &made);
    return true;
}

static bool conv_run(const net_call *call, ct_error *err) {
    net_convolution conv;
    net_shape made;
    if (!describe(call, &conv, &made, err)) {
        return false;
    }
    net_window_fix(&conv.window, conv.in);
    return net_conv_sums(call, &conv, err);
}

const net_op net_ops_conv[] = {
    {.name = "Conv",
     .since = 1,
     .least = 2,
     .most = 3,
     .outputs = 1,
     .shape = conv_shape_rule,
     .run = conv_run},
    {0},
};
