/* Numbers within limits (ONNX: Clip; before opset 11 the limits are attributes). */
#include "base/minmax.h"
#include "net/ops/kernels.h"
#include "net/ops/local.h"
#include "net/ops/ops.h"
#include "net/unary.h"

enum { PART = 1 << 15 }; /* numbers for a thread at a time */

typedef void clip_function(void *out, const void *in, const void *low, const void *high, size_t n);

/* A limit that is NULL is left out. */
#define CLIP(op, name, type, wide)                                                                 \
    static void op##_##name(void *out_at, const void *in_at, const void *low_at,                   \
                            const void *high_at, size_t n) {                                       \
        const type *in = in_at;                                                                    \
        type *out = out_at;                                                                        \
        const bool has_low = low_at, has_high = high_at;                                           \
        const type low = has_low ? *(const type *)low_at : 0;                                      \
        const type high = has_high ? *(const type *)high_at : 0;                                   \
        NET_INDEPENDENT                                                                            \
        for (size_t i = 0; i < n; i++) {                                                           \
            const type x = has_low && in[i] < low ? low : in[i];                                   \
            out[i] = has_high && x > high ? high : x;                                              \
        }                                                                                          \
    }
NET_EACH_WHOLE(CLIP, clip)

static clip_function *const functions[NET_TYPES] = {NET_WHOLE(clip)};

static bool clip_shape(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    for (int i = 1; i <= 2; i++) {
        size_t count;
        const net_tensor *limit = net_in(call, i);
        if (!net_want_type(call, i, in->type, err)) {
            return false;
        }
        if (limit && net_shape_count(&limit->shape, &count) && count != 1) {
            return ct_fail(err, "input %d should be one number", i + 1);
        }
    }
    return ((in->type != NET_NONE && functions[in->type]) || net_want_real(call, 0, err)) &&
           net_shape_same(call, err);
}

typedef struct clip_job {
    const net_tensor *in, *out;
    const void *low, *high; /* of whole numbers */
    const net_unary *f;     /* of others */
    double numbers[2];
    size_t count;
} clip_job;

static void run_part(void *argument, int i) {
    const clip_job *job = argument;
    const net_type type = job->in->type;
    const size_t at = (size_t)i * PART, n = ct_min_size(PART, job->count - at);
    const void *in = (const char *)job->in->data + at * net_type_size(type);
    void *out = (char *)job->out->data + at * net_type_size(type);
    if (functions[type]) {
        functions[type](out, in, job->low, job->high, n);
    } else if (type == NET_FLOAT) {
        net_unary_floats(job->f, job->numbers, out, in, n);
    } else {
        net_unary_doubles(job->f, job->numbers, out, in, n);
    }
}

static const void *limit_at(const net_call *call, int i) {
    const net_tensor *limit = net_in(call, i);
    return limit ? limit->data : NULL;
}

static bool clip_run(const net_call *call, ct_error *err) {
    clip_job job = {.in = call->in[0],
                    .out = call->out[0],
                    .low = limit_at(call, 1),
                    .high = limit_at(call, 2),
                    .count = net_count(call->in[0])};
    job.f = net_unary_of(call->node, call->in, job.numbers);
    if (!job.f) {
        return ct_fail(err, "its limits should be one number each");
    }
    net_each(call->team, (int)((job.count + PART - 1) / PART), run_part, &job);
    return true;
}

const net_op net_ops_clip[] = {
    {.name = "Clip",
     .since = 1,
     .until = 10,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = clip_shape,
     .run = clip_run,
     .rows = net_unary_rows},
    {.name = "Clip",
     .since = 11,
     .least = 1,
     .most = 3,
     .outputs = 1,
     .shape = clip_shape,
     .run = clip_run,
     .rows = net_unary_rows},
    {0},
};
