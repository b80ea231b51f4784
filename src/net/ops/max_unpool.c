/* MaxUnpool: ONNX operator specification, opsets 9 and 11. */
#include <string.h>

#include "net/ops/ops.h"
#include "net/ops/window.h"

/* The size that pooling was given, as far as that can be told from its result: the indices count in
 * a tensor of it. */
static bool pooled_from(const net_call *call, net_shape *made, ct_error *err) {
    const net_shape *x = &call->in[0]->shape;
    net_window w;
    *made = (net_shape){.rank = -1};
    if (!net_want_rank(call, 0, 3, NET_MOST_DIMENSIONS, err)) {
        return false;
    }
    if (x->rank < 0) {
        return true;
    }
    if (!net_window_read(call->node, x->rank - 2, NULL, &w, err)) {
        return false;
    }
    *made = (net_shape){.rank = x->rank, .size = {x->size[0], x->size[1]}};
    for (int i = 0; i < w.axes; i++) {
        bool overflow = false;
        made->size[2 + i] =
            net_size_affine(call->symbols, x->size[2 + i], w.stride[i],
                            w.kernel[i] - w.stride[i] - w.before[i] - w.after[i], 1, &overflow);
        if (overflow) {
            return ct_fail(err, "its output would be too large");
        }
    }
    return true;
}

static bool find_shape(const net_call *call, net_shape *made, ct_error *err) {
    net_shape from;
    net_list sizes;
    net_listed found;
    if (!pooled_from(call, &from, err) || !net_list_of(call, NULL, 2, &sizes, &found, err)) {
        return false;
    }
    *made = from;
    if (found == NET_LIST_ABSENT) {
        return true;
    }
    for (int i = 2; i < made->rank; i++) {
        made->size[i] = NET_ANY_SIZE;
    }
    if (found == NET_LIST_KNOWN && made->rank >= 0) {
        if (sizes.count != made->rank) {
            return ct_fail(err, "output_shape lists %d numbers, where %d are expected", sizes.count,
                           made->rank);
        }
        for (int i = 0; i < made->rank; i++) {
            const int64_t least = from.size[i];
            if (sizes.at[i] < 0 ||
                (least >= 0 && (i < 2 ? sizes.at[i] != least : sizes.at[i] < least))) {
                return ct_fail(err, "output_shape has %lld along axis %d, and %lld is needed",
                               (long long)sizes.at[i], i, (long long)least);
            }
            made->size[i] = sizes.at[i];
        }
    }
    return true;
}

static bool unpool_shape(const net_call *call, ct_error *err) {
    net_shape made;
    const net_tensor *x = call->in[0], *index = call->in[1];
    if (!net_want_real(call, 0, err) || !net_want_type(call, 1, NET_I64, err) ||
        !find_shape(call, &made, err)) {
        return false;
    }
    if (net_shape_is_known(&x->shape) && net_shape_is_known(&index->shape) &&
        !net_shape_equal(&x->shape, &index->shape)) {
        return ct_fail(err, "its two inputs differ in shape");
    }
    net_give(call, 0, x->type, &made);
    return true;
}

/* Place `at` of a tensor of one shape in one of another, which is no smaller. */
static size_t moved(size_t at, const net_shape *from, const net_shape *to) {
    size_t index[NET_MOST_DIMENSIONS], place = 0;
    for (int i = from->rank - 1; i >= 0; i--) {
        index[i] = at % (size_t)from->size[i];
        at /= (size_t)from->size[i];
    }
    for (int i = 0; i < to->rank; i++) {
        place = place * (size_t)to->size[i] + index[i];
    }
    return place;
}

static bool unpool_run(const net_call *call, ct_error *err) {
    const net_tensor *x = call->in[0], *y = call->out[0];
    const int64_t *index = call->in[1]->data;
    const size_t size = net_type_size(x->type), count = net_count(x);
    net_shape from;
    size_t places, bytes;
    if (!pooled_from(call, &from, err) || !net_bytes(y, &bytes)) {
        return false;
    }
    if (!net_shape_count(&from, &places)) {
        return ct_fail(err, "its output would be too large");
    }
    memset(y->data, 0, bytes);
    for (size_t i = 0; i < count; i++) {
        if (index[i] < 0 || (uint64_t)index[i] >= places) {
            return ct_fail(err, "index %lld is outside its output, which has %zu numbers",
                           (long long)index[i], places);
        }
        memcpy((char *)y->data + moved((size_t)index[i], &from, &y->shape) * size,
               (const char *)x->data + i * size, size);
    }
    return true;
}

const net_op net_ops_max_unpool[] = {
    {.name = "MaxUnpool",
     .since = 9,
     .least = 2,
     .most = 3,
     .outputs = 1,
     .shape = unpool_shape,
     .run = unpool_run,
     .any_type = true},
    {0},
};
