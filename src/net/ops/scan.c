/* Scan: a body runs once for each slice of its inputs; what it makes is stacked, what it hands over
 * is carried to the next (the ONNX operator specification, opset 9; opset 8, with a batch as first
 * axis, by a row of its own). */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "net/ops/held.h"
#include "net/ops/ops.h"

typedef struct scan {
    const net_call *call;
    const net_graph *body;
    bool old;  /* opset 8: input 1 has lengths, and axis 0 is a batch */
    int first; /* the first input that the body gets */
    int states, slices, stacks;
} scan;

static bool scan_read(const net_call *call, scan *s, ct_error *err) {
    const net_node *node = call->node;
    *s = (scan){.call = call, .body = net_body(node, "body"), .old = node->opset < 9};
    s->first = s->old ? 1 : 0;
    const int64_t slices = net_int(node, "num_scan_inputs", 0);
    const int inputs = node->input_count - s->first;
    if (!s->body || slices < 1 || slices > inputs || s->body->input_count != inputs) {
        return ct_fail(err, "its body is missing or has other inputs than it");
    }
    s->slices = (int)slices;
    s->states = inputs - s->slices;
    s->stacks = s->body->output_count - s->states;
    if (s->stacks < 0 || node->output_count > s->body->output_count) {
        return ct_fail(err, "its body has other outputs than it");
    }
    for (int i = s->first; i < node->input_count; i++) {
        if (!call->in[i]) {
            return ct_fail(err, "input %d is missing", i + 1);
        }
    }
    return true;
}

/* Entry i of a list attribute, 0 where it is left out. */
static int64_t listed(const scan *s, const char *name, int i) {
    const int64_t *ints;
    const int count = net_ints(s->call->node, name, &ints);
    return i < count ? ints[i] : 0;
}

static const char *directions(const scan *s) {
    return s->old ? "directions" : "scan_input_directions";
}

static bool axis_in(const scan *s, int i, int rank, int *axis, ct_error *err) {
    if (s->old) {
        *axis = 0; /* of one of the batch */
        return rank > 0 || ct_fail(err, "what it scans is a single number");
    }
    return net_axis(listed(s, "scan_input_axes", i), rank, axis, err);
}

static bool axis_out(const scan *s, int i, int rank, int *axis, ct_error *err) {
    *axis = 0;
    return s->old || net_axis(listed(s, "scan_output_axes", i), rank, axis, err);
}

/* Of the batch (opset 8), or NULL where there is none: the shape without axis 0. */
static net_shape without(const net_shape *shape, int axis) {
    net_shape made = {.rank = shape->rank - 1};
    for (int i = 0; i < made.rank; i++) {
        made.size[i] = shape->size[i + (i >= axis)];
    }
    return made;
}

static net_shape with(const net_shape *shape, int axis, int64_t size) {
    net_shape made = {.rank = shape->rank + 1};
    for (int i = 0; i < made.rank; i++) {
        made.size[i] = i == axis ? size : shape->size[i - (i > axis)];
    }
    return made;
}

/* What the body gets and makes at each step, types and shapes; *steps: how many, or negative. */
static bool slice_shape(const scan *s, int i, const net_tensor *whole, net_tensor *slice,
                        int64_t *steps, ct_error *err) {
    net_shape shape = whole->shape;
    int axis;
    *slice = (net_tensor){.type = whole->type, .shape = {.rank = -1}};
    if (shape.rank < 0) {
        return true;
    }
    if (s->old) {
        if (shape.rank == 0) {
            return ct_fail(err, "an input has no batch axis");
        }
        shape = without(&shape, 0);
    }
    if (!axis_in(s, i, shape.rank, &axis, err)) {
        return false;
    }
    const int64_t size = shape.size[axis];
    if (*steps >= 0 && size >= 0 && size != *steps) {
        return ct_fail(err, "its inputs have %lld and %lld steps", (long long)*steps,
                       (long long)size);
    }
    *steps = size >= 0 ? size : *steps;
    slice->shape = without(&shape, axis);
    return true;
}

/* The body's inputs, without data. NULL with an error. */
static net_tensor *inputs_of(const scan *s, int64_t *steps, ct_error *err) {
    net_tensor *in = calloc((size_t)s->body->input_count + 1, sizeof *in);
    bool ok = in || ct_fail(err, "out of memory");
    *steps = NET_ANY_SIZE;
    for (int i = 0; ok && i < s->states; i++) {
        const net_tensor *state = s->call->in[s->first + i];
        in[i] = (net_tensor){.type = state->type, .shape = state->shape};
        if (s->old && state->shape.rank == 0) {
            ok = ct_fail(err, "an input has no batch axis");
        } else if (s->old && state->shape.rank > 0) {
            in[i].shape = without(&state->shape, 0);
        }
    }
    for (int i = 0; ok && i < s->slices; i++) {
        ok = slice_shape(s, i, s->call->in[s->first + s->states + i], &in[s->states + i], steps,
                         err);
    }
    if (!ok) {
        free(in);
        return NULL;
    }
    return in;
}

