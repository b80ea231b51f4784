#include "net/ops/stage_rows.h"

static void free_plan(net_rows *rows) {
    conv_plan_free(rows->own);
}

static void reach(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    (void)source;
    conv_plan_rows(rows->own, first, end, from, to);
}

static void *enter(const net_rows *rows, void *memory) {
    return conv_worker_new_in(rows->own, -1, memory);
}

static void leave(void *worker) {
    conv_worker_free(worker);
}

/* The rows that it kept may be another image's. */
static void run(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                float *out, size_t stride) {
    (void)rows;
    conv_worker_restart(worker);
    conv_worker_run(worker, first, end, in[0].row, in[0].context, out, stride * sizeof *out, NULL);
}

bool net_stage_rows(const conv_stage *stage, net_rows *out, ct_error *err) {
    conv_shape made;
    if (!conv_stage_shape(stage, out->in[0], &made, err)) {
        return true;
    }
    conv_plan *plan = conv_plan_new(stage, 1, out->in[0], CONV_F32, CONV_F32, err);
    if (!plan) {
        return false;
    }
    *out = (net_rows){.out = conv_plan_out(plan),
                      .source_count = 1,
                      .in = {out->in[0]},
                      .reach = reach,
                      .run = run,
                      .enter = enter,
                      .leave = leave,
                      .worker_bytes = conv_plan_worker_size(plan),
                      .free = free_plan,
                      .own = plan};
    return true;
}
