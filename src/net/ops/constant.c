/* Values that come from nowhere, or pass unchanged. */
#include <string.h>

#include "net/ops/ops.h"

/* ---- Constant ---- */

static bool constant_shape(const net_call *call, ct_error *err) {
    const net_node *node = call->node;
    const net_tensor *tensor = net_tensor_of(node, "value");
    if (tensor) {
        net_give(call, 0, tensor->type, &tensor->shape);
        return true;
    }
    const int64_t *ints;
    const float *floats;
    net_shape scalar = {0}, list = {.rank = 1};
    if (net_attribute_find(node, "value_int")) {
        net_give(call, 0, NET_I64, &scalar);
    } else if (net_attribute_find(node, "value_float")) {
        net_give(call, 0, NET_FLOAT, &scalar);
    } else if (net_attribute_find(node, "value_ints")) {
        list.size[0] = net_ints(node, "value_ints", &ints);
        net_give(call, 0, NET_I64, &list);
    } else if (net_attribute_find(node, "value_floats")) {
        list.size[0] = net_floats(node, "value_floats", &floats);
        net_give(call, 0, NET_FLOAT, &list);
    } else {
        return ct_fail(err, "its value is text or sparse, which isn't supported");
    }
    return true;
}

static bool constant_run(const net_call *call, ct_error *err) {
    (void)err;
    const net_node *node = call->node;
    const net_tensor *tensor = net_tensor_of(node, "value");
    const int64_t i = net_int(node, "value_int", 0), *ints;
    const float f = net_float(node, "value_float", 0), *floats;
    const void *from = tensor                                      ? tensor->data
                       : net_attribute_find(node, "value_int")     ? (const void *)&i
                       : net_attribute_find(node, "value_float")   ? (const void *)&f
                       : net_ints(node, "value_ints", &ints)       ? (const void *)ints
                       : net_floats(node, "value_floats", &floats) ? (const void *)floats
                                                                   : NULL;
    size_t bytes;
    if (from && net_bytes(call->out[0], &bytes)) {
        memcpy(call->out[0]->data, from, bytes);
    }
    return true;
}

/* ---- Identity, Dropout where nothing is trained ---- */

static bool copy_run(const net_call *call, ct_error *err) {
    (void)err;
    size_t bytes;
    if (net_bytes(call->in[0], &bytes) && bytes > 0) {
        memcpy(call->out[0]->data, call->in[0]->data, bytes);
    }
    return true;
}

const net_op net_ops_constant[] = {
    {.name = "Constant",
     .since = 1,
     .outputs = 1,
     .shape = constant_shape,
     .run = constant_run,
     .any_type = true},
    {.name = "Identity",
     .since = 1,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = net_shape_same,
     .run = copy_run,
     .any_type = true},
    {0},
};
