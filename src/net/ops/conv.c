/* Conv: ONNX operator specification, opsets 1 and 11. */
#include "net/ops/convolve.h"
#include "net/ops/local.h"
#include "net/ops/ops.h"

static bool conv_shape_rule(const net_call *call, ct_error *err) {
    net_convolution conv;
    net_shape made;
    if (!net_conv_describe(call, &conv, &made, err)) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &made);
    return true;
}

static bool conv_run(const net_call *call, ct_error *err) {
    net_convolution conv;
    net_shape made;
    bool done;
    if (!net_images_call(call, &done, err) || done) {
        return done;
    }
    return net_conv_describe(call, &conv, &made, err) && net_conv_sums(call, &conv, err);
}

const net_op net_ops_conv[] = {
    {.name = "Conv",
     .since = 1,
     .least = 2,
     .most = 3,
     .outputs = 1,
     .shape = conv_shape_rule,
     .run = conv_run,
     .make = net_images_make,
     .free = net_images_drop,
     .rows = net_conv_rows},
    {0},
};
