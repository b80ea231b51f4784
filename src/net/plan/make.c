/* Plans: what is done once for a network and inputs of certain shapes. */
#include <stdlib.h>
#include <string.h>

#include "net/plan/layout.h"
#include "net/plan/plan.h"

void net_plan_free(net_plan *plan) {
    if (!plan) {
        return;
    }
    for (int i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].own) {
            plan->steps[i].node->op->free(plan->steps[i].own);
        }
        net_step_free_rows(&plan->steps[i]);
    }
    if (plan->owns_symbols) {
        net_symbols_free(plan->symbols);
    }
    net_pool_free(&plan->pool);
    free(plan);
}

/* What the operators prepare for steps whose shapes are all known. */
static bool make_step(net_plan *plan, net_step *step, ct_error *err) {
    const net_node *node = step->node;
    if (!node->op->make || step->loose || step->rows) {
        return true;
    }
    const net_tensor *in[64];
    net_tensor *out[64];
    if (node->input_count > 64 || node->output_count > 64) {
        return true;
    }
    for (int i = 0; i < node->input_count; i++) {
        in[i] = node->inputs[i] < 0 ? NULL : &plan->tensors[node->inputs[i]];
        if (in[i] && (!net_shape_is_known(&in[i]->shape) || in[i]->type == NET_HALF ||
                      in[i]->type == NET_BFLOAT)) {
            return true;
        }
    }
    for (int i = 0; i < node->output_count; i++) {
        out[i] = node->outputs[i] < 0 ? NULL : &plan->tensors[node->outputs[i]];
    }
    const net_call call = {.node = node, .in = in, .out = out};
    return node->op->make(&call, &step->own, err) ||
           ct_fail_at(err, "node '%s' (%s): ", node->name, node->type);
}

static net_value *told(net_plan *plan, const int *values, int count, ct_error *err) {
    net_value *list = net_pool_get(&plan->pool, (size_t)count, sizeof *list, err);
    for (int i = 0; list && i < count; i++) {
        list[i] = (net_value){.name = plan->graph->values[values[i]].name,
                              .type = plan->tensors[values[i]].type,
                              .shape = plan->tensors[values[i]].shape};
    }
    return list;
}

static bool fill(net_plan *plan, const net_planning *of, ct_error *err) {
    const net_graph *graph = of->graph;
    net_pool *pool = &plan->pool;
    plan->value_count = graph->value_count;
    /* Weights and biases that fusing makes, and each value in another layout. */
    plan->value_room = 2 * (graph->value_count + 2 * graph->node_count) + graph->input_count;
    plan->tensors = net_pool_get(pool, (size_t)plan->value_room, sizeof *plan->tensors, err);
    plan->outputs = net_pool_get(pool, (size_t)of->output_count, sizeof *plan->outputs, err);
    if (!plan->tensors || !plan->outputs) {
        return false;
    }
    memcpy(plan->outputs, of->outputs, (size_t)of->output_count * sizeof *plan->outputs);
    plan->output_count = of->output_count;
    plan->inputs = graph->inputs;
    plan->input_count = graph->input_count;
    for (int v = 0; v < graph->value_count; v++) {
        const net_value *value = &graph->values[v];
        plan->tensors[v] = value->constant
                               ? *value->constant
                               : (net_tensor){.type = value->type, .shape = value->shape};
    }
    for (int i = 0; of->in && i < graph->input_count; i++) {
        plan->tensors[graph->inputs[i]] = of->in[i];
    }
    for (int i = 0; of->captured && i < graph->capture_count; i++) {
        plan->tensors[graph->inner[i]] = of->captured[i];
    }
    if (!net_plan_prune(plan, err) || !net_plan_infer(plan, err)) {
        return false;
    }
    if (of->only_shapes) {
        return true;
    }
    if (!(of->as_loaded || net_plan_fuse(plan, err))) {
        return false;
    }
    plan->told_inputs = told(plan, plan->inputs, plan->input_count, err);
    plan->told_outputs = told(plan, plan->outputs, plan->output_count, err);
    if (!plan->told_inputs || !plan->told_outputs) {
        return false;
    }
    if (of->only_told) {
        return true;
    }
    if (!net_plan_layout(plan, err) || !(of->by_rows || net_plan_place(plan, err))) {
        return false;
    }
    for (int i = 0; i < plan->step_count; i++) {
        if (!make_step(plan, &plan->steps[i], err)) {
            return false;
        }
    }
    return true;
}

net_plan *net_plan_graph(const net_planning *of, ct_error *err) {
    net_plan *plan = calloc(1, sizeof *plan);
    if (!plan) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    plan->graph = of->graph;
    plan->memory = plan->pool.limit = of->memory;
    plan->most_turns = NET_MOST_TURNS;
    plan->bodies = of->bodies;
    plan->only_told = of->only_told;
    plan->apart = of->apart;
    plan->owns_symbols = !of->symbols;
    plan->symbols = of->symbols ? of->symbols : net_symbols_copy(of->model_symbols);
    if (!(plan->symbols || ct_fail(err, "out of memory")) || !fill(plan, of, err) ||
        !(of->only_shapes || net_plan_number(plan, err))) {
        net_plan_free(plan);
        return NULL;
    }
    return plan;
}

/* ---- for the caller ---- */

int net_plan_input_count(const net_plan *plan) {
    return plan->input_count;
}

int net_plan_output_count(const net_plan *plan) {
    return plan->output_count;
}

const net_value *net_plan_input(const net_plan *plan, int i) {
    return &plan->told_inputs[i];
}

const net_value *net_plan_output(const net_plan *plan, int i) {
    return &plan->told_outputs[i];
}

const net_symbols *net_plan_symbols(const net_plan *plan) {
    return plan->symbols;
}

bool net_plan_can_run(const net_plan *plan) {
    for (int i = 0; i < plan->input_count; i++) {
        if (!net_shape_is_known(&plan->told_inputs[i].shape) ||
            plan->told_inputs[i].type == NET_NONE) {
            return false;
        }
    }
    return true;
}

uint64_t net_plan_bytes(const net_plan *plan) {
    return plan->arena + plan->pool.bytes;
}

const net_graph *net_plan_graph_of(const net_plan *plan) {
    return plan->graph;
}

const net_tensor *net_plan_tensor(const net_plan *plan, int value) {
    return &plan->tensors[value];
}

bool net_plan_is_constant(const net_plan *plan, int value) {
    return plan->tensors[value].data != NULL;
}

const char *net_plan_value_name(const net_plan *plan, int value) {
    return value < plan->graph->value_count ? plan->graph->values[value].name : "";
}
