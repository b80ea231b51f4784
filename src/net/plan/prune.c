/* Which nodes are needed for the outputs that are wanted. */
#include <stdlib.h>

#include "net/plan/plan.h"

static void want(char *wanted, int value) {
    if (value >= 0) {
        wanted[value] = 1;
    }
}

bool net_plan_prune(net_plan *plan, ct_error *err) {
    const net_graph *graph = plan->graph;
    char *wanted = calloc((size_t)graph->value_count + 1, 1);
    char *needed = calloc((size_t)graph->node_count + 1, 1);
    plan->steps = net_pool_get(&plan->pool, (size_t)graph->node_count, sizeof *plan->steps, err);
    const bool ok = wanted && needed && plan->steps;
    for (int i = 0; ok && i < plan->output_count; i++) {
        want(wanted, plan->outputs[i]);
    }
    for (int i = graph->node_count; ok && i-- > 0;) {
        const net_node *node = &graph->nodes[i];
        for (int k = 0; k < node->output_count; k++) {
            needed[i] |= node->outputs[k] >= 0 && wanted[node->outputs[k]];
        }
        for (int k = 0; needed[i] && k < node->input_count; k++) {
            want(wanted, node->inputs[k]);
        }
        for (int k = 0; needed[i] && k < node->captured_count; k++) {
            want(wanted, node->captured[k]);
        }
    }
    for (int i = 0; ok && i < graph->node_count; i++) {
        if (needed[i]) {
            plan->steps[plan->step_count++].node = &graph->nodes[i];
        }
    }
    free(wanted);
    free(needed);
    return ok || ct_fail(err, "out of memory");
}
