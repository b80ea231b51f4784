#include "flow/keeper.h"

#include <stdlib.h>

flow_keeper *flow_keeper_new(void) {
    return calloc(1, sizeof(flow_keeper));
}

void flow_keeper_clear(flow_keeper *keeper) {
    if (!keeper) {
        return;
    }
    flow_bench_clear(&keeper->bench);
    conv_plan_free(keeper->plan);
    *keeper = (flow_keeper){0};
}

void flow_keeper_free(flow_keeper *keeper) {
    flow_keeper_clear(keeper);
    free(keeper);
}

size_t flow_keeper_bytes(const flow_keeper *keeper) {
    return keeper ? keeper->bench.bytes : 0;
}

static bool serves(const flow_kept_for *made, const flow_kept_for *wanted) {
    return made->stages == wanted->stages && made->count == wanted->count &&
           made->in.width == wanted->in.width && made->in.height == wanted->in.height &&
           made->in.channels == wanted->in.channels && made->in_type == wanted->in_type &&
           made->out_type == wanted->out_type && made->alpha == wanted->alpha &&
           made->jobs == wanted->jobs && made->most == wanted->most &&
           made->measure == wanted->measure;
}

const conv_plan *flow_keeper_plan(flow_keeper *keeper, const flow_kept_for *wanted, ct_error *err) {
    if (keeper->plan && serves(&keeper->made_for, wanted)) {
        return keeper->plan;
    }
    flow_keeper_clear(keeper);
    keeper->made_for = *wanted;
    keeper->plan = conv_plan_new(wanted->stages, wanted->count, wanted->in, wanted->in_type,
                                 wanted->out_type, err);
    return keeper->plan;
}
