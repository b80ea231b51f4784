/* Slice: a part of a tensor, with steps. ONNX operator specification, opsets 1 to 18; from 10 on
 * the bounds are inputs, and there are steps. */
#include "net/ops/move.h"
#include "net/ops/ops.h"

/* Beyond any size: files write INT_MAX and INT64_MAX for "to the end". */
static const int64_t FAR = INT32_MAX;
static const int64_t FARTHEST = (int64_t)1 << 61; /* sums of such don't overflow */

static int64_t within(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

/* What is taken along one axis: `size` numbers from `start`, `step` apart. */
typedef struct cut {
    int64_t start, step, size;
} cut;

/* Backwards, INT_MAX as the end means "to the end" too, as in ONNX Runtime: by the specification
 * nothing would be left. */
static cut cut_of(int64_t start, int64_t end, int64_t step, int64_t size) {
    if (step < 0 && (end == INT32_MAX || end == INT64_MAX)) {
        end = INT64_MIN;
    }
    start = within(start, -FARTHEST, FARTHEST);
    end = within(end, -FARTHEST, FARTHEST);
    step = within(step, -FARTHEST, FARTHEST);
    start += start < 0 ? size : 0;
    end += end < 0 ? size : 0;
    if (step > 0) {
        start = within(start, 0, size);
        end = within(end, 0, size);
        return (cut){start, step, end > start ? (end - start - 1) / step + 1 : 0};
    }
    start = size == 0 ? -1 : within(start, 0, size - 1);
    end = end < 0 ? -1 : end < size ? end : size - 1;
    return (cut){start, step, start > end ? (start - end - 1) / -step + 1 : 0};
}

/* The size of a cut of a size that isn't known. */
static int64_t size_of_cut(const net_call *call, int64_t start, int64_t end, int64_t step,
                           int64_t size) {
    bool overflow = false;
    if (step == 1 && start >= 0 && start < FAR && end >= FAR) {
        return net_size_affine(call->symbols, size, 1, -start, 1, &overflow);
    }
    if (step == 1 && start == 0 && end < 0 && end > -FAR) {
        return net_size_affine(call->symbols, size, 1, end, 1, &overflow);
    }
    return NET_ANY_SIZE;
}

typedef struct bounds {
    net_list starts, ends, axes, steps;
    bool known;
} bounds;

static bool take_bounds(const net_call *call, bounds *b, ct_error *err) {
    net_listed found[4];
    if (!net_list_of(call, "starts", 1, &b->starts, &found[0], err) ||
        !net_list_of(call, "ends", 2, &b->ends, &found[1], err) ||
        !net_list_of(call, "axes", 3, &b->axes, &found[2], err) ||
        !net_list_of(call, NULL, 4, &b->steps, &found[3], err)) {
        return false;
    }
    if (found[0] == NET_LIST_ABSENT || found[1] == NET_LIST_ABSENT) {
        return ct_fail(err, "it has no %s", found[0] == NET_LIST_ABSENT ? "starts" : "ends");
    }
    const int count = b->starts.count;
    if (found[2] == NET_LIST_ABSENT) {
        b->axes.count = count;
        for (int i = 0; i < count; i++) {
            b->axes.at[i] = i;
        }
    }
    if (found[3] == NET_LIST_ABSENT) {
        b->steps.count = count;
        for (int i = 0; i < count; i++) {
            b->steps.at[i] = 1;
        }
    }
    b->known = true;
    bool unknown = false;
    for (int k = 0; k < 4; k++) {
        b->known = b->known && found[k] != NET_LIST_UNKNOWN;
    }
    const net_list *lists[] = {&b->starts, &b->ends, &b->axes, &b->steps};
    for (int k = 0; k < 4; k++) {
        unknown = unknown || lists[k]->count < 0;
    }
    if (!unknown && (b->ends.count != count || b->axes.count != count || b->steps.count != count)) {
        return ct_fail(err, "starts, ends, axes and steps list %d, %d, %d and %d numbers", count,
                       b->ends.count, b->axes.count, b->steps.count);
    }
    for (int i = 0; b->known && i < count; i++) {
        if (b->steps.at[i] == 0) {
            return ct_fail(err, "a step of 0");
        }
    }
    return true;
}

/* The axis of bound i, each at most once. */
static bool take_axis(const bounds *b, int i, int rank, bool *seen, int *axis, ct_error *err) {
    if (!net_axis(b->axes.at[i], rank, axis, err)) {
        return false;
    }
    if (seen[*axis]) {
        return ct_fail(err, "axis %d is listed twice", *axis);
    }
    return seen[*axis] = true;
}

static bool slice_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_shape out = *in;
    bool seen[NET_MOST_DIMENSIONS] = {false};
    bounds b;
    if (!take_bounds(call, &b, err)) {
        return false;
    }
    for (int i = 0; !b.known && i < in->rank; i++) {
        out.size[i] = NET_ANY_SIZE;
    }
    for (int i = 0; b.known && in->rank >= 0 && i < b.starts.count; i++) {
        int axis = 0;
        if (!take_axis(&b, i, in->rank, seen, &axis, err)) {
            return false;
        }
        const int64_t start = b.starts.at[i], end = b.ends.at[i], step = b.steps.at[i];
        out.size[axis] = in->size[axis] < 0 ? size_of_cut(call, start, end, step, in->size[axis])
                                            : cut_of(start, end, step, in->size[axis]).size;
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool slice_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    net_tensor *out = call->out[0];
    const int rank = in->shape.rank;
    ptrdiff_t from[NET_MOST_DIMENSIONS], to[NET_MOST_DIMENSIONS], first = 0;
    bool seen[NET_MOST_DIMENSIONS] = {false};
    net_moves moves = {0};
    bounds b;
    if (!take_bounds(call, &b, err)) {
        return false;
    }
    if (net_count(out) == 0) {
        return true;
    }
    net_strides(&in->shape, from);
    net_strides(&out->shape, to);
    for (int i = 0; i < b.starts.count; i++) {
        int axis = 0;
        if (!take_axis(&b, i, rank, seen, &axis, err)) {
            return false;
        }
        const cut c = cut_of(b.starts.at[i], b.ends.at[i], b.steps.at[i], in->shape.size[axis]);
        if (c.size != out->shape.size[axis]) {
            return ct_fail(err, "its output has another size than was planned");
        }
        first += c.start * from[axis];
        from[axis] *= c.size > 1 ? c.step : 1;
    }
    for (int d = 0; d < rank; d++) {
        net_moves_add(&moves, (size_t)out->shape.size[d], to[d], from[d]);
    }
    const size_t bytes = net_type_size(in->type);
    net_move(call->team, out->data, (const char *)in->data + first * (ptrdiff_t)bytes, &moves,
             bytes);
    return true;
}

const net_op net_ops_slice[] = {
    {.name = "Slice",
     .since = 1,
     .least = 1,
     .most = 5,
     .outputs = 1,
     .shape = slice_shape,
     .run = slice_run,
     .any_type = true},
    {0},
};
