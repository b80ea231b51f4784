/* Gather, GatherElements, GatherND. ONNX operator specification, opsets 1 to 18. */
#include <stdlib.h>
#include <string.h>

#include "net/ops/indices.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

/* Copies `count` blocks of `bytes` bytes from offsets in blocks of that size. */
static void pick(char *to, const char *from, const size_t *offsets, size_t count, size_t bytes) {
    for (size_t i = 0; bytes == 4 && i < count; i++) {
        memcpy(to + i * 4, from + offsets[i] * 4, 4);
    }
    for (size_t i = 0; bytes == 8 && i < count; i++) {
        memcpy(to + i * 8, from + offsets[i] * 8, 8);
    }
    for (size_t i = 0; bytes != 4 && bytes != 8 && i < count; i++) {
        memcpy(to + i * bytes, from + offsets[i] * bytes, bytes);
    }
}

static bool too_many(int rank, ct_error *err) {
    return ct_fail(err, "its output has %d dimensions; at most %d are supported", rank,
                   NET_MOST_DIMENSIONS);
}

/* ---- Gather ---- */

static bool gather_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape, *indices = &call->in[1]->shape;
    net_shape out = {.rank = -1};
    int axis = 0;
    if (!net_want_indices(call, 1, err)) {
        return false;
    }
    if (in->rank >= 0 && !net_axis(net_int(call->node, "axis", 0), in->rank, &axis, err)) {
        return false;
    }
    if (in->rank >= 0 && indices->rank >= 0) {
        out.rank = 0;
        if (in->rank + indices->rank - 1 > NET_MOST_DIMENSIONS) {
            return too_many(in->rank + indices->rank - 1, err);
        }
        for (int i = 0; i < in->rank; i++) {
            for (int k = 0; i == axis && k < indices->rank; k++) {
                out.size[out.rank++] = indices->size[k];
            }
            if (i != axis) {
                out.size[out.rank++] = in->size[i];
            }
        }
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

typedef struct picking {
    char *to;
    const char *from;
    const size_t *offsets;
    size_t count, to_step, from_step, bytes;
    size_t outer, each;
} picking;

static void pick_task(void *argument, int task) {
    const picking *p = argument;
    for (size_t i = (size_t)task * p->each; i < p->outer && i < ((size_t)task + 1) * p->each; i++) {
        pick(p->to + i * p->to_step, p->from + i * p->from_step, p->offsets, p->count, p->bytes);
    }
}

static bool gather_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    int axis = 0;
    if (!net_axis(net_int(call->node, "axis", 0), in->shape.rank, &axis, err)) {
        return false;
    }
    const net_around around = net_around_axis(&in->shape, axis);
    size_t *offsets = net_indices(call->in[1], in->shape.size[axis], 1, err);
    if (!offsets) {
        return false;
    }
    picking p = {.to = call->out[0]->data,
                 .from = in->data,
                 .offsets = offsets,
                 .count = net_count(call->in[1]),
                 .bytes = around.inner * net_type_size(in->type),
                 .outer = around.outer,
                 .each = around.outer};
    p.to_step = p.count * p.bytes;
    p.from_step = around.size * p.bytes;
    if (net_threads(call->team) > 1 && p.to_step * around.outer > 1 << 17) {
        p.each = around.outer / (4 * (size_t)net_threads(call->team)) + 1;
    }
    if (net_count(call->out[0]) > 0) {
        net_each(call->team, (int)((p.outer + p.each - 1) / p.each), pick_task, &p);
    }
    free(offsets);
    return true;
}

/* ---- GatherElements ---- */

static bool gather_elements_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape, *indices = &call->in[1]->shape;
    int axis = 0;
    if (!net_want_indices(call, 1, err) || !net_want_rank(call, 0, 1, NET_MOST_DIMENSIONS, err)) {
        return false;
    }
    if (in->rank >= 0 && !net_axis(net_int(call->node, "axis", 0), in->rank, &axis, err)) {
        return false;
    }
    if (in->rank >= 0 && indices->rank >= 0) {
        if (in->rank != indices->rank) {
            return ct_fail(err, "%d dimensions of data, and %d of indices", in->rank,
                           indices->rank);
        }
        for (int i = 0; i < in->rank; i++) {
            if (i != axis && in->size[i] >= 0 && indices->size[i] > in->size[i]) {
                return ct_fail(err, "the indices have size %lld along axis %d, the data %lld",
                               (long long)indices->size[i], i, (long long)in->size[i]);
            }
        }
    }
    net_give(call, 0, call->in[0]->type, indices);
    return true;
}

typedef struct picking_elements {
    char *to;
    const char *from;
    const size_t *offsets;
    size_t count, last_step, bytes;
} picking_elements;

