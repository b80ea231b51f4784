/* Concat and Split: tensors side by side. ONNX operator specification, opsets 1 to 18. */
#include "net/ops/local.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

/* Numbers that follow one another for each outer index: moves a part of them. */
static void move_part(const net_team *team, net_type type, const net_around *part, void *to,
                      size_t to_step, const void *from, size_t from_step) {
    net_moves moves = {0};
    net_moves_add(&moves, part->outer, (ptrdiff_t)to_step, (ptrdiff_t)from_step);
    net_moves_add(&moves, part->size * part->inner, 1, 1);
    net_move(team, to, from, &moves, net_type_size(type));
}

/* ---- Concat ---- */

/* Of two sizes that have to be equal, the one that is known. */
static bool agree(int64_t *size, int64_t other, int axis, ct_error *err) {
    if (*size >= 0 && other >= 0 && *size != other) {
        return ct_fail(err, "inputs of sizes %lld and %lld along axis %d", (long long)*size,
                       (long long)other, axis);
    }
    *size = *size >= 0 || other == NET_ANY_SIZE ? *size : other;
    return true;
}

/* The sum of two sizes, as far as it is known. */
static int64_t add_sizes(const net_call *call, int64_t a, int64_t b, bool *overflow) {
    return a >= 0   ? net_size_affine(call->symbols, b, 1, a, 1, overflow)
           : b >= 0 ? net_size_affine(call->symbols, a, 1, b, 1, overflow)
           : a == b ? net_size_affine(call->symbols, a, 2, 0, 1, overflow)
                    : NET_ANY_SIZE;
}

