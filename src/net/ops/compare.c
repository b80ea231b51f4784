/* Comparisons of two tensors, and questions about one (ONNX: Equal, Greater, GreaterOrEqual, Less,
 * LessOrEqual, IsNaN, IsInf). */
#include <math.h>

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

/* ---- IsNaN, IsInf ---- */

static bool question_shape(const net_call *call, ct_error *err) {
    if (!net_want_real(call, 0, err)) {
        return false;
    }
    net_give(call, 0, NET_BOOL, &call->in[0]->shape);
    return true;
}

#define ASK(type, question)                                                                        \
    {                                                                                              \
        const type *in = call->in[0]->data;                                                        \
        for (size_t i = 0; i < n; i++) {                                                           \
            const type x = in[i];                                                                  \
            out[i] = question;                                                                     \
        }                                                                                          \
    }

static bool is_nan_run(const net_call *call, ct_error *err) {
    (void)err;
    const size_t n = net_count(call->in[0]);
    uint8_t *out = call->out[0]->data;
    if (call->in[0]->type == NET_FLOAT) {
        ASK(float, x != x)
    } else {
        ASK(double, x != x)
    }
    return true;
}

static bool is_inf_run(const net_call *call, ct_error *err) {
    (void)err;
    const size_t n = net_count(call->in[0]);
    const bool above = net_int(call->node, "detect_positive", 1) != 0;
    const bool below = net_int(call->node, "detect_negative", 1) != 0;
    uint8_t *out = call->out[0]->data;
    if (call->in[0]->type == NET_FLOAT) {
        ASK(float, (above & (x == (float)INFINITY)) | (below & (x == (float)-INFINITY)))
    } else {
        ASK(double, (above & (x == (double)INFINITY)) | (below & (x == (double)-INFINITY)))
    }
    return true;
}

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
    {.name = "IsNaN",
     .since = 9,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = question_shape,
     .run = is_nan_run},
    {.name = "IsInf",
     .since = 10,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = question_shape,
     .run = is_inf_run},
    {0},
};
