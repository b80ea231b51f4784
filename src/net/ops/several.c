/* Any number of tensors, stretched to one another (ONNX: Max, Min, Sum, Mean). */
#include <string.h>

#include "net/ops/ops.h"
#include "net/ops/pair.h"

/* NaN wins, as in NumPy. */
#define LARGER_REAL(op, name, type, wide)                                                          \
    NET_PAIR(op##_##name, type, type, (x > y || x != x) ? x : y)
#define SMALLER_REAL(op, name, type, wide)                                                         \
    NET_PAIR(op##_##name, type, type, (x < y || x != x) ? x : y)
#define LARGER(op, name, type, wide)   NET_PAIR(op##_##name, type, type, x > y ? x : y)
#define SMALLER(op, name, type, wide)  NET_PAIR(op##_##name, type, type, x < y ? x : y)
#define TOTAL(op, name, type, wide)    NET_PAIR(op##_##name, type, type, x + y)
#define QUOTIENT(op, name, type, wide) NET_PAIR(op##_##name, type, type, x / y)
NET_EACH_REAL(LARGER_REAL, larger)
NET_EACH_REAL(SMALLER_REAL, smaller)
NET_EACH_WHOLE(LARGER, larger)
NET_EACH_WHOLE(SMALLER, smaller)
NET_EACH_REAL(TOTAL, total)
NET_EACH_REAL(QUOTIENT, quotient)

static const net_kernels larger_kernels = {NET_NUMBER(larger)};
static const net_kernels smaller_kernels = {NET_NUMBER(smaller)};
static const net_kernels total_kernels = {NET_REAL(total)};
static const net_kernels quotient_kernels = {NET_REAL(quotient)};

static bool several_shape(const net_call *call, const net_kernels kernels, ct_error *err) {
    net_shape shape = {0};
    net_type type = NET_NONE;
    for (int i = 0; i < call->node->input_count; i++) {
        const net_tensor *in = call->in[i];
        if (!in) {
            return ct_fail(err, "input %d is missing", i + 1);
        }
        if ((type != NET_NONE && !net_want_type(call, i, type, err)) ||
            !net_want_kernel(call, i, kernels, err) ||
            !net_broadcast(&shape, &in->shape, &shape, err)) {
            return false;
        }
        type = type == NET_NONE ? in->type : type;
    }
    net_give(call, 0, type, &shape);
    return true;
}

/* The first two, then the result and each further one: ((a + b) + c) + ... One alone is copied. */
static bool several_run(const net_call *call, const net_kernels kernels, ct_error *err) {
    (void)err;
    net_tensor *out = call->out[0];
    size_t bytes;
    if (call->node->input_count == 1) {
        if (net_bytes(out, &bytes) && bytes > 0) {
            memcpy(out->data, call->in[0]->data, bytes);
        }
        return true;
    }
    net_stretch(call->team, kernels[out->type], out, call->in, 2);
    for (int i = 2; i < call->node->input_count; i++) {
        net_stretch(call->team, kernels[out->type], out, (const net_tensor *[]){out, call->in[i]},
                    2);
    }
    return true;
}

#define SEVERAL(op)                                                                                \
    static bool op##_shape(const net_call *call, ct_error *err) {                                  \
        return several_shape(call, op##_kernels, err);                                             \
    }                                                                                              \
    static bool op##_run(const net_call *call, ct_error *err) {                                    \
        return several_run(call, op##_kernels, err);                                               \
    }
SEVERAL(larger)
SEVERAL(smaller)
SEVERAL(total)

static bool mean_run(const net_call *call, ct_error *err) {
    const float narrow = (float)call->node->input_count;
    const double wide = call->node->input_count;
    net_tensor *out = call->out[0];
    net_tensor by = {.type = out->type};
    by.data = out->type == NET_FLOAT ? (void *)&narrow : (void *)&wide;
    if (!several_run(call, total_kernels, err)) {
        return false;
    }
    net_stretch(call->team, quotient_kernels[out->type], out, (const net_tensor *[]){out, &by}, 2);
    return true;
}

const net_op net_ops_several[] = {
    {.name = "Max", .since = 6, .least = 1, .outputs = 1, .shape = larger_shape, .run = larger_run},
    {.name = "Min",
     .since = 6,
     .least = 1,
     .outputs = 1,
     .shape = smaller_shape,
     .run = smaller_run},
    {.name = "Sum", .since = 6, .least = 1, .outputs = 1, .shape = total_shape, .run = total_run},
    {.name = "Mean", .since = 6, .least = 1, .outputs = 1, .shape = total_shape, .run = mean_run},
    {0},
};
