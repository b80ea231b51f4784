/* A network, told as a table, as JSON and as a drawing for Graphviz. */
#ifndef CT_APP_COMMANDS_NET_TABLE_H
#define CT_APP_COMMANDS_NET_TABLE_H

#include <stdbool.h>

#include "net/net.h"

/* All print to standard output; false: out of memory. `fields` are net_plan_fields'. */
bool app_net_table(const char *path, const net_model *model, const net_plan *plan,
                   const net_field *fields);
void app_net_json(const char *path, const net_model *model, const net_plan *plan,
                  const net_field *fields);
bool app_net_dot(const char *path, const net_plan *plan);

/* Appends "Conv + BatchNormalization". */
bool app_net_operators(const net_step_info *step, ct_text *out);

/* Of all nodes. */
typedef struct app_net_sums {
    uint64_t parameters, products;
    bool known; /* all products are */
} app_net_sums;
app_net_sums app_net_sums_of(const net_plan *plan);

#endif
