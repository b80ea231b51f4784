#include "lesson/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/json.h"
#include "lesson/lstm.h"
#include "lesson/print.h"
#include "net/net.h"

enum { MOST_WANTED = 64 };

/* Tensors by name. */
typedef struct wanted {
    const char *names[MOST_WANTED];
    int count;
} wanted;

static struct {
    net_model *model;
    net_plan *plan;
    net_runner *runner;
    net_tensor input;
    float *given;                 /* the last run's input, which an output may be */
    net_tensor made[MOST_WANTED]; /* by the last run: what was asked for, then what cells read */
    int asked;
    bool ran;
} own;

static void drop(void) {
    net_runner_free(own.runner);
    net_plan_free(own.plan);
    net_free(own.model);
    free(own.given);
    memset(&own, 0, sizeof own);
}

static void print_shape(const net_shape *shape) {
    double sizes[NET_MOST_DIMENSIONS];
    for (int i = 0; i < shape->rank; i++) {
        sizes[i] = (double)shape->size[i];
    }
    lesson_print_numbers("shape", sizes, shape->rank > 0 ? (size_t)shape->rank : 0);
}

/* The names of what it reads that isn't constant. */
static void print_inputs(int step, const net_node *node) {
    bool first = true;
    fputs(",\"inputs\":[", stdout);
    for (int k = 0; k < node->input_count; k++) {
        const int value = net_plan_step_input(own.plan, step, k);
        if (value >= 0 && !net_plan_is_constant(own.plan, value)) {
            fputs(first ? "" : ",", stdout);
            app_json_string(stdout, net_plan_value_name(own.plan, value));
            first = false;
        }
    }
    putchar(']');
}

static void print_step(int i) {
    const net_step_info step = net_plan_step(own.plan, i);
    printf("%s{\"operator\":", i == 0 ? "" : ",");
    app_json_string(stdout, step.node->type);
    lesson_print_text("name", step.output_name);
    lesson_print_number("parameters", (double)step.parameters);
    lesson_print_number("products", step.products_known ? (double)step.products : 0);
    print_shape(&step.shape);
    print_inputs(i, step.node);
    putchar('}');
}

static bool add(wanted *to, const char *name, ct_error *err) {
    if (to->count == MOST_WANTED) {
        return ct_fail(err, "more than %d tensors are wanted", MOST_WANTED);
    }
    to->names[to->count++] = name;
    return true;
}

/* What lesson_print_lstm needs to know of each LSTM. */
static bool add_inputs_of_cells(wanted *to, ct_error *err) {
    const net_graph *graph = net_model_graph(own.model);
    bool ok = true;
    for (int i = 0; i < graph->node_count; i++) {
        const net_node *node = &graph->nodes[i];
        for (int k = 0; ok && strcmp(node->type, "LSTM") == 0 && k < node->input_count; k++) {
            const int from = node->inputs[k];
            ok = from < 0 || graph->values[from].constant || add(to, graph->values[from].name, err);
        }
    }
    return ok;
}

static bool make_plan(const wanted *outputs, ct_error *err) {
    const net_graph *graph = net_model_graph(own.model);
    if (graph->input_count != 1) {
        return ct_fail(err, "the network has %d inputs; expected 1", graph->input_count);
    }
    const net_value *value = &graph->values[graph->inputs[0]];
    own.input = (net_tensor){.type = NET_FLOAT, .shape = value->shape};
    for (int i = 0; i < own.input.shape.rank; i++) {
        own.input.shape.size[i] = own.input.shape.size[i] > 0 ? own.input.shape.size[i] : 1;
    }
    const net_given given = {value->name, own.input};
    const net_wanted all = {.given = &given,
                            .given_count = 1,
                            .outputs = outputs->names,
                            .output_count = outputs->count,
                            .as_loaded = true};
    own.plan = net_plan_new(own.model, &all, err);
    own.runner = own.plan ? net_runner_new(own.plan, NULL, err) : NULL;
    return own.runner != NULL;
}

bool lesson_load_network(const void *bytes, size_t size, char *names, ct_error *err) {
    wanted outputs = {.count = 0};
    bool ok = true;
    drop();
    for (char *name = strtok(names, "\n"); ok && name; name = strtok(NULL, "\n")) {
        ok = add(&outputs, name, err);
    }
    own.asked = outputs.count;
    ok = ok && (outputs.count > 0 || ct_fail(err, "no tensors are named"));
    own.model = ok ? net_load(bytes, size, NULL, 0, err) : NULL;
    if (!own.model || !add_inputs_of_cells(&outputs, err) || !make_plan(&outputs, err)) {
        drop();
        return false;
    }
    fputs("{\"steps\":[", stdout);
    for (int i = 0; i < net_plan_step_count(own.plan); i++) {
        print_step(i);
    }
    fputs("]}", stdout);
    return true;
}

