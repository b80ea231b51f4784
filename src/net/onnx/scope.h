/* A graph while it is loaded. Internal to src/net/onnx. */
#ifndef CT_NET_ONNX_SCOPE_H
#define CT_NET_ONNX_SCOPE_H

#include "net/graph.h"
#include "net/onnx/message.h"
#include "net/onnx/names.h"

#ifdef CT_HAVE_PROTOBUF
enum { ONNX_TOLD = 12 };

/* What all graphs of a model share. */
struct onnx_scope;
typedef struct onnx_load {
    /* Loads a graph within another, for attributes: onnx_graph. */
    net_graph *(*graph)(struct onnx_load *load, struct onnx_scope *around,
                        const Onnx__GraphProto *from, ct_error *err);
    const onnx_message *message;
    net_pool *pool;
    net_symbols *symbols;
    const struct net_files *files;
    int opset;
    struct onnx_missing { /* operators that aren't supported, of the first so many kinds */
        char type[40], node[40];
        int count;
    } missing[ONNX_TOLD];
    int missing_kinds, missing_count;
} onnx_load;

typedef struct onnx_scope {
    onnx_load *load;
    struct onnx_scope *around; /* NULL: the model's own graph */
    onnx_names names;
    net_value *values; /* growable, until they are copied to the pool */
    int count, room;
    int *inner, *outer; /* captures, likewise */
    int captures, capture_room;
} onnx_scope;

/* The place of the value of that name in this graph. Where it is one of a graph around it, it is
 * captured. -1: there is none, or no memory. */
int onnx_scope_find(onnx_scope *scope, const char *name);

/* Adds a value. -1 with an error: out of memory, or a value of that name stands already. */
int onnx_scope_add(onnx_scope *scope, const char *name, ct_error *err);

/* Hands values and captures to the graph, and frees the rest. */
bool onnx_scope_end(onnx_scope *scope, net_graph *graph, ct_error *err);
void onnx_scope_free(onnx_scope *scope);

/* Copies attributes, bodies among them. */
bool onnx_attributes(onnx_scope *scope, const Onnx__NodeProto *from, net_node *node, ct_error *err);

/* Loads a graph; `around` is NULL for the model's own. NULL with an error. */
net_graph *onnx_graph(onnx_load *load, onnx_scope *around, const Onnx__GraphProto *from,
                      ct_error *err);
#endif

#endif
