#include "app/run/network.h"

#include <stdlib.h>

#include "app/run/model_file.h"

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
    if (!network->model) {
        app_network_free(network);
        return ct_fail_at(err, "%s: ", stage.model);
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
