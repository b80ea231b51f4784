/* Steps by rows over whole tensors: each thread makes some of the rows. */
#include <stdlib.h>

#include "base/minmax.h"
#include "net/plan/plan.h"

typedef struct by_rows {
    const net_rows *rows;
    void **workers;
    net_source in[NET_MOST_SOURCES];
    net_image images[NET_MOST_SOURCES];
    float *out;
    int parts;
} by_rows;

static void run_part(void *argument, int i) {
    const by_rows *b = argument;
    const net_rows *rows = b->rows;
    const int64_t height = rows->out.height;
    const int first = (int)(height * i / b->parts), end = (int)(height * (i + 1) / b->parts);
    const size_t stride = (size_t)rows->out.width * (size_t)rows->out.channels;
    if (first < end) {
        rows->run(rows, b->workers ? b->workers[i] : NULL, first, end, b->in,
                  b->out + (size_t)first * stride, stride);
    }
}

/* Each float is made of those at the same place, so all rows count as one: that saves calls. */
static net_rows as_one_row(const net_rows *rows) {
    net_rows one = *rows;
    for (int i = 0; i < rows->source_count; i++) {
        if (rows->in[i].width == rows->out.width && rows->in[i].height == rows->out.height) {
            one.in[i].width *= rows->out.height;
            one.in[i].height = 1;
        }
    }
    one.out.width *= rows->out.height;
    one.out.height = 1;
    return one;
}

void net_rows_run(net_runner *runner, int at, const net_tensor *const *in, float *out) {
    const net_rows *rows = runner->plan->steps[at].rows;
    by_rows b; /* not zeroed: that would take longer than a small step */
    b.rows = rows;
    b.out = out;
    for (int i = 0; i < rows->source_count; i++) {
        b.images[i] = (net_image){in[rows->source[i]]->data,
                                  (size_t)rows->in[i].width * (size_t)rows->in[i].channels};
        b.in[i] = (net_source){net_image_row, &b.images[i]};
    }
    b.workers = rows->enter ? runner->workers + (size_t)at * (size_t)runner->threads : NULL;
    const bool small = net_rows_work(rows) < NET_WORTH_A_THREAD;
    net_rows one;
    if (small && rows->pointwise) {
        one = as_one_row(rows);
        b.rows = &one;
    }
    b.parts = small ? 1 : ct_min(runner->threads, rows->out.height);
    net_each(runner->team, b.parts, run_part, &b);
}

size_t net_plan_worker_bytes(const net_plan *plan) {
    size_t most = 0;
    for (int i = 0; i < plan->step_count; i++) {
        const net_rows *rows = plan->steps[i].rows;
        most = rows ? ct_max_size(most, rows->worker_bytes) : most;
    }
    return ct_round_up(most, 64);
}

uint64_t net_plan_own_bytes(const net_plan *plan) {
    uint64_t all = 0;
    for (int i = 0; i < plan->step_count; i++) {
        const net_rows *rows = plan->steps[i].rows;
        all += rows ? rows->own_bytes : 0;
    }
    return all;
}

bool net_rows_enter(net_runner *runner, ct_error *err) {
    const net_plan *plan = runner->plan;
    runner->threads = net_threads(runner->team);
    runner->memory_bytes = net_plan_worker_bytes(plan);
    runner->workers =
        calloc((size_t)plan->step_count * (size_t)runner->threads + 1, sizeof *runner->workers);
    runner->memory = net_rows_memory(runner->memory_bytes * (size_t)runner->threads);
    for (int i = 0; runner->workers && runner->memory && i < plan->step_count; i++) {
        const net_rows *rows = plan->steps[i].rows;
        for (int t = 0; rows && rows->enter && t < runner->threads; t++) {
            void **worker = &runner->workers[i * runner->threads + t];
            *worker = rows->enter(rows, (char *)runner->memory + (size_t)t * runner->memory_bytes);
            if (!*worker) {
                return ct_fail(err, "out of memory");
            }
        }
    }
    return (runner->workers && runner->memory) || ct_fail(err, "out of memory");
}

void net_rows_leave(net_runner *runner) {
    for (int i = 0; runner->workers && i < runner->plan->step_count; i++) {
        const net_rows *rows = runner->plan->steps[i].rows;
        for (int t = 0; rows && rows->enter && t < runner->threads; t++) {
            void *worker = runner->workers[i * runner->threads + t];
            if (worker) {
                rows->leave(worker);
            }
        }
    }
    free(runner->workers);
    free(runner->memory);
}

void net_step_free_rows(net_step *step) {
    if (step->rows && step->rows->free) {
        step->rows->free(step->rows);
    }
    free(step->rows);
    step->rows = NULL;
}
