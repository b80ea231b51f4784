/* For explain: nodes of networks that look through a window. */
#ifndef CT_APP_COMMANDS_EXPLAIN_NODE_WINDOW_H
#define CT_APP_COMMANDS_EXPLAIN_NODE_WINDOW_H

#include "app/commands/explain_parts.h"

/* Both print how the value came about: false with an error. Conv; pools, and global ones. */
bool explain_node_conv(const explain_node *n, ct_error *err);
bool explain_node_pool(const explain_node *n, ct_error *err);

#endif
