#include "app/run/network_model.h"

#include <stdlib.h>

#include "app/call/message.h"
#include "app/call/model_file.h"
#include "base/text.h"

/* Whether the input can be a picture. */
static bool check_input(const net_value *value, ct_error *err) {
    const int rank = value->shape.rank;
    if (rank >= 0 && rank != 4 && rank != 3 && rank != 2) {
        return ct_fail(err,
                       "input '%s' has %s, and a picture has 2 to 4; give it to convtool net "
                       "MODEL %s=FILE",
                       value->name, ct_count((uint64_t)rank, "dimension").text, value->name);
    }
    if (value->type != NET_FLOAT && value->type != NET_NONE) {
        return ct_fail(err,
                       "input '%s' is %s, and a picture is made float; give it to convtool net "
                       "MODEL %s=FILE",
                       value->name, net_type_name(value->type), value->name);
    }
    return (rank != 4 || value->shape.size[0] <= 1) ||
           ct_fail(err,
                   "input '%s' is a batch of %lld images; give them to convtool net MODEL %s=FILE",
                   value->name, (long long)value->shape.size[0], value->name);
}

static const char *name_at(const void *names, size_t i) {
    const net_graph *graph = names;
    return i < (size_t)graph->value_count ? graph->values[i].name : NULL;
}

static bool check_out(const net_graph *graph, const char *out, ct_error *err) {
    if (!out || net_graph_find(graph, out) >= 0) {
        return true;
    }
    const char *near = ct_nearest(out, name_at, graph);
    return near ? ct_fail(err, "out: the model has no value '%s'; did you mean '%s'?", out, near)
                : ct_fail(err,
                          "out: the model has no value '%s'; convtool net MODEL lists what it has",
                          out);
}

/* What can be known before there is an image. */
static bool check(const app_network *network, ct_error *err) {
    const net_graph *graph = net_model_graph(network->model);
    if (graph->input_count != 1) {
        return ct_fail(err,
                       "the model has %s, and a picture is one; give them to convtool net MODEL "
                       "NAME=FILE...",
                       ct_count((uint64_t)graph->input_count, "input").text);
    }
    if (!network->stage.out && graph->output_count == 0) {
        return ct_fail(err, "the model names no output; out=NAME takes any value inside");
    }
    return check_input(app_network_input(network), err) &&
           check_out(graph, network->stage.out, err);
}

bool app_network_open(const app_call *call, const filter_chain *chain, app_network **out,
                      ct_error *err) {
    filter_network stage;
    *out = NULL;
    if (!filter_chain_network(chain, &stage)) {
        return true;
    }
    app_network *network = calloc(1, sizeof *network);
    if (!network) {
        return ct_fail(err, "out of memory");
    }
    network->stage = stage;
    network->model = app_net_load(stage.model, call, err);
    if (!network->model || !check(network, err)) {
        app_network_free(network);
        return ct_fail_at(err, "%s: ", app_input_name(stage.model));
    }
    *out = network;
    return true;
}

void app_network_free(app_network *network) {
    if (network) {
        net_free(network->model);
        free(network);
    }
}

const net_value *app_network_input(const app_network *network) {
    const net_graph *graph = net_model_graph(network->model);
    return &graph->values[graph->inputs[0]];
}

const char *app_network_output(const app_network *network) {
    const net_graph *graph = net_model_graph(network->model);
    return network->stage.out         ? network->stage.out
           : graph->output_count == 0 ? ""
                                      : graph->values[graph->outputs[0]].name;
}
