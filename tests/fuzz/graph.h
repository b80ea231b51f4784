/* Graphs of operators, made of bytes, for fuzz_net.c. */
#ifndef CT_TESTS_FUZZ_GRAPH_H
#define CT_TESTS_FUZZ_GRAPH_H

#include "draw.h"
#include "net/plan/plan.h"

enum {
    FUZZ_MOST_VALUES = 48,
    FUZZ_MOST_NODES = 6,
    FUZZ_MOST_LINKS = 16 /* inputs, or outputs, of a node */
};

typedef struct fuzz_graph {
    net_graph graph;
    net_symbols *symbols; /* of the outermost graph */
    int opset;
    int64_t known; /* what becomes of sizes that aren't known */

    struct fuzz_graph *bodies[2 * FUZZ_MOST_NODES];
    int body_count;
    net_value values[FUZZ_MOST_VALUES];
    net_tensor constants[FUZZ_MOST_VALUES];
    net_node nodes[FUZZ_MOST_NODES];
    int inputs[FUZZ_MOST_VALUES], outputs[FUZZ_MOST_VALUES];
    int inner[FUZZ_MOST_VALUES], outer[FUZZ_MOST_VALUES];
    struct fuzz_links {
        int in[FUZZ_MOST_LINKS], out[FUZZ_MOST_LINKS], captured[FUZZ_MOST_VALUES];
        fuzz_attributes attributes;
    } links[FUZZ_MOST_NODES];
} fuzz_graph;

/* Nodes whose shapes are refused as they stand aren't in it. */
fuzz_graph *fuzz_graph_new(const uint8_t *data, size_t size);
void fuzz_graph_free(fuzz_graph *graph);

#endif
