/* A network, told as a table, as JSON and as a drawing for Graphviz. */
#ifndef CT_APP_COMMANDS_NET_TABLE_H
#define CT_APP_COMMANDS_NET_TABLE_H

#include <stdbool.h>

#include "net/net.h"

/* All print to standard output; false: out of memory. */
bool app_net_table(const char *path, const net_model *model, const net_plan *plan);
void app_net_json(const char *path, const net_model *model, const net_plan *plan);
bool app_net_dot(const char *path, const net_plan *plan);

#endif
