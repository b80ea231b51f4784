/* For explain: one value of a network's layer. */
#ifndef CT_APP_COMMANDS_EXPLAIN_NETWORK_H
#define CT_APP_COMMANDS_EXPLAIN_NETWORK_H

#include "app/run/network_model.h"

/* Explains the value at --at (the middle unless given) and --channel (0 unless given) of what the
 * chain's network makes of the image: the node that makes it, before that those whose numbers it
 * takes one by one, back to one that makes sums. Prints errors; gives the exit status. */
int app_explain_network(const app_call *call, const app_network *network, const char *path);

#endif
