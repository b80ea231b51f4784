/* The memory of a worker: one piece for all rows of floats, and arrays of pointers to them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "conv/plan/worker.h"

static size_t scratch_rows(const conv_plan *plan) {
    return 2 + PATH_SCRATCH + 4 * (size_t)plan->max_batch;
}

/* Rows of a step's ring, and its constant one; where the caller's are read in place, only that. */
static size_t ring_rows(const conv_plan *plan, int i) {
    return i == 0 && plan_reads_in_place(plan) ? 1 : (size_t)plan->steps[i].ring_rows + 1;
}

static bool ring_floats(const conv_plan *plan, int i, size_t *floats) {
    return ct_mul(ring_row_bytes(&plan->steps[i]) / sizeof(float), ring_rows(plan, i), floats);
}

/* Bytes of worker->memory, a multiple of 64; false if they don't fit a size_t. */
static bool memory_size(const conv_plan *plan, size_t *bytes) {
    size_t floats;
    bool ok = ct_mul(scratch_rows(plan), plan->scratch, &floats);
    for (int i = 0; ok && i < plan->step_count; i++) {
        size_t rows;
        ok = ring_floats(plan, i, &rows) && ct_add(floats, rows, &floats) &&
             ct_add(floats, plan->steps[i].site.held, &floats);
    }
    ok = ok && ct_mul(floats, sizeof(float), bytes) && ct_add(*bytes, 63, bytes);
    *bytes = ok ? *bytes / 64 * 64 : 0;
    return ok;
}

size_t conv_plan_worker_size(const conv_plan *plan) {
    const size_t pointers = (plan->max_pointers + plan->max_rows) * sizeof(float *);
    size_t bytes;
    return memory_size(plan, &bytes) && ct_add(bytes, pointers, &bytes) ? bytes : SIZE_MAX;
}

/* Hands out the memory; `made`, `columns` and `scratch` share one array of pointers. */
static void lay_out(conv_worker *worker) {
    const conv_plan *plan = worker->plan;
    float *next = worker->memory;
    worker->points[0] = next;
    worker->points[1] = next + plan->scratch;
    next += 2 * plan->scratch;
    worker->columns = worker->made + plan->max_batch;
    worker->scratch = worker->columns + plan->max_batch;
    for (size_t i = 0; i < scratch_rows(plan) - 2; i++, next += plan->scratch) {
        worker->made[i] = next;
    }
    worker->rings[0].lent = worker->lent;
    for (int i = 0; i < plan->step_count; i++) {
        worker->rings[i].rows = (char *)next;
        worker->rings[i].constant =
            (char *)next + ring_row_bytes(&plan->steps[i]) * (ring_rows(plan, i) - 1);
        ring_fill_constant(&plan->steps[i], worker->rings[i].constant);
        size_t floats = 0;
        ring_floats(plan, i, &floats);
        next += floats;
        worker->rings[i].held = next;
        worker->rings[i].held_first = -1;
        next += plan->steps[i].site.held;
    }
}

static conv_worker *new_worker(const conv_plan *plan, int alpha, void *borrowed) {
    conv_worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        return NULL;
    }
    worker->plan = plan;
    worker->alpha = alpha;
    worker->rings = calloc((size_t)plan->step_count + 1, sizeof *worker->rings);
    worker->pointers = malloc((plan->max_pointers + 1) * sizeof *worker->pointers);
    worker->in = malloc((plan->max_rows + 1) * sizeof *worker->in);
    const bool in_place = plan_reads_in_place(plan);
    worker->lent = in_place ? calloc((size_t)plan->steps[0].ring_rows, sizeof *worker->lent) : NULL;
    worker->made = malloc(scratch_rows(plan) * sizeof *worker->made);
    size_t bytes;
    const bool fits = memory_size(plan, &bytes);
    worker->borrowed = borrowed != NULL;
    worker->memory = !fits ? NULL : borrowed ? borrowed : aligned_alloc(64, bytes);
    if (!worker->rings || !worker->pointers || !worker->in || !worker->made || !worker->memory ||
        (in_place && !worker->lent)) {
        conv_worker_free(worker);
        return NULL;
    }
    if (!borrowed) { /* the blocks' overhang is computed too, and must be finite */
        memset(worker->memory, 0, bytes);
    }
    lay_out(worker);
    return worker;
}

conv_worker *conv_worker_new(const conv_plan *plan, int alpha) {
    return new_worker(plan, alpha, NULL);
}

conv_worker *conv_worker_new_in(const conv_plan *plan, int alpha, void *memory) {
    return new_worker(plan, alpha, memory);
}

void conv_worker_measure(conv_worker *worker) {
    worker->measure = true;
}

void conv_worker_restart(conv_worker *worker) {
    for (int i = 0; i < worker->plan->step_count; i++) {
        ring *r = &worker->rings[i];
        r->first = r->next = 0;
        r->held_first = -1;
        if (worker->borrowed) {
            ring_fill_constant(&worker->plan->steps[i], r->constant);
        }
    }
}

void conv_worker_free(conv_worker *worker) {
    if (worker) {
        free(worker->rings);
        free(worker->pointers);
        free(worker->lent);
        free(worker->in);
        free(worker->made);
        if (!worker->borrowed) {
            free(worker->memory);
        }
        free(worker);
    }
}
