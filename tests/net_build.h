/* Graphs built by hand, for tests of plans and operators. */
#ifndef TESTS_NET_BUILD_H
#define TESTS_NET_BUILD_H

#include "net/plan/plan.h"

enum { BUILD_MOST = 80 };

/* Start from `{0}`; then values, nodes in their order, and build_end. Nothing is allocated. */
typedef struct build {
    net_graph graph;
    net_value values[BUILD_MOST];
    net_tensor constants[BUILD_MOST];
    net_node nodes[BUILD_MOST];
    net_attribute attributes[BUILD_MOST][4];
    int links[BUILD_MOST][2 * BUILD_MOST]; /* of a node: inputs, then outputs */
    int inputs[BUILD_MOST], outputs[BUILD_MOST], inner[BUILD_MOST], outer[BUILD_MOST];
} build;

/* A list of values that ends with build_end_of_list; -1: left out. */
enum { BUILD_END = -2 };
#define BUILD_LIST(...) ((const int[]){__VA_ARGS__, BUILD_END})

int build_value(build *b, const char *name);
int build_input(build *b, const char *name, net_type type, net_shape shape);
int build_constant(build *b, const char *name, net_type type, net_shape shape, void *data);
int build_capture(build *b, const char *name, int outer);

/* Adds a node of the newest opset; `captured` may be NULL. */
net_node *build_node(build *b, const char *type, const int *inputs, const int *outputs);
void build_body(net_node *node, const char *name, const build *body);
void build_int(net_node *node, const char *name, int64_t i);
void build_text(net_node *node, const char *name, const char *text);
void build_texts(net_node *node, const char *name, const char *const *texts, size_t count);
void build_outputs(build *b, const int *outputs);

/* A plan for the shapes of the inputs; NULL with an error. */
net_plan *build_plan(const build *b, uint64_t memory, ct_error *err);

#endif
