/* Compress, NonZero, OneHot: outputs whose size depends on numbers. ONNX operator specification,
 * opsets 9 to 18. */
#include <math.h>
#include <string.h>

#include "net/ops/move.h"
#include "net/ops/ops.h"

/* Data whose shape is known, of which there is some or needs to be none. */
static bool is_there(const net_tensor *tensor) {
    size_t count;
    return net_shape_count(&tensor->shape, &count) && (tensor->data || count == 0);
}

/* ---- Compress: the indices along an axis, or of all numbers, for which there is true ---- */

static bool has_axis(const net_call *call) {
    return net_attribute_find(call->node, "axis") != NULL;
}

static size_t count_true(const net_tensor *condition) {
    const uint8_t *is = condition->data;
    const size_t count = net_count(condition);
    size_t chosen = 0;
    for (size_t i = 0; i < count; i++) {
        chosen += is[i] != 0;
    }
    return chosen;
}

/* The input as outer x size x inner, of which `size` is chosen from. */
static bool take_around(const net_call *call, net_around *around, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    int axis = 0;
    *around = (net_around){1, net_count(call->in[0]), 1};
    if (has_axis(call)) {
        if (!net_axis(net_int(call->node, "axis", 0), in->rank, &axis, err)) {
            return false;
        }
        *around = net_around_axis(in, axis);
    }
    return true;
}

static bool compress_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_shape out = {.rank = 1, .size = {NET_ANY_SIZE}};
    int axis = 0;
    if (!net_want_type(call, 1, NET_BOOL, err) || !net_want_rank(call, 1, 1, 1, err)) {
        return false;
    }
    if (has_axis(call)) {
        out = *in;
        if (in->rank >= 0 && !net_axis(net_int(call->node, "axis", 0), in->rank, &axis, err)) {
            return false;
        }
    }
    if (out.rank >= 0) {
        out.size[axis] = is_there(call->in[1]) ? (int64_t)count_true(call->in[1]) : NET_ANY_SIZE;
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool compress_run(const net_call *call, ct_error *err) {
    const uint8_t *is = call->in[1]->data;
    const size_t count = net_count(call->in[1]);
    net_around around;
    if (!take_around(call, &around, err)) {
        return false;
    }
    const size_t block = around.inner * net_type_size(call->in[0]->type);
    char *to = call->out[0]->data;
    const char *from = call->in[0]->data;
    for (size_t i = around.size; i < count; i++) {
        if (is[i]) {
            return ct_fail(err, "it chooses number %zu of %zu", i + 1, around.size);
        }
    }
    for (size_t o = 0; o < around.outer; o++) {
        for (size_t i = 0; i < around.size && i < count; i++) {
            if (is[i] && block > 0) {
                memcpy(to, from + (o * around.size + i) * block, block);
                to += block;
            }
        }
    }
    return true;
}

/* ---- NonZero: the indices of the numbers that aren't zero, a column each ---- */

static bool is_zero(const net_tensor *tensor, size_t i) {
    return net_type_is_real(tensor->type) ? net_real_at(tensor, i) == 0
                                          : net_whole_at(tensor, i) == 0;
}

static bool non_zero_shape(const net_call *call, ct_error *err) {
    (void)err;
    const net_tensor *in = call->in[0];
    net_shape out = {.rank = 2, .size = {in->shape.rank, NET_ANY_SIZE}};
    if (in->shape.rank < 0) {
        out.size[0] = NET_ANY_SIZE;
    }
    if (is_there(in)) {
        const size_t count = net_count(in);
        out.size[1] = 0;
        for (size_t i = 0; i < count; i++) {
            out.size[1] += !is_zero(in, i);
        }
    }
    net_give(call, 0, NET_I64, &out);
    return true;
}

static bool non_zero_run(const net_call *call, ct_error *err) {
    (void)err;
    const net_tensor *in = call->in[0];
    const size_t count = net_count(in), chosen = (size_t)call->out[0]->shape.size[1];
    int64_t *out = call->out[0]->data, index[NET_MOST_DIMENSIONS] = {0};
    size_t found = 0;
    for (size_t i = 0; i < count && found < chosen; i++) {
        if (!is_zero(in, i)) {
            for (int d = 0; d < in->shape.rank; d++) {
                out[(size_t)d * chosen + found] = index[d];
            }
            found++;
        }
        for (int d = in->shape.rank; d-- > 0 && ++index[d] == in->shape.size[d];) {
            index[d] = 0;
        }
    }
    return true;
}

/* ---- OneHot ---- */

/* A number, where it is known; what is behind the point doesn't count. */
static int64_t whole_at(const net_tensor *tensor, size_t i) {
    if (!net_type_is_real(tensor->type)) {
        return net_whole_at(tensor, i);
    }
    const double value = net_real_at(tensor, i);
    return fabs(value) < 9e18 ? (int64_t)value : INT64_MIN;
}

static bool one_hot_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    const net_tensor *depth = call->in[1], *values = call->in[2];
    net_shape out = {.rank = -1};
    size_t count;
    if ((net_shape_count(&depth->shape, &count) && count != 1) ||
        (net_shape_count(&values->shape, &count) && count != 2)) {
        return ct_fail(err, "it takes one depth and two values");
    }
    int64_t size = NET_ANY_SIZE;
    if (is_there(depth)) {
        size = whole_at(depth, 0);
        if (size < 0) {
            return ct_fail(err, "a depth of %lld", (long long)size);
        }
    }
    if (in->rank >= NET_MOST_DIMENSIONS) {
        return ct_fail(err, "its output has %d dimensions; at most %d are supported", in->rank + 1,
                       NET_MOST_DIMENSIONS);
    }
    if (in->rank >= 0) {
        int axis = 0;
        out.rank = in->rank + 1;
        if (!net_axis(net_int(call->node, "axis", -1), out.rank, &axis, err)) {
            return false;
        }
        for (int i = 0, k = 0; i < out.rank; i++) {
            out.size[i] = i == axis ? size : in->size[k++];
        }
    }
    net_give(call, 0, values->type, &out);
    return true;
}

