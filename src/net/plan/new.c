/* A plan for a caller's inputs and outputs, which are named. */
#include <stdlib.h>
#include <string.h>

#include "net/plan/plan.h"

static bool fits(const net_symbols *symbols, const net_value *value, const net_tensor *given,
                 ct_error *err) {
    if (value->type != NET_NONE && given->type != value->type) {
        return ct_fail(err, "input '%s' is %s, where the model wants %s", value->name,
                       net_type_name(given->type), net_type_name(value->type));
    }
    bool same = value->shape.rank < 0 || value->shape.rank == given->shape.rank;
    for (int i = 0; same && i < value->shape.rank; i++) {
        same = value->shape.size[i] < 0 || given->shape.size[i] < 0 ||
               value->shape.size[i] == given->shape.size[i];
    }
    if (same) {
        return true;
    }
    ct_text is = {0}, wants = {0};
    const bool told = net_shape_text(symbols, &given->shape, &is) &&
                      net_shape_text(symbols, &value->shape, &wants);
    ct_fail(err, "input '%s' has the shape %s, where the model wants %s", value->name,
            told ? is.bytes : "given", told ? wants.bytes : "another");
    ct_text_free(&is);
    ct_text_free(&wants);
    return false;
}

static const char *input_name_at(const void *names, size_t i) {
    const net_graph *graph = names;
    return i < (size_t)graph->input_count ? graph->values[graph->inputs[i]].name : NULL;
}

static const char *value_name_at(const void *names, size_t i) {
    const net_graph *graph = names;
    return i < (size_t)graph->value_count ? graph->values[i].name : NULL;
}

static bool unknown(const char *what, const char *name, ct_name_at *name_at, const net_graph *graph,
                    ct_error *err) {
    const char *near = ct_nearest(name, name_at, graph);
    return near ? ct_fail(err, "the model has no %s '%s'; did you mean '%s'?", what, name, near)
                : ct_fail(err, "the model has no %s '%s'", what, name);
}

static bool take_given(const net_model *model, const net_wanted *wanted, net_tensor *in,
                       ct_error *err) {
    const net_graph *graph = net_model_graph(model);
    for (int i = 0; i < graph->input_count; i++) {
        const net_value *value = &graph->values[graph->inputs[i]];
        in[i] = (net_tensor){.type = value->type, .shape = value->shape};
    }
    for (int k = 0; k < wanted->given_count; k++) {
        const net_given *given = &wanted->given[k];
        int i = 0;
        while (i < graph->input_count &&
               strcmp(graph->values[graph->inputs[i]].name, given->name) != 0) {
            i++;
        }
        if (i == graph->input_count) {
            return unknown("input", given->name, input_name_at, graph, err);
        }
        if (!fits(net_model_symbols(model), &graph->values[graph->inputs[i]], &given->tensor,
                  err)) {
            return false;
        }
        in[i] = given->tensor;
    }
    return true;
}

static bool take_outputs(const net_graph *graph, const net_wanted *wanted, int *outputs,
                         ct_error *err) {
    for (int i = 0; i < wanted->output_count; i++) {
        outputs[i] = net_graph_find(graph, wanted->outputs[i]);
        if (outputs[i] < 0) {
            return unknown("value", wanted->outputs[i], value_name_at, graph, err);
        }
    }
    return true;
}

net_plan *net_plan_new(const net_model *model, const net_wanted *wanted, ct_error *err) {
    const net_graph *graph = net_model_graph(model);
    net_tensor *in = calloc((size_t)graph->input_count + 1, sizeof *in);
    int *outputs = calloc((size_t)wanted->output_count + 1, sizeof *outputs);
    net_planning of = {.graph = graph,
                       .model_symbols = net_model_symbols(model),
                       .in = in,
                       .outputs = wanted->output_count > 0 ? outputs : graph->outputs,
                       .output_count =
                           wanted->output_count > 0 ? wanted->output_count : graph->output_count,
                       .memory = wanted->memory,
                       .as_loaded = wanted->as_loaded,
                       .apart = wanted->apart,
                       .bodies = &net_plan_bodies,
                       .by_rows = wanted->by_rows,
                       .only_told = wanted->only_told};
    net_plan *plan = NULL;
    if ((in && outputs) || ct_fail(err, "out of memory")) {
        plan = take_given(model, wanted, in, err) && take_outputs(graph, wanted, outputs, err)
                   ? net_plan_graph(&of, err)
                   : NULL;
    }
    free(in);
    free(outputs);
    return plan;
}
