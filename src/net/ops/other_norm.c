/* LRN, MeanVarianceNormalization, LpNormalization. ONNX operator specification, opsets 1 to 18. */
#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "net/ops/moments.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

enum { COLUMNS = 256 };

/* ---- LRN: y = x / (bias + alpha / size * s)^beta, s the sum of squares of channels around ---- */

static bool lrn_shape(const net_call *call, ct_error *err) {
    const int64_t size = net_int(call->node, "size", 0);
    if (size < 1) {
        return ct_fail(err, "size %lld; expected 1 or more", (long long)size);
    }
    return net_want_real(call, 0, err) && net_want_rank(call, 0, 2, NET_MOST_DIMENSIONS, err) &&
           net_shape_same(call, err);
}

typedef struct lrn_job {
    char *out;
    const char *in;
    net_around around;
    size_t before, after; /* channels */
    double alpha, beta, bias;
    size_t pieces, units, each;
    bool wide; /* doubles */
} lrn_job;

/* sums^-beta. Most networks have 0.75. */
static void powers(double *sums, size_t n, double beta) {
    if (beta == 0.75) {
        for (size_t i = 0; i < n; i++) {
            const double root = sqrt(sums[i]);
            sums[i] = 1 / (root * sqrt(root));
        }
    } else {
        for (size_t i = 0; i < n; i++) {
            sums[i] = pow(sums[i], -beta);
        }
    }
}

#define LRN(T)                                                                                     \
    static void lrn_##T(const lrn_job *j, size_t unit) {                                           \
        const size_t inner = j->around.inner, channels = j->around.size;                           \
        const size_t first = unit % j->pieces * COLUMNS, n = ct_min_size(COLUMNS, inner - first);  \
        const size_t start = unit / j->pieces * channels * inner + first;                          \
        const T *in = (const T *)(const void *)j->in + start;                                      \
        T *out = (T *)(void *)j->out + start;                                                      \
        for (size_t c = 0; c < channels; c++) {                                                    \
            const size_t low = c > j->before ? c - j->before : 0;                                  \
            const size_t high = ct_min_size(channels - 1, c + j->after);                           \
            double sums[COLUMNS] = {0};                                                            \
            for (size_t k = low; k <= high; k++) {                                                 \
                for (size_t i = 0; i < n; i++) {                                                   \
                    const double x = (double)in[k * inner + i];                                    \
                    sums[i] += x * x;                                                              \
                }                                                                                  \
            }                                                                                      \
            for (size_t i = 0; i < n; i++) {                                                       \
                sums[i] = j->bias + j->alpha * sums[i];                                            \
            }                                                                                      \
            powers(sums, n, j->beta);                                                              \
            for (size_t i = 0; i < n; i++) {                                                       \
                out[c * inner + i] = (T)((double)in[c * inner + i] * sums[i]);                     \
            }                                                                                      \
        }                                                                                          \
    }
LRN(float)
LRN(double)

static void lrn_task(void *argument, int task) {
    const lrn_job *j = argument;
    const size_t first = (size_t)task * j->each;
    for (size_t unit = first; unit < j->units && unit < first + j->each; unit++) {
        if (j->wide) {
            lrn_double(j, unit);
        } else {
            lrn_float(j, unit);
        }
    }
}

static bool lrn_run(const net_call *call, ct_error *err) {
    (void)err;
    const net_tensor *in = call->in[0];
    const int64_t size = net_int(call->node, "size", 1);
    if (net_count(in) == 0) {
        return true;
    }
    lrn_job j = {.out = call->out[0]->data,
                 .in = in->data,
                 .around = net_around_axis(&in->shape, 1),
                 .alpha = (double)net_float(call->node, "alpha", 1e-4F) / (double)size,
                 .beta = (double)net_float(call->node, "beta", 0.75F),
                 .bias = (double)net_float(call->node, "bias", 1),
                 .wide = in->type == NET_DOUBLE};
    j.before = ct_min_size((size_t)(size - 1) / 2, j.around.size);
    j.after = ct_min_size((size_t)size / 2, j.around.size);
    j.pieces = (j.around.inner + COLUMNS - 1) / COLUMNS;
    j.units = j.around.outer * j.pieces;
    j.each = j.units / 64 + 1;
    net_each(call->team, (int)((j.units + j.each - 1) / j.each), lrn_task, &j);
    return true;
}

/* ---- MeanVarianceNormalization: y = (x - mean) / (sqrt(variance) + 1e-9), over some axes ---- */

static bool take_axes(const net_call *call, int rank, bool *over, ct_error *err) {
    static const int64_t usual[] = {0, 2, 3};
    const int64_t *ints = usual;
    int count = 3;
    if (net_attribute_find(call->node, "axes")) {
        count = net_ints(call->node, "axes", &ints);
    }
    for (int i = 0; i < count; i++) {
        int axis = 0;
        if (!net_axis(ints[i], rank, &axis, err)) {
            return false;
        }
        over[axis] = true;
    }
    return true;
}