static void pick_line(void *argument, size_t at, size_t data_at) {
    const picking_elements *p = argument;
    for (size_t i = 0; i < p->count; i++) {
        memcpy(p->to + (at + i) * p->bytes,
               p->from + (data_at + p->offsets[at + i] + i * p->last_step) * p->bytes, p->bytes);
    }
}

static bool gather_elements_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0], *indices = call->in[1];
    const int last = in->shape.rank - 1;
    int axis = 0;
    if (!net_axis(net_int(call->node, "axis", 0), in->shape.rank, &axis, err)) {
        return false;
    }
    size_t *offsets =
        net_indices(indices, in->shape.size[axis], net_around_axis(&in->shape, axis).inner, err);
    if (!offsets) {
        return false;
    }
    picking_elements p = {.to = call->out[0]->data,
                          .from = in->data,
                          .offsets = offsets,
                          .count = (size_t)indices->shape.size[last],
                          .last_step = axis != last,
                          .bytes = net_type_size(in->type)};
    net_each_line(&indices->shape, &in->shape, axis, pick_line, &p);
    free(offsets);
    return true;
}

/* ---- GatherND ---- */

/* How many dimensions coordinates name: the indices' last size, or -1. */
static bool take_depth(const net_call *call, int batches, int *depth, ct_error *err) {
    const net_shape *in = &call->in[0]->shape, *indices = &call->in[1]->shape;
    *depth = -1;
    if (in->rank < 0 || indices->rank < 0) {
        return true;
    }
    if (batches < 0 || batches >= indices->rank || batches >= in->rank) {
        return ct_fail(err, "batch_dims %d, with %d and %d dimensions", batches, in->rank,
                       indices->rank);
    }
    const int64_t last = indices->size[indices->rank - 1];
    if (last > in->rank - batches) {
        return ct_fail(err, "%lld coordinates for %s", (long long)last,
                       ct_count((uint64_t)(in->rank - batches), "dimension").text);
    }
    for (int i = 0; i < batches; i++) {
        if (in->size[i] >= 0 && indices->size[i] >= 0 && in->size[i] != indices->size[i]) {
            return ct_fail(err, "batch sizes %lld and %lld", (long long)in->size[i],
                           (long long)indices->size[i]);
        }
    }
    *depth = last < 0 ? -1 : (int)last;
    return true;
}

static int take_batches(const net_call *call) {
    const int64_t batches = net_int(call->node, "batch_dims", 0);
    return batches >= 0 && batches < NET_MOST_DIMENSIONS ? (int)batches : -1;
}

static bool gather_nd_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape, *indices = &call->in[1]->shape;
    const int batches = take_batches(call);
    net_shape out = {.rank = -1};
    int depth = -1;
    if (!net_want_indices(call, 1, err) || !take_depth(call, batches, &depth, err)) {
        return false;
    }
    if (depth >= 0) {
        out.rank = indices->rank - 1 + in->rank - batches - depth;
        if (out.rank > NET_MOST_DIMENSIONS) {
            return too_many(out.rank, err);
        }
        int d = 0;
        for (int i = 0; i < indices->rank - 1; i++) {
            out.size[d++] = indices->size[i];
        }
        for (int i = batches + depth; i < in->rank; i++) {
            out.size[d++] = in->size[i];
        }
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool gather_nd_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0], *indices = call->in[1];
    const int batches = take_batches(call);
    int depth = -1;
    if (!take_depth(call, batches, &depth, err)) {
        return false;
    }
    size_t *offsets = net_coordinates(indices, &in->shape, batches, err);
    if (!offsets) {
        return false;
    }
    const size_t outer = net_shape_product(&in->shape, 0, batches);
    const size_t bytes = net_type_size(in->type);
    const size_t block = net_shape_product(&in->shape, batches + depth, in->shape.rank) * bytes;
    const size_t step = net_shape_product(&in->shape, batches, in->shape.rank) * bytes;
    const size_t count = net_shape_product(&indices->shape, batches, indices->shape.rank - 1);
    for (size_t b = 0; b < outer && block > 0; b++) {
        for (size_t i = 0; i < count; i++) {
            memcpy((char *)call->out[0]->data + (b * count + i) * block,
                   (const char *)in->data + b * step + offsets[b * count + i] * bytes, block);
        }
    }
    free(offsets);
    return true;
}

#define GATHERS(NAME, SINCE, SHAPE, RUN)                                                           \
    {                                                                                              \
        .name = NAME, .since = SINCE, .least = 2, .most = 2, .outputs = 1,                         \
        .weights = NET_INPUT(0), .shape = SHAPE, .run = RUN, .any_type = true                      \
    }

const net_op net_ops_gather[] = {
    GATHERS("Gather", 1, gather_shape, gather_run),
    GATHERS("GatherElements", 11, gather_elements_shape, gather_elements_run),
    GATHERS("GatherND", 11, gather_nd_shape, gather_nd_run),
    {0},
};
