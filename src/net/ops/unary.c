/* Operators that apply one function to each number (see net/unary.h). */
#include "net/unary.h"

#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "net/ops/kernels.h"
#include "net/ops/local.h"
#include "net/ops/ops.h"

enum { PART = 1 << 15 }; /* numbers for a thread at a time */

/* ---- whole numbers ---- */

typedef void whole_function(void *out, const void *in, size_t n);
typedef whole_function *const whole_functions[NET_TYPES];

#define WHOLE(op, name, type, value)                                                               \
    static void op##_##name(void *out_at, const void *in_at, size_t n) {                           \
        type *out = out_at;                                                                        \
        const type *in = in_at;                                                                    \
        NET_INDEPENDENT                                                                            \
        for (size_t i = 0; i < n; i++) {                                                           \
            const type x = in[i];                                                                  \
            out[i] = (type)(value);                                                                \
        }                                                                                          \
    }
/* The least number has no counterpart, and stays. */
#define ABSOLUTE(op, name, type, wide) WHOLE(op, name, type, x < 0 ? 0 - (wide)x : (wide)x)
#define NEGATIVE(op, name, type, wide) WHOLE(op, name, type, 0 - (wide)x)
#define SIGN(op, name, type, wide)     WHOLE(op, name, type, (x > 0) - (x < 0))
#define RELU(op, name, type, wide)     WHOLE(op, name, type, x < 0 ? 0 : x)
#define SAME(op, name, type, wide)     WHOLE(op, name, type, x)
#define SIGN_OF(op, name, type, wide)  WHOLE(op, name, type, x > 0)
NET_EACH_SIGNED(ABSOLUTE, absolute)
NET_EACH_UNSIGNED(SAME, absolute)
NET_EACH_SIGNED(NEGATIVE, negative)
NET_EACH_SIGNED(SIGN, sign)
NET_EACH_UNSIGNED(SIGN_OF, sign)
NET_EACH_SIGNED(RELU, relu)

static const whole_functions absolute_functions = {NET_WHOLE(absolute)};
static const whole_functions negative_functions = {NET_SIGNED(negative)};
static const whole_functions sign_functions = {NET_WHOLE(sign)};
static const whole_functions relu_functions = {NET_SIGNED(relu)};
static const whole_functions no_functions = {NULL};

/* ---- shape ---- */

static bool unary_shape_for(const net_call *call, const whole_functions whole, ct_error *err) {
    const net_type type = call->in[0]->type;
    return (type != NET_NONE && whole[type] ? true : net_want_real(call, 0, err)) &&
           net_shape_same(call, err);
}

/* ---- run ---- */

typedef struct unary_job {
    const net_tensor *in, *out;
    size_t count;
    whole_function *whole; /* or */
    const net_unary *f;
    double numbers[2];
} unary_job;

static void run_part(void *argument, int i) {
    const unary_job *job = argument;
    const size_t at = (size_t)i * PART, n = ct_min_size(PART, job->count - at);
    const size_t bytes = at * net_type_size(job->in->type);
    const void *in = (const char *)job->in->data + bytes;
    void *out = (char *)job->out->data + bytes;
    if (job->whole) {
        job->whole(out, in, n);
    } else if (job->in->type == NET_FLOAT) {
        net_unary_floats(job->f, job->numbers, out, in, n);
    } else {
        net_unary_doubles(job->f, job->numbers, out, in, n);
    }
}

/* The function, which is found by its name once. */
typedef struct prepared {
    const net_unary *f;
    double numbers[2];
} prepared;

static bool unary_make(const net_call *call, void **own, ct_error *err) {
    prepared *made = malloc(sizeof *made);
    if (!made) {
        return ct_fail(err, "out of memory");
    }
    made->f = net_unary_of(call->node, call->in, made->numbers);
    *own = made;
    return true;
}

static bool unary_run_with(const net_call *call, const whole_functions whole, ct_error *err) {
    unary_job job = {.in = call->in[0],
                     .out = call->out[0],
                     .count = net_count(call->in[0]),
                     .whole = whole[call->in[0]->type]};
    const prepared *own = call->own;
    if (own) {
        job.f = own->f;
        memcpy(job.numbers, own->numbers, sizeof job.numbers);
    } else {
        job.f = net_unary_of(call->node, call->in, job.numbers);
    }
    if (!job.f) {
        return ct_fail(err, "it isn't known");
    }
    net_each(call->team, (int)((job.count + PART - 1) / PART), run_part, &job);
    return true;
}

#define WITH(functions)                                                                            \
    static bool functions##_shape(const net_call *call, ct_error *err) {                           \
        return unary_shape_for(call, functions, err);                                              \
    }                                                                                              \
    static bool functions##_run(const net_call *call, ct_error *err) {                             \
        return unary_run_with(call, functions, err);                                               \
    }
WITH(absolute_functions)
WITH(negative_functions)
WITH(sign_functions)
WITH(relu_functions)
WITH(no_functions)

#define ROW_FOR(called, first, functions)                                                          \
    {                                                                                              \
        .name = called, .since = first, .least = 1, .most = 1, .outputs = 1,                       \
        .shape = functions##_shape, .run = functions##_run, .make = unary_make, .free = free,      \
        .rows = net_unary_rows                                                                     \
    }
#define ROW(called, first) ROW_FOR(called, first, no_functions)

/* To add one: a row here, and one in net/unary.c. Gelu is of opset 20, but plans make nodes of it
 * from what exporters spell out before. */
const net_op net_ops_unary[] = {
    ROW_FOR("Abs", 1, absolute_functions),
    ROW("Acos", 7),
    ROW("Acosh", 9),
    ROW("Asin", 7),
    ROW("Asinh", 9),
    ROW("Atan", 7),
    ROW("Atanh", 9),
    ROW("Ceil", 1),
    ROW("Celu", 12),
    ROW("Cos", 7),
    ROW("Cosh", 9),
    ROW("Elu", 1),
    ROW("Erf", 9),
    ROW("Exp", 1),
    ROW("Floor", 1),
    ROW("Gelu", 18),
    ROW("HardSigmoid", 1),
    ROW("HardSwish", 14),
    ROW("LeakyRelu", 1),
    ROW("Log", 1),
    ROW("Mish", 18),
    ROW_FOR("Neg", 1, negative_functions),
    ROW("Reciprocal", 1),
    ROW_FOR("Relu", 1, relu_functions),
    ROW("Round", 11),
    ROW("Selu", 1),
    ROW("Shrink", 9),
    ROW("Sigmoid", 1),
    ROW_FOR("Sign", 9, sign_functions),
    ROW("Sin", 7),
    ROW("Sinh", 9),
    ROW("Softplus", 1),
    ROW("Softsign", 1),
    ROW("Sqrt", 1),
    ROW("Tan", 7),
    ROW("Tanh", 1),
    ROW("ThresholdedRelu", 10),
    {0},
};
