/* Loop: a body runs again and again, as long as it says so and at most so many times (the ONNX
 * operator specification, opsets 1 to 16). Values are carried from one time to the next; what it
 * makes besides is stacked along a new first axis. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "net/ops/held.h"
#include "net/ops/ops.h"

typedef struct loop {
    const net_call *call;
    const net_graph *body;
    int carried, scans; /* values, and those that are stacked */
} loop;

static bool loop_read(const net_call *call, loop *l, ct_error *err) {
    const int inputs = call->node->input_count;
    *l = (loop){.call = call, .body = net_body(call->node, "body")};
    l->carried = inputs > 2 ? inputs - 2 : 0;
    if (!l->body) {
        return ct_fail(err, "its body is missing");
    }
    l->scans = l->body->output_count - 1 - l->carried;
    if (l->body->input_count != l->carried + 2 || l->scans < 0 ||
        call->node->output_count > l->carried + l->scans) {
        return ct_fail(err, "its body has other inputs or outputs than it");
    }
    for (int i = 0; i < l->carried; i++) {
        if (!call->in[i + 2]) {
            return ct_fail(err, "input %d is missing", i + 3);
        }
    }
    return true;
}

/* The inputs of the body for time `now`; `given`: what is carried, NULL where its data isn't known.
 * NULL with an error. */
static net_tensor *inputs_of(const loop *l, int64_t *now, uint8_t *goes_on, ct_error *err) {
    net_tensor *in = calloc((size_t)l->carried + 2, sizeof *in);
    if (!in) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    in[0] = (net_tensor){.type = NET_I64, .data = now};
    in[1] = (net_tensor){.type = NET_BOOL, .data = goes_on};
    return in;
}

static bool is_number(const net_tensor *tensor, ct_error *err) {
    size_t count;
    return !net_shape_count(&tensor->shape, &count) || count == 1 ||
           ct_fail(err, "its condition and how often it runs should be single numbers");
}

static bool loop_types(const net_call *call, ct_error *err) {
    const net_tensor *times = net_in(call, 0), *condition = net_in(call, 1);
    return (!times || (net_want_type(call, 0, NET_I64, err) && is_number(times, err))) &&
           (!condition || (net_want_type(call, 1, NET_BOOL, err) && is_number(condition, err)));
}

/* ---- running ---- */

typedef struct turn {
    net_held *carried, *next; /* l->carried of them, at least one */
    net_held *stacks;
    int64_t count; /* of times so far */
} turn;

/* Appends a tensor to those stacked before it. */
static bool stack(const net_call *call, net_held *held, const net_tensor *part, int64_t before,
                  ct_error *err) {
    net_tensor *all = &held->tensor;
    size_t bytes, room;
    if (part->shape.rank < 0 || part->shape.rank >= NET_MOST_DIMENSIONS) {
        return ct_fail(err, "what it stacks has more than %d dimensions", NET_MOST_DIMENSIONS - 1);
    }
    net_shape shape = {.rank = part->shape.rank + 1, .size = {before + 1}};
    memcpy(&shape.size[1], part->shape.size, (size_t)part->shape.rank * sizeof *shape.size);
    net_shape old = shape;
    old.size[0] = before;
    if (before > 0 && (all->type != part->type || !net_shape_equal(&old, &all->shape))) {
        return ct_fail(err, "its body makes tensors of several shapes, which can't be stacked");
    }
    if (!net_bytes(part, &bytes) || !ct_mul(bytes, (size_t)before + 1, &room)) {
        return ct_fail(err, "what it stacks is more than fits in memory");
    }
    if (!net_hold_room(call, held, room, err)) {
        return false;
    }
    all->type = part->type;
    all->shape = shape;
    if (bytes > 0) {
        memcpy((char *)all->data + bytes * (size_t)before, part->data, bytes);
    }
    return true;
}

