/* A network as a graph: values, and nodes that make values of others. It stays as it was loaded;
 * what a plan finds out about it lies in the plan. */
#ifndef CT_NET_GRAPH_H
#define CT_NET_GRAPH_H

#include "net/tensor.h"

typedef struct net_graph net_graph;
typedef struct net_op net_op;

typedef enum net_attribute_kind {
    NET_ATTRIBUTE_INT,
    NET_ATTRIBUTE_FLOAT,
    NET_ATTRIBUTE_TEXT,
    NET_ATTRIBUTE_INTS,
    NET_ATTRIBUTE_FLOATS,
    NET_ATTRIBUTE_TEXTS,
    NET_ATTRIBUTE_TENSOR,
    NET_ATTRIBUTE_GRAPH,
} net_attribute_kind;

typedef struct net_attribute {
    const char *name;
    net_attribute_kind kind;
    int64_t i;
    float f;
    const char *text;
    size_t count; /* of the lists: */
    const int64_t *ints;
    const float *floats;
    const char *const *texts;
    const net_tensor *tensor;
    const net_graph *graph;
} net_attribute;

/* Values are named by their place in net_graph.values. */
typedef struct net_node {
    const net_op *op;
    const char *name; /* the file's, else that of its first output */
    const char *type; /* "Conv" */
    int opset;        /* the version of the operators that the model was made with */
    int *inputs;      /* -1: left out */
    int input_count;
    int *outputs; /* -1: not wanted */
    int output_count;
    net_attribute *attributes;
    int attribute_count;
    int *captured; /* values of this graph that the node's bodies use, besides its inputs */
    int captured_count;
    bool relu; /* a plan's Conv or Gemm: what it makes goes through Relu, once a node behind it */
} net_node;

typedef struct net_value {
    const char *name;
    net_type type;              /* as the file declares them; NET_NONE, */
    net_shape shape;            /* and a rank of -1: it doesn't */
    const net_tensor *constant; /* an initializer, or NULL */
} net_value;

struct net_graph {
    const char *name;
    net_value *values;
    int value_count;
    net_node *nodes; /* in an order in which each comes after those whose values it uses */
    int node_count;
    int *inputs; /* those that have no initializer, in the file's order */
    int input_count;
    int *outputs;
    int output_count;
    /* A body (of If or Loop) may use values of the graph around it: its value inner[i] is there
     * value outer[i]. */
    int *inner, *outer;
    int capture_count;
};

/* ---- attributes by name ---- */

const net_attribute *net_attribute_find(const net_node *node, const char *name); /* or NULL */

/* The attribute's value, or the default where it is left out. A value of another kind counts as
 * left out: the loader refuses files that have one (onnx/kinds.c has the kinds). */
int64_t net_int(const net_node *node, const char *name, int64_t fallback);
float net_float(const net_node *node, const char *name, float fallback);
const char *net_text(const net_node *node, const char *name, const char *fallback);
const net_graph *net_body(const net_node *node, const char *name); /* NULL: left out */
const net_tensor *net_tensor_of(const net_node *node, const char *name);

/* How many numbers a list has, and the list; 0 and NULL where it is left out. */
int net_ints(const net_node *node, const char *name, const int64_t **ints);
int net_floats(const net_node *node, const char *name, const float **floats);
int net_texts(const net_node *node, const char *name, const char *const **texts);

/* The value of that name, or -1. */
int net_graph_find(const net_graph *graph, const char *name);

#endif
