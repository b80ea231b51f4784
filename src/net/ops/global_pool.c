/* GlobalAveragePool, GlobalMaxPool, GlobalLpPool: ONNX operator specification, opsets 1 and 2. Sums
 * are of doubles. */
#include <math.h>

#include "net/ops/ops.h"

static bool global_shape(const net_call *call, ct_error *err) {
    const net_shape *x = &call->in[0]->shape;
    if (!net_want_real(call, 0, err) || !net_want_rank(call, 0, 2, NET_MOST_DIMENSIONS, err)) {
        return false;
    }
    net_shape made = {.rank = x->rank};
    for (int i = 0; i < x->rank; i++) {
        made.size[i] = i < 2 ? x->size[i] : 1;
    }
    if (net_shape_is_known(x)) {
        const double maps = (double)x->size[0] * (double)x->size[1];
        if (maps > 0 && net_shape_product(x, 2, x->rank) == 0) {
            return ct_fail(err, "its input has empty maps");
        }
        if (maps > INT32_MAX) {
            return ct_fail(err, "it has too many channels");
        }
    }
    net_give(call, 0, call->in[0]->type, &made);
    return true;
}

/* Sums side by side: one sum is a chain of operations that wait for each other. */
#define FOLDS(type)                                                                                \
    static double sum_##type(const type *x, size_t n) {                                            \
        double sums[8] = {0};                                                                      \
        size_t i = 0;                                                                              \
        for (; i + 8 <= n; i += 8) {                                                               \
            for (size_t k = 0; k < 8; k++) {                                                       \
                sums[k] += (double)x[i + k];                                                       \
            }                                                                                      \
        }                                                                                          \
        for (; i < n; i++) {                                                                       \
            sums[0] += (double)x[i];                                                               \
        }                                                                                          \
        return ((sums[0] + sums[1]) + (sums[2] + sums[3])) +                                       \
               ((sums[4] + sums[5]) + (sums[6] + sums[7]));                                        \
    }                                                                                              \
    static double greatest_##type(const type *x, size_t n) {                                       \
        type most = x[0];                                                                          \
        for (size_t i = 1; i < n; i++) {                                                           \
            most = x[i] > most || x[i] != x[i] ? x[i] : most;                                      \
        }                                                                                          \
        return (double)most;                                                                       \
    }                                                                                              \
    static double norm_##type(const type *x, size_t n, double power) {                             \
        double sum = 0;                                                                            \
        for (size_t i = 0; i < n; i++) {                                                           \
            const double v = fabs((double)x[i]);                                                   \
            sum += power == 1 ? v : power == 2 ? v * v : pow(v, power);                            \
        }                                                                                          \
        return pow(sum, 1 / power);                                                                \
    }
FOLDS(float)
FOLDS(double)

typedef enum fold { MEAN, GREATEST, NORM } fold;

typedef struct work {
    const net_call *call;
    fold kind;
    double power;
} work;

static void fold_map(void *argument, int i) {
    const work *w = argument;
    const net_tensor *x = w->call->in[0], *y = w->call->out[0];
    const size_t n = net_shape_product(&x->shape, 2, x->shape.rank), at = (size_t)i * n;
    if (x->type == NET_DOUBLE) {
        const double *from = (const double *)x->data + at;
        ((double *)y->data)[i] = w->kind == MEAN       ? sum_double(from, n) / (double)n
                                 : w->kind == GREATEST ? greatest_double(from, n)
                                                       : norm_double(from, n, w->power);
    } else {
        const float *from = (const float *)x->data + at;
        ((float *)y->data)[i] = (float)(w->kind == MEAN       ? sum_float(from, n) / (double)n
                                        : w->kind == GREATEST ? greatest_float(from, n)
                                                              : norm_float(from, n, w->power));
    }
}

static bool fold_all(const net_call *call, fold kind, double power) {
    work w = {call, kind, power};
    net_each_of(call->team, (double)net_count(call->in[0]), (int)net_count(call->out[0]), fold_map,
                &w);
    return true;
}

static bool mean_run(const net_call *call, ct_error *err) {
    (void)err;
    return fold_all(call, MEAN, 0);
}

static bool max_run(const net_call *call, ct_error *err) {
    (void)err;
    return fold_all(call, GREATEST, 0);
}

/* Opset 1 had p as a float. */
static bool norm_run(const net_call *call, ct_error *err) {
    const double whole = (double)net_int(call->node, "p", 2);
    const double power = call->node->opset < 2 ? (double)net_float(call->node, "p", 2) : whole;
    return power > 0 ? fold_all(call, NORM, power) : ct_fail(err, "p isn't above 0");
}

#define ROW(operator, compute)                                                                     \
    {                                                                                              \
        .name = (operator), .since = 1, .least = 1, .most = 1, .outputs = 1,                       \
        .shape = global_shape, .run = (compute)                                                    \
    }

const net_op net_ops_global_pool[] = {
    ROW("GlobalAveragePool", mean_run),
    ROW("GlobalMaxPool", max_run),
    ROW("GlobalLpPool", norm_run),
    {0},
};
