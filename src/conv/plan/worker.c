/* Runs a plan on bands of rows: pulls each step's input rows into its ring, as the step needs them.
 * Rows are made in batches, and batches in blocks of columns, so that floats between two steps of
 * the work stay in the caches. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "conv/plan/interval.h"
#include "conv/plan/plan.h"
#include "conv/plan/points.h"
#include "conv/plan/ring.h"
#include "conv/plan/sink.h"
#include "conv/plan/window.h"

struct conv_worker {
    const conv_plan *plan;
    ring *rings; /* one per step */
    float *memory;
    float *points[2];      /* scratch between pointwise stages */
    float **made;          /* max_batch rows: what a step makes of a block */
    float **columns;       /* max_batch rows, for window_run */
    float **scratch;       /* PATH_SCRATCH + 2 max_batch rows, for the paths */
    const void **in;       /* max_rows: the rows of a batch's windows */
    const void **pointers; /* max_pointers */
    const void **lent;     /* of the first ring; NULL where its rows are copies */
    int alpha;
    bool measure;        /* conv_worker_measure */
    conv_source *source; /* of the current run */
    void *context;
};

static size_t scratch_rows(const conv_plan *plan) {
    return 2 + PATH_SCRATCH + 4 * (size_t)plan->max_batch;
}

static size_t worker_floats(const conv_plan *plan) {
    size_t floats = scratch_rows(plan) * plan->scratch;
    for (int i = 0; i < plan->step_count; i++) {
        floats += ring_floats(&plan->steps[i]) + plan->steps[i].site.held;
    }
    return floats;
}

size_t conv_plan_worker_size(const conv_plan *plan) {
    return worker_floats(plan) * sizeof(float) +
           (plan->max_pointers + plan->max_rows) * sizeof(float *);
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
            (char *)next + ring_row_bytes(&plan->steps[i]) * (size_t)plan->steps[i].ring_rows;
        ring_fill_constant(&plan->steps[i], worker->rings[i].constant);
        next += ring_floats(&plan->steps[i]);
        worker->rings[i].held = next;
        worker->rings[i].held_first = -1;
        next += plan->steps[i].site.held;
    }
}

conv_worker *conv_worker_new(const conv_plan *plan, int alpha) {
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
    const size_t bytes = (worker_floats(plan) * sizeof(float) + 63) / 64 * 64;
    worker->memory = aligned_alloc(64, bytes);
    if (!worker->rings || !worker->pointers || !worker->in || !worker->made || !worker->memory ||
        (in_place && !worker->lent)) {
        conv_worker_free(worker);
        return NULL;
    }
    memset(worker->memory, 0, bytes); /* the blocks' overhang is computed too, and must be finite */
    lay_out(worker);
    return worker;
}

void conv_worker_measure(conv_worker *worker) {
    worker->measure = true;
}

void conv_worker_free(conv_worker *worker) {
    if (worker) {
        free(worker->rings);
        free(worker->pointers);
        free(worker->lent);
        free(worker->in);
        free(worker->made);
        free(worker->memory);
        free(worker);
    }
}

/* ---- pointwise stages ---- */

/* Runs stages first..count-1 on the block at `from`, which may be worker->points[first & 1].
 * Returns where the result is: `out`, or where that is NULL, a scratch row; `from` itself if there
 * are none. */
static const float *run_points(conv_worker *worker, const conv_stage *points, int first, int count,
                               conv_shape shape, const float *from, float *out) {
    for (int k = first; k < count; k++) {
        float *to = k == count - 1 && out ? out : worker->points[(k + 1) & 1];
        points_run(worker->plan->rows, &points[k], shape, from, to);
        conv_stage_shape(&points[k], shape, &shape, NULL); /* was checked by conv_plan_new */
        from = to;
    }
    return from;
}

/* ---- rows, level by level: level 0 is the input, level i + 1 what step i makes ---- */

static void step_rows(conv_worker *worker, int i, int y, int count, const row_sink *sink);

/* Rows mostly lie one after the other in memory. While a batch is computed, the rows to be read a
 * little later come into the L2 cache; where they lie elsewhere, nothing is lost. */
static void prefetch_later(const void *row, size_t from, size_t bytes, size_t row_bytes) {
    enum { ROWS_AHEAD = 8, LINE = 64 };
    const uintptr_t start = (uintptr_t)row + ROWS_AHEAD * row_bytes + from;
    for (size_t i = 0; i < bytes; i += LINE) {
        __builtin_prefetch((const void *)(start + i), 0, 2);
    }
}

