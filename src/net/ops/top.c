/* TopK. ONNX operator specification, opsets 1 to 18: k is an attribute until opset 9; from 11 on
 * the least may be wanted. Of equal numbers the one with the lower index comes first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/ops/move.h"
#include "net/ops/ops.h"

/* -1: not known. */
static bool take_k(const net_call *call, int64_t *k, ct_error *err) {
    const net_tensor *given = net_in(call, 1);
    size_t count;
    *k = -1;
    if (!given) {
        const net_attribute *own = net_attribute_find(call->node, "k");
        if (!own) {
            return ct_fail(err, "it has no k");
        }
        *k = own->i;
    } else {
        if (!net_want_type(call, 1, NET_I64, err)) {
            return false;
        }
        if (net_shape_count(&given->shape, &count) && count != 1) {
            return ct_fail(err, "its k should be one number, and has %zu", count);
        }
        if (!given->data) {
            return true;
        }
        *k = net_whole_at(given, 0);
    }
    return *k >= 0 || ct_fail(err, "a k of %lld", (long long)*k);
}

static bool top_shape(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    net_shape out = in->shape;
    int64_t k = -1;
    if (!take_k(call, &k, err) || !net_want_rank(call, 0, 1, NET_MOST_DIMENSIONS, err)) {
        return false;
    }
    if (in->type == NET_BOOL) {
        return ct_fail(err, "input 1 is bool, where numbers are expected");
    }
    if (out.rank >= 0) {
        int axis = 0;
        if (!net_axis(net_int(call->node, "axis", -1), out.rank, &axis, err)) {
            return false;
        }
        if (out.size[axis] >= 0 && k > out.size[axis]) {
            return ct_fail(err, "a k of %lld along an axis of size %lld", (long long)k,
                           (long long)out.size[axis]);
        }
        out.size[axis] = k < 0 ? NET_ANY_SIZE : k;
    }
    net_give(call, 0, in->type, &out);
    net_give(call, 1, NET_I64, &out);
    return true;
}

/* ---- numbers as keys: the greater the key, the sooner it is wanted ---- */

static uint64_t key_of(const net_tensor *in, size_t i) {
    if (!net_type_is_real(in->type)) {
        const uint64_t whole = (uint64_t)net_whole_at(in, i);
        return in->type == NET_U64 ? whole : whole ^ (uint64_t)1 << 63;
    }
    const double value = net_real_at(in, i) + 0.0; /* -0 is 0 */
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return isnan(value) ? UINT64_MAX : bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

typedef struct item {
    uint64_t key;
    size_t index;
} item;

static bool is_before(const item *a, const item *b) {
    return a->key > b->key || (a->key == b->key && a->index < b->index);
}

/* Whether heap[i] is the last in order of all below it; if not, it sinks. */
static void sink(item *heap, size_t count, size_t i) {
    const item moved = heap[i];
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        child += child + 1 < count && is_before(&heap[child], &heap[child + 1]);
        if (!is_before(&moved, &heap[child])) {
            break;
        }
        heap[i] = heap[child];
    }
    heap[i] = moved;
}

/* The k that come first, in order. The heap's root is the one that goes when a better one comes. */
static void select_top(item *heap, size_t k, const net_tensor *in, size_t first, size_t step,
                       size_t size, bool largest) {
    for (size_t i = 0; i < size; i++) {
        const uint64_t key = key_of(in, first + i * step);
        const item found = {largest ? key : ~key, i};
        if (i < k) {
            heap[i] = found;
            for (size_t at = k / 2; i + 1 == k && at-- > 0;) {
                sink(heap, k, at);
            }
        } else if (is_before(&found, &heap[0])) {
            heap[0] = found;
            sink(heap, k, 0);
        }
    }
    for (size_t left = k; left > 1; left--) {
        const item last = heap[0];
        heap[0] = heap[left - 1];
        heap[left - 1] = last;
        sink(heap, left - 1, 0);
    }
}

static bool top_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    const bool largest = net_int(call->node, "largest", 1) != 0;
    const size_t bytes = net_type_size(in->type);
    int64_t wanted = 0;
    int axis = 0;
    if (!take_k(call, &wanted, err) ||
        !net_axis(net_int(call->node, "axis", -1), in->shape.rank, &axis, err)) {
        return false;
    }
    const net_around around = net_around_axis(&in->shape, axis);
    const size_t k = (size_t)wanted;
    if (k == 0 || around.outer == 0 || around.inner == 0) {
        return true;
    }
    item *heap = malloc(k * sizeof *heap);
    if (!heap) {
        return ct_fail(err, "out of memory");
    }
    for (size_t i = 0; i < around.outer * around.inner; i++) {
        const size_t outer = i / around.inner, inner = i % around.inner;
        const size_t from = outer * around.size * around.inner + inner;
        const size_t to = outer * k * around.inner + inner;
        select_top(heap, k, in, from, around.inner, around.size, largest);
        for (size_t t = 0; t < k; t++) {
            const size_t at = to + t * around.inner;
            if (call->out[0]) {
                memcpy((char *)call->out[0]->data + at * bytes,
                       (const char *)in->data + (from + heap[t].index * around.inner) * bytes,
                       bytes);
            }
            if (call->node->output_count > 1 && call->out[1]) {
                ((int64_t *)call->out[1]->data)[at] = (int64_t)heap[t].index;
            }
        }
    }
    free(heap);
    return true;
}

const net_op net_ops_top[] = {
    {.name = "TopK",
     .since = 1,
     .least = 1,
     .most = 2,
     .outputs = 2,
     .shape = top_shape,
     .run = top_run,
     .any_type = true},
    {0},
};