static int64_t batch_of(const scan *s) {
    const net_tensor *in = s->call->in[s->first];
    return !s->old ? 1 : in->shape.rank > 0 ? in->shape.size[0] : NET_ANY_SIZE;
}

/* Output i's shape, from the body's. */
static bool out_shape(const scan *s, int i, const net_tensor *made, int64_t steps, net_shape *shape,
                      ct_error *err) {
    *shape = made->shape;
    const int more = s->old + (i >= s->states);
    if (shape->rank < 0) {
        return true;
    }
    if (shape->rank + more > NET_MOST_DIMENSIONS) {
        return ct_fail(err, "its output has more than %d dimensions", NET_MOST_DIMENSIONS);
    }
    if (i >= s->states) {
        int axis;
        if (!axis_out(s, i - s->states, shape->rank + 1, &axis, err)) {
            return false;
        }
        *shape = with(shape, axis, steps);
    }
    if (s->old) {
        *shape = with(shape, 0, batch_of(s));
    }
    return true;
}

static bool scan_shape(const net_call *call, ct_error *err) {
    scan s;
    int64_t steps;
    if (!scan_read(call, &s, err)) {
        return false;
    }
    net_tensor *in = inputs_of(&s, &steps, err);
    net_tensor *out = calloc((size_t)s.body->output_count + 1, sizeof *out);
    bool ok = in && (out || ct_fail(err, "out of memory"));
    ok = ok && net_shape_body(call, s.body, in, out, err);
    for (int i = 0; ok && i < call->node->output_count; i++) {
        net_shape shape;
        if (i < s.states && (!net_shape_equal(&in[i].shape, &out[i].shape) ||
                             (out[i].type != in[i].type && out[i].type != NET_NONE))) {
            ok = !net_shape_is_known(&out[i].shape) || !net_shape_is_known(&in[i].shape) ||
                 ct_fail(err, "its body changes the shape or type of what it carries");
        }
        ok = ok && out_shape(&s, i, &out[i], steps, &shape, err);
        if (ok) {
            net_give(call, i, out[i].type, &shape);
        }
    }
    free(in);
    free(out);
    return ok;
}

/* ---- running ---- */

/* A part of a tensor: `count` pieces of `bytes` each, `step` bytes apart. */
typedef struct piece {
    size_t count, bytes, step, at;
} piece;

/* Index `index` of `axis`, of a tensor whose axis 0 is the batch's if `batch` isn't negative. */
static piece piece_of(const net_tensor *whole, int axis, size_t index) {
    const size_t inner =
        net_shape_product(&whole->shape, axis + 1, whole->shape.rank) * net_type_size(whole->type);
    return (piece){.count = net_shape_product(&whole->shape, 0, axis),
                   .bytes = inner,
                   .step = inner * (size_t)whole->shape.size[axis],
                   .at = inner * index};
}

static void cut_out(void *to, const net_tensor *from, const piece *p) {
    for (size_t i = 0; i < p->count && p->bytes > 0; i++) {
        memcpy((char *)to + i * p->bytes, (const char *)from->data + p->at + i * p->step, p->bytes);
    }
}

static void put_in(const net_tensor *to, const void *from, const piece *p) {
    for (size_t i = 0; i < p->count && p->bytes > 0; i++) {
        memcpy((char *)to->data + p->at + i * p->step, (const char *)from + i * p->bytes, p->bytes);
    }
}

/* One of the batch, without the batch's axis. */
static net_tensor one_of(const scan *s, const net_tensor *whole, size_t b) {
    net_tensor one = *whole;
    if (s->old) {
        one.shape = without(&whole->shape, 0);
        one.data = (char *)whole->data + b * net_count(&one) * net_type_size(one.type);
    }
    return one;
}

typedef struct work {
    net_tensor *in, *out;
    net_held *states, *slices;
    int64_t steps;
} work;

static bool take_slices(const scan *s, work *w, size_t b, int64_t step, int64_t length,
                        ct_error *err) {
    for (int i = 0; i < s->slices; i++) {
        net_tensor *slice = &w->in[s->states + i];
        const net_tensor whole = one_of(s, s->call->in[s->first + s->states + i], b);
        const int64_t index = listed(s, directions(s), i) != 0 ? length - 1 - step : step;
        size_t bytes;
        int axis;
        if (!axis_in(s, i, whole.shape.rank, &axis, err) || !net_bytes(slice, &bytes) ||
            !net_hold_room(s->call, &w->slices[i], bytes, err)) {
            return false;
        }
        const piece p = piece_of(&whole, axis, (size_t)index);
        cut_out(w->slices[i].tensor.data, &whole, &p);
        slice->data = w->slices[i].tensor.data;
    }
    return true;
}

