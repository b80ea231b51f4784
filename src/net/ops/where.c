/* One of two tensors, element by element (ONNX: Where). Numbers only move: one kernel serves all
 * types of a size. */
#include "net/ops/kernels.h"
#include "net/ops/ops.h"

#define CHOOSE(chosen, other)                                                                      \
    NET_INDEPENDENT                                                                                \
    for (size_t i = 0; i < n; i++) {                                                               \
        out[i] = when[i] ? chosen : other;                                                         \
    }
#define WHERE(function, type)                                                                      \
    static void function(void *out_at, const void *const *in, unsigned ones, size_t n) {           \
        type *out = out_at;                                                                        \
        const uint8_t *when = in[0];                                                               \
        const type *a = in[1], *b = in[2];                                                         \
        if (ones & 1) {                                                                            \
            const type *from = *when ? a : b;                                                      \
            const size_t step = !(ones & (*when ? 2 : 4));                                         \
            NET_INDEPENDENT                                                                        \
            for (size_t i = 0; i < n; i++) {                                                       \
                out[i] = from[i * step];                                                           \
            }                                                                                      \
        } else if (ones == 0) {                                                                    \
            CHOOSE(a[i], b[i])                                                                     \
        } else if (ones == 2) {                                                                    \
            const type one = *a;                                                                   \
            CHOOSE(one, b[i])                                                                      \
        } else if (ones == 4) {                                                                    \
            const type one = *b;                                                                   \
            CHOOSE(a[i], one)                                                                      \
        } else {                                                                                   \
            const type one = *a, other = *b;                                                       \
            CHOOSE(one, other)                                                                     \
        }                                                                                          \
    }
WHERE(where_1, uint8_t)
WHERE(where_2, uint16_t)
WHERE(where_4, uint32_t)
WHERE(where_8, uint64_t)

static bool where_shape(const net_call *call, ct_error *err) {
    net_shape shape;
    const net_type type = call->in[1]->type != NET_NONE ? call->in[1]->type : call->in[2]->type;
    if (!net_want_type(call, 0, NET_BOOL, err) || !net_want_type(call, 2, type, err) ||
        !net_broadcast(&call->in[0]->shape, &call->in[1]->shape, &shape, err) ||
        !net_broadcast(&shape, &call->in[2]->shape, &shape, err)) {
        return false;
    }
    net_give(call, 0, type, &shape);
    return true;
}

static bool where_run(const net_call *call, ct_error *err) {
    (void)err;
    const size_t bytes = net_type_size(call->in[1]->type);
    net_kernel *kernel = bytes == 1   ? where_1
                         : bytes == 2 ? where_2
                         : bytes == 4 ? where_4
                                      : where_8;
    net_stretch(call->team, kernel, call->out[0], call->in, 3);
    return true;
}

const net_op net_ops_where[] = {
    {.name = "Where",
     .since = 9,
     .least = 3,
     .most = 3,
     .outputs = 1,
     .shape = where_shape,
     .run = where_run,
     .any_type = true},
    {0},
};
