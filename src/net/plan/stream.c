/* Rows through a graph. The output is made in blocks of some rows. For each block one pass, from
 * the last step to the first, finds the rows that each value must have; a second one, from the
 * first to the last, makes those that aren't there yet. A value's rows lie in a ring; where a
 * branch is ahead of the other, its rows wait there until the join has used them. */
#include "net/stream.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/clock.h"
#include "base/minmax.h"
#include "net/plan/plan.h"

/* Rows [low, end) of a value are there, row y at y % room. */
typedef struct ring {
    float *rows;
    int room;
    size_t stride;
    int low, end;           /* what is there */
    int need_low, need_end; /* what the block needs */
} ring;

struct net_stream {
    const net_plan *plan;
    ring *rings;    /* of each value */
    void **workers; /* of each step */
    int block;      /* output rows made at once */
    int next;       /* the output row behind the last one made; -1: none */
    int input, output;
    int input_height;
    conv_source *row; /* of the input */
    void *context;
    net_watch watch; /* see NULL: nobody watches */
    int *shown;      /* of each step: the rows that were seen */
};

/* ---- which plans can be streamed ---- */

static bool is_turn(const net_step *step) {
    return !step->rows && step->node->op->rows == NULL && step->node->op->name[0] == '(';
}

/* The value that a turning step was made of, or the value itself. */
static int before_turn(const net_plan *plan, int value) {
    for (int i = 0; i < plan->step_count; i++) {
        if (is_turn(&plan->steps[i]) && plan->steps[i].node->outputs[0] == value) {
            return plan->steps[i].node->inputs[0];
        }
    }
    return value;
}

bool net_plan_is_local(const net_plan *plan, conv_shape *in, conv_shape *out, ct_error *err) {
    if (plan->input_count != 1 || plan->output_count != 1) {
        return ct_fail(err, "it has %s and %s, and a picture goes through one of each",
                       ct_count((uint64_t)plan->input_count, "input").text,
                       ct_count((uint64_t)plan->output_count, "output").text);
    }
    for (int i = 0; i < plan->step_count; i++) {
        const net_step *step = &plan->steps[i];
        if (!step->rows && !is_turn(step)) {
            return ct_fail(err, "node '%s' (%s) needs more than some rows of its input",
                           step->node->name, step->node->type);
        }
    }
    const net_tensor *first = &plan->tensors[plan->inputs[0]];
    const net_tensor *last = &plan->tensors[plan->outputs[0]];
    return (first->type == NET_FLOAT && last->type == NET_FLOAT &&
            net_image_shape(&first->shape, in) && net_image_shape(&last->shape, out)) ||
           ct_fail(err, "its input and output aren't one image of floats each");
}

/* ---- rings ---- */

static const void *ring_row(void *context, int y) {
    const ring *r = context;
    return r->rows + (size_t)(y % r->room) * r->stride;
}

/* Makes room for so many rows; those that are there stay. */
static bool widen(ring *r, int rows, ct_error *err) {
    if (rows <= r->room) {
        return true;
    }
    size_t bytes;
    const int room = rows + rows / 4;
    float *wider = NULL;
    if (ct_mul((size_t)room, r->stride * sizeof(float), &bytes)) {
        wider = aligned_alloc(64, ct_round_up(bytes + 512, 64));
    }
    if (!wider) {
        return ct_fail(err, "out of memory");
    }
    for (int y = r->low; y < r->end; y++) {
        memcpy(wider + (size_t)(y % room) * r->stride, ring_row(r, y), r->stride * sizeof(float));
    }
    free(r->rows);
    r->rows = wider;
    r->room = room;
    return true;
}

/* ---- needs ---- */

static void need(ring *r, int from, int to) {
    if (from < to) {
        r->need_low = r->need_low < r->need_end ? ct_min(r->need_low, from) : from;
        r->need_end = ct_max(r->need_end, to);
    }
}

/* The rows of a value that are still to be made for the block. */
static int first_to_make(const ring *r) {
    return r->end > r->need_low && r->low <= r->need_low ? r->end : r->need_low;
}

