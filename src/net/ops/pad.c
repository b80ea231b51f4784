/* Pad. ONNX operator specification, opsets 2 to 18 (and wrap of 19): until 10 the sizes and the
 * value are attributes, from 11 on inputs, from 18 on with axes. */
#include <stdlib.h>
#include <string.h>

#include "net/half.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

typedef struct padding {
    int64_t before[NET_MOST_DIMENSIONS], after[NET_MOST_DIMENSIONS]; /* negative: cut off */
    bool known;
} padding;

static const int64_t MOST = (int64_t)1 << 60; /* sums of such don't overflow */

static bool take_padding(const net_call *call, int rank, padding *p, ct_error *err) {
    net_list pads, axes;
    net_listed found, found_axes;
    if (!net_list_of(call, "pads", 1, &pads, &found, err) ||
        !net_list_of(call, NULL, 3, &axes, &found_axes, err)) {
        return false;
    }
    *p = (padding){.known = found == NET_LIST_KNOWN && found_axes != NET_LIST_UNKNOWN};
    if (found == NET_LIST_ABSENT) {
        return ct_fail(err, "it has no pads");
    }
    const int count = found_axes == NET_LIST_ABSENT ? rank : axes.count;
    if (pads.count >= 0 && count >= 0 && pads.count != 2 * count) {
        return ct_fail(err, "%d pads for %s", pads.count,
                       ct_count((uint64_t)count, "dimension").text);
    }
    bool seen[NET_MOST_DIMENSIONS] = {false};
    for (int i = 0; p->known && i < count; i++) {
        int axis = i;
        if (found_axes == NET_LIST_KNOWN && !net_axis(axes.at[i], rank, &axis, err)) {
            return false;
        }
        if (seen[axis]) {
            return ct_fail(err, "axis %d is listed twice", axis);
        }
        seen[axis] = true;
        p->before[axis] = pads.at[i];
        p->after[axis] = pads.at[i + count];
        if (pads.at[i] > MOST || pads.at[i] < -MOST || pads.at[i + count] > MOST ||
            pads.at[i + count] < -MOST) {
            return ct_fail(err, "pads of %lld and %lld", (long long)pads.at[i],
                           (long long)pads.at[i + count]);
        }
    }
    return true;
}

typedef enum pad_mode { CONSTANT, REFLECT, EDGE, WRAP } pad_mode;

static bool take_mode(const net_call *call, pad_mode *mode, ct_error *err) {
    static const char *const names[] = {"constant", "reflect", "edge", "wrap"};
    const char *name = net_text(call->node, "mode", "constant");
    for (int i = 0; i < 4; i++) {
        if (strcmp(name, names[i]) == 0) {
            *mode = (pad_mode)i;
            return true;
        }
    }
    return ct_fail(err, "mode '%s'; expected constant, reflect, edge or wrap", name);
}

