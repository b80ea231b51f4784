/* Tensors made of shapes and of a few numbers (ONNX: Shape, Size, Range, ConstantOfShape, EyeLike).
 */
#include <math.h>
#include <string.h>

#include "base/minmax.h"
#include "net/convert.h"
#include "net/ops/numbered.h"
#include "net/ops/ops.h"

/* ---- Shape ---- */

/* Axes [first, end) of those that there are. */
static void axes_of(const net_call *call, int *first, int *end) {
    const int rank = call->in[0]->shape.rank;
    int64_t from = net_int(call->node, "start", 0), to = net_int(call->node, "end", rank);
    from += from < 0 ? rank : 0;
    to += to < 0 ? rank : 0;
    *first = (int)(from < 0 ? 0 : from > rank ? rank : from);
    *end = (int)(to < *first ? *first : to > rank ? rank : to);
}

static bool shape_shape(const net_call *call, ct_error *err) {
    (void)err;
    net_shape shape = {.rank = 1, .size = {NET_ANY_SIZE}};
    int first, end;
    if (call->in[0]->shape.rank >= 0) {
        axes_of(call, &first, &end);
        shape.size[0] = end - first;
    }
    net_give(call, 0, NET_I64, &shape);
    return true;
}

static bool shape_run(const net_call *call, ct_error *err) {
    (void)err;
    int first, end;
    int64_t *out = call->out[0]->data;
    axes_of(call, &first, &end);
    for (int i = first; i < end; i++) {
        out[i - first] = call->in[0]->shape.size[i];
    }
    return true;
}

/* ---- Size ---- */

static bool size_shape(const net_call *call, ct_error *err) {
    (void)err;
    net_give(call, 0, NET_I64, &(net_shape){0});
    return true;
}

static bool size_run(const net_call *call, ct_error *err) {
    size_t count;
    if (!net_shape_count(&call->in[0]->shape, &count)) {
        return ct_fail(err, "its input has more elements than can be counted");
    }
    *(int64_t *)call->out[0]->data = (int64_t)count;
    return true;
}

/* ---- Range: max(ceil((limit - start) / delta), 0) numbers ---- */

static bool whole_steps(const net_tensor *const *in, int64_t *count, ct_error *err) {
    const int64_t start = net_whole_at(in[0], 0), limit = net_whole_at(in[1], 0);
    const int64_t delta = net_whole_at(in[2], 0);
    const bool up = delta > 0;
    const uint64_t way = up ? (uint64_t)limit - (uint64_t)start : (uint64_t)start - (uint64_t)limit;
    const uint64_t step = up ? (uint64_t)delta : 0 - (uint64_t)delta;
    if (delta == 0) {
        return ct_fail(err, "its step is 0");
    }
    *count = (up ? limit <= start : limit >= start) ? 0 : (int64_t)((way - 1) / step + 1);
    return *count >= 0 || ct_fail(err, "its output has more elements than fit in memory");
}

static bool real_steps(const net_tensor *const *in, int64_t *count, ct_error *err) {
    const double delta = net_real_at(in[2], 0);
    const double steps = ceil((net_real_at(in[1], 0) - net_real_at(in[0], 0)) / delta);
    if (delta == 0 || !(steps <= 0x1p62)) {
        return ct_fail(err, "its numbers never end");
    }
    *count = steps > 0 ? (int64_t)steps : 0;
    return true;
}

static bool range_shape(const net_call *call, ct_error *err) {
    net_shape shape = {.rank = 1, .size = {NET_ANY_SIZE}};
    const net_type type = call->in[0]->type;
    bool known = true;
    for (int i = 0; i < 3; i++) {
        size_t count;
        if (!net_want_type(call, i, type, err)) {
            return false;
        }
        if (net_shape_count(&call->in[i]->shape, &count) && count != 1) {
            return ct_fail(err, "input %d should be one number", i + 1);
        }
        known = known && call->in[i]->data;
    }
    if (type == NET_BOOL) {
        return ct_fail(err, "input 1 is bool, where numbers are expected");
    }
    if (known && !(net_type_is_whole(type) ? whole_steps(call->in, &shape.size[0], err)
                                           : real_steps(call->in, &shape.size[0], err))) {
        return false;
    }
    net_give(call, 0, type, &shape);
    return true;
}

