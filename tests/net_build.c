#include "net_build.h"

#include <check.h>

int build_value(build *b, const char *name) {
    b->graph.values = b->values;
    b->values[b->graph.value_count] = (net_value){.name = name, .shape = {.rank = -1}};
    return b->graph.value_count++;
}

int build_input(build *b, const char *name, net_type type, net_shape shape) {
    const int value = build_value(b, name);
    b->values[value].type = type;
    b->values[value].shape = shape;
    b->graph.inputs = b->inputs;
    b->inputs[b->graph.input_count++] = value;
    return value;
}

int build_constant(build *b, const char *name, net_type type, net_shape shape, void *data) {
    const int value = build_value(b, name);
    b->constants[value] = (net_tensor){type, shape, data};
    b->values[value].type = type;
    b->values[value].shape = shape;
    b->values[value].constant = &b->constants[value];
    return value;
}

int build_capture(build *b, const char *name, int outer) {
    const int value = build_value(b, name);
    b->graph.inner = b->inner;
    b->graph.outer = b->outer;
    b->inner[b->graph.capture_count] = value;
    b->outer[b->graph.capture_count++] = outer;
    return value;
}

net_node *build_node(build *b, const char *type, const int *inputs, const int *outputs) {
    const int at = b->graph.node_count++;
    net_node *node = &b->nodes[at];
    int *links = b->links[at];
    b->graph.nodes = b->nodes;
    *node = (net_node){.op = net_op_find(type, NET_NEWEST_OPSET),
                       .name = type,
                       .type = type,
                       .opset = NET_NEWEST_OPSET,
                       .inputs = links,
                       .attributes = b->attributes[at]};
    ck_assert_msg(node->op != NULL, "there is no %s", type);
    for (; inputs[node->input_count] != BUILD_END; node->input_count++) {
        *links++ = inputs[node->input_count];
    }
    node->outputs = links;
    for (; outputs[node->output_count] != BUILD_END; node->output_count++) {
        *links++ = outputs[node->output_count];
    }
    node->captured = links;
    return node;
}

static net_attribute *add(net_node *node, const char *name, net_attribute_kind kind) {
    net_attribute *a = &node->attributes[node->attribute_count++];
    *a = (net_attribute){.name = name, .kind = kind};
    return a;
}

void build_body(net_node *node, const char *name, const build *body) {
    add(node, name, NET_ATTRIBUTE_GRAPH)->graph = &body->graph;
    for (int i = 0; i < body->graph.capture_count; i++) {
        node->captured[node->captured_count++] = body->graph.outer[i];
    }
}

void build_int(net_node *node, const char *name, int64_t i) {
    add(node, name, NET_ATTRIBUTE_INT)->i = i;
}

void build_text(net_node *node, const char *name, const char *text) {
    add(node, name, NET_ATTRIBUTE_TEXT)->text = text;
}

void build_texts(net_node *node, const char *name, const char *const *texts, size_t count) {
    net_attribute *a = add(node, name, NET_ATTRIBUTE_TEXTS);
    a->texts = texts;
    a->count = count;
}

void build_outputs(build *b, const int *outputs) {
    b->graph.outputs = b->outputs;
    for (; outputs[b->graph.output_count] != BUILD_END; b->graph.output_count++) {
        b->outputs[b->graph.output_count] = outputs[b->graph.output_count];
    }
}

net_plan *build_plan(const build *b, uint64_t memory, ct_error *err) {
    net_symbols *symbols = net_symbols_new();
    net_plan *plan = net_plan_graph(&(net_planning){.graph = &b->graph,
                                                    .model_symbols = symbols,
                                                    .outputs = b->outputs,
                                                    .output_count = b->graph.output_count,
                                                    .memory = memory,
                                                    .bodies = &net_plan_bodies},
                                    err);
    net_symbols_free(symbols);
    return plan;
}
