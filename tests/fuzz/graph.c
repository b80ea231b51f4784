#include "graph.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

/* ---- values ---- */

static int add_value(fuzz_graph *g, net_type type, net_shape shape) {
    static const char *const names[] = {"v0", "v1", "v2", "v3"};
    const int value = g->graph.value_count++;
    g->values[value] = (net_value){.name = names[value % COUNT(names)], .type = type};
    g->values[value].shape = shape;
    return value;
}

static void add_constant(fuzz_graph *g, fuzz_bytes *b) {
    const net_tensor tensor = fuzz_take_tensor(b);
    const int value = add_value(g, tensor.type, tensor.shape);
    g->constants[value] = tensor;
    g->values[value].constant = &g->constants[value];
}

/* Weights that fit a value of known shape, which the operator works on. Whether there are any. */
static bool add_weights(fuzz_graph *g, const char *type, int x, fuzz_bytes *b) {
    const net_shape *in = &g->values[x].shape;
    const int gates = strcmp(type, "LSTM") == 0  ? 4
                      : strcmp(type, "GRU") == 0 ? 3
                      : strcmp(type, "RNN") == 0 ? 1
                                                 : 0;
    const int side = 1 + fuzz_take(b, 4);
    net_shape shapes[2] = {{.rank = 0}, {.rank = 0}};
    if (gates > 0 && in->rank == 3) {
        shapes[0] = (net_shape){.rank = 3, .size = {1, gates * side, in->size[2]}};
        shapes[1] = (net_shape){.rank = 3, .size = {1, gates * side, side}};
    } else if (strncmp(type, "Conv", 4) == 0 && in->rank > 2) {
        shapes[0] = (net_shape){.rank = in->rank, .size = {side, in->size[1]}};
        for (int i = 2; i < in->rank; i++) {
            shapes[0].size[i] = 1 + fuzz_take(b, 3);
        }
        if (strcmp(type, "ConvTranspose") == 0) {
            shapes[0].size[0] = in->size[1];
            shapes[0].size[1] = side;
        }
    }
    for (int i = 0; i < 2 && shapes[i].rank > 0; i++) {
        const net_tensor tensor = fuzz_take_floats(b, shapes[i]);
        if (!tensor.data) {
            return i > 0;
        }
        const int value = add_value(g, tensor.type, tensor.shape);
        g->constants[value] = tensor;
        g->values[value].constant = &g->constants[value];
    }
    return shapes[0].rank > 0;
}

static void add_input(fuzz_graph *g, net_type type, net_shape shape) {
    g->inputs[g->graph.input_count++] = add_value(g, type, shape);
}

/* ---- bodies ---- */

static void take_nodes(fuzz_graph *g, fuzz_bytes *b, int most, bool with_bodies);

static fuzz_graph *new_graph(int opset) {
    fuzz_graph *g = calloc(1, sizeof *g);
    if (!g) {
        fuzz_fail("no memory for the test itself");
    }
    g->opset = opset;
    g->graph = (net_graph){.name = "graph",
                           .values = g->values,
                           .nodes = g->nodes,
                           .inputs = g->inputs,
                           .outputs = g->outputs,
                           .inner = g->inner,
                           .outer = g->outer};
    return g;
}

static void take_body(fuzz_graph *g, net_node *node, const char *name, int inputs, fuzz_bytes *b) {
    struct fuzz_links *links = &g->links[node - g->nodes];
    fuzz_graph *body = g->bodies[g->body_count++] = new_graph(g->opset);
    for (int i = 0; i < inputs; i++) {
        add_input(body, i == 0 && fuzz_take(b, 2) ? NET_I64 : NET_NONE, (net_shape){.rank = -1});
    }
    for (int captures = fuzz_take(b, 3); captures > 0; captures--) {
        const int outer = fuzz_take(b, g->graph.value_count);
        const int inner = add_value(body, g->values[outer].type, g->values[outer].shape);
        body->values[inner].constant = g->values[outer].constant;
        body->inner[body->graph.capture_count] = inner;
        body->outer[body->graph.capture_count++] = outer;
        links->captured[node->captured_count++] = outer;
    }
    add_constant(body, b);
    take_nodes(body, b, 2, false);
    const int outputs = fuzz_take(b, 4) + 1;
    for (int i = 0; i < outputs; i++) {
        body->outputs[body->graph.output_count++] =
            body->graph.value_count - 1 - fuzz_take(b, body->graph.value_count);
    }
    links->attributes.all[node->attribute_count++] =
        (net_attribute){.name = name, .kind = NET_ATTRIBUTE_GRAPH, .graph = &body->graph};
}

static void take_bodies(fuzz_graph *g, net_node *node, fuzz_bytes *b) {
    if (strcmp(node->type, "If") == 0) {
        take_body(g, node, "then_branch", 0, b);
        take_body(g, node, "else_branch", 0, b);
    } else if (strcmp(node->type, "Loop") == 0) {
        take_body(g, node, "body", node->input_count < 2 ? 2 : node->input_count, b);
    } else if (strcmp(node->type, "Scan") == 0) {
        take_body(g, node, "body", node->input_count - (g->opset < 9), b);
    }
}

/* ---- nodes ---- */