/* One run of the body. What it makes is copied: its outputs may be its inputs, in another order. */
static bool run_once(const loop *l, turn *t, const net_tensor *in, net_tensor *out,
                     uint8_t *goes_on, ct_error *err) {
    if (!net_run_body(l->call, l->body, in, out, err)) {
        return false;
    }
    if (out[0].type != NET_BOOL || net_count(&out[0]) != 1) {
        return ct_fail(err, "its body's condition isn't a single bool");
    }
    *goes_on = *(const uint8_t *)out[0].data;
    for (int i = 0; i < l->carried; i++) {
        if (out[i + 1].type != in[i + 2].type) {
            return ct_fail(err, "its body makes %s of input %d, which is %s",
                           net_type_name(out[i + 1].type), i + 3, net_type_name(in[i + 2].type));
        }
        if (!net_hold(l->call, &t->next[i], &out[i + 1], err)) {
            return false;
        }
    }
    for (int i = 0; i < l->scans; i++) {
        if (!stack(l->call, &t->stacks[i], &out[l->carried + 1 + i], t->count, err)) {
            return false;
        }
    }
    net_held *old = t->carried;
    t->carried = t->next;
    t->next = old;
    t->count++;
    return true;
}

/* Stacks of nothing have the shape that the body would make; sizes that can't be told are 0. */
static bool stack_nothing(const loop *l, turn *t, const net_tensor *in, net_tensor *out,
                          ct_error *err) {
    if (l->scans == 0) {
        return true;
    }
    if (!net_shape_body(l->call, l->body, in, out, err)) {
        return false;
    }
    for (int i = 0; i < l->scans; i++) {
        const net_tensor *made = &out[1 + l->carried + i];
        net_tensor *to = &t->stacks[i].tensor;
        to->type = made->type;
        to->shape = (net_shape){.rank = 1};
        for (int k = 0; k < made->shape.rank && k + 1 < NET_MOST_DIMENSIONS; k++) {
            to->shape.size[to->shape.rank++] = made->shape.size[k] > 0 ? made->shape.size[k] : 0;
        }
        if (!net_hold_room(l->call, &t->stacks[i], 1, err)) {
            return false;
        }
    }
    return true;
}

static bool run_all(const loop *l, turn *t, ct_error *err) {
    const net_tensor *times = net_in(l->call, 0), *condition = net_in(l->call, 1);
    const int64_t most = times ? net_whole_at(times, 0) : INT64_MAX;
    int64_t now = 0;
    uint8_t goes_on = condition ? net_whole_at(condition, 0) != 0 : 1;
    net_tensor *in = inputs_of(l, &now, &goes_on, err);
    net_tensor *out = calloc((size_t)l->body->output_count + 1, sizeof *out);
    bool ok = in && (out || ct_fail(err, "out of memory"));
    for (int i = 0; ok && i < l->carried; i++) {
        ok = net_hold(l->call, &t->carried[i], l->call->in[i + 2], err);
    }
    for (; ok && goes_on && now < most; now++) {
        uint8_t next = 1;
        ok = net_count_turn(l->call, err);
        for (int i = 0; i < l->carried; i++) {
            in[i + 2] = t->carried[i].tensor;
        }
        ok = ok && run_once(l, t, in, out, &next, err);
        goes_on = next;
    }
    for (int i = 0; ok && i < l->carried; i++) {
        in[i + 2] = t->carried[i].tensor;
    }
    ok = ok && (t->count > 0 || stack_nothing(l, t, in, out, err));
    free(in);
    free(out);
    return ok;
}

/* The node's outputs, with data. */
static net_tensor *evaluate(const net_call *call, int *count, ct_error *err) {
    loop l;
    if (!loop_read(call, &l, err)) {
        return NULL;
    }
    *count = l.carried + l.scans;
    turn t = {.carried = calloc((size_t)l.carried + 1, sizeof *t.carried),
              .next = calloc((size_t)l.carried + 1, sizeof *t.next),
              .stacks = calloc((size_t)l.scans + 1, sizeof *t.stacks)};
    net_held *all = calloc((size_t)*count + 1, sizeof *all);
    bool ok = (t.carried && t.next && t.stacks && all) || ct_fail(err, "out of memory");
    ok = ok && run_all(&l, &t, err);
    for (int i = 0; ok && i < *count; i++) {
        net_held *from = i < l.carried ? &t.carried[i] : &t.stacks[i - l.carried];
        all[i] = *from;
        *from = (net_held){0};
    }
    net_held_free(t.carried, l.carried);
    net_held_free(t.next, l.carried);
    net_held_free(t.stacks, l.scans);
    if (!ok) {
        free(all);
        return NULL;
    }
    net_tensor *results = net_held_results(all, *count);
    if (!results) {
        ct_fail(err, "out of memory");
    }
    return results;
}

