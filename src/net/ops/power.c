/* Powers, whose exponents may be of another type than their bases (ONNX: Pow). */
#include <math.h>
#include <stdlib.h>

#include "net/convert.h"
#include "net/ops/kernels.h"
#include "net/ops/ops.h"

/* ---- one power ---- */

/* Whole numbers wrap around. A negative exponent gives the whole part of the fraction; 0 where that
 * would be infinite. */
static int64_t whole_power(int64_t x, int64_t y) {
    if (y < 0) {
        return x == 1 ? 1 : x == -1 ? (y % 2 == 0 ? 1 : -1) : 0;
    }
    uint64_t power = 1;
    for (uint64_t base = (uint64_t)x, left = (uint64_t)y; left > 0; left >>= 1, base *= base) {
        power *= left & 1 ? base : 1;
    }
    return (int64_t)power;
}

/* ---- kernels: the exponent is of the type in which the power is computed ---- */

NET_MIXED_PAIR(general_float, float, float, float, powf(x, y))
NET_MIXED_PAIR(general_double, double, double, double, pow(x, y))
NET_MIXED_PAIR(whole_i32, int32_t, int64_t, int32_t, whole_power(x, y))
NET_MIXED_PAIR(whole_i64, int64_t, int64_t, int64_t, whole_power(x, y))
NET_MIXED_PAIR(real_i32, int32_t, double, int32_t, net_truncated(pow((double)x, y)))
NET_MIXED_PAIR(real_i64, int64_t, double, int64_t, net_truncated(pow((double)x, y)))

/* What pow does with -0 and -infinity, sqrt doesn't. */
#define ROOT(root, x) ((x) == (float)-INFINITY ? (float)INFINITY : root((x) + 0.0F))

#define CASE(exponent, value)                                                                      \
    if (y == exponent) {                                                                           \
        NET_INDEPENDENT                                                                            \
        for (size_t i = 0; i < n; i++) {                                                           \
            out[i] = value;                                                                        \
        }                                                                                          \
        return;                                                                                    \
    }
/* Exponents that are written often. */
#define POWER(function, general, type, root)                                                       \
    static void function(void *out_at, const void *const *in, unsigned ones, size_t n) {           \
        type *out = out_at;                                                                        \
        const type *x = in[0];                                                                     \
        if (ones == 2) {                                                                           \
            const type y = *(const type *)in[1];                                                   \
            CASE(2, x[i] * x[i])                                                                   \
            CASE(3, x[i] * x[i] * x[i])                                                            \
            CASE(1, x[i])                                                                          \
            CASE(-1, 1 / x[i])                                                                     \
            CASE((type)0.5, ROOT(root, x[i]))                                                      \
        }                                                                                          \
        general(out_at, in, ones, n);                                                              \
    }
POWER(power_float, general_float, float, sqrtf)
POWER(power_double, general_double, double, sqrt)

/* ---- the operator ---- */

static bool power_shape(const net_call *call, ct_error *err) {
    const net_type base = call->in[0]->type, exponent = call->in[1]->type;
    net_shape shape;
    if (base != NET_NONE && !net_type_is_real(base) && base != NET_I32 && base != NET_I64) {
        return ct_fail(err, "input 1 is %s, which it doesn't take", net_type_name(base));
    }
    if (exponent == NET_BOOL) {
        return ct_fail(err, "input 2 is bool, where numbers are expected");
    }
    if (!net_broadcast(&call->in[0]->shape, &call->in[1]->shape, &shape, err)) {
        return false;
    }
    net_give(call, 0, base, &shape);
    return true;
}

/* The tensor in another type: itself, or a copy in memory that the caller frees. */
static bool as_type(const net_tensor *tensor, net_type type, net_tensor *out, void **room,
                    ct_error *err) {
    size_t bytes;
    *out = *tensor;
    out->type = type;
    if (tensor->type == type) {
        return true;
    }
    *room = net_bytes(out, &bytes) && bytes < SIZE_MAX ? malloc(bytes + 1) : NULL;
    if (!*room) {
        return ct_fail(err, "out of memory");
    }
    out->data = *room;
    net_convert(type, out->data, tensor->type, tensor->data, net_count(tensor));
    return true;
}

static bool is_half(net_type type) {
    return type == NET_HALF || type == NET_BFLOAT;
}

static bool power_run(const net_call *call, ct_error *err) {
    const net_tensor *base = call->in[0], *exponent = call->in[1];
    const bool narrow = is_half(base->type), whole = net_type_is_whole(base->type);
    const net_type type = narrow ? NET_FLOAT : base->type;
    const net_type by = !whole ? type : net_type_is_whole(exponent->type) ? NET_I64 : NET_DOUBLE;
    net_kernel *kernel = type == NET_FLOAT    ? power_float
                         : type == NET_DOUBLE ? power_double
                         : type == NET_I32    ? (by == NET_I64 ? whole_i32 : real_i32)
                                              : (by == NET_I64 ? whole_i64 : real_i64);
    net_tensor x, y, out = *call->out[0];
    void *rooms[3] = {NULL};
    size_t bytes;
    bool ok = as_type(base, type, &x, &rooms[0], err) && as_type(exponent, by, &y, &rooms[1], err);
    out.type = type;
    if (ok && narrow) {
        rooms[2] = net_bytes(&out, &bytes) && bytes < SIZE_MAX ? malloc(bytes + 1) : NULL;
        out.data = rooms[2];
        ok = out.data || ct_fail(err, "out of memory");
    }
    if (ok) {
        net_stretch(call->team, kernel, &out, (const net_tensor *[]){&x, &y}, 2);
    }
    if (ok && narrow) {
        net_convert(base->type, call->out[0]->data, type, out.data, net_count(&out));
    }
    for (int i = 0; i < 3; i++) {
        free(rooms[i]);
    }
    return ok;
}

const net_op net_ops_power[] = {
    {.name = "Pow",
     .since = 7,
     .least = 2,
     .most = 2,
     .outputs = 1,
     .shape = power_shape,
     .run = power_run,
     .any_type = true},
    {0},
};
