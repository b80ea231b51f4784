#include "net/graph.h"

#include <string.h>

const net_attribute *net_attribute_find(const net_node *node, const char *name) {
    for (int i = 0; i < node->attribute_count; i++) {
        if (strcmp(node->attributes[i].name, name) == 0) {
            return &node->attributes[i];
        }
    }
    return NULL;
}

static const net_attribute *of_kind(const net_node *node, const char *name,
                                    net_attribute_kind kind) {
    const net_attribute *a = net_attribute_find(node, name);
    return a && a->kind == kind ? a : NULL;
}

int64_t net_int(const net_node *node, const char *name, int64_t fallback) {
    const net_attribute *a = of_kind(node, name, NET_ATTRIBUTE_INT);
    return a ? a->i : fallback;
}

float net_float(const net_node *node, const char *name, float fallback) {
    const net_attribute *a = of_kind(node, name, NET_ATTRIBUTE_FLOAT);
    return a ? a->f : fallback;
}

const char *net_text(const net_node *node, const char *name, const char *fallback) {
    const net_attribute *a = of_kind(node, name, NET_ATTRIBUTE_TEXT);
    return a ? a->text : fallback;
}

const net_graph *net_body(const net_node *node, const char *name) {
    const net_attribute *a = of_kind(node, name, NET_ATTRIBUTE_GRAPH);
    return a ? a->graph : NULL;
}

const net_tensor *net_tensor_of(const net_node *node, const char *name) {
    const net_attribute *a = of_kind(node, name, NET_ATTRIBUTE_TENSOR);
    return a ? a->tensor : NULL;
}

int net_ints(const net_node *node, const char *name, const int64_t **ints) {
    const net_attribute *a = of_kind(node, name, NET_ATTRIBUTE_INTS);
    *ints = a ? a->ints : NULL;
    return a ? (int)a->count : 0;
}

int net_floats(const net_node *node, const char *name, const float **floats) {
    const net_attribute *a = of_kind(node, name, NET_ATTRIBUTE_FLOATS);
    *floats = a ? a->floats : NULL;
    return a ? (int)a->count : 0;
}

int net_texts(const net_node *node, const char *name, const char *const **texts) {
    const net_attribute *a = of_kind(node, name, NET_ATTRIBUTE_TEXTS);
    *texts = a ? a->texts : NULL;
    return a ? (int)a->count : 0;
}

int net_graph_find(const net_graph *graph, const char *name) {
    for (int i = 0; i < graph->value_count; i++) {
        if (strcmp(graph->values[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}
