/* An ONNX file -> a model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/net.h"
#include "net/onnx/scope.h"
#include "net/pool.h"

struct net_model {
    net_pool pool;
    net_symbols *symbols;
    const net_graph *graph;
    int opset;
    char producer[64];
};

void net_free(net_model *model) {
    if (model) {
        net_pool_free(&model->pool);
        net_symbols_free(model->symbols);
        free(model);
    }
}

const net_graph *net_model_graph(const net_model *model) {
    return model->graph;
}

const net_symbols *net_model_symbols(const net_model *model) {
    return model->symbols;
}

int net_model_opset(const net_model *model) {
    return model->opset;
}

const char *net_model_producer(const net_model *model) {
    return model->producer;
}

size_t net_model_bytes(const net_model *model) {
    return (size_t)model->pool.bytes;
}

#ifdef CT_HAVE_PROTOBUF
bool net_can_load(void) {
    return true;
}

const char *net_library(void) {
    static char text[40];
    snprintf(text, sizeof text, "protobuf-c %s", protobuf_c_version());
    return text;
}

/* What the file itself may have in it: that of ONNX 1.20. What newer schemas than Debian's added
 * (types, functions, devices) is refused where it is used. */
enum { NEWEST_FILE = 13 };

/* The version of ONNX's own operators. */
static bool find_opset(const Onnx__ModelProto *from, int *opset, ct_error *err) {
    int64_t version = 0;
    for (size_t i = 0; i < from->n_opset_import; i++) {
        const char *domain = from->opset_import[i]->domain;
        if (!domain || !*domain || strcmp(domain, "ai.onnx") == 0) {
            version = from->opset_import[i]->version;
        }
    }
    *opset = (int)version;
    return (version >= 1 && version <= NET_NEWEST_OPSET) ||
           ct_fail(err, "it uses operators of opset %lld; 1 to %d are supported",
                   (long long)version, NET_NEWEST_OPSET);
}

/* All at once: "Foo (node 'a'), Bar (3 nodes, the first 'b')". */
static bool fail_missing(const onnx_load *load, size_t functions, ct_error *err) {
    ct_text all = {0};
    bool ok = true;
    for (int i = 0; ok && i < load->missing_kinds && i < ONNX_TOLD; i++) {
        const struct onnx_missing *m = &load->missing[i];
        ok = m->count == 1
                 ? ct_text_print(&all, "%s%s (node '%s')", i ? ", " : "", m->type, m->node)
                 : ct_text_print(&all, "%s%s (%d nodes, the first '%s')", i ? ", " : "", m->type,
                                 m->count, m->node);
    }
    if (ok && load->missing_kinds > ONNX_TOLD) {
        ok = ct_text_print(&all, ", and %d more", load->missing_kinds - ONNX_TOLD);
    }
    ct_fail(err, "it uses operators that aren't supported in opset %d: %s%s", load->opset,
            ok ? all.bytes : "",
            functions > 0 ? "; functions of a model's own aren't supported" : "");
    ct_text_free(&all);
    return false;
}

static bool fill(net_model *model, onnx_message *message, const net_files *files, ct_error *err) {
    const Onnx__ModelProto *from = message->message;
    if (!from->graph) {
        return ct_fail(err, "it isn't an ONNX model: it has no graph");
    }
    if (from->has_ir_version && (from->ir_version < 1 || from->ir_version > NEWEST_FILE)) {
        return ct_fail(err, "it is a file of ONNX's IR version %lld; 1 to %d are known",
                       (long long)from->ir_version, NEWEST_FILE);
    }
    if (!find_opset(from, &model->opset, err)) {
        return false;
    }
    snprintf(model->producer, sizeof model->producer, "%s%s%s",
             from->producer_name ? from->producer_name : "",
             from->producer_version && *from->producer_version ? " " : "",
             from->producer_version ? from->producer_version : "");
    onnx_load load = {.graph = onnx_graph,
                      .message = message,
                      .pool = &model->pool,
                      .symbols = model->symbols,
                      .files = files,
                      .opset = model->opset};
    model->graph =
        onnx_keep(message, &model->pool, err) ? onnx_graph(&load, NULL, from->graph, err) : NULL;
    return model->graph && (load.missing_count == 0 || fail_missing(&load, from->n_functions, err));
}

