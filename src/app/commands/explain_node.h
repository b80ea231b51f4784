/* For explain: one value that a node of a network makes. */
#ifndef CT_APP_COMMANDS_EXPLAIN_NODE_H
#define CT_APP_COMMANDS_EXPLAIN_NODE_H

#include "app/commands/explain_parts.h"

/* Whether there is an explanation of such a node, and whether it works number by number. */
bool explain_node_known(const net_node *node);
bool explain_node_is_unary(const net_node *node);

/* The names of operators that can be explained, in words. */
const char *explain_node_names(void);

/* Prints how the value came about. False with an error. */
bool explain_node_print(const explain_node *node, ct_error *err);

#endif
