#include "flow/cascade.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/clock.h"
#include "base/minmax.h"
#include "flow/strip.h"

/* Rows that a slice makes at once, at least: the most that a path makes together. */
enum { CHUNK = 16 };

typedef struct slice {
    conv_plan *plan;
    conv_worker *worker; /* NULL until it runs */
    int end;             /* stages of the cascade up to here */
    int chunk;
    flow_strip in;
} slice;

/* Rows of the input that are watched, as they are or cropped. They are made beside the slices: the
 * first window may need the input's own bytes. */
typedef struct head {
    conv_plan *plan;
    conv_worker *worker; /* NULL until there is a row */
    int place;
    int top; /* the input's row that is the first here */
} head;

struct flow_cascade {
    flow_cascade_of of;
    slice *slices;
    int count;
    head *heads;
    int head_count;
    float *seen; /* one row of theirs */
    size_t bytes;
    double reading; /* seconds */
};

/* ---- where it's cut ---- */

/* The place of a watch among the stages here, from 0; -1: it's elsewhere. */
static int place_of(const flow_cascade_of *of, const flow_watch *watch) {
    const int at = watch->after - of->base;
    return at < (of->begun ? 1 : 0) || at > of->count ? -1 : at;
}

static bool is_watched(const flow_cascade_of *of, int place) {
    for (int i = 0; i < of->watch_count; i++) {
        if (place_of(of, &of->watches[i]) == place) {
            return true;
        }
    }
    return false;
}

bool flow_cascade_wanted(const flow_cascade_of *of) {
    for (int i = 0; i < of->watch_count; i++) {
        if (place_of(of, &of->watches[i]) >= 0) {
            return true;
        }
    }
    return false;
}

/* Appends the slice of stages first..end-1. */
static bool add_slice(flow_cascade *c, int first, int end, conv_shape in, bool last,
                      ct_error *err) {
    const flow_cascade_of *of = &c->of;
    slice *s = &c->slices[c->count++];
    const conv_slice stages = {of->stages, of->count, of->in_type, first, end};
    s->end = end;
    s->plan = conv_plan_new_slice(&stages, in, last ? of->out_type : CONV_F32, err);
    if (!s->plan) {
        return false;
    }
    const int unit = conv_plan_unit(s->plan);
    s->chunk = ct_div_up(CHUNK, unit) * unit;
    s->in.shape = in;
    s->in.row_bytes = conv_row_bytes(in, conv_plan_in_type(s->plan));
    return true;
}

/* How many crops the chain begins with. */
static int crops_of(const flow_cascade_of *of) {
    int crops = 0;
    while (crops < of->count && of->stages[crops].op == CONV_CROP) {
        crops++;
    }
    return crops;
}

static bool add_heads(flow_cascade *c, ct_error *err) {
    const int crops = crops_of(&c->of);
    for (int place = 0; place <= crops; place++) {
        if (!is_watched(&c->of, place)) {
            continue;
        }
        head *h = &c->heads[c->head_count++];
        int end;
        h->place = place;
        h->plan = conv_plan_new(c->of.stages, place, c->of.in, c->of.in_type, CONV_F32, err);
        if (!h->plan) {
            return false;
        }
        conv_plan_rows(h->plan, 0, 1, &h->top, &end);
    }
    return true;
}

/* A slice ends at each watched place behind the heads'; where that is the last one, another slice
 * rounds. */
static bool add_slices(flow_cascade *c, ct_error *err) {
    const flow_cascade_of *of = &c->of;
    conv_shape in = of->in;
    int first = 0;
    for (int end = crops_of(of) + 1; end <= of->count; end++) {
        if (!is_watched(of, end)) {
            continue;
        }
        if (!add_slice(c, first, end, in, false, err)) {
            return false;
        }
        in = conv_plan_out(c->slices[c->count - 1].plan);
        first = end;
    }
    return add_slice(c, first, of->count, in, true, err);
}

/* ---- memory ---- */

/* The rows that a slice's window has room for at most, if it's asked for rows in chunks. */
static int window_rows(const flow_cascade *c, int i) {
    const slice *s = &c->slices[i];
    const int height = conv_plan_out(s->plan).height;
    const int made = i > 0 ? c->slices[i - 1].chunk : 1;
    int most = 0;
    for (int y = 0; y < height; y += s->chunk) {
        int first, end, kept, last;
        conv_plan_rows(s->plan, y, ct_min(y + s->chunk, height), &first, &end);
        conv_plan_rows(s->plan, y, height, &kept, &last);
        most = ct_max(most, end - kept);
    }
    return flow_strip_capacity(most + made);
}

static size_t find_bytes(const flow_cascade *c) {
    size_t bytes = 0;
    bool ok = true;
    for (int i = 0; ok && i < c->count; i++) {
        const flow_strip *in = &c->slices[i].in;
        size_t rows = 0;
        ok = ct_add(bytes, conv_plan_worker_size(c->slices[i].plan), &bytes) &&
             (i == 0 && !c->of.reader ? true
                                      : ct_mul((size_t)window_rows(c, i), in->row_bytes, &rows)) &&
             ct_add(bytes, rows, &bytes);
    }
    for (int i = 0; ok && i < c->head_count; i++) {
        ok = ct_add(bytes, conv_plan_worker_size(c->heads[i].plan), &bytes);
    }
    ok = ok && ct_add(bytes, conv_row_bytes(c->of.in, CONV_F32), &bytes);
    return ok ? bytes : SIZE_MAX;
}

double flow_cascade_reading(const flow_cascade *c) {
    return c->reading;
}

size_t flow_cascade_bytes(const flow_cascade *c) {
    return c->bytes;
}

flow_cascade *flow_cascade_new(const flow_cascade_of *of, ct_error *err) {
    flow_cascade *c = calloc(1, sizeof *c);
    if (c) {
        c->of = *of;
        c->slices = calloc((size_t)of->count + 1, sizeof *c->slices);
        c->heads = calloc((size_t)of->count + 1, sizeof *c->heads);
    }
    if (!c || !c->slices || !c->heads) {
        ct_fail(err, "out of memory");
        flow_cascade_free(c);
        return NULL;
    }
    if (!add_slices(c, err) || !add_heads(c, err)) {
        flow_cascade_free(c);
        return NULL;
    }
    c->bytes = find_bytes(c);
    return c;
}

void flow_cascade_free(flow_cascade *c) {
    if (!c) {
        return;
    }
    for (int i = 0; i < c->head_count; i++) {
        conv_worker_free(c->heads[i].worker);
        conv_plan_free(c->heads[i].plan);
    }
    for (int i = 0; i < c->count; i++) {
        conv_worker_free(c->slices[i].worker);
        conv_plan_free(c->slices[i].plan);
        flow_strip_free(&c->slices[i].in);
    }
    free(c->heads);
    free(c->seen);
    free(c->slices);
    free(c);
}

/* ---- rows ---- */

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
        if (place_of(&c->of, watch) == place &&
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
        head *h = &c->heads[i];
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
    const slice *before = &c->slices[i - 1];
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
    slice *s = &c->slices[i];
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
    slice *s = &c->slices[i];
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
