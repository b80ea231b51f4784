/* The same numbers in another shape: Reshape, Flatten, Squeeze, Unsqueeze. ONNX operator
 * specification, opsets 1 to 18. */
#include <string.h>

#include "base/checked.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

/* ---- products of sizes, some of which may not be known ---- */

typedef struct product {
    int64_t known;  /* of the sizes that are */
    int64_t symbol; /* the one that isn't, if it is the only one */
    int unknown;    /* how many aren't */
} product;

static bool multiply(product *p, int64_t size, ct_error *err) {
    if (size < 0) {
        p->symbol = size;
        p->unknown++;
        return true;
    }
    return !__builtin_mul_overflow(p->known, size, &p->known) ||
           ct_fail(err, "its input has more elements than fit in memory");
}

/* floor(product / by). */
static bool size_of(const net_call *call, const product *p, int64_t by, int64_t *size,
                    ct_error *err) {
    bool overflow = false;
    *size = p->unknown == 0 ? p->known / by
            : p->unknown == 1
                ? net_size_affine(call->symbols, p->symbol, p->known, 0, by, &overflow)
                : NET_ANY_SIZE;
    return !overflow || ct_fail(err, "its output has more elements than fit in memory");
}

/* ---- Reshape ---- */

/* The sizes of the input that no size of the output equals. */
static int unmatched(const net_shape *in, const net_shape *out, int hole, bool *taken,
                     int64_t *left) {
    int count = 0;
    memset(taken, 0, NET_MOST_DIMENSIONS * sizeof *taken);
    for (int i = 0; i < in->rank; i++) {
        int k = 0;
        while (k < out->rank && (taken[k] || k == hole || out->size[k] != in->size[i] ||
                                 out->size[k] == NET_ANY_SIZE)) {
            k++;
        }
        if (k < out->rank) {
            taken[k] = true;
        } else {
            left[count++] = in->size[i];
        }
    }
    return count;
}

/* What -1 stands for. Sizes that are in both shapes drop out, so that it is found for symbols, and
 * for empty tensors whose empty side is kept. */
static bool fill_hole(const net_call *call, const net_shape *in, net_shape *out, int hole,
                      ct_error *err) {
    bool taken[NET_MOST_DIMENSIONS];
    int64_t left[NET_MOST_DIMENSIONS];
    out->size[hole] = NET_ANY_SIZE;
    if (in->rank < 0) {
        return true;
    }
    const int count = unmatched(in, out, hole, taken, left);
    product from = {.known = 1}, by = {.known = 1};
    for (int i = 0; i < count; i++) {
        if (!multiply(&from, left[i], err)) {
            return false;
        }
    }
    for (int k = 0; k < out->rank; k++) {
        if (k != hole && !taken[k] && !multiply(&by, out->size[k], err)) {
            return false;
        }
    }
    if (by.unknown > 0) {
        return true;
    }
    if (by.known == 0) {
        return ct_fail(err, "the size of -1 can't be found, as another size is 0");
    }
    if (from.unknown == 0 && from.known % by.known != 0) {
        return ct_fail(err, "its input's elements don't divide by the sizes beside -1");
    }
    return size_of(call, &from, by.known, &out->size[hole], err);
}

static bool same_count(const net_shape *in, const net_shape *out, ct_error *err) {
    size_t before, after;
    return !net_shape_count(in, &before) || !net_shape_count(out, &after) || before == after ||
           ct_fail(err, "its input has %zu elements, and the shape has %zu", before, after);
}