/* What the JSON of a tensor begins with. */
static void print_head(const char *name, const net_tensor *tensor, bool first) {
    printf("%s{\"name\":", first ? "" : ",");
    app_json_string(stdout, name);
    print_shape(&tensor->shape);
}

/* Where a run has left its numbers: there are too many for text in every frame. */
static void print_place(const char *name, const net_tensor *tensor, bool first) {
    print_head(name, tensor, first);
    if (tensor->type == NET_FLOAT) {
        lesson_print_number("at", (double)(uintptr_t)tensor->data);
    }
    putchar('}');
}

static void print_tensor(const char *name, const net_tensor *tensor, bool first) {
    print_head(name, tensor, first);
    if (tensor->type == NET_FLOAT) {
        lesson_print_floats("data", tensor->data, net_count(tensor));
    }
    putchar('}');
}

bool lesson_run_network(const float *input, size_t count, ct_error *err) {
    if (!own.runner) {
        return ct_fail(err, "there is no network");
    }
    if (count != net_count(&own.input)) {
        return ct_fail(err, "the input has %zu numbers; expected %zu", count,
                       net_count(&own.input));
    }
    net_tensor in = own.input;
    float *given = malloc((count + 1) * sizeof *given);
    if (!given) {
        return ct_fail(err, "out of memory");
    }
    free(own.given);
    in.data = own.given = memcpy(given, input, count * sizeof *given);
    const bool ok = own.ran = net_run(own.runner, &in, own.made, err);
    if (ok) {
        putchar('[');
        for (int i = 0; i < own.asked; i++) {
            print_place(net_plan_output(own.plan, i)->name, &own.made[i], i == 0);
        }
        putchar(']');
    }
    return ok;
}

/* The node that makes the tensor; NULL with an error. */
static const net_node *node_of(const char *name, ct_error *err) {
    const net_graph *graph = own.model ? net_model_graph(own.model) : NULL;
    if (!graph) {
        ct_fail(err, "there is no network");
        return NULL;
    }
    const int value = net_graph_find(graph, name);
    for (int i = 0; value >= 0 && i < graph->node_count; i++) {
        if (graph->nodes[i].output_count > 0 && graph->nodes[i].outputs[0] == value) {
            return &graph->nodes[i];
        }
    }
    ct_fail(err, "no node makes '%s'", name);
    return NULL;
}

bool lesson_print_weights(const char *name, ct_error *err) {
    const net_node *node = node_of(name, err);
    if (!node) {
        return false;
    }
    const net_graph *graph = net_model_graph(own.model);
    bool first = true;
    putchar('[');
    for (int k = 0; k < node->input_count; k++) {
        const int from = node->inputs[k];
        if (from >= 0 && graph->values[from].constant) {
            print_tensor(graph->values[from].name, graph->values[from].constant, first);
            first = false;
        }
    }
    putchar(']');
    return true;
}

/* A value of the model, as the last run has it; NULL: it wasn't made. */
static const net_tensor *value_of(int value) {
    const net_graph *graph = net_model_graph(own.model);
    if (value < 0 || graph->values[value].constant) {
        return value < 0 ? NULL : graph->values[value].constant;
    }
    for (int i = 0; i < net_plan_output_count(own.plan); i++) {
        if (strcmp(net_plan_output(own.plan, i)->name, graph->values[value].name) == 0) {
            return &own.made[i];
        }
    }
    return NULL;
}

bool lesson_print_lstm(const char *name, ct_error *err) {
    const net_node *node = node_of(name, err);
    const net_tensor *in[LESSON_LSTM_INPUTS] = {NULL};
    if (!node || !own.ran || node->input_count > LESSON_LSTM_INPUTS) {
        return node && ct_fail(err, "'%s' wasn't made by an LSTM in a run", name);
    }
    for (int k = 0; k < node->input_count; k++) {
        in[k] = value_of(node->inputs[k]);
    }
    net_tensor states;
    const bool ok = lesson_lstm_steps(node, in, &states, err);
    if (ok) {
        print_tensor(name, &states, true);
        free(states.data);
    }
    return ok;
}
