/* Rows through a graph. The output is made in blocks of some rows. For each block a pass from the
 * last step to the first finds the rows that each value must have, and those that can go; a pass
 * from the first to the last makes some rows of each, as far as those that they are made of are
 * there. Passes follow until the block is done: mostly two are enough, but where an image begins,
 * the first steps are ahead by what the windows of all others reach down. So a value's ring holds
 * no more than the rows that its windows see, and some new ones; where a branch is ahead of the
 * other, its rows wait there until the join has used them. */
#include "net/plan/stream_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/clock.h"
#include "base/minmax.h"

/* ---- rings ---- */

static bool ring_bytes(const net_ring *r, int room, size_t *bytes) {
    return ct_mul((size_t)room, r->stride * sizeof(float), bytes) && *bytes < SIZE_MAX / 2;
}

/* Makes room for so many rows; those that are there stay. `dry`: only counts. */
static bool widen(net_ring *r, int rows, bool dry, ct_error *err) {
    if (rows <= r->room && (r->rows || dry)) {
        return true;
    }
    const int room = ct_max(rows, r->room), before = r->room;
    size_t bytes;
    r->room = room;
    if (dry) {
        return true;
    }
    float *wider =
        ring_bytes(r, room, &bytes) ? aligned_alloc(64, ct_round_up(bytes + NET_SLACK, 64)) : NULL;
    if (!wider) {
        r->room = before;
        return ct_fail(err, "out of memory");
    }
    for (int y = r->low; r->rows && y < r->end; y++) {
        memcpy(wider + (size_t)(y % room) * r->stride, r->rows + (size_t)(y % before) * r->stride,
               r->stride * sizeof(float));
    }
    free(r->rows);
    r->rows = wider;
    return true;
}

/* ---- rows that are needed ---- */

/* The next row of a value to be made: behind those that are there, or the first one wanted. */
static int next_row(const net_ring *r) {
    return r->low <= r->keep && r->keep <= r->end ? r->end : r->keep;
}

/* Finds what each value must have for the output rows [first, end), and in its ring. */
void net_stream_needs(net_stream *s, int first, int end) {
    const net_plan *plan = s->plan;
    for (int v = 0; v < plan->value_count; v++) {
        s->rings[v].keep = INT32_MAX;
        s->rings[v].need = 0;
    }
    s->rings[s->output].keep = first;
    s->rings[s->output].need = end;
    for (int i = plan->step_count; i-- > 0;) {
        const net_rows *rows = plan->steps[i].rows;
        if (!rows) {
            continue;
        }
        const net_ring *made = &s->rings[plan->steps[i].node->outputs[0]];
        const int next = made->keep < INT32_MAX ? next_row(made) : INT32_MAX;
        for (int k = 0; next < rows->out.height && k < rows->source_count; k++) {
            net_ring *source = &s->rings[s->sources[i * NET_MOST_SOURCES + k]];
            int from, to;
            rows->reach(rows, k, next, ct_max(next + 1, made->need), &from, &to);
            source->keep = ct_min(source->keep, from);
            source->need = made->need > next ? ct_max(source->need, to) : source->need;
        }
    }
}

/* ---- rows that are made ---- */

const void *net_ring_row(void *context, int y) {
    const net_ring *r = context;
    return r->rows + (size_t)(y % r->room) * r->stride;
}

typedef struct share {
    net_stream *s;
    int step, from, to, parts;
} share;

/* Rows that are made again aren't seen again. */
static void show(net_stream *s, int i, int from, int to, const float *rows, size_t stride,
                 double seconds) {
    const net_plan *plan = s->plan;
    const net_tensor *made = &plan->tensors[plan->steps[i].node->outputs[0]];
    const conv_shape *out = &plan->steps[i].rows->out;
    net_seen seen = {
        .step = plan->steps[i].told, .type = made->type, .shape = made->shape, .seconds = seconds};
    s->watch.see(s->watch.context, &seen);
    seen.seconds = 0;
    seen.count = (size_t)out->width * (size_t)out->channels;
    for (int y = ct_max(from, s->shown[i]); y < to; y++) {
        seen.data = rows + (size_t)(y - from) * stride;
        s->watch.see(s->watch.context, &seen);
    }
    s->shown[i] = ct_max(s->shown[i], to);
}

/* Makes the rows [from, to), which don't come round in the ring of the last step: those of the step
 * that carries it first, and so on. */