static bool mvn_shape(const net_call *call, ct_error *err) {
    bool over[NET_MOST_DIMENSIONS] = {false};
    const int rank = call->in[0]->shape.rank;
    return net_want_real(call, 0, err) && (rank < 0 || take_axes(call, rank, over, err)) &&
           net_shape_same(call, err);
}

/* What is normalised together is brought side by side, and back. */
static bool mvn_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    const net_shape *shape = &in->shape;
    const size_t bytes = net_type_size(in->type), count = net_count(in);
    bool over[NET_MOST_DIMENSIONS] = {false};
    ptrdiff_t strides[NET_MOST_DIMENSIONS], step = 1;
    net_moves there = {0}, back = {0};
    size_t n = 1;
    if (!take_axes(call, shape->rank, over, err)) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    char *room = count < SIZE_MAX / 16 ? malloc(count * bytes) : NULL;
    if (!room) {
        return ct_fail(err, "out of memory");
    }
    net_strides(shape, strides);
    for (int pass = 1; pass >= 0; pass--) {
        for (int d = shape->rank; d-- > 0;) {
            if (over[d] == (pass == 1)) {
                const size_t size = (size_t)shape->size[d];
                net_moves_add(&there, size, step, strides[d]);
                net_moves_add(&back, size, strides[d], step);
                step *= (ptrdiff_t)size;
                n *= pass == 1 ? size : 1;
            }
        }
    }
    net_move(call->team, room, in->data, &there, bytes);
    for (size_t i = 0; i < count; i += n) {
        const net_moments m = net_moments_of(in->type, room + i * bytes, n);
        const double factor = 1 / (sqrt(m.variance) + 1e-9);
        net_scale(in->type, room + i * bytes, room + i * bytes, n, m.mean, factor, 0);
    }
    net_move(call->team, call->out[0]->data, room, &back, bytes);
    free(room);
    return true;
}

/* ---- LpNormalization: y = x / norm along an axis; where that is 0, so is y ---- */

static bool lp_shape(const net_call *call, ct_error *err) {
    const int64_t p = net_int(call->node, "p", 2);
    const int rank = call->in[0]->shape.rank;
    int axis;
    if (p != 1 && p != 2) {
        return ct_fail(err, "p %lld; expected 1 or 2", (long long)p);
    }
    return net_want_real(call, 0, err) &&
           (rank < 0 || net_axis(net_int(call->node, "axis", -1), rank, &axis, err)) &&
           net_shape_same(call, err);
}

#define LP(T)                                                                                      \
    static void lp_##T(T *out, const T *in, size_t size, size_t step, size_t n, bool square) {     \
        double norms[COLUMNS] = {0};                                                               \
        for (size_t k = 0; k < size; k++) {                                                        \
            for (size_t i = 0; i < n; i++) {                                                       \
                const double x = (double)in[k * step + i];                                         \
                norms[i] += square ? x * x : fabs(x);                                              \
            }                                                                                      \
        }                                                                                          \
        for (size_t i = 0; i < n; i++) {                                                           \
            const double norm = square ? sqrt(norms[i]) : norms[i];                                \
            norms[i] = norm == 0 ? 0 : 1 / norm;                                                   \
        }                                                                                          \
        for (size_t k = 0; k < size; k++) {                                                        \
            for (size_t i = 0; i < n; i++) {                                                       \
                out[k * step + i] = (T)((double)in[k * step + i] * norms[i]);                      \
            }                                                                                      \
        }                                                                                          \
    }
LP(float)
LP(double)

static bool lp_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    const bool square = net_int(call->node, "p", 2) == 2;
    int axis = 0;
    if (!net_axis(net_int(call->node, "axis", -1), in->shape.rank, &axis, err)) {
        return false;
    }
    const net_around around = net_around_axis(&in->shape, axis);
    for (size_t o = 0; o < around.outer; o++) {
        for (size_t i = 0; i < around.inner; i += COLUMNS) {
            const size_t at = o * around.size * around.inner + i;
            const size_t n = ct_min_size(COLUMNS, around.inner - i);
            if (in->type == NET_DOUBLE) {
                lp_double((double *)call->out[0]->data + at, (const double *)in->data + at,
                          around.size, around.inner, n, square);
            } else {
                lp_float((float *)call->out[0]->data + at, (const float *)in->data + at,
                         around.size, around.inner, n, square);
            }
        }
    }
    return true;
}

#define ROW(NAME, SINCE, SHAPE, RUN)                                                               \
    {                                                                                              \
        .name = NAME, .since = SINCE, .least = 1, .most = 1, .outputs = 1, .shape = SHAPE,         \
        .run = RUN                                                                                 \
    }

const net_op net_ops_other_norm[] = {
    ROW("LRN", 1, lrn_shape, lrn_run),
    ROW("MeanVarianceNormalization", 9, mvn_shape, mvn_run),
    ROW("LpNormalization", 1, lp_shape, lp_run),
    {0},
};
