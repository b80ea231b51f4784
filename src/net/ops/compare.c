/* Comparisons of two tensors (ONNX: Equal, Greater, GreaterOrEqual, Less, LessOrEqual). */
#include "net/ops/ops.h"
#include "net/ops/pair.h"

#define EQUAL(op, name, type, wide)       NET_PAIR(op##_##name, type, uint8_t, x == y)
#define GREATER(op, name, type, wide)     NET_PAIR(op##_##name, type, uint8_t, x > y)
#define NOT_LESS(op, name, type, wide)    NET_PAIR(op##_##name, type, uint8_t, x >= y)
#define LESS(op, name, type, wide)        NET_PAIR(op##_##name, type, uint8_t, x < y)
#define NOT_GREATER(op, name, type, wide) NET_PAIR(op##_##name, type, uint8_t, x <= y)
NET_EACH_NUMBER(EQUAL, equal)
NET_EACH_NUMBER(GREATER, greater)
NET_EACH_NUMBER(NOT_LESS, not_less)
NET_EACH_NUMBER(LESS, less)
NET_EACH_NUMBER(NOT_GREATER, not_greater)
NET_PAIR(equal_bool, uint8_t, uint8_t, !x == !y)

static const net_kernels equal_kernels = {NET_NUMBER(equal), [NET_BOOL] = equal_bool};
static const net_kernels greater_kernels = {NET_NUMBER(greater)};
static const net_kernels not_less_kernels = {NET_NUMBER(not_less)};
static const net_kernels less_kernels = {NET_NUMBER(less)};
static const net_kernels not_greater_kernels = {NET_NUMBER(not_greater)};

NET_PAIR_OPERATOR(equal, NET_BOOL)
NET_PAIR_OPERATOR(greater, NET_BOOL)
NET_PAIR_OPERATOR(not_less, NET_BOOL)
NET_PAIR_OPERATOR(less, NET_BOOL)
NET_PAIR_OPERATOR(not_greater, NET_BOOL)

/* To add one: kernels, a table of them, its two functions, a row. */
#define ROW(called, first, op)                                                                     \
    {                                                                                              \
        .name = called, .since = first, .least = 2, .most = 2, .outputs = 1, .shape = op##_shape,  \
        .run = op##_run                                                                            \
    }

const net_op net_ops_compare[] = {
    ROW("Equal", 7, equal),
    ROW("Greater", 7, greater),
    ROW("GreaterOrEqual", 12, not_less),
    ROW("Less", 7, less),
    ROW("LessOrEqual", 12, not_greater),
    {0},
};
