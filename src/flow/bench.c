#include "flow/bench.h"

#include <stdlib.h>

/* The window: the one that is there, or a new one. */
static bool lay_window(flow_bench *bench, const flow_bench_of *of, ct_error *err) {
    if (!of->reader ||
        (bench->decoded && flow_decoded_restart(bench->decoded, of->reader, of->step))) {
        return true;
    }
    const flow_decoded_of decoded = {.plan = of->plan,
                                     .reader = of->reader,
                                     .bands = of->bands,
                                     .jobs = of->jobs,
                                     .memory = of->memory,
                                     .step = of->step};
    flow_decoded_free(bench->decoded);
    bench->decoded = flow_decoded_new(&decoded, err);
    bench->bytes = of->bytes;
    return bench->decoded != NULL;
}

bool flow_bench_lay(flow_bench *bench, const flow_bench_of *of, ct_error *err) {
    if (bench->jobs) {
        return lay_window(bench, of, err);
    }
    bench->seats = calloc((size_t)of->jobs, sizeof *bench->seats);
    if (!bench->seats) {
        return ct_fail(err, "out of memory");
    }
    bench->jobs = of->jobs;
    bench->bands = of->bands;
    bench->bytes = of->bytes;
    return lay_window(bench, of, err);
}

flow_seat *flow_bench_seat(flow_bench *bench, int i, const flow_bench_of *of, ct_error *err) {
    flow_seat *seat = &bench->seats[i];
    if (seat->worker) {
        conv_worker_restart(seat->worker);
        return seat;
    }
    seat->worker = of->plan ? conv_worker_new(of->plan, of->alpha) : NULL;
    seat->buffer = of->buffer ? malloc(of->buffer) : NULL;
    if ((of->plan && !seat->worker) || (of->buffer && !seat->buffer)) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    if (seat->worker && of->measure) {
        conv_worker_measure(seat->worker);
    }
    return seat;
}

void flow_bench_clear(flow_bench *bench) {
    for (int i = 0; i < bench->jobs; i++) {
        conv_worker_free(bench->seats[i].worker);
        free(bench->seats[i].buffer);
    }
    free(bench->seats);
    flow_decoded_free(bench->decoded);
    *bench = (flow_bench){0};
}
