/* ConvTranspose: ONNX operator specification, opsets 1 and 11. */
#include "net/ops/convolve.h"
#include "net/ops/local.h"
#include "net/ops/ops.h"

static bool transpose_shape(const net_call *call, ct_error *err) {
    net_convolution conv;
    net_shape made;
    if (!net_conv_transpose_describe(call, &conv, &made, err)) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &made);
    return true;
}

static bool transpose_run(const net_call *call, ct_error *err) {
    net_convolution conv;
    net_shape made;
    bool done;
    if (!net_images_call(call, &done, err) || done) {
        return done;
    }
    return net_conv_transpose_describe(call, &conv, &made, err) && net_conv_sums(call, &conv, err);
}

const net_op net_ops_conv_transpose[] = {
    {.name = "ConvTranspose",
     .since = 1,
     .least = 2,
     .most = 3,
     .outputs = 1,
     .weights = NET_INPUT(1) | NET_INPUT(2),
     .shape = transpose_shape,
     .run = transpose_run,
     .make = net_images_make,
     .free = net_images_drop,
     .rows = net_conv_transpose_rows},
    {0},
};
