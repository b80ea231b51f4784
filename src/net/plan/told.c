/* What a plan's steps are, for those who look at it. */
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "net/plan/plan.h"

int net_plan_step_count(const net_plan *plan) {
    return plan->told_count;
}

/* ---- a node as its operator sees it ---- */

bool net_step_call(const net_plan *plan, const net_node *node, net_ends *e, net_call *call) {
    if (node->input_count > NET_MOST_ENDS || node->output_count > NET_MOST_ENDS) {
        return false;
    }
    for (int k = 0; k < node->input_count; k++) {
        e->in[k] = node->inputs[k] < 0 ? NULL : &plan->tensors[node->inputs[k]];
    }
    for (int k = 0; k < node->output_count; k++) {
        e->out[k] = node->outputs[k] < 0 ? NULL : &plan->tensors[node->outputs[k]];
    }
    *call = (net_call){.node = node, .in = e->in, .out = e->out};
    return true;
}

/* The first input's first size, if it isn't known: how many images there are. */
static int64_t batch_of(const net_plan *plan) {
    const net_tensor *in = plan->input_count > 0 ? &plan->tensors[plan->inputs[0]] : NULL;
    return in && in->shape.rank > 1 && in->shape.size[0] < NET_ANY_SIZE ? in->shape.size[0] : 0;
}

bool net_plan_is_of_one(const net_plan *plan) {
    return batch_of(plan) < 0;
}

/* How many of the numbers of input k are weights. */
static size_t weights_of(const net_plan *plan, const net_node *node, int k) {
    const net_tensor *in = node->inputs[k] < 0 ? NULL : &plan->tensors[node->inputs[k]];
    const unsigned layer = node->op->weights;
    size_t count;
    if (!in || !in->data || !net_shape_count(&in->shape, &count) || in->type == NET_I64 ||
        in->type == NET_BOOL) { /* sizes, axes, places and masks */
        return 0;
    }
    return layer ? (k < 31 && (layer & NET_INPUT(k)) ? count : 0) : (count > 1 ? count : 0);
}

net_step_info net_plan_step(const net_plan *plan, int i) {
    const net_step *step = &plan->steps[plan->told[i]];
    const net_node *node = step->node;
    net_step_info info = {.node = node, .shape = {.rank = -1}};
    memcpy(info.with, step->with, sizeof info.with);
    for (int k = node->output_count; k-- > 0;) {
        if (node->outputs[k] >= 0) {
            const net_tensor *out = &plan->tensors[node->outputs[k]];
            info.output_name = net_plan_value_name(plan, node->outputs[k]);
            info.type = out->type;
            info.shape = out->shape;
            info.outputs++;
        }
    }
    for (int k = 0; k < node->input_count; k++) {
        info.parameters += weights_of(plan, node, k);
    }
    net_ends e;
    net_call call;
    info.products_known = net_step_call(plan, node, &e, &call) &&
                          net_op_products(&call, batch_of(plan), &info.products);
    return info;
}

/* Steps that turn a layout, and values that they make, are left out. */
int net_plan_step_input(const net_plan *plan, int i, int k) {
    const int value = plan->steps[plan->told[i]].node->inputs[k];
    return value < 0 ? value : plan->unturned[value];
}
