/* Sums, products and remainders of two tensors (ONNX: Add, Sub, Mul, Div, Mod, PRelu). */
#include <math.h>
#include <string.h>

#include "net/ops/local.h"
#include "net/ops/ops.h"
#include "net/ops/pair.h"

/* ---- Add, Sub, Mul: whole numbers wrap around ---- */

#define ADD(op, name, type, wide)      NET_PAIR(op##_##name, type, type, (wide)x + (wide)y)
#define SUBTRACT(op, name, type, wide) NET_PAIR(op##_##name, type, type, (wide)x - (wide)y)
#define MULTIPLY(op, name, type, wide) NET_PAIR(op##_##name, type, type, (wide)x *(wide)y)
NET_EACH_NUMBER(ADD, add)
NET_EACH_NUMBER(SUBTRACT, subtract)
NET_EACH_NUMBER(MULTIPLY, multiply)

static const net_kernels add_kernels = {NET_NUMBER(add)};
static const net_kernels subtract_kernels = {NET_NUMBER(subtract)};
static const net_kernels multiply_kernels = {NET_NUMBER(multiply)};

NET_PAIR_OPERATOR(add, NET_NONE)
NET_PAIR_OPERATOR(subtract, NET_NONE)
NET_PAIR_OPERATOR(multiply, NET_NONE)

/* ---- Div: whole numbers are truncated ---- */

/* The least number by -1 wraps around. */
#define DIVIDE(op, name, type, wide) NET_PAIR(op##_##name, type, type, x / y)
#define DIVIDE_SIGNED(op, name, type, wide)                                                        \
    NET_PAIR(op##_##name, type, type, y == -1 ? (type)(0 - (wide)x) : (type)(x / y))
NET_EACH_REAL(DIVIDE, divide)
NET_EACH_UNSIGNED(DIVIDE, divide)
NET_EACH_SIGNED(DIVIDE_SIGNED, divide)

static const net_kernels divide_kernels = {NET_NUMBER(divide)};

static bool divide_shape(const net_call *call, ct_error *err) {
    return net_pair_shape(call, divide_kernels, NET_NONE, err);
}

/* Whether a tensor of whole numbers has a 0. */
static bool has_zero(const net_tensor *tensor) {
    const size_t bytes = net_type_size(tensor->type), count = net_count(tensor);
    const char zero[8] = {0}, *at = tensor->data;
    for (size_t i = 0; i < count; i++) {
        if (memcmp(at + i * bytes, zero, bytes) == 0) {
            return true;
        }
    }
    return false;
}

static bool divisors_fit(const net_call *call, ct_error *err) {
    return !net_type_is_whole(call->in[1]->type) || net_count(call->out[0]) == 0 ||
           !has_zero(call->in[1]) || ct_fail(err, "a whole number is divided by 0");
}

static bool divide_run(const net_call *call, ct_error *err) {
    return divisors_fit(call, err) && net_pair_run(call, divide_kernels, err);
}

/* ---- Mod ---- */

/* The remainder has the sign of the divisor, as in Python. */
#define MODULO(op, name, type, wide) NET_PAIR(op##_##name, type, type, x % y)
#define MODULO_SIGNED(op, name, type, wide)                                                        \
    static inline type op##_of_##name(type x, type y) {                                            \
        const type rest = (type)(y == -1 ? 0 : x % y);                                             \
        return rest != 0 && (rest < 0) != (y < 0) ? (type)(rest + y) : rest;                       \
    }                                                                                              \
    NET_PAIR(op##_##name, type, type, op##_of_##name(x, y))
NET_EACH_UNSIGNED(MODULO, modulo)
NET_EACH_SIGNED(MODULO_SIGNED, modulo)

static const net_kernels modulo_kernels = {NET_WHOLE(modulo)};

/* fmod = 1: with the sign of the dividend, as in C. */
#define REMAINDER(op, name, type, wide)                                                            \
    NET_PAIR(op##_##name, type, type, y == -1 ? 0 : (type)(x % y))
NET_EACH_UNSIGNED(MODULO, remainder)
NET_EACH_SIGNED(REMAINDER, remainder)
NET_PAIR(remainder_float, float, float, fmodf(x, y))
NET_PAIR(remainder_double, double, double, fmod(x, y))

static const net_kernels remainder_kernels = {NET_NUMBER(remainder)};

static bool modulo_shape(const net_call *call, ct_error *err) {
    if (net_int(call->node, "fmod", 0) != 0) {
        return net_pair_shape(call, remainder_kernels, NET_NONE, err);
    }
    if (net_type_is_real(call->in[0]->type)) {
        return ct_fail(err, "its inputs are floats, for which fmod must be 1");
    }
    return net_pair_shape(call, modulo_kernels, NET_NONE, err);
}

static bool modulo_run(const net_call *call, ct_error *err) {
    const bool as_in_c = net_int(call->node, "fmod", 0) != 0;
    return divisors_fit(call, err) &&
           net_pair_run(call, as_in_c ? remainder_kernels : modulo_kernels, err);
}

/* ---- PRelu: the slope stretches to the input ---- */

#define SLOPE(op, name, type, wide)                                                                \
    NET_PAIR(op##_##name, type, type, x < 0 ? (type)((wide)x * (wide)y) : x)
#define NO_SLOPE(op, name, type, wide) NET_PAIR(op##_##name, type, type, ((void)y, x))
NET_EACH_REAL(SLOPE, slope)
NET_EACH_SIGNED(SLOPE, slope)
NET_EACH_UNSIGNED(NO_SLOPE, slope)

static const net_kernels slope_kernels = {NET_NUMBER(slope)};

static bool slope_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape, *slope = &call->in[1]->shape;
    if (!net_pair_shape(call, slope_kernels, NET_NONE, err)) {
        return false;
    }
    if (!net_stretches(slope, in)) {
        return ct_fail(err, "its slope can't be stretched to its input");
    }
    net_give(call, 0, call->in[0]->type, in);
    return true;
}

static bool slope_run(const net_call *call, ct_error *err) {
    return net_pair_run(call, slope_kernels, err);
}

/* To add one: kernels, a table of them, its two functions, a row. */
#define PAIR_ROW(called, first, op, by_rows)                                                       \
    {                                                                                              \
        .name = called, .since = first, .least = 2, .most = 2, .outputs = 1, .shape = op##_shape,  \
        .run = op##_run, .rows = by_rows                                                           \
    }

#define ROW(called, first, op) PAIR_ROW(called, first, op, NULL)

const net_op net_ops_arithmetic[] = {
    PAIR_ROW("Add", 7, add, net_pair_rows),
    PAIR_ROW("Sub", 7, subtract, net_pair_rows),
    PAIR_ROW("Mul", 7, multiply, net_pair_rows),
    PAIR_ROW("Div", 7, divide, net_pair_rows),
    ROW("Mod", 10, modulo),
    {.name = "PRelu",
     .since = 7,
     .least = 2,
     .most = 2,
     .outputs = 1,
     .weights = NET_INPUT(1),
     .shape = slope_shape,
     .run = slope_run,
     .rows = net_pair_rows},
    {0},
};
