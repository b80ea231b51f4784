/* Streams: which plans they can run, and how many rows of each value they hold. */
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "net/plan/stream_rows.h"

/* ---- which plans can be streamed ---- */

bool net_plan_is_local(const net_plan *plan, conv_shape *in, conv_shape *out, ct_error *err) {
    if (plan->input_count != 1 || plan->output_count != 1) {
        return ct_fail(err, "it has %s and %s, and a picture goes through one of each",
                       ct_count((uint64_t)plan->input_count, "input").text,
                       ct_count((uint64_t)plan->output_count, "output").text);
    }
    if (net_plan_is_constant(plan, plan->outputs[0])) {
        return ct_fail(err, "what is wanted doesn't depend on the image");
    }
    for (int i = 0; i < plan->step_count; i++) {
        const net_step *step = &plan->steps[i];
        if (!step->rows && net_step_is_told(step)) {
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

/* ---- how many rows at once ---- */

/* The dry run was left off. */
static bool is_bounded(const net_stream *s) {
    return s->visits > NET_MOST_VISITS;
}

/* No ring ever holds more rows than its value has. */
static void count_all_rows(net_stream *s) {
    const net_plan *plan = s->plan;
    s->rings[s->input].room = s->in_height;
    for (int i = 0; i < plan->step_count; i++) {
        const net_rows *rows = plan->steps[i].rows;
        if (rows && !s->carries[i]) {
            s->rings[plan->steps[i].node->outputs[0]].room = rows->out.height;
        }
    }
}

/* Fills in what each ring holds where `block` output rows are made at once: runs some blocks
 * without any numbers.
 *
 * The first block of a deep network takes as many passes over the steps as the windows of all of
 * them reach down, divided by the rows that are made at once: passes times steps, which grows with
 * the square of the depth. So the run is bounded. A ring that it would have counted later may then
 * hold all rows of its value; what is said to be needed is never too little. */
static bool count_rows(net_stream *s, int block, ct_error *err) {
    enum { STEPS = 1 << 16, LEAST = 8, MOST = 256 };
    const net_plan *plan = s->plan;
    const int blocks = ct_clamp(STEPS / (plan->step_count + 1), LEAST, MOST);
    const int height = s->height;
    for (int i = 0; i < plan->step_count; i++) {
        const net_rows *rows = plan->steps[i].rows;
        if (rows) {
            net_ring *r = &s->rings[plan->steps[i].node->outputs[0]];
            r->room = 0;
            r->most = (int)(((int64_t)block * rows->out.height + height - 1) / height);
        }
    }
    s->rings[s->input].room = 0;
    net_stream_rewind(s);
    s->dry = true;
    s->visits = 0;
    bool ok = true;
    for (int k = 0;
         ok && k < blocks && k * block < height && s->input != s->output && !is_bounded(s); k++) {
        const int first = k * block, end = ct_min(height, first + block);
        net_ring *input = &s->rings[s->input];
        net_stream_needs(s, first, end);
        input->room = ct_max(input->room, input->need - input->keep);
        ok = net_stream_make(s, first, end, err);
    }
    if (is_bounded(s)) {
        count_all_rows(s);
    }
    s->dry = false;
    s->block = block;
    net_stream_rewind(s);
    return ok;
}

uint64_t net_stream_bytes(const net_stream *s) {
    uint64_t all = net_plan_bytes(s->plan) +
                   (s->memory_bytes + s->own_bytes) * (uint64_t)s->threads +
                   (uint64_t)s->block * s->rings[s->output].stride * sizeof(float);
    for (int v = 0; v < s->plan->value_count; v++) {
        all += (uint64_t)s->rings[v].room * s->rings[v].stride * sizeof(float);
    }
    return all;
}

/* ---- steps on another's rows ---- */

/* Whether step i may write over its source k. */
static bool writes_over(const net_rows *rows, int k) {
    return rows->pointwise && (k == 0 || rows->over_any);
}

/* Steps that work number by number are done on the rows of the step before, where nothing else
 * reads those: a ring less, and the rows are still in a cache. */
static bool find_carriers(net_stream *s) {
    const net_plan *plan = s->plan;
    enum { MOST_CARRIED = 64 }; /* one after the other: each is a call within a call */
    int *readers = calloc((size_t)plan->value_count + 1, sizeof *readers);
    int *maker = malloc(((size_t)plan->value_count + 1) * sizeof *maker);
    int *carried = calloc((size_t)plan->step_count + 1, sizeof *carried); /* by each step */
    for (int v = 0; readers && maker && carried && v < plan->value_count; v++) {
        maker[v] = -1;
    }
    for (int i = 0; readers && maker && carried && i < plan->step_count; i++) {
        const net_rows *rows = plan->steps[i].rows;
        for (int k = 0; rows && k < rows->source_count; k++) {
            readers[s->sources[i * NET_MOST_SOURCES + k]]++;
        }
        if (rows) {
            maker[plan->steps[i].node->outputs[0]] = i;
        }
    }
    for (int i = 0; readers && maker && carried && i < plan->step_count; i++) {
        const net_rows *rows = plan->steps[i].rows;
        s->carrier[i] = -1;
        for (int k = 0; rows && k < rows->source_count && s->carrier[i] < 0; k++) {
            const int v = s->sources[i * NET_MOST_SOURCES + k];
            if (writes_over(rows, k) && readers[v] == 1 && v != s->output && maker[v] >= 0 &&
                carried[maker[v]] < MOST_CARRIED) {
                carried[i] = carried[maker[v]] + 1;
                s->carrier[i] = maker[v];
                s->carries[maker[v]] = true;
            }
        }
    }
    const bool ok = readers && maker && carried;
    free(readers);
    free(maker);
    free(carried);
    return ok;
}

/* ---- making ---- */

static bool begin(net_stream *s, ct_error *err) {
    const net_plan *plan = s->plan;
    conv_shape in, out;
    if (!net_plan_is_local(plan, &in, &out, err)) {
        return false;
    }
    s->height = out.height;
    s->in_height = in.height;
    s->input = plan->inputs[0];
    s->output = plan->unturned[plan->outputs[0]];
    s->rings = calloc((size_t)plan->value_count + 1, sizeof *s->rings);
    s->sources = calloc((size_t)plan->step_count * NET_MOST_SOURCES + 1, sizeof *s->sources);
    s->carrier = calloc((size_t)plan->step_count + 1, sizeof *s->carrier);
    s->carries = calloc((size_t)plan->step_count + 1, sizeof *s->carries);
    s->shown = calloc((size_t)plan->step_count + 1, sizeof *s->shown);
    if (!s->rings || !s->sources || !s->carrier || !s->carries || !s->shown) {
        return ct_fail(err, "out of memory");
    }
    s->rings[s->input].stride = (size_t)in.width * (size_t)in.channels;
    for (int i = 0; i < plan->step_count; i++) {
        const net_step *step = &plan->steps[i];
        for (int k = 0; step->rows && k < step->rows->source_count; k++) {
            s->sources[i * NET_MOST_SOURCES + k] =
                plan->unturned[step->node->inputs[step->rows->source[k]]];
        }
        if (step->rows) {
            s->rings[step->node->outputs[0]].stride =
                (size_t)step->rows->out.width * (size_t)step->rows->out.channels;
        }
    }
    s->memory_bytes = net_plan_worker_bytes(plan);
    s->own_bytes = net_plan_own_bytes(plan);
    return find_carriers(s) || ct_fail(err, "out of memory");
}

/* Whether the rows of the largest value that are made at once stay in a cache near each thread, or
 * are so few that each thread only gets those which a layer's weights serve at once. */
static bool is_near(const net_stream *s) {
    enum { NEAR = 1 << 20, BATCH = 4 };
    size_t largest = 0;
    int rows = 0;
    for (int v = 0; v < s->plan->value_count; v++) {
        const net_ring *r = &s->rings[v];
        const size_t bytes = (size_t)r->most * r->stride * sizeof(float);
        rows = bytes > largest ? r->most : rows;
        largest = ct_max_size(largest, bytes);
    }
    return rows <= BATCH * s->threads || largest <= NEAR * (size_t)s->threads;
}

static bool choose_block(net_stream *s, uint64_t memory, ct_error *err) {
    enum { MOST = 64, ONCE = 96 << 20, EACH = 24 << 20 };
    const uint64_t usual = (uint64_t)ONCE + (uint64_t)s->threads * EACH;
    const uint64_t limit = memory > 0 && memory < usual ? memory : usual;
    uint64_t before = UINT64_MAX; /* bytes, with twice as many rows at once */
    for (int block = MOST; count_rows(s, block, err); block /= 2) {
        const bool last = block == 1 || is_bounded(s); /* fewer at once would need the same */
        if (is_bounded(s) && (memory == 0 ? block < MOST : before <= memory)) {
            return count_rows(s, 2 * block, err);
        }
        while (last && s->threads > 1 && memory > 0 && net_stream_bytes(s) > memory) {
            s->threads--;
        }
        const uint64_t bytes = net_stream_bytes(s);
        if ((bytes <= limit && is_near(s)) || (last && (memory == 0 || bytes <= memory))) {
            return true;
        }
        if (last) {
            return ct_fail(err, "it needs %s of memory by rows, and it may have %s",
                           ct_size_of(bytes).text, ct_size_of(memory).text);
        }
        before = bytes;
    }
    return false;
}

static bool enter(net_stream *s, ct_error *err) {
    const net_plan *plan = s->plan;
    const size_t threads = (size_t)s->threads;
    s->workers = calloc((size_t)plan->step_count * threads + 1, sizeof *s->workers);
    s->memory = net_rows_memory(s->memory_bytes * threads);
    bool ok = s->workers && s->memory;
    for (int i = 0; ok && i < plan->step_count; i++) {
        const net_rows *rows = plan->steps[i].rows;
        for (size_t t = 0; ok && rows && rows->enter && t < threads; t++) {
            void **worker = &s->workers[(size_t)i * threads + t];
            *worker = rows->enter(rows, (char *)s->memory + t * s->memory_bytes);
            ok = *worker != NULL;
        }
    }
    return ok || ct_fail(err, "out of memory");
}

net_stream *net_stream_new(const net_plan *plan, const net_team *team, uint64_t memory,
                           ct_error *err) {
    net_stream *s = calloc(1, sizeof *s);
    if (!s) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    s->plan = plan;
    s->team = team;
    s->threads = net_threads(team);
    if (!begin(s, err) || !choose_block(s, memory, err) || !enter(s, err)) {
        net_stream_free(s);
        return NULL;
    }
    return s;
}

void net_stream_free(net_stream *s) {
    if (!s) {
        return;
    }
    for (int i = 0; s->workers && i < s->plan->step_count * s->threads; i++) {
        if (s->workers[i]) {
            s->plan->steps[i / s->threads].rows->leave(s->workers[i]);
        }
    }
    for (int v = 0; s->rings && v < s->plan->value_count; v++) {
        free(s->rings[v].rows);
    }
    free(s->workers);
    free(s->memory);
    free(s->sources);
    free(s->carrier);
    free(s->carries);
    free(s->shown);
    free(s->rings);
    free(s);
}

int net_stream_block(const net_stream *s) {
    return s->block;
}

int net_stream_threads(const net_stream *s) {
    return s->threads;
}
