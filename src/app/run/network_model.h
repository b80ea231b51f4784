/* A network that a chain begins with: its model, loaded once. */
#ifndef CT_APP_RUN_NETWORK_MODEL_H
#define CT_APP_RUN_NETWORK_MODEL_H

#include "app/call/call.h"
#include "net/net.h"

struct app_network {
    net_model *model;
    filter_network stage;
};

/* Loads the model of the chain's network. *out is NULL where the chain has none. False with an
 * error that names the file, also for a model that takes no picture. The chain must outlive it. */
bool app_network_open(const app_call *call, const filter_chain *chain, app_network **out,
                      ct_error *err);
void app_network_free(app_network *network);

/* The name of what is wanted of it. */
const char *app_network_output(const app_network *network);

/* The model's one input. */
const net_value *app_network_input(const app_network *network);

#endif
