/* InstanceNormalization and GroupNormalization: over the numbers of each channel, or of each group
 * of channels, of each picture. ONNX operator specification, opsets 1 to 18 (and the factors for
 * each channel of 21).
 *
 *   y = (x - mean) / sqrt(variance + epsilon) * scale + bias */
#include <math.h>

#include "net/ops/moments.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

enum { X, SCALE, BIAS };

/* -1 with an error. An instance is a group of one channel. */
static int64_t take_groups(const net_call *call, int64_t channels, ct_error *err) {
    if (!net_attribute_find(call->node, "num_groups")) {
        return channels;
    }
    const int64_t groups = net_int(call->node, "num_groups", 1);
    if (groups < 1 || channels % groups != 0) {
        ct_fail(err, "%lld groups of %lld channels", (long long)groups, (long long)channels);
        return -1;
    }
    return groups;
}

static bool group_norm_shape(const net_call *call, ct_error *err) {
    const net_shape *x = &call->in[X]->shape;
    if (!net_want_rank(call, X, 2, NET_MOST_DIMENSIONS, err)) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        if (!net_want_real(call, i, err)) {
            return false;
        }
    }
    if (x->rank >= 2 && x->size[1] >= 0) {
        const int64_t groups = take_groups(call, x->size[1], err);
        if (groups < 0) {
            return false;
        }
        for (int i = SCALE; i <= BIAS; i++) {
            size_t count;
            if (net_shape_count(&call->in[i]->shape, &count) && count != (size_t)groups &&
                count != (size_t)x->size[1]) {
                return ct_fail(err, "input %d has %zu numbers for %lld groups of %lld channels",
                               i + 1, count, (long long)groups, (long long)x->size[1]);
            }
        }
    }
    return net_shape_same(call, err);
}

typedef struct job {
    const net_call *call;
    double epsilon;
    size_t groups, channels, inner; /* channels of a group */
    size_t units, each;
} job;

static double of_channel(const job *j, int i, size_t group, size_t channel) {
    const net_tensor *in = j->call->in[i];
    return net_real_at(in, net_count(in) == j->groups ? group : group * j->channels + channel);
}

static void run_group(const job *j, size_t unit) {
    const net_tensor *x = j->call->in[X];
    const size_t bytes = net_type_size(x->type), group = unit % j->groups;
    const size_t n = j->channels * j->inner, at = unit * n * bytes;
    const net_moments m = net_moments_of(x->type, (const char *)x->data + at, n);
    for (size_t c = 0; c < j->channels; c++) {
        const size_t own = at + c * j->inner * bytes;
        const double factor = of_channel(j, SCALE, group, c) / sqrt(m.variance + j->epsilon);
        net_scale(x->type, (char *)j->call->out[0]->data + own, (const char *)x->data + own,
                  j->inner, m.mean, factor, of_channel(j, BIAS, group, c));
    }
}

static void run_task(void *argument, int task) {
    const job *j = argument;
    const size_t first = (size_t)task * j->each;
    for (size_t unit = first; unit < j->units && unit < first + j->each; unit++) {
        run_group(j, unit);
    }
}

static bool group_norm_run(const net_call *call, ct_error *err) {
    const net_shape *x = &call->in[X]->shape;
    const int64_t groups = take_groups(call, x->size[1], err);
    if (groups < 0) {
        return false;
    }
    if (net_count(call->in[X]) == 0) {
        return true;
    }
    job j = {.call = call,
             .epsilon = (double)net_float(call->node, "epsilon", 1e-5F),
             .groups = (size_t)groups,
             .channels = (size_t)(x->size[1] / groups),
             .inner = net_shape_product(x, 2, x->rank),
             .units = (size_t)(x->size[0] * groups)};
    j.each = j.units / 64 + 1;
    net_each_of(call->team, (double)net_count(call->in[0]), (int)((j.units + j.each - 1) / j.each),
                run_task, &j);
    return true;
}

#define ROW(NAME, SINCE)                                                                           \
    {                                                                                              \
        .name = NAME, .since = SINCE, .least = 3, .most = 3, .outputs = 1,                         \
        .weights = NET_INPUT(1) | NET_INPUT(2), .shape = group_norm_shape, .run = group_norm_run   \
    }

const net_op net_ops_group_norm[] = {
    ROW("InstanceNormalization", 1),
    ROW("GroupNormalization", 18),
    {0},
};