/* Finds what each value must have for output rows [first, end). */
static void find_needs(net_stream *s, int first, int end) {
    const net_plan *plan = s->plan;
    for (int v = 0; v < plan->value_count; v++) {
        s->rings[v].need_low = s->rings[v].need_end = 0;
    }
    need(&s->rings[s->output], first, end);
    for (int i = plan->step_count; i-- > 0;) {
        const net_step *step = &plan->steps[i];
        if (!step->rows) {
            continue;
        }
        const ring *made = &s->rings[step->node->outputs[0]];
        const int from = first_to_make(made);
        for (int k = 0; from < made->need_end && k < step->rows->source_count; k++) {
            int low, high;
            step->rows->reach(step->rows, k, from, made->need_end, &low, &high);
            need(&s->rings[before_turn(plan, step->node->inputs[step->rows->source[k]])], low,
                 high);
        }
    }
}

/* ---- the run ---- */

static net_source source_of(net_stream *s, int value) {
    const int v = before_turn(s->plan, value);
    return v == s->input ? (net_source){s->row, s->context} : (net_source){ring_row, &s->rings[v]};
}

/* Makes the rows [from, to) of a step, where they don't come round in its ring. */
static void make_rows(net_stream *s, int i, int from, int to) {
    const net_step *step = &s->plan->steps[i];
    ring *r = &s->rings[step->node->outputs[0]];
    net_source in[NET_MOST_SOURCES];
    for (int k = 0; k < step->rows->source_count; k++) {
        in[k] = source_of(s, step->node->inputs[step->rows->source[k]]);
    }
    while (from < to) {
        const int slot = from % r->room;
        const int end = ct_min(to, from + r->room - slot);
        step->rows->run(step->rows, s->workers[i], from, end, in,
                        r->rows + (size_t)slot * r->stride, r->stride);
        from = end;
    }
}

/* The same, watched. Rows that are made again aren't seen again. */
static void make_rows_watched(net_stream *s, int i, int from, int to) {
    const net_plan *plan = s->plan;
    const net_node *node = plan->steps[i].node;
    const net_tensor *made = &plan->tensors[node->outputs[0]];
    ring *r = &s->rings[node->outputs[0]];
    const double before = ct_clock();
    make_rows(s, i, from, to);
    net_seen seen = {.type = made->type, .shape = made->shape, .seconds = ct_clock() - before};
    for (int k = 0; k < i; k++) {
        seen.step += net_step_is_told(&plan->steps[k]);
    }
    s->watch.see(s->watch.context, &seen);
    seen.seconds = 0;
    seen.count = r->stride;
    for (int y = ct_max(from, s->shown[i]); y < to; y++) {
        seen.data = ring_row(r, y);
        s->watch.see(s->watch.context, &seen);
    }
    s->shown[i] = ct_max(s->shown[i], to);
}

static bool make_block(net_stream *s, int first, int end, ct_error *err) {
    const net_plan *plan = s->plan;
    find_needs(s, first, end);
    for (int i = 0; i < plan->step_count; i++) {
        const net_step *step = &plan->steps[i];
        ring *r = step->rows ? &s->rings[step->node->outputs[0]] : NULL;
        const int from = r ? first_to_make(r) : 0;
        if (!r || from >= r->need_end) {
            continue;
        }
        if (from == r->need_low) {
            r->low = r->end = from; /* nothing of it is there */
        }
        r->low = ct_max(r->low, r->need_low);
        if (!widen(r, r->need_end - r->low, err)) {
            return false;
        }
        (s->watch.see ? make_rows_watched : make_rows)(s, i, from, r->need_end);
        r->end = r->need_end;
    }
    return true;
}

bool net_stream_run(net_stream *s, int first, int end, conv_source *row, void *context, float *out,
                    size_t stride, ct_error *err) {
    if (first != s->next) {
        net_stream_restart(s);
    }
    s->row = row;
    s->context = context;
    const ring *last = &s->rings[s->output];
    for (int y = first; y < end;) {
        const int to = ct_min(end, y + s->block);
        if (s->output != s->input && !make_block(s, y, to, err)) {
            return false;
        }
        for (; y < to; y++, out += stride) {
            memcpy(out, s->output == s->input ? row(context, y) : ring_row((void *)last, y),
                   last->stride * sizeof *out);
        }
    }
    s->next = end;
    return true;
}

