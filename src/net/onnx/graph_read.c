/* A graph's message -> net_graph: names become places, and nodes are put in order. */
#include "net/onnx/scope.h"

#ifdef CT_HAVE_PROTOBUF
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/onnx/kinds.h"
#include "net/onnx/order.h"
#include "net/op.h"

static const char *or_empty(const char *text) {
    return text ? text : "";
}

/* ---- values ---- */

static bool declared(onnx_scope *scope, const Onnx__ValueInfoProto *from, net_value *value,
                     ct_error *err) {
    const Onnx__TypeProto *type = from->type;
    if (!type || !type->tensor_type) {
        return true;
    }
    if (type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE) {
        return ct_fail(err, "value '%s' isn't a tensor, which isn't supported", value->name);
    }
    const int32_t number = type->tensor_type->elem_type;
    value->type = onnx_type(number);
    if (value->type == NET_NONE && number != 0) {
        return ct_fail(err, "value '%s' is %s, which isn't supported", value->name,
                       onnx_type_name(number));
    }
    const Onnx__TensorShapeProto *shape = type->tensor_type->shape;
    if (!shape) {
        return true;
    }
    if (shape->n_dim > NET_MOST_DIMENSIONS) {
        return ct_fail(err, "value '%s' has %zu dimensions; at most %d are supported", value->name,
                       shape->n_dim, NET_MOST_DIMENSIONS);
    }
    value->shape.rank = (int)shape->n_dim;
    for (size_t i = 0; i < shape->n_dim; i++) {
        const Onnx__TensorShapeProto__Dimension *size = shape->dim[i];
        const bool number_given =
            size->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        const bool named = size->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
        if (number_given && size->dim_value < -1) { /* some exporters write -1 for any size */
            return ct_fail(err, "value '%s' has a size of %lld along axis %zu", value->name,
                           (long long)size->dim_value, i);
        }
        value->shape.size[i] = number_given && size->dim_value >= 0 ? size->dim_value
                               : named ? net_symbol(scope->load->symbols, or_empty(size->dim_param))
                                       : NET_ANY_SIZE;
    }
    return true;
}

static bool take_initializers(onnx_scope *scope, const Onnx__GraphProto *from, ct_error *err) {
    onnx_load *load = scope->load;
    if (from->n_sparse_initializer > 0) {
        return ct_fail(err, "it has sparse tensors, which aren't supported");
    }
    for (size_t i = 0; i < from->n_initializer; i++) {
        const Onnx__TensorProto *tensor = from->initializer[i];
        const int place = onnx_scope_add(scope, or_empty(tensor->name), err);
        net_tensor *copy = place < 0 ? NULL : net_pool_get(load->pool, 1, sizeof *copy, err);
        if (!copy) {
            return false;
        }
        if (!onnx_tensor(load->message, tensor, load->files, load->pool, copy, err)) {
            return ct_fail_at(err, "tensor '%s': ", or_empty(tensor->name));
        }
        net_value *value = &scope->values[place];
        value->constant = copy;
        value->type = copy->type;
        value->shape = copy->shape;
    }
    return true;
}

/* Inputs that have an initializer are constants (before IR version 4 all had to be listed). */
static bool take_inputs(onnx_scope *scope, const Onnx__GraphProto *from, net_graph *graph,
                        ct_error *err) {
    graph->inputs = net_pool_get(scope->load->pool, from->n_input, sizeof *graph->inputs, err);
    if (!graph->inputs) {
        return false;
    }
    for (size_t i = 0; i < from->n_input; i++) {
        const char *name = or_empty(from->input[i]->name);
        const int known = onnx_names_find(&scope->names, name);
        if (known >= 0 && scope->values[known].constant) {
            continue;
        }
        const int place = onnx_scope_add(scope, name, err);
        if (place < 0 || !declared(scope, from->input[i], &scope->values[place], err)) {
            return false;
        }
        graph->inputs[graph->input_count++] = place;
    }
    return true;
}

static bool take_outputs(onnx_scope *scope, const Onnx__GraphProto *from, net_graph *graph,
                         ct_error *err) {
    graph->outputs = net_pool_get(scope->load->pool, from->n_output, sizeof *graph->outputs, err);
    if (!graph->outputs) {
        return false;
    }
    for (size_t i = 0; i < from->n_output; i++) {
        const char *name = or_empty(from->output[i]->name);
        const int place = onnx_scope_find(scope, name);
        if (place < 0) {
            return ct_fail(err, "no node makes its output '%s'", name);
        }
        graph->outputs[graph->output_count++] = place;
    }
    return true;
}

/* ---- nodes ---- */

static void note_missing(onnx_load *load, const Onnx__NodeProto *from, bool own, const char *name) {
    char type[40];
    snprintf(type, sizeof type, "%s%s%s", own ? "" : from->domain, own ? "" : ".",
             or_empty(from->op_type));
    load->missing_count++;
    for (int i = 0; i < load->missing_kinds && i < ONNX_TOLD; i++) {
        if (strcmp(load->missing[i].type, type) == 0) {
            load->missing[i].count++;
            return;
        }
    }
    if (load->missing_kinds++ < ONNX_TOLD) {
        struct onnx_missing *m = &load->missing[load->missing_kinds - 1];
        snprintf(m->type, sizeof m->type, "%s", type);
        snprintf(m->node, sizeof m->node, "%s", name);
        m->count = 1;
    }
}

