/* The network of the command: a file, or a stage of a chain with its arguments. */
#ifndef CT_APP_COMMANDS_NET_STAGE_H
#define CT_APP_COMMANDS_NET_STAGE_H

#include "app/call/call.h"

/* Appends the chain that MODEL is: "net:" and the file, where what separates arguments and stages
 * is escaped; or MODEL as it is where it is a stage already. False: out of memory. */
bool app_net_chain(const char *model, ct_text *chain);

/* That chain, of the network alone, and what it says of the network; `out` has texts of the chain.
 * NULL with an error. */
filter_chain *app_net_stage(const app_call *call, const char *model, filter_network *out,
                            ct_error *err);

#endif