/* ---- shapes ---- */

/* Whether a value of the body is true at each turn where the condition is true at first: a
 * constant, or that condition itself. */
static bool stays_true(const net_graph *body, int value) {
    for (int i = body->node_count; i-- > 0;) {
        const net_node *node = &body->nodes[i];
        if (node->outputs[0] == value && strcmp(node->type, "Identity") == 0) {
            value = node->inputs[0];
        } else if (node->outputs[0] == value && strcmp(node->type, "Constant") == 0) {
            const net_tensor *made = net_tensor_of(node, "value");
            return made && net_count(made) == 1 && net_whole_at(made, 0) != 0;
        }
    }
    const net_tensor *constant = value < 0 ? NULL : body->values[value].constant;
    return value == body->inputs[1] ||
           (constant && net_count(constant) == 1 && net_whole_at(constant, 0) != 0);
}

/* A loop that can be seen never to end. */
static bool ends(const loop *l, ct_error *err) {
    const net_tensor *times = net_in(l->call, 0), *condition = net_in(l->call, 1);
    const bool limited = times && (!times->data || net_count(times) != 1 ||
                                   net_whole_at(times, 0) <= NET_MOST_TURNS);
    const bool begins =
        !condition || (condition->data && net_count(condition) == 1 && net_whole_at(condition, 0));
    return limited || !begins || !stays_true(l->body, l->body->outputs[0]) ||
           ct_fail(err, "it never ends: its condition is always true, and %s",
                   times ? "it may run more often than any loop that ends"
                         : "nothing says how often it runs");
}

/* Shapes as the first run of the body makes them, where it leaves the carried ones as they are;
 * otherwise only the types are known. */
static bool shape_before(const net_call *call, ct_error *err) {
    loop l;
    int64_t now = 0;
    if (!loop_read(call, &l, err) || !ends(&l, err)) {
        return false;
    }
    net_tensor *in = inputs_of(&l, &now, NULL, err);
    net_tensor *out = calloc((size_t)l.body->output_count + 1, sizeof *out);
    bool ok = in && (out || ct_fail(err, "out of memory"));
    for (int i = 0; ok && i < l.carried; i++) {
        in[i + 2] = *call->in[i + 2];
    }
    ok = ok && net_shape_body(call, l.body, in, out, err);
    bool stays = true;
    for (int i = 0; ok && i < l.carried; i++) {
        stays = stays && net_shape_equal(&in[i + 2].shape, &out[i + 1].shape);
    }
    for (int i = 0; ok && i < call->node->output_count; i++) {
        const net_tensor *made = &out[i + 1];
        net_shape shape = {.rank = -1};
        if (stays && i < l.carried) {
            shape = made->shape;
        } else if (stays && made->shape.rank >= 0 && made->shape.rank < NET_MOST_DIMENSIONS) {
            shape = (net_shape){.rank = made->shape.rank + 1, .size = {NET_ANY_SIZE}};
            memcpy(&shape.size[1], made->shape.size, (size_t)made->shape.rank * sizeof *shape.size);
        }
        net_give(call, i, i < l.carried && made->type == NET_NONE ? in[i + 2].type : made->type,
                 &shape);
    }
    free(in);
    free(out);
    return ok;
}

static bool loop_shape(const net_call *call, ct_error *err) {
    if (!loop_types(call, err)) {
        return false;
    }
    if (call->symbols) {
        return shape_before(call, err);
    }
    int count;
    net_tensor *results = evaluate(call, &count, err);
    if (!results) {
        return false;
    }
    net_give_results(call, results);
    return net_keep_results(call, results, count, err);
}

static bool loop_run(const net_call *call, ct_error *err) {
    loop l;
    if (!loop_read(call, &l, err)) {
        return false;
    }
    int count = l.carried + l.scans;
    net_tensor *results = net_take_results(call);
    results = results ? results : evaluate(call, &count, err);
    const bool ok = results && net_put_results(call, results, err);
    net_free_results(results, count);
    return ok;
}

const net_op net_ops_loop[] = {
    {.name = "Loop",
     .since = 1,
     .shape = loop_shape,
     .run = loop_run,
     .any_type = true,
     .fickle = true},
    {0},
};