static bool outputs_of(onnx_scope *scope, const Onnx__NodeProto *from, net_node *node,
                       ct_error *err) {
    node->outputs = net_pool_get(scope->load->pool, from->n_output, sizeof *node->outputs, err);
    if (!node->outputs || from->n_output == 0) {
        return node->outputs != NULL && ct_fail(err, "a node has no output");
    }
    for (size_t i = 0; i < from->n_output; i++) {
        const char *name = or_empty(from->output[i]);
        const int place = *name ? onnx_scope_add(scope, name, err) : -1;
        if (*name && place < 0) {
            return false;
        }
        node->outputs[i] = place;
    }
    node->output_count = (int)from->n_output;
    return true;
}

static const char *name_of(const Onnx__NodeProto *from) {
    return from->name && *from->name ? from->name : from->n_output ? or_empty(from->output[0]) : "";
}

static bool inputs_of(onnx_scope *scope, const Onnx__NodeProto *from, net_node *node,
                      ct_error *err) {
    node->inputs = net_pool_get(scope->load->pool, from->n_input, sizeof *node->inputs, err);
    if (!node->inputs) {
        return false;
    }
    for (size_t i = 0; i < from->n_input; i++) {
        const char *name = or_empty(from->input[i]);
        const int place = *name ? onnx_scope_find(scope, name) : -1;
        if (*name && place < 0) {
            return ct_fail(err, "its input '%s' is neither made by a node nor given", name);
        }
        node->inputs[i] = place;
    }
    node->input_count = (int)from->n_input;
    while (node->input_count > 0 && node->inputs[node->input_count - 1] < 0) {
        node->input_count--; /* left out, whether written or not */
    }
    return true;
}

/* The values of this graph that the node's bodies use. */
static bool captured_by(onnx_scope *scope, net_node *node, ct_error *err) {
    int count = 0;
    for (int i = 0; i < node->attribute_count; i++) {
        count += node->attributes[i].graph ? node->attributes[i].graph->capture_count : 0;
    }
    node->captured = net_pool_get(scope->load->pool, (size_t)count, sizeof *node->captured, err);
    if (!node->captured) {
        return false;
    }
    for (int i = 0; i < node->attribute_count; i++) {
        const net_graph *body = node->attributes[i].graph;
        for (int k = 0; body && k < body->capture_count; k++) {
            node->captured[node->captured_count++] = body->outer[k];
        }
    }
    return true;
}

static bool counts_fit(const net_node *node, ct_error *err) {
    const net_op *op = node->op;
    if (!op) {
        return true; /* it is told with all that are missing */
    }
    if (node->input_count < op->least || (op->most > 0 && node->input_count > op->most)) {
        return ct_fail(err, "it has %s", ct_count((uint64_t)node->input_count, "input").text);
    }
    if (op->outputs > 0 && node->output_count > op->outputs) {
        return ct_fail(err, "it has %s", ct_count((uint64_t)node->output_count, "output").text);
    }
    return true;
}

static bool node_of(onnx_scope *scope, const Onnx__NodeProto *from, net_node *node, ct_error *err) {
    onnx_load *load = scope->load;
    const char *name = name_of(from), *type = or_empty(from->op_type);
    const bool own = !from->domain || !*from->domain || strcmp(from->domain, "ai.onnx") == 0;
    node->name = net_pool_text(load->pool, name, strlen(name), err);
    node->type = net_pool_text(load->pool, type, strlen(type), err);
    node->opset = load->opset;
    node->op = own ? net_op_find(type, load->opset) : NULL;
    if (!node->name || !node->type) {
        return false;
    }
    if (!node->op) {
        note_missing(load, from, own, name);
    }
    return (inputs_of(scope, from, node, err) && onnx_attributes(scope, from, node, err) &&
            (!node->op || onnx_kinds_fit(node, err)) && captured_by(scope, node, err) &&
            counts_fit(node, err)) ||
           ct_fail_at(err, "node '%s' (%s): ", name, type);
}

/* ---- graphs ---- */

static bool fill(onnx_scope *scope, const Onnx__GraphProto *from, net_graph *graph, ct_error *err) {
    enum { MOST_NODES = 1 << 24 };
    net_pool *pool = scope->load->pool;
    if (from->n_node > MOST_NODES) {
        return ct_fail(err, "it has %s, and at most %d are possible",
                       ct_count(from->n_node, "node").text, MOST_NODES);
    }
    graph->name = net_pool_text(pool, or_empty(from->name), strlen(or_empty(from->name)), err);
    graph->nodes = net_pool_get(pool, from->n_node, sizeof *graph->nodes, err);
    if (!graph->name || !graph->nodes || !take_initializers(scope, from, err) ||
        !take_inputs(scope, from, graph, err)) {
        return false;
    }
    graph->node_count = (int)from->n_node;
    for (int i = 0; i < graph->node_count; i++) { /* first what they make: files may be unsorted */
        if (!outputs_of(scope, from->node[i], &graph->nodes[i], err)) {
            return ct_fail_at(err, "node '%s': ", name_of(from->node[i]));
        }
    }
    for (int i = 0; i < graph->node_count; i++) {
        if (!node_of(scope, from->node[i], &graph->nodes[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < from->n_value_info; i++) {
        const int place = onnx_names_find(&scope->names, or_empty(from->value_info[i]->name));
        if (place >= 0 && scope->values[place].type == NET_NONE &&
            !declared(scope, from->value_info[i], &scope->values[place], err)) {
            return false;
        }
    }
    return take_outputs(scope, from, graph, err) &&
           onnx_sort_nodes(graph, scope->count, pool, err) && onnx_scope_end(scope, graph, err);
}

net_graph *onnx_graph(onnx_load *load, onnx_scope *around, const Onnx__GraphProto *from,
                      ct_error *err) {
    onnx_scope scope = {.load = load, .around = around};
    net_graph *graph = net_pool_get(load->pool, 1, sizeof *graph, err);
    const bool ok = graph && fill(&scope, from, graph, err);
    onnx_scope_free(&scope);
    return ok ? graph : NULL;
}
#endif
