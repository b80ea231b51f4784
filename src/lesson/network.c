#include "lesson/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/json.h"
#include "lesson/print.h"
#include "net/net.h"

enum { MOST_WANTED = 32 };

static struct {
    net_model *model;
    net_plan *plan;
    net_runner *runner;
    net_tensor input;
} own;

static void drop(void) {
    net_runner_free(own.runner);
    net_plan_free(own.plan);
    net_free(own.model);
    memset(&own, 0, sizeof own);
}

static void print_shape(const net_shape *shape) {
    double sizes[NET_MOST_DIMENSIONS];
    for (int i = 0; i < shape->rank; i++) {
        sizes[i] = (double)shape->size[i];
    }
    lesson_print_numbers("shape", sizes, shape->rank > 0 ? (size_t)shape->rank : 0);
}

static void print_step(const net_step_info *step, bool first) {
    printf("%s{\"operator\":", first ? "" : ",");
    app_json_string(stdout, step->node->type);
    lesson_print_text("name", step->output_name);
    lesson_print_number("parameters", (double)step->parameters);
    lesson_print_number("products", step->products_known ? (double)step->products : 0);
    print_shape(&step->shape);
    putchar('}');
}

static bool make_plan(const char *const *outputs, int count, ct_error *err) {
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
    const net_wanted wanted = {.given = &given,
                               .given_count = 1,
                               .outputs = outputs,
                               .output_count = count,
                               .as_loaded = true};
    own.plan = net_plan_new(own.model, &wanted, err);
    own.runner = own.plan ? net_runner_new(own.plan, NULL, err) : NULL;
    return own.runner != NULL;
}

bool lesson_load_network(const void *bytes, size_t size, char *names, ct_error *err) {
    const char *outputs[MOST_WANTED];
    int count = 0;
    drop();
    for (char *name = strtok(names, "\n"); name && count < MOST_WANTED; name = strtok(NULL, "\n")) {
        outputs[count++] = name;
    }
    own.model = net_load(bytes, size, NULL, 0, err);
    if (!own.model || !make_plan(outputs, count, err)) {
        drop();
        return false;
    }
    fputs("{\"steps\":[", stdout);
    for (int i = 0; i < net_plan_step_count(own.plan); i++) {
        const net_step_info step = net_plan_step(own.plan, i);
        print_step(&step, i == 0);
    }
    fputs("]}", stdout);
    return true;
}

static void print_tensor(const char *name, const net_tensor *tensor, bool first) {
    printf("%s{\"name\":", first ? "" : ",");
    app_json_string(stdout, name);
    print_shape(&tensor->shape);
    if (tensor->type == NET_FLOAT) {
        lesson_print_floats("data", tensor->data, net_count(tensor));
    }
    putchar('}');
}

bool lesson_run_network(const float *input, size_t count, ct_error *err) {
    net_tensor out[MOST_WANTED];
    if (!own.runner) {
        return ct_fail(err, "there is no network");
    }
    if (count != net_count(&own.input)) {
        return ct_fail(err, "the input has %zu numbers; expected %zu", count,
                       net_count(&own.input));
    }
    net_tensor in = own.input;
    float *copy = malloc(count * sizeof *copy);
    if (!copy) {
        return ct_fail(err, "out of memory");
    }
    memcpy(copy, input, count * sizeof *copy);
    in.data = copy;
    const bool ok = net_run(own.runner, &in, out, err);
    if (ok) {
        putchar('[');
        for (int i = 0; i < net_plan_output_count(own.plan); i++) {
            print_tensor(net_plan_output(own.plan, i)->name, &out[i], i == 0);
        }
        putchar(']');
    }
    free(copy);
    return ok;
}

bool lesson_print_weights(const char *name, ct_error *err) {
    if (!own.model) {
        return ct_fail(err, "there is no network");
    }
    const net_graph *graph = net_model_graph(own.model);
    const int value = net_graph_find(graph, name);
    bool first = true;
    putchar('[');
    for (int i = 0; i < graph->node_count; i++) {
        const net_node *node = &graph->nodes[i];
        if (value < 0 || node->output_count < 1 || node->outputs[0] != value) {
            continue;
        }
        for (int k = 0; k < node->input_count; k++) {
            const int from = node->inputs[k];
            if (from >= 0 && graph->values[from].constant) {
                print_tensor(graph->values[from].name, graph->values[from].constant, first);
                first = false;
            }
        }
    }
    putchar(']');
    return true;
}
