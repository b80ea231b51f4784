/* A node's attributes: copied, so that the message can be freed. */
#include "net/onnx/scope.h"

#ifdef CT_HAVE_PROTOBUF
#include <string.h>

enum { /* ONNX's numbers of what an attribute is */
       FLOAT = 1,
       INT,
       TEXT,
       TENSOR,
       GRAPH,
       FLOATS,
       INTS,
       TEXTS,
};

static int kind_of(const Onnx__AttributeProto *from) {
    if (from->has_type && from->type != 0) {
        return (int)from->type;
    }
    return from->has_f       ? FLOAT /* models of before IR version 2 don't say */
           : from->has_i     ? INT
           : from->has_s     ? TEXT
           : from->t         ? TENSOR
           : from->g         ? GRAPH
           : from->n_floats  ? FLOATS
           : from->n_strings ? TEXTS
                             : INTS;
}

static const char *text(net_pool *pool, const ProtobufCBinaryData *from, ct_error *err) {
    return net_pool_text(pool, from->data, from->len, err);
}

static const void *list(net_pool *pool, const void *from, size_t count, size_t size,
                        ct_error *err) {
    void *copy = net_pool_get(pool, count, size, err);
    if (copy && count > 0) {
        memcpy(copy, from, count * size);
    }
    return copy;
}

static const char *const *texts(net_pool *pool, const Onnx__AttributeProto *from, ct_error *err) {
    const char **copy = net_pool_get(pool, from->n_strings, sizeof *copy, err);
    for (size_t i = 0; copy && i < from->n_strings; i++) {
        copy[i] = text(pool, &from->strings[i], err);
        if (!copy[i]) {
            return NULL;
        }
    }
    return copy;
}

static const net_tensor *tensor(onnx_scope *scope, const Onnx__TensorProto *from, ct_error *err) {
    onnx_load *load = scope->load;
    net_tensor *copy = net_pool_get(load->pool, 1, sizeof *copy, err);
    return copy && from && onnx_tensor(load->message, from, load->files, load->pool, copy, err)
               ? copy
               : NULL;
}

static bool attribute(onnx_scope *scope, const Onnx__AttributeProto *from, net_attribute *to,
                      ct_error *err) {
    net_pool *pool = scope->load->pool;
    const char *name = from->name ? from->name : "";
    to->name = net_pool_text(pool, name, strlen(name), err);
    if (!to->name) {
        return false;
    }
    if (from->ref_attr_name && *from->ref_attr_name) {
        return ct_fail(err, "it refers to an attribute of a function, which isn't supported");
    }
    switch (kind_of(from)) {
    case INT:
        to->kind = NET_ATTRIBUTE_INT;
        to->i = from->i;
        return true;
    case FLOAT:
        to->kind = NET_ATTRIBUTE_FLOAT;
        to->f = from->f;
        return true;
    case TEXT:
        to->kind = NET_ATTRIBUTE_TEXT;
        return (to->text = text(pool, &from->s, err)) != NULL;
    case INTS:
        to->kind = NET_ATTRIBUTE_INTS;
        to->count = from->n_ints;
        return (to->ints = list(pool, from->ints, to->count, sizeof *to->ints, err)) != NULL;
    case FLOATS:
        to->kind = NET_ATTRIBUTE_FLOATS;
        to->count = from->n_floats;
        return (to->floats = list(pool, from->floats, to->count, sizeof *to->floats, err)) != NULL;
    case TEXTS:
        to->kind = NET_ATTRIBUTE_TEXTS;
        to->count = from->n_strings;
        return (to->texts = texts(pool, from, err)) != NULL;
    case TENSOR:
        to->kind = NET_ATTRIBUTE_TENSOR;
        to->tensor = tensor(scope, from->t, err);
        return to->tensor || (from->t ? false : ct_fail(err, "it has no tensor"));
    case GRAPH:
        to->kind = NET_ATTRIBUTE_GRAPH;
        if (!from->g) {
            return ct_fail(err, "it has no graph");
        }
        return (to->graph = scope->load->graph(scope->load, scope, from->g, err)) != NULL;
    default:
        return ct_fail(err, "it is of a kind that isn't supported");
    }
}

bool onnx_attributes(onnx_scope *scope, const Onnx__NodeProto *from, net_node *node,
                     ct_error *err) {
    node->attributes =
        net_pool_get(scope->load->pool, from->n_attribute, sizeof *node->attributes, err);
    if (!node->attributes) {
        return false;
    }
    for (size_t i = 0; i < from->n_attribute; i++) {
        if (!attribute(scope, from->attribute[i], &node->attributes[i], err)) {
            return ct_fail_at(
                err, "attribute '%s': ", from->attribute[i]->name ? from->attribute[i]->name : "");
        }
    }
    node->attribute_count = (int)from->n_attribute;
    return true;
}
#endif