static bool reshape_to(const net_call *call, const net_list *list, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    const bool allow_zero = net_int(call->node, "allowzero", 0) != 0;
    net_shape out = {.rank = list->count};
    int hole = -1;
    bool zero = false;
    for (int i = 0; i < list->count; i++) {
        out.size[i] = list->at[i];
        if (list->at[i] < -1) {
            return ct_fail(err, "a size of %lld", (long long)list->at[i]);
        }
        if (list->at[i] == -1) {
            if (hole >= 0) {
                return ct_fail(err, "its shape has -1 twice");
            }
            hole = i;
        } else if (list->at[i] == 0 && allow_zero) {
            zero = true;
        } else if (list->at[i] == 0) {
            if (in->rank >= 0 && i >= in->rank) {
                return ct_fail(err, "size %d is to be the input's, which has %s", i + 1,
                               ct_count((uint64_t)in->rank, "dimension").text);
            }
            out.size[i] = in->rank < 0 ? NET_ANY_SIZE : in->size[i];
        }
    }
    if (zero && hole >= 0) {
        return ct_fail(err, "its shape has both 0 and -1, with allowzero");
    }
    if ((hole >= 0 && !fill_hole(call, in, &out, hole, err)) || !same_count(in, &out, err)) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool too_many(int count, ct_error *err) {
    return ct_fail(err, "a shape of %d dimensions; at most %d are supported", count,
                   NET_MOST_DIMENSIONS);
}

static bool reshape_shape(const net_call *call, ct_error *err) {
    net_list list;
    net_listed found;
    if (!net_list_of(call, "shape", 1, &list, &found, err)) {
        return false;
    }
    if (list.count > NET_MOST_DIMENSIONS) {
        return too_many(list.count, err);
    }
    if (found == NET_LIST_KNOWN) {
        return reshape_to(call, &list, err);
    }
    if (found == NET_LIST_ABSENT) {
        return ct_fail(err, "it has no shape");
    }
    net_shape out = {.rank = list.count};
    for (int i = 0; i < list.count; i++) {
        out.size[i] = NET_ANY_SIZE;
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

/* ---- Flatten ---- */

static bool flatten_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_shape out = {.rank = 2, .size = {NET_ANY_SIZE, NET_ANY_SIZE}};
    int64_t axis = net_int(call->node, "axis", 1);
    if (in->rank >= 0) {
        if (axis < -in->rank || axis > in->rank) {
            return ct_fail(err, "axis %lld of a tensor of %s", (long long)axis,
                           ct_count((uint64_t)in->rank, "dimension").text);
        }
        axis += axis < 0 ? in->rank : 0;
        product sides[2] = {{.known = 1}, {.known = 1}};
        for (int i = 0; i < in->rank; i++) {
            if (!multiply(&sides[i >= axis], in->size[i], err)) {
                return false;
            }
        }
        if (!size_of(call, &sides[0], 1, &out.size[0], err) ||
            !size_of(call, &sides[1], 1, &out.size[1], err)) {
            return false;
        }
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

/* ---- Squeeze, Unsqueeze ---- */

/* Marks the listed axes of so many dimensions. */
static bool mark_axes(const net_list *axes, int rank, bool *marked, ct_error *err) {
    memset(marked, 0, NET_MOST_DIMENSIONS * sizeof *marked);
    for (int i = 0; i < axes->count; i++) {
        int axis = 0;
        if (!net_axis(axes->at[i], rank, &axis, err)) {
            return false;
        }
        if (marked[axis]) {
            return ct_fail(err, "axis %d is listed twice", axis);
        }
        marked[axis] = true;
    }
    return true;
}

static bool squeeze_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_list axes;
    net_listed found;
    net_shape out = {0};
    bool marked[NET_MOST_DIMENSIONS];
    if (!net_list_of(call, "axes", 1, &axes, &found, err)) {
        return false;
    }
    if (in->rank < 0 || found == NET_LIST_UNKNOWN ||
        (found == NET_LIST_ABSENT && !net_shape_is_known(in))) {
        out.rank = -1;
        if (in->rank >= 0 && axes.count > 0 && axes.count <= in->rank) {
            out.rank = in->rank - axes.count;
            for (int i = 0; i < out.rank; i++) {
                out.size[i] = NET_ANY_SIZE;
            }
        }
        net_give(call, 0, call->in[0]->type, &out);
        return true;
    }
    if (!mark_axes(&axes, in->rank, marked, err)) {
        return false;
    }
    for (int i = 0; i < in->rank; i++) {
        if (marked[i] && in->size[i] >= 0 && in->size[i] != 1) {
            return ct_fail(err, "axis %d has size %lld, and can be left out with size 1 only", i,
                           (long long)in->size[i]);
        }
        if (!marked[i] && !(found == NET_LIST_ABSENT && in->size[i] == 1)) {
            out.size[out.rank++] = in->size[i];
        }
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool unsqueeze_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    net_list axes;
    net_listed found;
    bool marked[NET_MOST_DIMENSIONS];
    if (!net_list_of(call, "axes", 1, &axes, &found, err)) {
        return false;
    }
    if (found == NET_LIST_ABSENT) {
        return ct_fail(err, "it has no axes");
    }
    net_shape out = {.rank = in->rank < 0 || axes.count < 0 ? -1 : in->rank + axes.count};
    if (out.rank > NET_MOST_DIMENSIONS) {
        return too_many(out.rank, err);
    }
    if (found == NET_LIST_KNOWN && out.rank >= 0 && !mark_axes(&axes, out.rank, marked, err)) {
        return false;
    }
    for (int i = 0, k = 0; i < out.rank; i++) {
        out.size[i] = found == NET_LIST_UNKNOWN ? NET_ANY_SIZE : marked[i] ? 1 : in->size[k++];
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

#define RESHAPES(NAME, MOST, SHAPE)                                                                \
    {                                                                                              \
        .name = NAME, .since = 1, .least = 1, .most = MOST, .outputs = 1, .shape = SHAPE,          \
        .run = net_run_copy, .any_type = true                                                      \
    }

const net_op net_ops_reshape[] = {
    RESHAPES("Reshape", 2, reshape_shape),
    RESHAPES("Flatten", 1, flatten_shape),
    RESHAPES("Squeeze", 2, squeeze_shape),
    RESHAPES("Unsqueeze", 2, unsqueeze_shape),
    {0},
};