static bool pad_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_shape out = *in;
    padding p = {0};
    pad_mode mode = CONSTANT;
    if (!take_mode(call, &mode, err) || !net_want_type(call, 2, call->in[0]->type, err)) {
        return false;
    }
    if (in->rank >= 0 && !take_padding(call, in->rank, &p, err)) {
        return false;
    }
    const net_tensor *value = net_in(call, 2);
    size_t count;
    if (value && net_shape_count(&value->shape, &count) && count != 1) {
        return ct_fail(err, "its value should be one number, and has %zu", count);
    }
    for (int i = 0; i < in->rank; i++) {
        const int64_t more = p.before[i] + p.after[i], size = in->size[i];
        bool overflow = false;
        out.size[i] =
            p.known ? net_size_affine(call->symbols, size, 1, more, 1, &overflow) : NET_ANY_SIZE;
        if (overflow) {
            return ct_fail(err, "pads of %lld and %lld of an axis of size %lld",
                           (long long)p.before[i], (long long)p.after[i], (long long)size);
        }
        if (p.known && mode != CONSTANT && size == 0 && out.size[i] > 0) {
            return ct_fail(err, "nothing to %s along axis %d, which is empty",
                           net_text(call->node, "mode", ""), i);
        }
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

/* ---- constant ---- */

/* The number around, in the tensor's type: until opset 10 it is a float attribute. */
static void take_value(const net_call *call, void *value) {
    const net_tensor *given = net_in(call, 2);
    const net_type type = call->in[0]->type;
    const float f = net_float(call->node, "value", 0);
    const double d = (double)f;
    const uint16_t half = type == NET_HALF ? net_float_to_half(f) : net_float_to_bfloat(f);
    memset(value, 0, 8);
    if (given) {
        memcpy(value, given->data, net_type_size(type));
    } else if (type == NET_FLOAT) {
        memcpy(value, &f, sizeof f);
    } else if (type == NET_DOUBLE) {
        memcpy(value, &d, sizeof d);
    } else if (type == NET_HALF || type == NET_BFLOAT) {
        memcpy(value, &half, sizeof half);
    }
}

static void pad_constant(const net_call *call, const padding *p) {
    const net_tensor *in = call->in[0];
    net_tensor *out = call->out[0];
    const size_t bytes = net_type_size(in->type);
    ptrdiff_t from[NET_MOST_DIMENSIONS], to[NET_MOST_DIMENSIONS], from_first = 0, to_first = 0;
    net_moves moves = {0}, fill = {0};
    char value[8];
    bool around = false;
    take_value(call, value);
    net_strides(&in->shape, from);
    net_strides(&out->shape, to);
    for (int d = 0; d < in->shape.rank; d++) {
        const int64_t before = p->before[d], after = p->after[d];
        const int64_t size =
            in->shape.size[d] + (before < 0 ? before : 0) + (after < 0 ? after : 0);
        around = around || before > 0 || after > 0;
        from_first += before < 0 ? -before * from[d] : 0;
        to_first += before > 0 ? before * to[d] : 0;
        net_moves_add(&moves, size > 0 ? (size_t)size : 0, to[d], from[d]);
    }
    if (around) {
        net_moves_add(&fill, net_count(out), 1, 0);
        net_move(call->team, out->data, value, &fill, bytes);
    }
    for (int d = 0; d < in->shape.rank; d++) {
        if (moves.size[d] == 0) {
            return;
        }
    }
    net_move(call->team, (char *)out->data + to_first * (ptrdiff_t)bytes,
             (const char *)in->data + from_first * (ptrdiff_t)bytes, &moves, bytes);
}

/* ---- from inside ---- */

/* The index for index i of an axis of `size`, which isn't 0. */
static int64_t inside(pad_mode mode, int64_t i, int64_t size) {
    const int64_t period = mode == REFLECT ? 2 * size - 2 : size;
    if (mode == EDGE || period == 0) {
        return i < 0 ? 0 : i < size ? i : size - 1;
    }
    i = i % period + (i % period < 0 ? period : 0);
    return i < size ? i : period - i;
}

/* One axis of one block after another; `block` bytes follow each index. */
static void pad_axis(pad_mode mode, char *to, const char *from, const net_around *around,
                     int64_t before, int64_t out_size, size_t bytes) {
    const size_t block = around->inner * bytes;
    const int64_t size = (int64_t)around->size;
    const int64_t first = before > 0 ? before : 0; /* of the output, inside */
    int64_t end = before + size < out_size ? before + size : out_size;
    end = end < first ? first : end;
    for (size_t i = 0; i < around->outer; i++) {
        const char *own = from + i * around->size * block;
        for (int64_t k = 0; k < out_size; k++) {
            if (k == first && end > first) {
                memcpy(to, own + (size_t)(k - before) * block, (size_t)(end - first) * block);
                to += (size_t)(end - first) * block;
                k = end - 1;
                continue;
            }
            memcpy(to, own + (size_t)inside(mode, k - before, size) * block, block);
            to += block;
        }
    }
}

/* The axes one after another, from the last to the first: so the least is moved twice. */
static bool pad_inside(const net_call *call, const padding *p, pad_mode mode, ct_error *err) {
    const net_tensor *in = call->in[0];
    const size_t bytes = net_type_size(in->type);
    net_shape shape = in->shape;
    const char *from = in->data;
    char *room[2] = {NULL, NULL};
    int padded = 0, done = 0;
    bool ok = true;
    for (int d = 0; d < shape.rank; d++) {
        padded += p->before[d] != 0 || p->after[d] != 0;
    }
    if (padded == 0) {
        return net_run_copy(call, err);
    }
    for (int d = shape.rank; ok && d-- > 0;) {
        if (p->before[d] == 0 && p->after[d] == 0) {
            continue;
        }
        const net_around around = net_around_axis(&shape, d);
        char *to = call->out[0]->data;
        size_t count;
        shape.size[d] = call->out[0]->shape.size[d];
        if (++done < padded) {
            char **own = &room[done % 2];
            free(*own);
            *own = net_shape_count(&shape, &count) && count < SIZE_MAX / 16
                       ? malloc(count * bytes + 1)
                       : NULL;
            ok = *own || ct_fail(err, "out of memory");
            to = *own;
        }
        if (ok) {
            pad_axis(mode, to, from, &around, p->before[d], shape.size[d], bytes);
        }
        from = to;
    }
    free(room[0]);
    free(room[1]);
    return ok;
}

static bool pad_run(const net_call *call, ct_error *err) {
    padding p = {0};
    pad_mode mode = CONSTANT;
    if (!take_mode(call, &mode, err) || !take_padding(call, call->in[0]->shape.rank, &p, err)) {
        return false;
    }
    if (net_count(call->out[0]) == 0) {
        return true;
    }
    if (mode == CONSTANT) {
        pad_constant(call, &p);
        return true;
    }
    return pad_inside(call, &p, mode, err);
}

const net_op net_ops_pad[] = {
    {.name = "Pad",
     .since = 2,
     .least = 1,
     .most = 4,
     .outputs = 1,
     .shape = pad_shape,
     .run = pad_run,
     .any_type = true},
    {0},
};
