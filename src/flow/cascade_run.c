/* Rows go down the slices of a cascade as they are asked for. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/minmax.h"
#include "flow/cascade_state.h"

static const void *strip_source(void *context, int y) {
    return flow_strip_row(context, y);
}

static const void *image_source(void *context, int y) {
    const flow_cascade_of *of = context;
    return of->rows + (size_t)y * of->stride;
}

/* Shows rows to whoever watches that place. */
static bool show(const flow_cascade *c, int place, int y, int count, const float *rows,
                 size_t stride, ct_error *err) {
    for (int i = 0; i < c->of.watch_count; i++) {
        const flow_watch *watch = &c->of.watches[i];
        if (cascade_place(&c->of, watch) == place &&
            !watch->see(watch->context, y, count, rows, stride, err)) {
            return false;
        }
    }
    return true;
}

static const void *same_row(void *row, int y) {
    (void)y;
    return row;
}

/* Shows a row of the input where it's watched. */
static bool show_input(flow_cascade *c, int y, const void *row, ct_error *err) {
    conv_stats unused;
    conv_stats_none(&unused);
    for (int i = 0; i < c->head_count; i++) {
        cascade_head *h = &c->heads[i];
        const conv_shape shape = conv_plan_out(h->plan);
        const size_t bytes = conv_row_bytes(shape, CONV_F32);
        if (y < h->top || y - h->top >= shape.height) {
            continue;
        }
        h->worker = h->worker ? h->worker : conv_worker_new(h->plan, -1);
        c->seen = c->seen ? c->seen : malloc(conv_row_bytes(c->of.in, CONV_F32));
        if (!h->worker || !c->seen) {
            return ct_fail(err, "out of memory");
        }
        conv_worker_run(h->worker, y - h->top, y - h->top + 1, same_row, (void *)(uintptr_t)row,
                        c->seen, bytes, &unused);
        if (!show(c, h->place, y - h->top, 1, c->seen, bytes, err)) {
            return false;
        }
    }
    return true;
}

/* Reads, or only shows, the input's rows before `end`. */
static bool read_rows(flow_cascade *c, int end, ct_error *err) {
    flow_strip *w = &c->slices[0].in;
    for (; w->next < end; w->next++) {
        const char *row = c->of.rows ? image_source(&c->of, w->next) : NULL;
        if (c->of.reader) {
            if (!flow_strip_room(w, 1, err)) {
                return false;
            }
            const double start = c->of.timed ? ct_clock_thread() : 0;
            char *to = flow_strip_row(w, w->next);
            if (!codec_read_row(c->of.reader, to, err)) {
                return false;
            }
            c->reading += c->of.timed ? ct_clock_thread() - start : 0;
            row = to;
        }
        if (!show_input(c, w->next, row, err)) {
            return false;
        }
    }
    return true;
}

static bool run_slice(flow_cascade *c, int i, int first, int end, void *out, size_t stride,
                      conv_stats *stats, ct_error *err);

/* Makes the rows before `end` of what slice i reads. */
static bool fill(flow_cascade *c, int i, int end, ct_error *err) {
    if (i == 0) {
        return read_rows(c, end, err);
    }
    flow_strip *w = &c->slices[i].in;
    const cascade_slice *before = &c->slices[i - 1];
    conv_stats unused;
    conv_stats_none(&unused);
    while (w->next < end) {
        const int y = w->next, to = ct_min(y + before->chunk, w->shape.height);
        if (!flow_strip_room(w, to - y, err) ||
            !run_slice(c, i - 1, y, to, flow_strip_row(w, y), w->row_bytes, &unused, err)) {
            return false;
        }
        w->next = to;
        if (!show(c, before->end, y, to - y, (const float *)(const void *)flow_strip_row(w, y),
                  w->row_bytes, err)) {
            return false;
        }
    }
    return true;
}

static bool start_worker(flow_cascade *c, int i, ct_error *err) {
    cascade_slice *s = &c->slices[i];
    const bool last = i == c->count - 1;
    if (s->worker) {
        return true;
    }
    s->worker = conv_worker_new(s->plan, last ? c->of.alpha : -1);
    if (!s->worker) {
        return ct_fail(err, "out of memory");
    }
    if (last && c->of.measure) {
        conv_worker_measure(s->worker);
    }
    return true;
}

/* Makes rows first..end-1 of slice i, from those that it reads. */
static bool run_slice(flow_cascade *c, int i, int first, int end, void *out, size_t stride,
                      conv_stats *stats, ct_error *err) {
    cascade_slice *s = &c->slices[i];
    const bool image = i == 0 && !c->of.reader;
    int from, to, last;
    /* No row before what this and all later rows need. */
    conv_plan_rows(s->plan, first, conv_plan_out(s->plan).height, &from, &last);
    s->in.keep = from;
    conv_plan_rows(s->plan, first, end, &from, &to);
    if (!fill(c, i, to, err) || !start_worker(c, i, err)) {
        return false;
    }
    conv_worker_run(s->worker, first, end, image ? image_source : strip_source,
                    image ? (void *)&c->of : (void *)&s->in, out, stride, stats);
    return true;
}

bool flow_cascade_run(flow_cascade *c, int first, int end, void *out, size_t stride,
                      conv_stats *stats, ct_error *err) {
    const int i = c->count - 1, chunk = c->slices[i].chunk;
    for (int y = first; y < end;) {
        const int to = ct_min((y / chunk + 1) * chunk, end);
        if (!run_slice(c, i, y, to, (char *)out + (size_t)(y - first) * stride, stride, stats,
                       err)) {
            return false;
        }
        y = to;
    }
    return true;
}

bool flow_cascade_finish(flow_cascade *c, ct_error *err) {
    for (int i = 0; i < c->count; i++) {
        c->slices[i].in.keep = INT32_MAX;
    }
    for (int i = 0; i < c->count; i++) {
        if (!fill(c, i, c->slices[i].in.shape.height, err)) {
            return false;
        }
    }
    return true;
}
