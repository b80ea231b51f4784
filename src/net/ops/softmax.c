/* Softmax, LogSoftmax, Hardmax. ONNX operator specification, opsets 1 to 18: until 12 all
 * dimensions from the axis on count as one, from 13 on it is the axis alone. */
#include <math.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "conv/rows/table.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

static bool take_around(const net_call *call, net_around *around, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    const bool flat = call->node->opset < 13;
    int axis = 0;
    if (!net_axis(net_int(call->node, "axis", flat ? 1 : -1), in->rank, &axis, err)) {
        return false;
    }
    *around = flat ? (net_around){net_shape_product(in, 0, axis),
                                  net_shape_product(in, axis, in->rank), 1}
                   : net_around_axis(in, axis);
    return true;
}

static bool softmax_shape(const net_call *call, ct_error *err) {
    net_around around;
    return net_want_real(call, 0, err) && net_want_rank(call, 0, 1, NET_MOST_DIMENSIONS, err) &&
           (!net_shape_is_known(&call->in[0]->shape) || take_around(call, &around, err)) &&
           net_shape_same(call, err);
}

/* ---- rows of n numbers that lie side by side ---- */

typedef void by_rows(void *out, const void *in, size_t rows, size_t n);

static void soft_float(void *out, const void *in, size_t rows, size_t n) {
    rows_chosen()->softmax(out, in, n, n, rows);
}

#define GREATEST(T)                                                                                \
    static size_t greatest_##T(const T *in, size_t n) {                                            \
        size_t best = 0;                                                                           \
        for (size_t i = 1; i < n; i++) {                                                           \
            best = in[i] > in[best] || (isnan(in[i]) && !isnan(in[best])) ? i : best;              \
        }                                                                                          \
        return best;                                                                               \
    }
GREATEST(float)
GREATEST(double)

/* The greatest number's share is e^0 over the sum, whose logarithm is all that is missing. */
static void log_soft_float(void *out_at, const void *in_at, size_t rows, size_t n) {
    soft_float(out_at, in_at, rows, n);
    for (size_t r = 0; r < rows; r++) {
        const float *in = (const float *)in_at + r * n;
        float *out = (float *)out_at + r * n;
        const size_t best = greatest_float(in, n);
        const float most = in[best], log_share = logf(out[best]);
        for (size_t i = 0; i < n; i++) {
            out[i] = in[i] - most + log_share;
        }
    }
}

/* The sum of e^(x - most). */
static double sum_of_exps(const double *in, double most, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += exp(in[i] - most);
    }
    return sum;
}

static void soft_double(void *out_at, const void *in_at, size_t rows, size_t n) {
    for (size_t r = 0; r < rows; r++) {
        const double *in = (const double *)in_at + r * n;
        double *out = (double *)out_at + r * n;
        const double most = in[greatest_double(in, n)], sum = sum_of_exps(in, most, n);
        for (size_t i = 0; i < n; i++) {
            out[i] = exp(in[i] - most) / sum;
        }
    }
}

static void log_soft_double(void *out_at, const void *in_at, size_t rows, size_t n) {
    for (size_t r = 0; r < rows; r++) {
        const double *in = (const double *)in_at + r * n;
        double *out = (double *)out_at + r * n;
        const double most = in[greatest_double(in, n)], sum = log(sum_of_exps(in, most, n));
        for (size_t i = 0; i < n; i++) {
            out[i] = in[i] - most - sum;
        }
    }
}

#define HARD(T)                                                                                    \
    static void hard_##T(void *out_at, const void *in_at, size_t rows, size_t n) {                 \
        for (size_t r = 0; r < rows; r++) {                                                        \
            T *out = (T *)out_at + r * n;                                                          \
            for (size_t i = 0; i < n; i++) {                                                       \
                out[i] = 0;                                                                        \
            }                                                                                      \
            out[greatest_##T((const T *)in_at + r * n, n)] = 1;                                    \
        }                                                                                          \
    }
HARD(float)
HARD(double)

/* ---- along any axis: columns become rows, and columns again ---- */

enum { BATCH = 4096, COLUMNS = 16, TASK = 1 << 14 /* numbers */ };