/* A block of the input at pixel x of `row`, converted, after the leading pointwise stages. */
static const float *input_block(conv_worker *worker, const void *row, int x, int pixels,
                                float *out) {
    const conv_plan *plan = worker->plan;
    const size_t channels = (size_t)plan->in.channels;
    const size_t n = (size_t)pixels * channels, at = (size_t)x * channels;
    const size_t sample = conv_type_size(plan->in_type);
    if (plan->step_count) { /* else there is nothing to compute meanwhile */
        prefetch_later(row, at * sample, n * sample, (size_t)plan->in.width * channels * sample);
    }
    if (plan->gray_bytes) {
        float *gray = plan->point_count > 1 || !out ? worker->points[1] : out;
        plan->rows->gray_u8(gray, (const uint8_t *)row + at, (size_t)pixels);
        return run_points(worker, plan->points, 1, plan->point_count, (conv_shape){pixels, 1, 1},
                          gray, out);
    }
    float *first = plan->point_count || !out ? worker->points[0] : out;
    switch (plan->in_type) {
    case CONV_U8:
        plan->rows->from_u8(first, (const uint8_t *)row + at, n);
        break;
    case CONV_U16:
        plan->rows->from_u16(first, (const uint16_t *)row + at, n);
        break;
    case CONV_F32:
        memcpy(first, (const float *)row + at, n * sizeof *first);
        break;
    }
    return run_points(worker, plan->points, 0, plan->point_count,
                      (conv_shape){pixels, 1, plan->in.channels}, first, out);
}

static void input_row(conv_worker *worker, int y, const row_sink *sink, int r) {
    const conv_plan *plan = worker->plan;
    const void *row = worker->source(worker->context, y);
    for (int x = 0; x < plan->in.width; x += plan->block) {
        const int left = plan->in.width - x, pixels = left < plan->block ? left : plan->block;
        float *to = sink_floats(sink, r, x, true);
        sink_put(sink, r, x, pixels, input_block(worker, row, x, pixels, to));
    }
}

/* Makes rows y..y+count-1 of `level`. */
static void make_rows(conv_worker *worker, int level, int y, int count, const row_sink *sink) {
    if (level > 0) {
        step_rows(worker, level - 1, y, count, sink);
        return;
    }
    for (int r = 0; r < count; r++) {
        input_row(worker, y + r, sink, r);
    }
}

/* Makes rows y..y+count-1 of a step's input. */
static void make_ring_rows(conv_worker *worker, int i, int y, int count, void *const *slots) {
    const plan_step *step = &worker->plan->steps[i];
    const row_sink sink = {.rows = (float *const *)slots,
                           .channels = (size_t)step->site.in.channels};
    if (!step->path->bytes) {
        make_rows(worker, i, y, count, &sink);
        return;
    }
    for (int k = 0; k < count; k++) {
        const size_t bytes = (size_t)step->site.in.width * (size_t)step->site.in.channels;
        const void *row = worker->source(worker->context, y + k);
        prefetch_later(row, 0, bytes, bytes);
        memcpy(slots[k], row, bytes);
    }
}

/* Makes the ring of step `i` hold the rows low..high, which are no more than fit. */
static void fill_ring(conv_worker *worker, int i, int low, int high) {
    const plan_step *step = &worker->plan->steps[i];
    ring *r = &worker->rings[i];
    if (low < r->first || low > r->next) { /* a new band, or a step back at a border */
        r->first = r->next = low;
    }
    while (r->next <= high) {
        /* Where wrapping comes round, the next rows aren't contiguous. */
        const int height = step->site.in.height;
        const int y = conv_border_index(CONV_WRAP, r->next, height);
        int count = high - r->next + 1 < PATH_MAX_BATCH ? high - r->next + 1 : PATH_MAX_BATCH;
        count = count < height - y ? count : height - y;
        if (r->lent) {
            r->lent[ring_slot_of(step, r->next)] = worker->source(worker->context, y);
            r->next++;
            continue;
        }
        void *slots[PATH_MAX_BATCH];
        for (int k = 0; k < count; k++) {
            slots[k] = ring_slot(r, step, r->next + k);
        }
        make_ring_rows(worker, i, y, count, slots);
        for (int k = 0; k < count; k++) {
            ring_fill_margins(step, slots[k]);
        }
        r->next += count;
    }
    if (r->first < r->next - step->ring_rows) {
        r->first = r->next - step->ring_rows;
    }
}

/* Points worker->in at the rows that the windows of output rows y..y+count-1 read. */
static void gather_rows(conv_worker *worker, int i, int y, int count) {
    const plan_step *step = &worker->plan->steps[i];
    const conv_window *w = &step->site.stage.window;
    const ring *r = &worker->rings[i];
    const int rows = (int)plan_window_rows(step, count);
    const int top = y * w->stride_y - w->top;
    int low = INT32_MAX, high = INT32_MIN;
    for (int k = 0; k < rows; k++) {
        const int at = plan_ring_row(step, top + k * w->dilation_y);
        if (at != PLAN_NO_ROW) {
            low = at < low ? at : low;
            high = at > high ? at : high;
        }
    }
    if (low <= high) {
        fill_ring(worker, i, low, high);
    }
    const void *outside =
        step->site.stage.op == CONV_POOL ? NULL : r->constant + step->start * step->sample;
    for (int k = 0; k < rows; k++) {
        const int at = plan_ring_row(step, top + k * w->dilation_y);
        worker->in[k] = at != PLAN_NO_ROW ? ring_row(r, step, at) : outside;
    }
}