static bool range_run(const net_call *call, ct_error *err) {
    (void)err;
    const size_t count = net_count(call->out[0]);
    const net_type type = call->out[0]->type;
    char *out = call->out[0]->data;
    const double from = net_real_at(call->in[0], 0), step = net_real_at(call->in[2], 0);
    const int64_t start = net_whole_at(call->in[0], 0), delta = net_whole_at(call->in[2], 0);
    for (size_t i = 0; i < count; i++) {
        char *to = out + i * net_type_size(type);
        if (net_type_is_whole(type)) {
            const int64_t value = (int64_t)((uint64_t)start + i * (uint64_t)delta);
            net_convert(type, to, NET_I64, &value, 1);
        } else {
            const double value = from + (double)i * step;
            net_convert(type, to, NET_DOUBLE, &value, 1);
        }
    }
    return true;
}

/* ---- ConstantOfShape ---- */

static void fill(const net_tensor *out, const void *element) {
    const size_t count = net_count(out), bytes = net_type_size(out->type);
    char *to = out->data;
    if (count == 0) {
        return;
    }
    memcpy(to, element, bytes);
    for (size_t have = 1; have < count;) {
        const size_t more = ct_min_size(have, count - have);
        memcpy(to + have * bytes, to, more * bytes);
        have += more;
    }
}

static bool constant_shape(const net_call *call, ct_error *err) {
    const net_tensor *value = net_tensor_of(call->node, "value");
    net_shape shape = {.rank = -1};
    net_list list;
    net_listed found;
    if (value && net_count(value) != 1) {
        return ct_fail(err, "its value should be one number");
    }
    if (!net_list_of(call, NULL, 0, &list, &found, err)) {
        return false;
    }
    if (list.count > NET_MOST_DIMENSIONS) {
        return ct_fail(err, "its output has %d dimensions; at most %d are supported", list.count,
                       NET_MOST_DIMENSIONS);
    }
    shape.rank = list.count;
    for (int i = 0; i < list.count; i++) {
        shape.size[i] = found == NET_LIST_KNOWN ? list.at[i] : NET_ANY_SIZE;
        if (found == NET_LIST_KNOWN && list.at[i] < 0) {
            return ct_fail(err, "axis %d has the size %lld", i, (long long)list.at[i]);
        }
    }
    net_give(call, 0, value ? value->type : NET_FLOAT, &shape);
    return true;
}

static bool constant_run(const net_call *call, ct_error *err) {
    (void)err;
    const net_tensor *value = net_tensor_of(call->node, "value");
    const float zero = 0;
    fill(call->out[0], value ? value->data : &zero);
    return true;
}

/* ---- EyeLike ---- */

static bool eye_shape(const net_call *call, ct_error *err) {
    net_type type;
    if (!net_want_rank(call, 0, 2, 2, err) ||
        !net_numbered_type(call, "dtype", call->in[0]->type, &type, err)) {
        return false;
    }
    net_give(call, 0, type, &call->in[0]->shape);
    return true;
}

static bool eye_run(const net_call *call, ct_error *err) {
    (void)err;
    const net_tensor *out = call->out[0];
    const size_t bytes = net_type_size(out->type);
    const int64_t rows = out->shape.size[0], columns = out->shape.size[1];
    const int64_t k = net_int(call->node, "k", 0);
    const uint8_t yes = 1;
    char *to = out->data;
    if (net_count(out) > 0) {
        memset(to, 0, net_count(out) * bytes);
    }
    if (k >= columns || k <= -rows) {
        return true;
    }
    const int64_t first = k < 0 ? -k : 0;
    for (int64_t row = first; row < rows && row + k < columns; row++) {
        net_convert(out->type, to + (size_t)(row * columns + row + k) * bytes, NET_BOOL, &yes, 1);
    }
    return true;
}

const net_op net_ops_made[] = {
    {.name = "Shape",
     .since = 1,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = shape_shape,
     .run = shape_run,
     .any_type = true},
    {.name = "Size",
     .since = 1,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = size_shape,
     .run = size_run,
     .any_type = true},
    {.name = "Range",
     .since = 11,
     .least = 3,
     .most = 3,
     .outputs = 1,
     .shape = range_shape,
     .run = range_run},
    {.name = "ConstantOfShape",
     .since = 9,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = constant_shape,
     .run = constant_run,
     .any_type = true},
    {.name = "EyeLike",
     .since = 9,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = eye_shape,
     .run = eye_run,
     .any_type = true},
    {0},
};
