/* The order of nodes: a search in depth, without calls of itself. */
#include "net/onnx/order.h"

#include <limits.h>
#include <stdlib.h>

typedef struct sorting {
    net_graph *graph;
    const int *maker; /* of each value: the node, or -1 */
    char *state;      /* of each node: 0 unseen, 1 on the way, 2 placed */
    int *stack, *next;
    net_node *sorted;
    int placed;
} sorting;

static int input_at(const net_node *node, int i) {
    if (i < node->input_count) {
        return node->inputs[i];
    }
    i -= node->input_count;
    return i < node->captured_count ? node->captured[i] : INT_MIN;
}

static bool place(sorting *s, int first, ct_error *err) {
    int depth = 0;
    s->stack[depth] = first;
    s->next[depth++] = 0;
    s->state[first] = 1;
    while (depth > 0) {
        const int at = s->stack[depth - 1];
        const int value = input_at(&s->graph->nodes[at], s->next[depth - 1]++);
        if (value == INT_MIN) {
            s->state[at] = 2;
            s->sorted[s->placed++] = s->graph->nodes[at];
            depth--;
            continue;
        }
        const int needed = value < 0 ? -1 : s->maker[value];
        if (needed < 0 || s->state[needed] == 2) {
            continue;
        }
        if (s->state[needed] == 1) {
            return ct_fail(err, "node '%s' needs its own output: the graph has a cycle",
                           s->graph->nodes[needed].name);
        }
        s->state[needed] = 1;
        s->stack[depth] = needed;
        s->next[depth++] = 0;
    }
    return true;
}

bool onnx_sort_nodes(net_graph *graph, int value_count, net_pool *pool, ct_error *err) {
    const size_t nodes = (size_t)graph->node_count, values = (size_t)value_count;
    int *maker = malloc((values + 1) * sizeof *maker);
    sorting s = {.graph = graph,
                 .maker = maker,
                 .state = calloc(nodes + 1, 1),
                 .stack = malloc((nodes + 1) * sizeof *s.stack),
                 .next = malloc((nodes + 1) * sizeof *s.next),
                 .sorted = net_pool_get(pool, nodes, sizeof *s.sorted, err)};
    bool ok = maker && s.state && s.stack && s.next && s.sorted;
    if (!ok) {
        ct_fail(err, "out of memory");
    }
    for (size_t i = 0; ok && i < values; i++) {
        maker[i] = -1;
    }
    for (int i = 0; ok && i < graph->node_count; i++) {
        for (int k = 0; k < graph->nodes[i].output_count; k++) {
            if (graph->nodes[i].outputs[k] >= 0) {
                maker[graph->nodes[i].outputs[k]] = i;
            }
        }
    }
    for (int i = 0; ok && i < graph->node_count; i++) {
        ok = s.state[i] == 2 || place(&s, i, err);
    }
    if (ok) {
        graph->nodes = s.sorted;
    }
    free(maker);
    free(s.state);
    free(s.stack);
    free(s.next);
    return ok;
}