void net_stream_reach(net_stream *s, int first, int end, int *from, int *to) {
    net_stream_restart(s);
    if (s->output == s->input) {
        *from = first;
        *to = end;
        return;
    }
    find_needs(s, first, end);
    *from = s->rings[s->input].need_low;
    *to = s->rings[s->input].need_end;
}

void net_stream_watch(net_stream *s, const net_watch *watch) {
    s->watch = watch ? *watch : (net_watch){.see = NULL};
    memset(s->shown, 0, (size_t)s->plan->step_count * sizeof *s->shown);
}

void net_stream_restart(net_stream *s) {
    s->next = -1;
    for (int v = 0; v < s->plan->value_count; v++) {
        s->rings[v].low = s->rings[v].end = 0;
    }
}

/* ---- memory ---- */

/* Rows of about so many bytes are made at once, of the widest value. */
enum { BLOCK_BYTES = 1 << 20, LEAST_BLOCK = 4, MOST_BLOCK = 32 };

static bool begin(net_stream *s, ct_error *err) {
    const net_plan *plan = s->plan;
    conv_shape in, out;
    if (!net_plan_is_local(plan, &in, &out, err)) {
        return false;
    }
    s->input = plan->inputs[0];
    s->output = before_turn(plan, plan->outputs[0]);
    s->output = before_turn(plan, s->output); /* an input that was turned and turned back */
    s->rings = calloc((size_t)plan->value_count + 1, sizeof *s->rings);
    s->workers = calloc((size_t)plan->step_count + 1, sizeof *s->workers);
    s->shown = calloc((size_t)plan->step_count + 1, sizeof *s->shown);
    if (!s->rings || !s->workers || !s->shown) {
        return ct_fail(err, "out of memory");
    }
    size_t widest = 1;
    s->rings[s->input].stride = (size_t)in.width * (size_t)in.channels;
    for (int i = 0; i < plan->step_count; i++) {
        const net_rows *rows = plan->steps[i].rows;
        if (!rows) {
            continue;
        }
        ring *r = &s->rings[plan->steps[i].node->outputs[0]];
        r->stride = (size_t)rows->out.width * (size_t)rows->out.channels;
        widest = ct_max_size(widest, r->stride * sizeof(float));
        s->workers[i] = rows->enter ? rows->enter(rows) : NULL;
        if (rows->enter && !s->workers[i]) {
            return ct_fail(err, "out of memory");
        }
    }
    s->block =
        ct_clamp((int)ct_min_size(BLOCK_BYTES / widest, MOST_BLOCK), LEAST_BLOCK, MOST_BLOCK);
    net_stream_restart(s);
    return true;
}

net_stream *net_stream_new(const net_plan *plan, ct_error *err) {
    net_stream *s = calloc(1, sizeof *s);
    if (!s) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    s->plan = plan;
    if (!begin(s, err)) {
        net_stream_free(s);
        return NULL;
    }
    return s;
}

void net_stream_free(net_stream *s) {
    if (!s) {
        return;
    }
    for (int i = 0; s->workers && i < s->plan->step_count; i++) {
        if (s->workers[i]) {
            s->plan->steps[i].rows->leave(s->workers[i]);
        }
    }
    for (int v = 0; s->rings && v < s->plan->value_count; v++) {
        free(s->rings[v].rows);
    }
    free(s->workers);
    free(s->rings);
    free(s->shown);
    free(s);
}

size_t net_stream_bytes(const net_stream *s) {
    size_t bytes = 0;
    for (int v = 0; v < s->plan->value_count; v++) {
        bytes += (size_t)s->rings[v].room * s->rings[v].stride * sizeof(float);
    }
    for (int i = 0; i < s->plan->step_count; i++) {
        bytes += s->plan->steps[i].rows ? s->plan->steps[i].rows->worker_bytes : 0;
    }
    return bytes;
}
