/* Numbers of another type (ONNX: Cast, CastLike). */
#include "base/minmax.h"
#include "net/convert.h"
#include "net/ops/numbered.h"
#include "net/ops/ops.h"

enum { PART = 1 << 16 }; /* numbers for a thread at a time */

static bool cast_shape(const net_call *call, ct_error *err) {
    net_type to;
    if (!net_numbered_type(call, "to", NET_NONE, &to, err)) {
        return false;
    }
    if (to == NET_NONE) {
        return ct_fail(err, "its attribute 'to' is missing");
    }
    net_give(call, 0, to, &call->in[0]->shape);
    return true;
}

static bool cast_like_shape(const net_call *call, ct_error *err) {
    (void)err;
    net_give(call, 0, call->in[1]->type, &call->in[0]->shape);
    return true;
}

typedef struct cast_job {
    const net_tensor *in, *out;
    size_t count;
} cast_job;

static void run_part(void *argument, int i) {
    const cast_job *job = argument;
    const size_t at = (size_t)i * PART, n = ct_min_size(PART, job->count - at);
    const net_type from = job->in->type, to = job->out->type;
    net_convert(to, (char *)job->out->data + at * net_type_size(to), from,
                (const char *)job->in->data + at * net_type_size(from), n);
}

static bool cast_run(const net_call *call, ct_error *err) {
    (void)err;
    cast_job job = {.in = call->in[0], .out = call->out[0], .count = net_count(call->in[0])};
    net_each(call->team, (int)((job.count + PART - 1) / PART), run_part, &job);
    return true;
}

const net_op net_ops_cast[] = {
    {.name = "Cast",
     .since = 6,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = cast_shape,
     .run = cast_run,
     .any_type = true},
    {.name = "CastLike",
     .since = 15,
     .least = 2,
     .most = 2,
     .outputs = 1,
     .shape = cast_like_shape,
     .run = cast_run,
     .any_type = true},
    {0},
};
