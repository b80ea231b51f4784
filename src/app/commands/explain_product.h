/* For explain: products of matrices in networks. */
#ifndef CT_APP_COMMANDS_EXPLAIN_PRODUCT_H
#define CT_APP_COMMANDS_EXPLAIN_PRODUCT_H

#include "app/commands/explain_parts.h"

/* Prints how a value of Gemm or MatMul came about. False with an error. */
bool explain_node_product(const explain_node *n, ct_error *err);

#endif