static bool concat_shape(const net_call *call, ct_error *err) {
    net_shape out = {.rank = -1};
    bool unknown = false, overflow = false;
    int axis = 0;
    for (int k = 0; k < call->node->input_count; k++) {
        const net_tensor *in = call->in[k];
        if (!in) {
            return ct_fail(err, "input %d is missing", k + 1);
        }
        if (in->type != call->in[0]->type && in->type != NET_NONE &&
            call->in[0]->type != NET_NONE) {
            return ct_fail(err, "inputs of types %s and %s", net_type_name(call->in[0]->type),
                           net_type_name(in->type));
        }
        if (in->shape.rank < 0) {
            unknown = true;
            continue;
        }
        if (out.rank < 0) {
            out = in->shape;
            if (!net_axis(net_int(call->node, "axis", 1), out.rank, &axis, err)) {
                return false;
            }
            continue;
        }
        if (in->shape.rank != out.rank) {
            return ct_fail(err, "inputs of %d and of %s", out.rank,
                           ct_count((uint64_t)in->shape.rank, "dimension").text);
        }
        for (int i = 0; i < out.rank; i++) {
            if (i == axis) {
                out.size[i] = add_sizes(call, out.size[i], in->shape.size[i], &overflow);
            } else if (!agree(&out.size[i], in->shape.size[i], i, err)) {
                return false;
            }
        }
    }
    if (overflow) {
        return ct_fail(err, "its output has more elements than fit in memory");
    }
    if (unknown && out.rank >= 0) {
        out.size[axis] = NET_ANY_SIZE;
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool concat_run(const net_call *call, ct_error *err) {
    net_tensor *out = call->out[0];
    int axis = 0;
    if (!net_axis(net_int(call->node, "axis", 1), out->shape.rank, &axis, err)) {
        return false;
    }
    const net_around whole = net_around_axis(&out->shape, axis);
    char *to = out->data;
    for (int k = 0; k < call->node->input_count; k++) {
        const net_around part = net_around_axis(&call->in[k]->shape, axis);
        const size_t step = part.size * part.inner;
        move_part(call->team, out->type, &part, to, whole.size * whole.inner, call->in[k]->data,
                  step);
        to += step * net_type_size(out->type);
    }
    return true;
}

/* ---- Split ---- */

typedef struct parts {
    int count;
    const int64_t *ints;      /* their sizes, or */
    const net_tensor *tensor; /* those; or NULL, then the sizes are equal: */
    int64_t each;
} parts;

/* Equal parts: where the size doesn't divide, the last is smaller from opset 18 on. */
static bool equal_parts(const net_call *call, int64_t size, parts *p, ct_error *err) {
    const bool uneven = call->node->opset >= 18;
    const int64_t wanted = net_int(call->node, "num_outputs", p->count);
    bool overflow = false;
    if (p->count == 0) {
        return ct_fail(err, "it has no outputs");
    }
    if (wanted != p->count) {
        return ct_fail(err, "num_outputs is %lld, and it has %s", (long long)wanted,
                       ct_count((uint64_t)p->count, "output").text);
    }
    if (size >= 0 && size % p->count != 0 && !uneven) {
        return ct_fail(err, "a size of %lld doesn't divide into %d equal parts", (long long)size,
                       p->count);
    }
    p->each =
        net_size_affine(call->symbols, size, 1, uneven ? p->count - 1 : 0, p->count, &overflow);
    return true;
}

static bool take_parts(const net_call *call, int64_t size, parts *p, ct_error *err) {
    *p = (parts){.count = call->node->output_count};
    const int listed = net_ints(call->node, "split", &p->ints);
    p->tensor = listed > 0 ? NULL : net_in(call, 1);
    size_t count;
    if (listed > 0 && listed != p->count) {
        return ct_fail(err, "%d sizes for %s", listed, ct_count((uint64_t)p->count, "output").text);
    }
    if (p->tensor && net_shape_count(&p->tensor->shape, &count) && count != (size_t)p->count) {
        return ct_fail(err, "%zu sizes for %s", count, ct_count((uint64_t)p->count, "output").text);
    }
    if (p->tensor && !net_type_is_whole(p->tensor->type)) {
        return ct_fail(err, "input 2 is %s, where whole numbers are expected",
                       net_type_name(p->tensor->type));
    }
    return listed > 0 || p->tensor || equal_parts(call, size, p, err);
}

static int64_t part_size(const parts *p, int64_t size, int k) {
    if (p->ints) {
        return p->ints[k];
    }
    if (p->tensor) {
        return p->tensor->data ? net_whole_at(p->tensor, (size_t)k) : NET_ANY_SIZE;
    }
    if (size < 0 || p->each < 0) {
        return p->each;
    }
    const int64_t left = size - p->each * k;
    return left < 0 ? 0 : left < p->each ? left : p->each;
}

static bool split_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_shape out = *in;
    parts p;
    int axis = 0;
    if (in->rank >= 0 && !net_axis(net_int(call->node, "axis", 0), in->rank, &axis, err)) {
        return false;
    }
    const int64_t size = in->rank < 0 ? NET_ANY_SIZE : in->size[axis];
    if (!take_parts(call, size, &p, err)) {
        return false;
    }
    const bool listed = p.ints || (p.tensor && p.tensor->data);
    int64_t left = size;
    for (int k = 0; k < p.count; k++) {
        const int64_t part = part_size(&p, size, k);
        if (listed && (part < 0 || (size >= 0 && part > left))) {
            return ct_fail(err, "part %d of size %lld, of %lld that are left", k + 1,
                           (long long)part, (long long)left);
        }
        left -= listed && size >= 0 ? part : 0;
        if (in->rank >= 0) {
            out.size[axis] = part;
        }
        net_give(call, k, call->in[0]->type, &out);
    }
    return !listed || size < 0 || left == 0 ||
           ct_fail(err, "the parts leave out %lld of %lld", (long long)left, (long long)size);
}

static bool split_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    parts p;
    int axis = 0;
    if (!net_axis(net_int(call->node, "axis", 0), in->shape.rank, &axis, err) ||
        !take_parts(call, in->shape.size[axis], &p, err)) {
        return false;
    }
    net_around part = net_around_axis(&in->shape, axis);
    const size_t whole = part.size * part.inner;
    const char *from = in->data;
    for (int k = 0; k < p.count; k++) {
        part.size = (size_t)part_size(&p, in->shape.size[axis], k);
        const size_t step = part.size * part.inner;
        if (call->out[k]) {
            move_part(call->team, in->type, &part, call->out[k]->data, step, from, whole);
        }
        from += step * net_type_size(in->type);
    }
    return true;
}

const net_op net_ops_concat[] = {
    {.name = "Concat",
     .since = 4,
     .least = 1,
     .outputs = 1,
     .shape = concat_shape,
     .run = concat_run,
     .rows = net_concat_rows,
     .any_type = true},
    {.name = "Split",
     .since = 2,
     .least = 1,
     .most = 2,
     .shape = split_shape,
     .run = split_run,
     .any_type = true},
    {0},
};
