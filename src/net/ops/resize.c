/* Resize and Upsample: ONNX operator specification, opsets 10, 11, 13 and 18; 7 and 9. */
#include "net/ops/local.h"
#include "net/ops/ops.h"
#include "net/ops/resize_apply.h"

static bool resize_shape(const net_call *call, ct_error *err) {
    net_resize r;
    if (!net_resize_describe(call, &r, err)) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &r.made);
    return true;
}

/* Whether the batch stays as it is. */
static bool is_by_images(const net_resize *r) {
    return !r->resampled[0] || r->how[0].scale == 1;
}

static bool resize_make(const net_call *call, void **own, ct_error *err) {
    net_resize r;
    *own = NULL;
    return net_resize_describe(call, &r, err) &&
           (!is_by_images(&r) || net_images_make(call, own, err));
}

static bool resize_run(const net_call *call, ct_error *err) {
    net_resize r;
    net_taps taps[NET_MOST_DIMENSIONS];
    bool done = false;
    if (!net_resize_describe(call, &r, err) ||
        (is_by_images(&r) && !net_images_call(call, &done, err))) {
        return false;
    }
    if (done) {
        return true;
    }
    if (net_count(call->out[0]) == 0) {
        return true;
    }
    const bool ok = net_resize_taps(&r, &call->in[0]->shape, taps)
                        ? net_resize_apply(call, &r, taps, err)
                        : ct_fail(err, "out of memory");
    for (int i = 0; i < call->in[0]->shape.rank; i++) {
        net_taps_free(&taps[i]);
    }
    return ok;
}

const net_op net_ops_resize[] = {
    {.name = "Resize",
     .since = 10,
     .least = 1,
     .most = 4,
     .outputs = 1,
     .weights = NET_INPUT(0),
     .shape = resize_shape,
     .run = resize_run,
     .make = resize_make,
     .free = net_images_drop,
     .rows = net_resize_rows},
    {.name = "Upsample",
     .since = 1,
     .least = 1,
     .most = 2,
     .outputs = 1,
     .weights = NET_INPUT(0),
     .shape = resize_shape,
     .run = resize_run,
     .make = resize_make,
     .free = net_images_drop,
     .rows = net_resize_rows},
    {0},
};