typedef struct job {
    by_rows *function;
    char *out;
    const char *in;
    char *room; /* for each task: rows in, rows out */
    net_around around;
    size_t bytes, rows; /* of a number; in a unit */
    size_t pieces, units, each;
} job;

static void run_rows(const job *j, size_t unit) {
    const size_t first = unit * j->rows, at = first * j->around.size * j->bytes;
    j->function(j->out + at, j->in + at, ct_min_size(j->rows, j->around.outer - first),
                j->around.size);
}

static void run_columns(const job *j, size_t unit, char *room) {
    const size_t outer = unit / j->pieces, first = unit % j->pieces * j->rows;
    const size_t size = j->around.size, inner = j->around.inner;
    const size_t rows = ct_min_size(j->rows, inner - first);
    const size_t at = (outer * size * inner + first) * j->bytes;
    char *after = room + j->rows * size * j->bytes;
    net_moves there = {0}, back = {0};
    net_moves_add(&there, rows, (ptrdiff_t)size, 1);
    net_moves_add(&there, size, 1, (ptrdiff_t)inner);
    net_moves_add(&back, rows, 1, (ptrdiff_t)size);
    net_moves_add(&back, size, (ptrdiff_t)inner, 1);
    net_move(NULL, room, j->in + at, &there, j->bytes);
    j->function(after, room, rows, size);
    net_move(NULL, j->out + at, after, &back, j->bytes);
}

static void run_task(void *argument, int task) {
    const job *j = argument;
    const size_t first = (size_t)task * j->each;
    for (size_t unit = first; unit < j->units && unit < first + j->each; unit++) {
        if (j->around.inner == 1) {
            run_rows(j, unit);
        } else {
            run_columns(j, unit, j->room + (size_t)task * 2 * j->rows * j->around.size * j->bytes);
        }
    }
}

static bool run(const net_call *call, by_rows *of_floats, by_rows *of_doubles, ct_error *err) {
    const net_tensor *in = call->in[0];
    job j = {.function = in->type == NET_DOUBLE ? of_doubles : of_floats,
             .out = call->out[0]->data,
             .in = in->data,
             .bytes = net_type_size(in->type)};
    if (!take_around(call, &j.around, err)) {
        return false;
    }
    if (net_count(in) == 0) {
        return true;
    }
    const net_around *around = &j.around;
    j.rows = ct_max_size(BATCH / around->size, around->inner == 1 ? 1 : COLUMNS);
    j.rows = ct_min_size(j.rows, around->inner == 1 ? around->outer : around->inner);
    j.pieces = (around->inner + j.rows - 1) / j.rows;
    j.units = around->inner == 1 ? (around->outer + j.rows - 1) / j.rows : around->outer * j.pieces;
    const size_t tasks =
        ct_min_size(ct_min_size(net_count(in) / TASK + 1, j.units),
                    net_threads(call->team) > 1 ? (size_t)net_threads(call->team) : 1);
    j.each = (j.units + tasks - 1) / tasks;
    if (around->inner > 1) {
        size_t bytes;
        j.room = ct_mul(2 * j.rows * around->size * j.bytes, tasks, &bytes) ? malloc(bytes) : NULL;
        if (!j.room) {
            return ct_fail(err, "out of memory");
        }
    }
    net_each(call->team, (int)((j.units + j.each - 1) / j.each), run_task, &j);
    free(j.room);
    return true;
}

static bool soft_run(const net_call *call, ct_error *err) {
    return run(call, soft_float, soft_double, err);
}

static bool log_soft_run(const net_call *call, ct_error *err) {
    return run(call, log_soft_float, log_soft_double, err);
}

static bool hard_run(const net_call *call, ct_error *err) {
    return run(call, hard_float, hard_double, err);
}

#define ROW(NAME, RUN)                                                                             \
    {                                                                                              \
        .name = NAME, .since = 1, .least = 1, .most = 1, .outputs = 1, .shape = softmax_shape,     \
        .run = RUN                                                                                 \
    }

const net_op net_ops_softmax[] = {
    ROW("Softmax", soft_run),
    ROW("LogSoftmax", log_soft_run),
    ROW("Hardmax", hard_run),
    {0},
};
