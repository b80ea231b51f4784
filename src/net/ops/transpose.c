/* Transpose, Expand, Tile. ONNX operator specification, opsets 1 to 18. */
#include "net/ops/move.h"
#include "net/ops/ops.h"

/* ---- Transpose ---- */

/* Where each dimension of the output comes from; without `perm`, they are reversed. */
static bool take_perm(const net_call *call, int rank, int *perm, ct_error *err) {
    const int64_t *ints;
    const int count = net_ints(call->node, "perm", &ints);
    bool seen[NET_MOST_DIMENSIONS] = {false};
    if (!net_attribute_find(call->node, "perm")) {
        for (int i = 0; i < rank; i++) {
            perm[i] = rank - 1 - i;
        }
        return true;
    }
    bool ok = count == rank;
    for (int i = 0; ok && i < rank; i++) {
        const int64_t at = ints[i] < 0 ? ints[i] + rank : ints[i];
        ok = at >= 0 && at < rank && !seen[at];
        if (ok) {
            seen[at] = true;
            perm[i] = (int)at;
        }
    }
    return ok || ct_fail(err, "perm doesn't list each of %s once",
                         ct_count((uint64_t)rank, "dimension").text);
}

static bool transpose_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_shape out = *in;
    int perm[NET_MOST_DIMENSIONS];
    if (in->rank >= 0 && !take_perm(call, in->rank, perm, err)) {
        return false;
    }
    for (int i = 0; i < in->rank; i++) {
        out.size[i] = in->size[perm[i]];
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool transpose_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    net_tensor *out = call->out[0];
    ptrdiff_t from[NET_MOST_DIMENSIONS], to[NET_MOST_DIMENSIONS];
    int perm[NET_MOST_DIMENSIONS];
    net_moves moves = {0};
    if (!take_perm(call, in->shape.rank, perm, err)) {
        return false;
    }
    net_strides(&in->shape, from);
    net_strides(&out->shape, to);
    for (int i = 0; i < out->shape.rank; i++) {
        net_moves_add(&moves, (size_t)out->shape.size[i], to[i], from[perm[i]]);
    }
    net_move(call->team, out->data, in->data, &moves, net_type_size(in->type));
    return true;
}

/* ---- Expand ---- */

static bool expand_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_list list;
    net_listed found;
    if (!net_list_of(call, NULL, 1, &list, &found, err)) {
        return false;
    }
    if (list.count > NET_MOST_DIMENSIONS) {
        return ct_fail(err, "a shape of %d dimensions; at most %d are supported", list.count,
                       NET_MOST_DIMENSIONS);
    }
    net_shape wanted = {.rank = list.count}, out;
    for (int i = 0; i < list.count; i++) {
        wanted.size[i] = found == NET_LIST_KNOWN ? list.at[i] : NET_ANY_SIZE;
        if (found == NET_LIST_KNOWN && list.at[i] < 0) {
            return ct_fail(err, "a size of %lld", (long long)list.at[i]);
        }
    }
    if (!net_broadcast(in, &wanted, &out, err)) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool expand_run(const net_call *call, ct_error *err) {
    (void)err;
    const net_tensor *in = call->in[0];
    net_tensor *out = call->out[0];
    ptrdiff_t from[NET_MOST_DIMENSIONS], to[NET_MOST_DIMENSIONS];
    net_moves moves = {0};
    net_strides(&in->shape, from);
    net_strides(&out->shape, to);
    const int more = out->shape.rank - in->shape.rank;
    for (int i = 0; i < out->shape.rank; i++) {
        const bool repeats = i < more || in->shape.size[i - more] == 1;
        net_moves_add(&moves, (size_t)out->shape.size[i], to[i], repeats ? 0 : from[i - more]);
    }
    net_move(call->team, out->data, in->data, &moves, net_type_size(in->type));
    return true;
}

/* ---- Tile ---- */

static bool tile_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_shape out = *in;
    net_list repeats;
    net_listed found;
    if (!net_list_of(call, NULL, 1, &repeats, &found, err)) {
        return false;
    }
    if (in->rank >= 0 && repeats.count >= 0 && repeats.count != in->rank) {
        return ct_fail(err, "%s for %s", ct_count((uint64_t)repeats.count, "repeat").text,
                       ct_count((uint64_t)in->rank, "dimension").text);
    }
    for (int i = 0; i < in->rank; i++) {
        bool overflow = false;
        out.size[i] = found == NET_LIST_KNOWN ? net_size_affine(call->symbols, in->size[i],
                                                                repeats.at[i], 0, 1, &overflow)
                                              : NET_ANY_SIZE;
        if (overflow || (found == NET_LIST_KNOWN && repeats.at[i] < 0)) {
            return ct_fail(err, "%lld repeats of axis %d", (long long)repeats.at[i], i);
        }
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool tile_run(const net_call *call, ct_error *err) {
    (void)err;
    const net_tensor *in = call->in[0];
    net_tensor *out = call->out[0];
    ptrdiff_t from[NET_MOST_DIMENSIONS], to[NET_MOST_DIMENSIONS];
    net_moves moves = {0};
    net_strides(&in->shape, from);
    net_strides(&out->shape, to);
    for (int i = 0; i < in->shape.rank; i++) {
        const int64_t size = in->shape.size[i];
        const int64_t times = size > 0 ? out->shape.size[i] / size : 0;
        net_moves_add(&moves, (size_t)times, to[i] * (ptrdiff_t)size, 0);
        net_moves_add(&moves, (size_t)size, to[i], from[i]);
    }
    net_move(call->team, out->data, in->data, &moves, net_type_size(in->type));
    return true;
}

const net_op net_ops_transpose[] = {
    {.name = "Transpose",
     .since = 1,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = transpose_shape,
     .run = transpose_run,
     .any_type = true},
    {.name = "Expand",
     .since = 8,
     .least = 2,
     .most = 2,
     .outputs = 1,
     .shape = expand_shape,
     .run = expand_run,
     .any_type = true},
    {.name = "Tile",
     .since = 6,
     .least = 2,
     .most = 2,
     .outputs = 1,
     .shape = tile_shape,
     .run = tile_run,
     .any_type = true},
    {0},
};
