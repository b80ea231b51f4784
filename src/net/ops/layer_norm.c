/* LayerNormalization. ONNX operator specification, opset 17: over all dimensions from the axis on
 *
 *   y = (x - mean) / sqrt(variance + epsilon) * scale + bias */
#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "conv/rows/table.h"
#include "net/ops/moments.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

enum { X, SCALE, BIAS };

static bool take_axis(const net_call *call, int *axis, ct_error *err) {
    return net_axis(net_int(call->node, "axis", -1), call->in[X]->shape.rank, axis, err);
}

/* Whether a factor or a bias can be stretched to the dimensions from the axis on. */
static bool fits(const net_call *call, int i, int axis, ct_error *err) {
    const net_shape *x = &call->in[X]->shape;
    const net_tensor *in = net_in(call, i);
    const int more = in ? x->rank - in->shape.rank : 0;
    bool ok = !in || in->shape.rank < 0 || more >= axis;
    for (int d = 0; ok && in && d < in->shape.rank; d++) {
        const int64_t size = in->shape.size[d], wanted = x->size[more + d];
        ok = size < 0 || wanted < 0 || size == 1 || size == wanted;
    }
    return ok || ct_fail(err, "input %d doesn't have the shape of what is normalised", i + 1);
}

static bool layer_norm_shape(const net_call *call, ct_error *err) {
    net_shape means = call->in[X]->shape;
    int axis = 0;
    for (int i = 0; i < 3; i++) {
        if (!net_want_real(call, i, err) || !net_want_type(call, i, call->in[X]->type, err)) {
            return false;
        }
    }
    if (means.rank >= 0) {
        if (!take_axis(call, &axis, err) || !fits(call, SCALE, axis, err) ||
            !fits(call, BIAS, axis, err)) {
            return false;
        }
        for (int i = axis; i < means.rank; i++) {
            means.size[i] = 1;
        }
    }
    net_give(call, 1, NET_FLOAT, &means);
    net_give(call, 2, NET_FLOAT, &means);
    return net_shape_same(call, err);
}

typedef struct job {
    net_type type;
    char *out;
    const char *in;
    const void *factors, *biases;
    float *means, *deviations; /* or NULL */
    double epsilon;
    size_t n, rows, each;
} job;

static void run_task(void *argument, int task) {
    const job *j = argument;
    const size_t first = (size_t)task * j->each;
    if (j->type == NET_FLOAT && j->biases && !j->means && !j->deviations) {
        const size_t start = first * j->n, rows = ct_min_size(j->each, j->rows - first);
        rows_chosen()->normalize((float *)(void *)j->out + start,
                                 (const float *)(const void *)j->in + start, j->n, rows, j->epsilon,
                                 j->factors, j->biases);
        return;
    }
    for (size_t r = first; r < j->rows && r < first + j->each; r++) {
        const size_t at = r * j->n * net_type_size(j->type);
        const net_moments m = net_moments_of(j->type, j->in + at, j->n);
        const double factor = 1 / sqrt(m.variance + j->epsilon);
        net_scale_each(j->type, j->out + at, j->in + at, j->n, m.mean, factor, j->factors,
                       j->biases);
        if (j->means) {
            j->means[r] = (float)m.mean;
        }
        if (j->deviations) {
            j->deviations[r] = (float)factor;
        }
    }
}

/* Input i stretched to the dimensions from the axis on: itself, or a copy that the caller frees. */
static const void *stretch(const net_call *call, int i, int axis, size_t n, void **copy,
                           ct_error *err) {
    const net_tensor *in = call->in[i];
    const net_shape *x = &call->in[X]->shape;
    if (net_count(in) == n) {
        return in->data;
    }
    const size_t bytes = net_type_size(in->type);
    *copy = n < SIZE_MAX / 16 ? malloc(n * bytes + 1) : NULL;
    if (!*copy) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    ptrdiff_t to[NET_MOST_DIMENSIONS], from[NET_MOST_DIMENSIONS];
    net_moves moves = {0};
    net_strides(x, to);
    net_strides(&in->shape, from);
    const int more = x->rank - in->shape.rank;
    for (int d = axis; d < x->rank; d++) {
        const bool repeats = d < more || in->shape.size[d - more] == 1;
        net_moves_add(&moves, (size_t)x->size[d], to[d], repeats ? 0 : from[d - more]);
    }
    net_move(NULL, *copy, in->data, &moves, bytes);
    return *copy;
}

static float *wanted(const net_call *call, int i) {
    return i < call->node->output_count && call->out[i] ? call->out[i]->data : NULL;
}

static bool layer_norm_run(const net_call *call, ct_error *err) {
    const net_tensor *x = call->in[X];
    void *copies[2] = {NULL, NULL};
    int axis = 0;
    if (!take_axis(call, &axis, err)) {
        return false;
    }
    job j = {.type = x->type,
             .out = call->out[0]->data,
             .in = x->data,
             .means = wanted(call, 1),
             .deviations = wanted(call, 2),
             .epsilon = (double)net_float(call->node, "epsilon", 1e-5F),
             .n = net_shape_product(&x->shape, axis, x->shape.rank),
             .rows = net_shape_product(&x->shape, 0, axis)};
    if (j.n == 0 || j.rows == 0) {
        return j.rows == 0 || ct_fail(err, "nothing to normalise");
    }
    j.factors = stretch(call, SCALE, axis, j.n, &copies[0], err);
    j.biases = net_in(call, BIAS) ? stretch(call, BIAS, axis, j.n, &copies[1], err) : NULL;
    const bool ok = j.factors && (j.biases || !net_in(call, BIAS));
    if (ok) {
        const size_t tasks = ct_min_size(net_count(x) / (1 << 14) + 1, 64);
        j.each = (j.rows + tasks - 1) / tasks;
        net_each(call->team, (int)((j.rows + j.each - 1) / j.each), run_task, &j);
    }
    free(copies[0]);
    free(copies[1]);
    return ok;
}

const net_op net_ops_layer_norm[] = {
    {.name = "LayerNormalization",
     .since = 17,
     .least = 2,
     .most = 3,
     .outputs = 3,
     .weights = NET_INPUT(1) | NET_INPUT(2),
     .shape = layer_norm_shape,
     .run = layer_norm_run},
    {0},
};