static bool one_hot_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    net_tensor *out = call->out[0];
    const size_t bytes = net_type_size(out->type), count = net_count(in);
    const char *off = call->in[2]->data, *on = off + bytes;
    net_moves fill = {0};
    int axis = 0;
    if (!net_axis(net_int(call->node, "axis", -1), out->shape.rank, &axis, err)) {
        return false;
    }
    const net_around around = net_around_axis(&out->shape, axis);
    const int64_t depth = (int64_t)around.size;
    net_moves_add(&fill, net_count(out), 1, 0);
    net_move(call->team, out->data, off, &fill, bytes);
    for (size_t i = 0; i < count; i++) {
        const int64_t index = whole_at(in, i);
        if (index >= -depth && index < depth) { /* beyond, nothing is on */
            const size_t at = (size_t)(index < 0 ? index + depth : index);
            const size_t outer = i / around.inner, inner = i % around.inner;
            memcpy((char *)out->data + ((outer * around.size + at) * around.inner + inner) * bytes,
                   on, bytes);
        }
    }
    return true;
}

const net_op net_ops_select[] = {
    {.name = "Compress",
     .since = 9,
     .least = 2,
     .most = 2,
     .outputs = 1,
     .shape = compress_shape,
     .run = compress_run,
     .any_type = true},
    {.name = "NonZero",
     .since = 9,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = non_zero_shape,
     .run = non_zero_run,
     .any_type = true},
    {.name = "OneHot",
     .since = 9,
     .least = 3,
     .most = 3,
     .outputs = 1,
     .weights = NET_NO_INPUT,
     .shape = one_hot_shape,
     .run = one_hot_run,
     .any_type = true},
    {0},
};
