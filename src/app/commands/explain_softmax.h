/* For explain: the softmax in networks. */
#ifndef CT_APP_COMMANDS_EXPLAIN_SOFTMAX_H
#define CT_APP_COMMANDS_EXPLAIN_SOFTMAX_H

#include "app/commands/explain_parts.h"

/* Prints how a value of Softmax or LogSoftmax came about. False with an error. */
bool explain_node_softmax(const explain_node *n, ct_error *err);

#endif
