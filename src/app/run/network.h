/* A network that a chain begins with: its model, loaded once, and readers of what it makes of
 * images. */
#ifndef CT_APP_RUN_NETWORK_H
#define CT_APP_RUN_NETWORK_H

#include "app/call/call.h"
#include "net/net.h"

struct app_network {
    net_model *model;
    filter_network stage;
};

/* Loads the model of the chain's network. *out is NULL where the chain has none. False with an
 * error that names the file. The chain must outlive it. */
bool app_network_open(const app_call *call, const filter_chain *chain, app_network **out,
                      ct_error *err);
void app_network_free(app_network *network);

/* Takes over the reader, before its first row (even on failure), and returns one of the image that
 * the network makes of its. */
codec_reader *app_network_reader(const app_network *network, codec_reader *source,
                                 const app_call *call, ct_error *err);

#endif
