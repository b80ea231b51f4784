/* Cuts the stages of a pass where somebody looks. */

#include <stdlib.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "flow/cascade_state.h"

/* Rows that a slice makes at once, at least: the most that a path makes together. */
enum { CHUNK = 16 };

/* ---- where it's cut ---- */

static bool is_watched(const flow_cascade_of *of, int place) {
    for (int i = 0; i < of->watch_count; i++) {
        if (cascade_place(of, &of->watches[i]) == place) {
            return true;
        }
    }
    return false;
}

bool flow_cascade_wanted(const flow_cascade_of *of) {
    for (int i = 0; i < of->watch_count; i++) {
        if (cascade_place(of, &of->watches[i]) >= 0) {
            return true;
        }
    }
    return false;
}

/* Appends the slice of stages first..end-1. */
static bool add_slice(flow_cascade *c, int first, int end, conv_shape in, bool last,
                      ct_error *err) {
    const flow_cascade_of *of = &c->of;
    cascade_slice *s = &c->slices[c->count++];
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
        cascade_head *h = &c->heads[c->head_count++];
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
    const cascade_slice *s = &c->slices[i];
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
