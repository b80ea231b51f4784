/* CumSum: running sums along an axis. ONNX operator specification, opsets 11 and 14. Floats are
 * summed as doubles, whole numbers modulo 2^64. */
#include "base/minmax.h"
#include "net/ops/kernels.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

/* -1 where it isn't known. */
static bool take_axis(const net_call *call, int *axis, ct_error *err) {
    const net_tensor *in = call->in[0], *given = call->in[1];
    size_t count;
    *axis = -1;
    if (given->type != NET_I32 && given->type != NET_I64 && given->type != NET_NONE) {
        return ct_fail(err, "input 2 is %s, where int32 or int64 is expected",
                       net_type_name(given->type));
    }
    if (net_shape_count(&given->shape, &count) && count != 1) {
        return ct_fail(err, "its axis should be one number, and has %zu", count);
    }
    return !given->data || in->shape.rank < 0 ||
           net_axis(net_whole_at(given, 0), in->shape.rank, axis, err);
}

static bool running_shape(const net_call *call, ct_error *err) {
    int axis;
    if (call->in[0]->type == NET_BOOL) {
        return ct_fail(err, "input 1 is bool, where numbers are expected");
    }
    return net_want_rank(call, 0, 1, NET_MOST_DIMENSIONS, err) && take_axis(call, &axis, err) &&
           net_shape_same(call, err);
}

enum { COLUMNS = 256 };

/* `size` lines of n numbers, `step` numbers apart; with a negative step they run backwards. */
typedef void sums_up(void *out, const void *in, size_t size, ptrdiff_t step, size_t n,
                     bool exclusive);

#define SUMS_UP(T, S, name)                                                                        \
    static void sum_##name(void *out_at, const void *in_at, size_t size, ptrdiff_t step, size_t n, \
                           bool exclusive) {                                                       \
        S sums[COLUMNS] = {0};                                                                     \
        for (size_t k = 0; k < size; k++) {                                                        \
            const T *in = (const T *)in_at + (ptrdiff_t)k * step;                                  \
            T *out = (T *)out_at + (ptrdiff_t)k * step;                                            \
            for (size_t i = 0; i < n; i++) {                                                       \
                const S before = sums[i];                                                          \
                sums[i] = before + (S)in[i];                                                       \
                out[i] = (T)(exclusive ? before : sums[i]);                                        \
            }                                                                                      \
        }                                                                                          \
    }
#define SUMS_UP_REAL(op, name, T, wide)  SUMS_UP(T, double, name)
#define SUMS_UP_WHOLE(op, name, T, wide) SUMS_UP(T, uint64_t, name)
NET_EACH_REAL(SUMS_UP_REAL, )
NET_EACH_WHOLE(SUMS_UP_WHOLE, )

static sums_up *const by_type[NET_TYPES] = {NET_NUMBER(sum)};

static bool running_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    const bool exclusive = net_int(call->node, "exclusive", 0) != 0;
    const bool reverse = net_int(call->node, "reverse", 0) != 0;
    const size_t bytes = net_type_size(in->type);
    int axis = 0;
    if (!take_axis(call, &axis, err) || net_count(in) == 0) {
        return net_count(in) == 0;
    }
    const net_around around = net_around_axis(&in->shape, axis);
    const size_t last = reverse ? (around.size - 1) * around.inner : 0;
    for (size_t o = 0; o < around.outer; o++) {
        for (size_t i = 0; i < around.inner; i += COLUMNS) {
            const size_t at = (o * around.size * around.inner + last + i) * bytes;
            by_type[in->type]((char *)call->out[0]->data + at, (const char *)in->data + at,
                              around.size,
                              reverse ? -(ptrdiff_t)around.inner : (ptrdiff_t)around.inner,
                              ct_min_size(COLUMNS, around.inner - i), exclusive);
        }
    }
    return true;
}

const net_op net_ops_running[] = {
    {.name = "CumSum",
     .since = 11,
     .least = 2,
     .most = 2,
     .outputs = 1,
     .shape = running_shape,
     .run = running_run},
    {0},
};
