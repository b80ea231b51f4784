/* Local operators read and write images with their channels interleaved, all others planes. A value
 * keeps the layout in which it is made; where it's needed in the other one, a step between turns
 * it, once. Where an image has one channel or one pixel, both are the same. */
#include "net/plan/layout.h"

#include <stdlib.h>
#include <string.h>

typedef struct laying {
    net_plan *plan;
    net_step *steps; /* the new list */
    int count;
    bool *rows;     /* of each value: its channels are interleaved */
    int *turned;    /* of each value: the same in the other layout, or -1 */
    char *captured; /* of each value: a body uses it, and expects planes */
} laying;

/* ---- turning ---- */

static bool turn_shape(const net_call *call, ct_error *err) {
    return net_shape_same(call, err);
}

static bool to_rows(const net_call *call, ct_error *err) {
    (void)err;
    conv_shape shape;
    if (net_image_shape(&call->in[0]->shape, &shape)) {
        net_planes_to_rows(call->in[0]->data, shape, call->out[0]->data);
    }
    return true;
}

static bool to_planes(const net_call *call, ct_error *err) {
    (void)err;
    conv_shape shape;
    if (net_image_shape(&call->in[0]->shape, &shape)) {
        net_rows_to_planes(call->in[0]->data, shape, call->out[0]->data);
    }
    return true;
}

static const net_op turns[] = {
    {.name = "(to rows)", .least = 1, .most = 1, .outputs = 1, .shape = turn_shape, .run = to_rows},
    {.name = "(to planes)",
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = turn_shape,
     .run = to_planes},
};

static bool is_same_both_ways(const net_plan *plan, int value) {
    conv_shape shape;
    return !net_image_shape(&plan->tensors[value].shape, &shape) || shape.channels == 1 ||
           (shape.width == 1 && shape.height == 1);
}

/* The value in the layout that is wanted. -1 with an error. */
static int in_layout(laying *l, int value, bool rows, ct_error *err) {
    net_plan *plan = l->plan;
    if (value < 0 || l->rows[value] == rows || is_same_both_ways(plan, value)) {
        return value;
    }
    if (l->turned[value] >= 0) {
        return l->turned[value];
    }
    net_node *node = net_pool_get(&plan->pool, 1, sizeof *node, err);
    int *ends = net_pool_get(&plan->pool, 2, sizeof *ends, err);
    if (!node || !ends || plan->value_count == plan->value_room) {
        ct_fail(err, "out of memory");
        return -1;
    }
    const int made = plan->value_count++;
    plan->tensors[made] = plan->tensors[value];
    plan->tensors[made].data = NULL;
    ends[0] = value;
    ends[1] = made;
    *node = (net_node){.op = &turns[!rows],
                       .name = turns[!rows].name,
                       .type = turns[!rows].name,
                       .inputs = &ends[0],
                       .input_count = 1,
                       .outputs = &ends[1],
                       .output_count = 1};
    l->steps[l->count++] = (net_step){.node = node};
    l->rows[made] = rows;
    l->turned[value] = made;
    l->turned[made] = value;
    return made;
}

/* ---- steps ---- */

/* The step by rows, if that is possible and worth it. */
static bool try_rows(laying *l, net_step *step, ct_error *err) {
    const net_node *node = step->node;
    const net_tensor *in[NET_MOST_SOURCES];
    net_tensor *out[1];
    if (!node->op->rows || node->output_count != 1 || node->outputs[0] < 0 ||
        node->input_count > NET_MOST_SOURCES || l->captured[node->outputs[0]]) {
        return true;
    }
    for (int i = 0; i < node->input_count; i++) {
        in[i] = node->inputs[i] < 0 ? NULL : &l->plan->tensors[node->inputs[i]];
        if (in[i] && !net_shape_is_known(&in[i]->shape)) {
            return true;
        }
    }
    out[0] = &l->plan->tensors[node->outputs[0]];
    conv_shape shape;
    if (!net_image_shape(&out[0]->shape, &shape) || out[0]->type != NET_FLOAT) {
        return true;
    }
    net_rows *rows = calloc(1, sizeof *rows);
    const net_call call = {.node = node, .in = in, .out = out};
    if (!rows) {
        return ct_fail(err, "out of memory");
    }
    if (!node->op->rows(&call, rows, err)) {
        free(rows);
        return false;
    }
    bool worth = rows->run && !rows->pointwise;
    for (int i = 0; rows->run && i < rows->source_count; i++) {
        worth = worth || l->rows[node->inputs[rows->source[i]]];
    }
    if (!worth) {
        if (rows->run && rows->free) {
            rows->free(rows);
        }
        free(rows);
        return true;
    }
    step->rows = rows;
    return true;
}

static bool is_source(const net_rows *rows, int input) {
    for (int i = 0; rows && i < rows->source_count; i++) {
        if (rows->source[i] == input) {
            return true;
        }
    }
    return false;
}

/* Gives the step its inputs in the layouts that it wants. */
static bool lay_step(laying *l, net_step *step, ct_error *err) {
    const net_node *old = step->node;
    int *inputs = net_pool_get(&l->plan->pool, (size_t)old->input_count, sizeof *inputs, err);
    net_node *node = net_pool_get(&l->plan->pool, 1, sizeof *node, err);
    if (!inputs || !node) {
        return false;
    }
    for (int i = 0; i < old->input_count; i++) {
        inputs[i] = in_layout(l, old->inputs[i], is_source(step->rows, i), err);
        if (inputs[i] < 0 && old->inputs[i] >= 0) {
            return false;
        }
    }
    *node = *old;
    node->inputs = inputs;
    step->node = node;
    if (step->rows) {
        l->rows[node->outputs[0]] = true;
    }
    l->steps[l->count++] = *step;
    step->rows = NULL; /* the new list has it */
    return true;
}

static bool begin(laying *l, ct_error *err) {
    const net_plan *plan = l->plan;
    const size_t room = (size_t)plan->value_room + 1;
    l->rows = calloc(room, sizeof *l->rows);
    l->turned = malloc(room * sizeof *l->turned);
    l->captured = calloc(room, 1);
    l->steps = net_pool_get(&l->plan->pool, (size_t)plan->step_count + room, sizeof *l->steps, err);
    if (!l->rows || !l->turned || !l->captured || !l->steps) {
        return ct_fail(err, "out of memory");
    }
    for (size_t v = 0; v < room; v++) {
        l->turned[v] = -1;
    }
    for (int i = 0; i < plan->step_count; i++) {
        const net_node *node = plan->steps[i].node;
        for (int k = 0; k < node->captured_count; k++) {
            l->captured[node->captured[k]] = 1;
        }
    }
    return true;
}

bool net_plan_layout(net_plan *plan, ct_error *err) {
    laying l = {.plan = plan};
    bool ok = begin(&l, err);
    for (int i = 0; ok && i < plan->step_count; i++) {
        ok = try_rows(&l, &plan->steps[i], err) && lay_step(&l, &plan->steps[i], err);
    }
    for (int i = 0; ok && i < plan->output_count; i++) {
        plan->outputs[i] = in_layout(&l, plan->outputs[i], false, err);
        ok = plan->outputs[i] >= 0;
    }
    for (int i = 0; !ok && i < plan->step_count; i++) {
        net_step_free_rows(&plan->steps[i]);
    }
    if (l.steps) {
        plan->steps = l.steps;
        plan->step_count = l.count;
    }
    free(l.rows);
    free(l.turned);
    free(l.captured);
    return ok;
}