static const net_op *take_op(fuzz_bytes *b, int opset) {
    static int count;
    while (net_op_at((size_t)count)) {
        count++;
    }
    const int low = fuzz_take(b, 256);
    const net_op *op = net_op_at((size_t)((low + 256 * fuzz_take(b, 2)) % count));
    return net_op_find(op->name, opset);
}

static bool is_refused(const fuzz_graph *g, bool whole) {
    ct_error err = {""};
    int every[FUZZ_MOST_VALUES];
    for (int v = 0; v < g->graph.value_count; v++) {
        every[v] = v;
    }
    if (!whole) {
        return false;
    }
    net_plan *plan = net_plan_graph(&(net_planning){.graph = &g->graph,
                                                    .model_symbols = g->symbols,
                                                    .outputs = every,
                                                    .output_count = g->graph.value_count,
                                                    .memory = 1 << 20,
                                                    .only_shapes = true,
                                                    .bodies = &net_plan_bodies},
                                    &err);
    if (!plan) {
        fuzz_check_error(&err);
    }
    net_plan_free(plan);
    return plan == NULL;
}

static void take_node(fuzz_graph *g, const net_op *op, fuzz_bytes *b, bool whole) {
    const int first = g->graph.value_count, at = g->graph.node_count;
    const int x = first - 1 - fuzz_take(b, first);
    const bool weighted = whole && add_weights(g, op->name, x, b);
    const int before = g->graph.value_count;
    struct fuzz_links *links = &g->links[at];
    net_node *node = &g->nodes[at];
    *node = (net_node){.op = op,
                       .name = op->name,
                       .type = op->name,
                       .opset = g->opset,
                       .inputs = links->in,
                       .outputs = links->out,
                       .captured = links->captured,
                       .attributes = links->attributes.all};
    const int most = op->most > 0 ? op->most : 4;
    node->input_count = op->least + fuzz_take(b, (most < 10 ? most : 10) - op->least + 1);
    for (int i = 0; i < node->input_count; i++) {
        const int back = fuzz_take(b, 128);
        links->in[i] = i == 0 ? x : back == 127 ? -1 : before - 1 - back % before;
    }
    for (int i = first; weighted && i < before && i - first + 1 < node->input_count; i++) {
        links->in[1 + i - first] = i;
    }
    const int outputs = 1 + fuzz_take(b, op->outputs == 1 ? 1 : op->outputs > 1 ? op->outputs : 3);
    take_bodies(g, node, b);
    fuzz_take_attributes(&links->attributes, node, b);
    for (; node->output_count < outputs; node->output_count++) {
        links->out[node->output_count] = add_value(g, NET_NONE, (net_shape){.rank = -1});
    }
    g->graph.node_count++;
    if (is_refused(g, whole)) {
        for (int i = 0; i < FUZZ_MOST_ATTRIBUTES; i++) {
            free(links->attributes.tensors[i].data);
            links->attributes.tensors[i].data = NULL;
        }
        g->graph.node_count--;
        g->graph.value_count = before;
    }
}

static void take_nodes(fuzz_graph *g, fuzz_bytes *b, int most, bool whole) {
    for (int tries = 0; b->left > 0 && tries < 2 * most && g->graph.node_count < most; tries++) {
        const net_op *op = take_op(b, g->opset);
        const bool has_body = op && (strcmp(op->name, "If") == 0 || strcmp(op->name, "Loop") == 0 ||
                                     strcmp(op->name, "Scan") == 0);
        const bool fits =
            g->graph.value_count + 8 < FUZZ_MOST_VALUES && g->body_count + 2 < COUNT(g->bodies);
        if (op && fits && (whole || !has_body)) {
            take_node(g, op, b, whole);
        }
    }
}

fuzz_graph *fuzz_graph_new(const uint8_t *data, size_t size) {
    fuzz_bytes b = {data, size};
    fuzz_graph *g = new_graph(1 + fuzz_take(&b, NET_NEWEST_OPSET));
    g->symbols = net_symbols_new();
    g->known = fuzz_take(&b, 9);
    const int inputs = 1 + fuzz_take(&b, 3), constants = fuzz_take(&b, 6);
    for (int i = 0; i < inputs; i++) {
        const net_type type = fuzz_take_type(&b);
        add_input(g, type, fuzz_take_shape(&b, g->symbols));
    }
    for (int i = 0; i < constants; i++) {
        add_constant(g, &b);
    }
    take_nodes(g, &b, FUZZ_MOST_NODES, true);
    for (int i = 0; i < g->graph.node_count; i++) {
        for (int k = 0; k < g->nodes[i].output_count; k++) {
            g->outputs[g->graph.output_count++] = g->nodes[i].outputs[k];
        }
    }
    return g;
}

void fuzz_graph_free(fuzz_graph *g) {
    for (int v = 0; v < FUZZ_MOST_VALUES; v++) {
        free(g->constants[v].data);
    }
    for (int i = 0; i < FUZZ_MOST_NODES; i++) {
        for (int k = 0; k < FUZZ_MOST_ATTRIBUTES; k++) {
            free(g->links[i].attributes.tensors[k].data);
        }
    }
    for (int i = 0; i < g->body_count; i++) {
        fuzz_graph_free(g->bodies[i]);
    }
    net_symbols_free(g->symbols);
    free(g);
}