static bool run_step(const scan *s, work *w, size_t b, int64_t step, ct_error *err) {
    if (!net_count_turn(s->call, err) || !net_run_body(s->call, s->body, w->in, w->out, err)) {
        return false;
    }
    for (int i = 0; i < s->states; i++) {
        if (w->out[i].type != w->in[i].type ||
            !net_shape_equal(&w->out[i].shape, &w->in[i].shape)) {
            return ct_fail(err, "its body changes the shape or type of what it carries");
        }
    }
    for (int i = 0; i < s->stacks; i++) {
        const int output = s->states + i;
        const net_tensor *out = output < s->call->node->output_count ? s->call->out[output] : NULL;
        int axis;
        if (!out) {
            continue;
        }
        const net_tensor whole = one_of(s, out, b);
        if (!axis_out(s, i, whole.shape.rank, &axis, err)) {
            return false;
        }
        const net_shape slice = without(&whole.shape, axis);
        if (w->out[output].type != whole.type || !net_shape_equal(&w->out[output].shape, &slice)) {
            return ct_fail(err, "its body makes tensors of several shapes, which can't be stacked");
        }
        const bool last_first = !s->old && listed(s, "scan_output_directions", i) != 0;
        const piece p = piece_of(&whole, axis, (size_t)(last_first ? w->steps - 1 - step : step));
        put_in(&whole, w->out[output].data, &p);
    }
    return true;
}

/* The carried states of the next step: copied, two sets in turn, as outputs may be inputs. */
static bool carry(const scan *s, work *w, int64_t step, ct_error *err) {
    net_held *set = w->states + (step % 2 == 0 ? s->states : 0);
    for (int i = 0; i < s->states; i++) {
        if (!net_hold(s->call, &set[i], &w->out[i], err)) {
            return false;
        }
    }
    for (int i = 0; i < s->states; i++) {
        w->in[i].data = set[i].tensor.data;
    }
    return true;
}

static bool run_batch(const scan *s, work *w, size_t b, ct_error *err) {
    const net_tensor *lengths = s->old ? s->call->in[0] : NULL;
    const int64_t length = lengths ? net_whole_at(lengths, b) : w->steps;
    if (length < 0 || length > w->steps) {
        return ct_fail(err, "a sequence's length is %lld, where there are %lld steps",
                       (long long)length, (long long)w->steps);
    }
    for (int i = 0; i < s->states; i++) {
        const net_tensor state = one_of(s, s->call->in[s->first + i], b);
        if (!net_hold(s->call, &w->states[i], &state, err)) {
            return false;
        }
        w->in[i].data = w->states[i].tensor.data;
    }
    for (int64_t step = 0; step < length; step++) {
        if (!take_slices(s, w, b, step, length, err) || !run_step(s, w, b, step, err) ||
            !carry(s, w, step, err)) {
            return false;
        }
    }
    for (int i = 0; i < s->states && i < s->call->node->output_count; i++) {
        if (s->call->out[i]) {
            const net_tensor to = one_of(s, s->call->out[i], b);
            size_t bytes;
            if (to.type != w->in[i].type || !net_shape_equal(&to.shape, &w->in[i].shape)) {
                return ct_fail(err, "its body changes the shape or type of what it carries");
            }
            if (net_bytes(&w->in[i], &bytes) && bytes > 0) {
                memcpy(to.data, w->in[i].data, bytes);
            }
        }
    }
    return true;
}

static bool scan_run(const net_call *call, ct_error *err) {
    scan s;
    work w = {0};
    if (!scan_read(call, &s, err) || !(w.in = inputs_of(&s, &w.steps, err))) {
        return false;
    }
    w.out = calloc((size_t)s.body->output_count + 1, sizeof *w.out);
    w.states = calloc(2 * (size_t)s.states + 1, sizeof *w.states);
    w.slices = calloc((size_t)s.slices + 1, sizeof *w.slices);
    bool ok = (w.out && w.states && w.slices) || ct_fail(err, "out of memory");
    const net_tensor *lengths = s.old ? call->in[0] : NULL;
    const int64_t batch = batch_of(&s);
    ok = ok && (!lengths || net_count(lengths) == (size_t)batch ||
                ct_fail(err, "it has not as many lengths as sequences"));
    for (int i = s.first; ok && s.old && i < call->node->input_count; i++) {
        ok = call->in[i]->shape.size[0] == batch ||
             ct_fail(err, "its inputs have %lld and %lld sequences", (long long)batch,
                     (long long)call->in[i]->shape.size[0]);
    }
    for (int i = 0; ok && i < call->node->output_count; i++) { /* beyond a sequence's end: 0 */
        size_t bytes;
        if (call->out[i] && net_bytes(call->out[i], &bytes) && bytes > 0) {
            memset(call->out[i]->data, 0, bytes);
        }
    }
    for (int64_t b = 0; ok && b < batch; b++) {
        ok = run_batch(&s, &w, (size_t)b, err);
    }
    free(w.in);
    free(w.out);
    net_held_free(w.states, 2 * s.states);
    net_held_free(w.slices, s.slices);
    return ok;
}

const net_op net_ops_scan[] = {
    {.name = "Scan",
     .since = 8,
     .least = 0,
     .shape = scan_shape,
     .run = scan_run,
     .any_type = true,
     .fickle = true},
    {0},
};
