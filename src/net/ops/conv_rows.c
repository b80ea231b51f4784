/* Conv as a layer of the engine: of one or two axes, with constant weights. */
#include <stdlib.h>

#include "net/ops/conv_sum.h"
#include "net/ops/convolve.h"
#include "net/ops/local.h"
#include "net/ops/point_conv.h"
#include "net/ops/small_conv.h"
#include "net/ops/stage_rows.h"

static bool make_layer(const net_call *call, const net_convolution *conv, const conv_window *window,
                       net_rows *out, ct_error *err) {
    const net_tensor *bias = net_in(call, 2);
    double *weights = net_conv_doubles(call->in[1]);
    double *biases = bias ? net_conv_doubles(bias) : NULL;
    const bool ok = (weights && (biases || !bias)) || ct_fail(err, "out of memory");
    const conv_stage stage = {.op = CONV_LAYER,
                              .window = *window,
                              .weights = weights,
                              .filters = (int)conv->out_channels,
                              .groups = (int)conv->groups,
                              .bias = biases,
                              .relu = net_conv_layer_has_relu(call)};
    const bool made = ok && net_stage_rows(&stage, out, err);
    free(weights);
    free(biases);
    return made;
}

bool net_conv_rows(const net_call *call, net_rows *out, ct_error *err) {
    const net_tensor *bias = net_in(call, 2);
    net_convolution conv;
    net_shape made;
    conv_window window;
    if (call->in[0]->type != NET_FLOAT || !net_image_shape(&call->in[0]->shape, &out->in[0]) ||
        !call->in[1]->data || (bias && !bias->data)) {
        return true;
    }
    if (!net_conv_describe(call, &conv, &made, err)) {
        return false;
    }
    if (conv.out_channels > CONV_MAX_CHANNELS || conv.out_channels < 1 ||
        !net_window_engine(&conv.window, &window)) {
        return true;
    }
    if (!net_point_conv(call, &conv, &window, out, err) ||
        (!out->run && !net_small_conv(call, &conv, &window, out, err))) {
        return false;
    }
    if (!out->run && !make_layer(call, &conv, &window, out, err)) {
        return false;
    }
    out->work = (double)net_count(call->in[1]) / (double)conv.out_channels;
    if (out->run && net_in(call, NET_CONV_SUM) && net_conv_rows_suffice(call)) {
        return net_conv_add_rows(out, call->node->relu, err);
    }
    return true;
}
