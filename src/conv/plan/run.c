/* Runs a plan on bands of rows: pulls each step's input rows into its ring, as the step needs them.
 * Rows are made in batches, and batches in blocks of columns, so that floats between two steps of
 * the work stay in the caches. */
#include <stdatomic.h>

#include "conv/plan/input.h"
#include "conv/plan/interval.h"
#include "conv/plan/points.h"
#include "conv/plan/window.h"

/* ---- rows, level by level: level 0 is the input, level i + 1 what step i makes ---- */

static void step_rows(conv_worker *worker, int i, int y, int count, const row_sink *sink);

/* Makes rows y..y+count-1 of `level`. */
static void make_rows(conv_worker *worker, int level, int y, int count, const row_sink *sink) {
    if (level > 0) {
        step_rows(worker, level - 1, y, count, sink);
        return;
    }
    input_rows(worker, y, count, sink);
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
    input_bytes(worker, y, count, slots);
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
            r->lent[ring_slot_of(step, r->next)] = input_row(worker, y);
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
    int rows;
    const int top = plan_window_top(step, y, count, &rows);
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
        const float *done = points_run_all(worker->plan->rows, step->points, 0, step->point_count,
                                           (conv_shape){pixels, 1, step->site.made.channels}, to[r],
                                           sink_floats(sink, first + r, x, true), worker->points);
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
    if (plan->stream && stats) {
        atomic_thread_fence(memory_order_seq_cst); /* see rows_table.stream */
    }
}
