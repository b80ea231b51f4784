/* An ONNX file: what loads must be a graph that holds together, within the memory it may have.
 * Plans are made for it as it stands; the same bytes are read as a tensor, too. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "net/net.h"
#include "net/op.h"
#include "net/stream.h"

enum { MOST_MEMORY = 4 << 20, MOST_FILE = 1 << 12 };

/* ---- files beside the model ---- */

static bool read_beside(void *context, const char *name, uint64_t offset, size_t size, void *bytes,
                        ct_error *err) {
    (void)context;
    if (*name == '/' || strstr(name, "../") == name || strstr(name, "/../")) {
        fuzz_fail("'%s' lies outside the model's folder", name);
    }
    if (offset > MOST_FILE || size > MOST_FILE - offset) {
        return ct_fail(err, "the file ends before that");
    }
    memset(bytes, 1, size);
    return true;
}

/* ---- graphs ---- */

static bool is_value(const net_graph *graph, int value) {
    return value >= -1 && value < graph->value_count;
}

static void check_list(const net_graph *graph, const int *list, int count, const char *what) {
    for (int i = 0; i < count; i++) {
        if (!is_value(graph, list[i])) {
            fuzz_fail("%s %d is value %d of %d", what, i, list[i], graph->value_count);
        }
    }
}

/* What is made so far; each node must come behind those that it needs. */
static void check_order(const net_graph *graph) {
    char *late = calloc((size_t)graph->value_count + 1, 1);
    if (!late) {
        fuzz_fail("no memory for the test itself");
    }
    for (int i = graph->node_count; i-- > 0;) {
        const net_node *node = &graph->nodes[i];
        for (int k = 0; k < node->output_count; k++) {
            if (node->outputs[k] >= 0) {
                late[node->outputs[k]] = 1;
            }
        }
        for (int k = 0; k < node->input_count; k++) {
            if (node->inputs[k] >= 0 && late[node->inputs[k]]) {
                fuzz_fail("node '%s' comes before what it needs", node->name);
            }
        }
        for (int k = 0; k < node->captured_count; k++) {
            if (late[node->captured[k]]) {
                fuzz_fail("a body of node '%s' needs what comes later", node->name);
            }
        }
    }
    free(late);
}

static void check_graph(const net_graph *graph, const net_graph *around) {
    check_list(graph, graph->inputs, graph->input_count, "input");
    check_list(graph, graph->outputs, graph->output_count, "output");
    check_list(graph, graph->inner, graph->capture_count, "capture");
    if (graph->capture_count > 0 && !around) {
        fuzz_fail("a graph that captures values of none");
    }
    check_list(around, graph->outer, graph->capture_count, "captured value");
    for (int v = 0; v < graph->value_count; v++) {
        size_t bytes;
        const net_tensor *constant = graph->values[v].constant;
        if (!graph->values[v].name || (constant && (!net_bytes(constant, &bytes) ||
                                                    !constant->data || bytes > MOST_MEMORY))) {
            fuzz_fail("value %d has no name, or a constant without data", v);
        }
    }
    for (int i = 0; i < graph->node_count; i++) {
        const net_node *node = &graph->nodes[i];
        check_list(graph, node->inputs, node->input_count, "a node's input");
        check_list(graph, node->outputs, node->output_count, "a node's output");
        check_list(graph, node->captured, node->captured_count, "a node's captured value");
        if (!node->op || node->input_count < node->op->least) {
            fuzz_fail("node '%s' has no operator, or too few inputs", node->name);
        }
        for (int k = 0; k < node->attribute_count; k++) {
            if (node->attributes[k].graph) {
                check_graph(node->attributes[k].graph, graph);
            }
        }
    }
    check_order(graph);
}

/* ---- plans ---- */

static void try_plan(const net_model *model, bool as_loaded, bool by_rows) {
    ct_error err = {""};
    ct_text text = {0};
    conv_shape in, out;
    const net_wanted wanted = {.memory = MOST_MEMORY, .as_loaded = as_loaded, .by_rows = by_rows};
    net_plan *plan = net_plan_new(model, &wanted, &err);
    if (!plan) {
        fuzz_check_error(&err);
        return;
    }
    for (int i = 0; i < net_plan_step_count(plan); i++) {
        const net_step_info step = net_plan_step(plan, i);
        net_shape_text(net_plan_symbols(plan), &step.shape, &text);
    }
    if (by_rows && net_plan_is_local(plan, &in, &out, &err)) {
        int from, to;
        net_stream *stream = net_stream_new(plan, NULL, 0, &err);
        if (stream) {
            net_stream_reach(stream, 0, out.height, &from, &to);
            if (from < 0 || to > in.height) {
                fuzz_fail("rows %d to %d of %d", from, to, in.height);
            }
        }
        net_stream_free(stream);
    }
    ct_text_free(&text);
    net_plan_free(plan);
}

static void try_model(const uint8_t *data, size_t size) {
    ct_error err = {""};
    const net_files files = {.read = read_beside};
    net_model *model = net_load(data, size, &files, MOST_MEMORY, &err);
    if (!model) {
        fuzz_check_error(&err);
        return;
    }
    if (net_model_bytes(model) > MOST_MEMORY) {
        fuzz_fail("a model of %zu bytes", net_model_bytes(model));
    }
    check_graph(net_model_graph(model), NULL);
    try_plan(model, true, false);
    try_plan(model, false, false);
    try_plan(model, false, true);
    net_free(model);
}

static void try_tensor(const uint8_t *data, size_t size) {
    ct_error err = {""};
    net_pool pool = {.limit = MOST_MEMORY};
    net_tensor tensor, again;
    const char *name, *same;
    ct_text file = {0};
    if (!net_load_tensor(data, size, &pool, &tensor, &name, &err)) {
        fuzz_check_error(&err);
    } else if (net_save_tensor(&tensor, name, &file, &err) &&
               net_load_tensor(file.bytes, file.length, &pool, &again, &same, &err)) {
        size_t bytes;
        if (again.type != tensor.type || !net_shape_equal(&again.shape, &tensor.shape) ||
            !net_bytes(&tensor, &bytes) || memcmp(again.data, tensor.data, bytes) != 0) {
            fuzz_fail("a tensor that was written is read as another one");
        }
    }
    ct_text_free(&file);
    net_pool_free(&pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    try_model(data, size);
    try_tensor(data, size);
    return 0;
}
