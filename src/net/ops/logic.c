/* Logic of bool, and of the bits of whole numbers (ONNX: And, Or, Xor, Not, BitShift, Bitwise...).
 */
#include <string.h>

#include "net/ops/ops.h"
#include "net/ops/pair.h"

/* ---- And, Or, Xor of bool: any byte but 0 is true ---- */

NET_PAIR(and_bool, uint8_t, uint8_t, (x != 0) & (y != 0))
NET_PAIR(or_bool, uint8_t, uint8_t, (x | y) != 0)
NET_PAIR(xor_bool, uint8_t, uint8_t, (x != 0) ^ (y != 0))

static const net_kernels and_kernels = {[NET_BOOL] = and_bool};
static const net_kernels or_kernels = {[NET_BOOL] = or_bool};
static const net_kernels xor_kernels = {[NET_BOOL] = xor_bool};

NET_PAIR_OPERATOR(and, NET_BOOL)
NET_PAIR_OPERATOR(or, NET_BOOL)
NET_PAIR_OPERATOR(xor, NET_BOOL)

/* ---- of bits ---- */

#define BITS_AND(op, name, type, wide) NET_PAIR(op##_##name, type, type, x &y)
#define BITS_OR(op, name, type, wide)  NET_PAIR(op##_##name, type, type, x | y)
#define BITS_XOR(op, name, type, wide) NET_PAIR(op##_##name, type, type, x ^ y)
NET_EACH_WHOLE(BITS_AND, bits_and)
NET_EACH_WHOLE(BITS_OR, bits_or)
NET_EACH_WHOLE(BITS_XOR, bits_xor)

static const net_kernels bits_and_kernels = {NET_WHOLE(bits_and)};
static const net_kernels bits_or_kernels = {NET_WHOLE(bits_or)};
static const net_kernels bits_xor_kernels = {NET_WHOLE(bits_xor)};

NET_PAIR_OPERATOR(bits_and, NET_NONE)
NET_PAIR_OPERATOR(bits_or, NET_NONE)
NET_PAIR_OPERATOR(bits_xor, NET_NONE)

/* ---- BitShift: all bits that leave are lost, and 0 enters ---- */

#define LEFT(op, name, type, wide)                                                                 \
    NET_PAIR(op##_##name, type, type, y < 8 * sizeof x ? (wide)x << y : 0)
#define RIGHT(op, name, type, wide)                                                                \
    NET_PAIR(op##_##name, type, type, y < 8 * sizeof x ? (wide)x >> y : 0)
NET_EACH_UNSIGNED(LEFT, left)
NET_EACH_UNSIGNED(RIGHT, right)

static const net_kernels left_kernels = {NET_UNSIGNED(left)};
static const net_kernels right_kernels = {NET_UNSIGNED(right)};

static bool shift_shape(const net_call *call, ct_error *err) {
    const char *way = net_text(call->node, "direction", "");
    if (strcmp(way, "LEFT") != 0 && strcmp(way, "RIGHT") != 0) {
        return ct_fail(err, "direction is '%.20s', where LEFT or RIGHT is expected", way);
    }
    return net_pair_shape(call, left_kernels, NET_NONE, err);
}

static bool shift_run(const net_call *call, ct_error *err) {
    const bool left = strcmp(net_text(call->node, "direction", ""), "LEFT") == 0;
    return net_pair_run(call, left ? left_kernels : right_kernels, err);
}

/* ---- Not, BitwiseNot ---- */

static bool not_shape(const net_call *call, ct_error *err) {
    return net_want_type(call, 0, NET_BOOL, err) && net_shape_same(call, err);
}

static bool not_run(const net_call *call, ct_error *err) {
    (void)err;
    const size_t count = net_count(call->in[0]);
    const uint8_t *in = call->in[0]->data;
    uint8_t *out = call->out[0]->data;
    NET_INDEPENDENT
    for (size_t i = 0; i < count; i++) {
        out[i] = in[i] == 0;
    }
    return true;
}

static bool bits_not_shape(const net_call *call, ct_error *err) {
    return net_want_kernel(call, 0, bits_and_kernels, err) && net_shape_same(call, err);
}

static bool bits_not_run(const net_call *call, ct_error *err) {
    (void)err;
    const size_t count = net_count(call->in[0]) * net_type_size(call->in[0]->type);
    const uint8_t *in = call->in[0]->data;
    uint8_t *out = call->out[0]->data;
    NET_INDEPENDENT
    for (size_t i = 0; i < count; i++) {
        out[i] = (uint8_t)~in[i];
    }
    return true;
}

/* To add one: kernels, a table of them, its two functions, a row. */
#define ROW(called, first, inputs, op)                                                             \
    {                                                                                              \
        .name = called, .since = first, .least = inputs, .most = inputs, .outputs = 1,             \
        .shape = op##_shape, .run = op##_run                                                       \
    }

const net_op net_ops_logic[] = {
    ROW("And", 7, 2, and),
    ROW("Or", 7, 2, or),
    ROW("Xor", 7, 2, xor),
    ROW("Not", 1, 1, not ),
    ROW("BitShift", 11, 2, shift),
    ROW("BitwiseAnd", 18, 2, bits_and),
    ROW("BitwiseOr", 18, 2, bits_or),
    ROW("BitwiseXor", 18, 2, bits_xor),
    ROW("BitwiseNot", 18, 1, bits_not),
    {0},
};