net_model *net_load(const void *bytes, size_t size, const net_files *files, uint64_t memory,
                    ct_error *err) {
    onnx_message from;
    net_model *model = calloc(1, sizeof *model);
    if (model) {
        model->pool.limit = memory;
        model->symbols = net_symbols_new();
    }
    const bool ok =
        onnx_unpack(&from, ONNX_MODEL, bytes, size, memory, err) &&
        (model && model->symbols ? fill(model, &from, files, err) : ct_fail(err, "out of memory"));
    onnx_free(&from);
    if (!ok) {
        net_free(model);
        return NULL;
    }
    return model;
}

bool net_load_tensor(const void *bytes, size_t size, net_pool *pool, net_tensor *out,
                     const char **name, ct_error *err) {
    onnx_message message;
    bool ok = onnx_unpack(&message, ONNX_TENSOR, bytes, size, pool->limit, err) &&
              onnx_keep(&message, pool, err);
    const Onnx__TensorProto *from = message.message;
    ok = ok && onnx_tensor(&message, from, NULL, pool, out, err);
    if (ok) {
        const char *own = from->name ? from->name : "";
        *name = net_pool_text(pool, own, strlen(own), err);
        ok = *name != NULL;
    }
    onnx_free(&message);
    return ok;
}

bool net_save_tensor(const net_tensor *tensor, const char *name, ct_text *out, ct_error *err) {
    size_t bytes;
    if (!net_bytes(tensor, &bytes)) {
        return ct_fail(err, "its shape has more elements than fit in memory");
    }
    Onnx__TensorProto to;
    onnx__tensor_proto__init(&to);
    int64_t sizes[NET_MOST_DIMENSIONS];
    memcpy(sizes, tensor->shape.size, sizeof sizes);
    to.n_dims = (size_t)tensor->shape.rank;
    to.dims = sizes;
    to.has_data_type = true;
    to.data_type = onnx_type_number(tensor->type);
    to.has_raw_data = true;
    to.raw_data = (ProtobufCBinaryData){.len = bytes, .data = tensor->data};
    char own[256];
    snprintf(own, sizeof own, "%s", name);
    to.name = own;
    const size_t packed = onnx__tensor_proto__get_packed_size(&to);
    uint8_t *room = malloc(packed > 0 ? packed : 1);
    const bool ok = room && ct_text_add(out, room, onnx__tensor_proto__pack(&to, room));
    free(room);
    return ok || ct_fail(err, "out of memory");
}
#else
bool net_can_load(void) {
    return false;
}

const char *net_library(void) {
    return NULL;
}

static bool cannot(ct_error *err) {
    return ct_fail(err, "this convtool was built without protobuf-c, which reads ONNX files; "
                        "install libprotobuf-c-dev, protobuf-c-compiler and libonnx-dev, and "
                        "build it again");
}

net_model *net_load(const void *bytes, size_t size, const net_files *files, uint64_t memory,
                    ct_error *err) {
    (void)bytes, (void)size, (void)files, (void)memory;
    cannot(err);
    return NULL;
}

bool net_load_tensor(const void *bytes, size_t size, net_pool *pool, net_tensor *out,
                     const char **name, ct_error *err) {
    (void)bytes, (void)size, (void)pool, (void)out, (void)name;
    return cannot(err);
}

bool net_save_tensor(const net_tensor *tensor, const char *name, ct_text *out, ct_error *err) {
    (void)tensor, (void)name, (void)out;
    return cannot(err);
}
#endif
