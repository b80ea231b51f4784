/* Values that come from nowhere, or pass unchanged. */
#include <string.h>

#include "net/convert.h"
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

/* ---- Identity ---- */

static bool copy_run(const net_call *call, ct_error *err) {
    (void)err;
    size_t bytes;
    if (net_bytes(call->in[0], &bytes) && bytes > 0) {
        memcpy(call->out[0]->data, call->in[0]->data, bytes);
    }
    return true;
}

/* ---- Dropout where nothing is trained: all stays ---- */

/* Before opset 10 the mask is of the input's type. */
static bool dropout_shape(const net_call *call, ct_error *err) {
    const net_type mask = call->node->opset < 10 ? call->in[0]->type : NET_BOOL;
    net_give(call, 1, mask, &call->in[0]->shape);
    return net_want_real(call, 0, err) && net_shape_same(call, err);
}

static bool is_one(const net_tensor *tensor) {
    return tensor && net_count(tensor) == 1;
}

static bool dropout_run(const net_call *call, ct_error *err) {
    const net_tensor *ratio = net_in(call, 1), *trains = net_in(call, 2);
    net_tensor *mask = call->node->output_count > 1 ? call->out[1] : NULL;
    if (is_one(trains) && net_whole_at(trains, 0) != 0 &&
        !(is_one(ratio) && net_real_at(ratio, 0) == 0)) {
        return ct_fail(err, "it drops numbers at random, which isn't supported");
    }
    const uint8_t yes = 1;
    const size_t bytes = mask ? net_type_size(mask->type) : 0, count = mask ? net_count(mask) : 0;
    for (size_t i = 0; i < count; i++) {
        net_convert(mask->type, (char *)mask->data + i * bytes, NET_BOOL, &yes, 1);
    }
    return !call->out[0] || copy_run(call, err);
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
    {.name = "Dropout",
     .since = 1,
     .least = 1,
     .most = 3,
     .outputs = 2,
     .shape = dropout_shape,
     .run = dropout_run,
     .any_type = true},
    {0},
};
