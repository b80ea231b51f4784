/* BatchNormalization. ONNX operator specification, opsets 1 to 15: with given means and variances;
 * or, with training_mode (from 14 on), with those of the batch, which then change the given ones.
 *
 *   y = scale (x - mean) / sqrt(variance + epsilon) + bias, for each channel */
#include <math.h>
#include <stdlib.h>

#include "net/ops/moments.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

enum { X, SCALE, BIAS, MEAN, VARIANCE };

static bool trains(const net_call *call) {
    return call->node->opset >= 14 && net_int(call->node, "training_mode", 0) != 0;
}

/* Until opset 8 every number of a picture may have its own mean. */
static bool is_spatial(const net_call *call) {
    return call->node->opset >= 9 || net_int(call->node, "spatial", 1) != 0;
}

/* x as outer x channels x inner. */
static net_around channels_of(const net_call *call) {
    const net_shape *x = &call->in[X]->shape;
    if (x->rank < 2) {
        return (net_around){net_count(call->in[X]), 1, 1};
    }
    if (!is_spatial(call)) {
        return (net_around){(size_t)x->size[0], net_shape_product(x, 1, x->rank), 1};
    }
    return net_around_axis(x, 1);
}

static bool batch_norm_shape(const net_call *call, ct_error *err) {
    const net_shape *x = &call->in[X]->shape;
    if (!net_want_rank(call, X, 1, NET_MOST_DIMENSIONS, err)) {
        return false;
    }
    size_t count;
    for (int i = 0; i < 5; i++) {
        if (!net_want_real(call, i, err)) {
            return false;
        }
        if (i != X && net_shape_is_known(x) && net_shape_count(&call->in[i]->shape, &count) &&
            count != channels_of(call).size) {
            return ct_fail(err, "input %d has %zu numbers for %zu channels", i + 1, count,
                           channels_of(call).size);
        }
    }
    for (int i = 1; i < call->node->output_count; i++) {
        if (call->out[i] && !(trains(call) && i <= 2)) {
            return ct_fail(err, "output %d is for training, which isn't supported", i + 1);
        }
        net_give(call, i, call->in[MEAN]->type, &call->in[MEAN]->shape);
    }
    return net_shape_same(call, err);
}

/* The mean and variance of a channel of the whole batch. */
static net_moments batch_moments(const net_call *call, const net_around *a, size_t channel) {
    const net_tensor *x = call->in[X];
    const size_t bytes = net_type_size(x->type);
    net_moments all = {0, 0};
    for (size_t o = 0; o < a->outer; o++) {
        const net_moments own = net_moments_of(
            x->type, (const char *)x->data + (o * a->size + channel) * a->inner * bytes, a->inner);
        /* Of equally many numbers: the variance of all is the mean of their variances, plus the
         * variance of their means, which is summed up as in Welford's algorithm. */
        const double less = own.mean - all.mean;
        all.mean += less / (double)(o + 1);
        all.variance += own.variance + less * (own.mean - all.mean);
    }
    all.variance /= (double)a->outer;
    return all;
}

static void set_real(net_tensor *tensor, size_t i, double value) {
    if (tensor->type == NET_DOUBLE) {
        ((double *)tensor->data)[i] = value;
    } else {
        ((float *)tensor->data)[i] = (float)value;
    }
}

/* What the batch makes of a given mean or variance. */
static void remember(const net_call *call, int output, int input, size_t channel, double value) {
    const double momentum = (double)net_float(call->node, "momentum", 0.9F);
    if (output < call->node->output_count && call->out[output]) {
        const double given = net_real_at(call->in[input], channel);
        set_real(call->out[output], channel, given * momentum + value * (1 - momentum));
    }
}

typedef struct job {
    net_type type;
    char *out;
    const char *in;
    net_around around;
    const double *means, *factors, *biases;
    size_t each;
} job;

#define EACH_CHANNEL(T)                                                                            \
    static void each_##T(T *out, const T *in, size_t channels, const double *means,                \
                         const double *factors, const double *biases) {                            \
        for (size_t c = 0; c < channels; c++) {                                                    \
            out[c] = (T)(((double)in[c] - means[c]) * factors[c] + biases[c]);                     \
        }                                                                                          \
    }
EACH_CHANNEL(float)
EACH_CHANNEL(double)

/* The channels of one picture. */
static void run_picture(const job *j, size_t outer) {
    const size_t inner = j->around.inner, channels = j->around.size;
    const size_t bytes = net_type_size(j->type);
    const size_t start = outer * channels * inner * bytes;
    if (inner == 1 && j->type == NET_DOUBLE) {
        each_double((void *)(j->out + start), (const void *)(j->in + start), channels, j->means,
                    j->factors, j->biases);
        return;
    }
    if (inner == 1) {
        each_float((void *)(j->out + start), (const void *)(j->in + start), channels, j->means,
                   j->factors, j->biases);
        return;
    }
    for (size_t c = 0; c < channels; c++) {
        const size_t at = start + c * inner * bytes;
        net_scale(j->type, j->out + at, j->in + at, inner, j->means[c], j->factors[c],
                  j->biases[c]);
    }
}

static void run_task(void *argument, int task) {
    const job *j = argument;
    const size_t first = (size_t)task * j->each;
    for (size_t i = first; i < j->around.outer && i < first + j->each; i++) {
        run_picture(j, i);
    }
}

static bool batch_norm_run(const net_call *call, ct_error *err) {
    const net_tensor *x = call->in[X];
    const double epsilon = (double)net_float(call->node, "epsilon", 1e-5F);
    const net_around a = channels_of(call);
    double *means = malloc((3 * a.size + 1) * sizeof *means);
    if (!means) {
        return ct_fail(err, "out of memory");
    }
    double *factors = means + a.size, *biases = factors + a.size;
    for (size_t c = 0; c < a.size; c++) {
        net_moments m = {net_real_at(call->in[MEAN], c), net_real_at(call->in[VARIANCE], c)};
        if (trains(call) && net_count(x) > 0) {
            m = batch_moments(call, &a, c);
            remember(call, 1, MEAN, c, m.mean);
            remember(call, 2, VARIANCE, c, m.variance);
        }
        means[c] = m.mean;
        factors[c] = net_real_at(call->in[SCALE], c) / sqrt(m.variance + epsilon);
        biases[c] = net_real_at(call->in[BIAS], c);
    }
    if (net_count(x) > 0) {
        job j = {.type = x->type,
                 .out = call->out[0]->data,
                 .in = x->data,
                 .around = a,
                 .means = means,
                 .factors = factors,
                 .biases = biases,
                 .each = a.outer / 64 + 1};
        net_each(call->team, (int)((a.outer + j.each - 1) / j.each), run_task, &j);
    }
    free(means);
    return true;
}

const net_op net_ops_batch_norm[] = {
    {.name = "BatchNormalization",
     .since = 1,
     .least = 5,
     .most = 5,
     .outputs = 5,
     .weights = NET_INPUT(1) | NET_INPUT(2) | NET_INPUT(3) | NET_INPUT(4),
     .shape = batch_norm_shape,
     .run = batch_norm_run},
    {0},
};