static void run_step(const share *of, int i, int thread, int from, int to, float *out) {
    net_stream *s = of->s;
    const net_rows *rows = s->plan->steps[i].rows;
    net_ring *last = &s->rings[s->plan->steps[of->step].node->outputs[0]];
    net_source in[NET_MOST_SOURCES];
    if (s->carrier[i] >= 0) {
        run_step(of, s->carrier[i], thread, from, to, out);
    }
    for (int k = 0; k < rows->source_count; k++) {
        const int v = s->sources[i * NET_MOST_SOURCES + k];
        in[k] = v == s->input             ? (net_source){s->row, s->context}
                : net_is_carried(s, i, v) ? (net_source){net_ring_row, last}
                                          : (net_source){net_ring_row, &s->rings[v]};
    }
    const double before = s->watch.see ? ct_clock() : 0;
    rows->run(rows, s->workers[i * s->threads + thread], from, to, in, out, last->stride);
    if (s->watch.see) {
        show(s, i, from, to, out, last->stride, ct_clock() - before);
    }
}

/* One thread's rows, up to where they come round in the ring. */
static void make_share(void *argument, int i) {
    const share *of = argument;
    const net_ring *r = &of->s->rings[of->s->plan->steps[of->step].node->outputs[0]];
    const int count = of->to - of->from;
    const int last = of->from + (int)((int64_t)count * (i + 1) / of->parts);
    int from = of->from + (int)((int64_t)count * i / of->parts);
    while (from < last) {
        const int slot = from % r->room;
        const int end = ct_min(last, from + r->room - slot);
        run_step(of, of->step, i, from, end, r->rows + (size_t)slot * r->stride);
        from = end;
    }
}

/* So many floats are worth a thread. */
enum { WORTH_A_THREAD = 1 << 14 };

static void make_rows(net_stream *s, int i, int from, int to) {
    const net_ring *r = &s->rings[s->plan->steps[i].node->outputs[0]];
    share of = {.s = s, .step = i, .from = from, .to = to};
    const size_t worth = (size_t)(to - from) * r->stride / WORTH_A_THREAD;
    const int threads = s->watch.see ? 1 : s->threads; /* whoever watches sees one at a time */
    of.parts = (int)ct_min_size((size_t)ct_min(threads, to - from), worth + 1);
    net_each(s->team, of.parts, make_share, &of);
}

/* Whether the rows [from, to) of a step, and of what carries it, can be made of what is there. */
static bool has_sources(const net_stream *s, int i, int from, int to) {
    const net_rows *rows = s->plan->steps[i].rows;
    for (int k = 0; k < rows->source_count; k++) {
        const int v = s->sources[i * NET_MOST_SOURCES + k];
        int low, high;
        rows->reach(rows, k, from, to, &low, &high);
        if (v != s->input && low < high && s->rings[v].end < high && !net_is_carried(s, i, v)) {
            return false;
        }
    }
    return s->carrier[i] < 0 || has_sources(s, s->carrier[i], from, to);
}

/* The last row up to which that holds, `from` where it holds for none; more rows never need less.
 */
static int last_with_sources(const net_stream *s, int i, int from, int most) {
    if (most > from && has_sources(s, i, from, most)) {
        return most;
    }
    int has = from, lacks = most;
    while (lacks - has > 1) {
        const int middle = has + (lacks - has) / 2;
        *(has_sources(s, i, from, middle) ? &has : &lacks) = middle;
    }
    return has;
}

/* Makes what can be made of a step's rows, at most so many as its ring is for. */
static bool advance(net_stream *s, int i, ct_error *err) {
    net_ring *r = &s->rings[s->plan->steps[i].node->outputs[0]];
    if (r->keep == INT32_MAX || next_row(r) >= r->need) {
        return true;
    }
    const int from = next_row(r);
    const int to = last_with_sources(s, i, from, ct_min(r->need, from + r->most));
    if (to == from) {
        return true;
    }
    if (from != r->end) {
        r->end = from; /* nothing of it is there */
    }
    r->low = ct_min(r->keep, from);
    if (!widen(r, to - r->low, s->dry, err)) {
        return false;
    }
    if (!s->dry) {
        make_rows(s, i, from, to);
    }
    r->end = to;
    for (int k = s->carrier[i]; k >= 0; k = s->carrier[k]) { /* its rows are the same, and gone */
        net_ring *carried = &s->rings[s->plan->steps[k].node->outputs[0]];
        carried->low = carried->end = to;
    }
    return true;
}

bool net_stream_make(net_stream *s, int first, int end, ct_error *err) {
    const net_ring *last = &s->rings[s->output];
    do {
        if (s->dry && (s->visits += s->plan->step_count) > NET_MOST_VISITS) {
            return true;
        }
        net_stream_needs(s, first, end);
        for (int i = 0; i < s->plan->step_count; i++) {
            if (s->plan->steps[i].rows && !s->carries[i] && !advance(s, i, err)) {
                return false;
            }
        }
    } while (last->end < end || last->low > first);
    return true;
}

void net_stream_rewind(net_stream *s) {
    s->next = -1;
    for (int v = 0; v < s->plan->value_count; v++) {
        s->rings[v].low = s->rings[v].end = 0;
    }
}