/* One block of a batch, rounded by the path itself. */
static void direct_block(const plan_step *step, path_call *call, int x, int pixels, int first,
                         const row_sink *sink) {
    uint8_t *to[PATH_MAX_BATCH];
    const size_t channels = sink->channels, n = (size_t)pixels * channels;
    for (int r = 0; r < call->count; r++) {
        to[r] = (uint8_t *)sink->out + sink->stride * (size_t)(first + r) + (size_t)x * channels;
    }
    call->x = x;
    step->path->direct(call, n, to, sink->stats);
    sink->stats->samples += n * (size_t)call->count;
}

/* One block of a batch: the window, then the pointwise stages that follow it, into the sink. */
static void step_block(conv_worker *worker, const plan_step *step, path_call *call, int x,
                       int pixels, int first, const row_sink *sink) {
    float **made = worker->made;
    float *to[PATH_MAX_BATCH];
    for (int r = 0; r < call->count; r++) {
        float *place = step->point_count ? NULL : sink_floats(sink, first + r, x, step->site.exact);
        to[r] = place ? place : made[r];
    }
    call->x = x;
    window_run(step, call, pixels, to, worker->columns);
    for (int r = 0; r < call->count; r++) {
        const float *done = run_points(worker, step->points, 0, step->point_count,
                                       (conv_shape){pixels, 1, step->site.made.channels}, to[r],
                                       sink_floats(sink, first + r, x, true));
        sink_put(sink, first + r, x, pixels, done);
    }
}

/* How many rows from y on to make at once, at most `most`: no more than a batch, and not past the
 * end of a group of shared rows or a held block. */
static int batch_at(const plan_step *step, int y, int most) {
    int room = step->path->in_batches ? step->batch - y % step->batch : step->batch;
    if (step->site.align && step->site.align - y % step->site.align < room) {
        room = step->site.align - y % step->site.align;
    }
    return most < room ? most : room;
}

/* Makes the block of rows that row call->y lies in, unless it's held already; where blocks continue
 * the one before them, first those back to a start. */
static void hold_block(conv_worker *worker, int i, path_call *call) {
    const plan_step *step = &worker->plan->steps[i];
    const int align = step->site.align, restart = step->site.restart;
    const int wanted = call->y - call->y % align;
    ring *r = &worker->rings[i];
    int y = wanted;
    if (restart && r->held_first != wanted) {
        y -= y % restart;
        y = r->held_first >= y && r->held_first < wanted ? r->held_first + align : y;
    }
    for (; y <= wanted && r->held_first != wanted; y += align) {
        const int left = step->site.made.height - y;
        path_call whole = *call;
        whole.y = y;
        whole.count = left < align ? left : align;
        gather_rows(worker, i, y, whole.count);
        step->path->hold(&whole, r->held);
        r->held_first = y;
    }
    call->held = r->held;
}

static void step_rows(conv_worker *worker, int i, int y, int count, const row_sink *sink) {
    const conv_plan *plan = worker->plan;
    const plan_step *step = &plan->steps[i];
    path_call call = {.rows = plan->rows,
                      .site = &step->site,
                      .in = worker->in,
                      .scratch = worker->scratch,
                      .pointers = worker->pointers};
    for (int first = 0; first < count; first += call.count) {
        call.y = y + first;
        call.count = batch_at(step, call.y, count - first);
        if (step->site.align) {
            hold_block(worker, i, &call);
        }
        gather_rows(worker, i, call.y, call.count);
        for (int x = 0; x < step->site.made.width; x += step->site.block) {
            const int left = step->site.made.width - x,
                      pixels = left < step->site.block ? left : step->site.block;
            if (step->site.direct && !sink->rows && sink->alpha < 0 && !sink->measure) {
                direct_block(step, &call, x, pixels, first, sink);
            } else {
                step_block(worker, step, &call, x, pixels, first, sink);
            }
        }
    }
}

void conv_worker_run(conv_worker *worker, int first, int end, conv_source *source, void *context,
                     void *out, size_t out_stride, conv_stats *stats) {
    const conv_plan *plan = worker->plan;
    const int batch = plan->step_count ? plan->steps[plan->step_count - 1].batch : 1;
    worker->source = source;
    worker->context = context;
    if (plan_reads_in_place(plan)) { /* the last run's rows may be gone */
        worker->rings[0].first = worker->rings[0].next = 0;
    }
    row_sink sink = {.channels = (size_t)plan->out.channels,
                     .plan = plan,
                     .out = out,
                     .stride = out_stride,
                     .alpha = worker->alpha,
                     .measure = worker->measure,
                     .spare = worker->columns[0],
                     .stats = stats};
    for (int y = first; y < end; y += batch) {
        const int count = end - y < batch ? end - y : batch;
        make_rows(worker, plan->step_count, y, count, &sink);
        sink.out += out_stride * (size_t)count;
    }
    if (plan->stream) {
        atomic_thread_fence(memory_order_seq_cst); /* see rows_table.stream */
    }
}
