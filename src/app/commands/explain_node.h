/* For explain: one value that a node of a network makes. */
#ifndef CT_APP_COMMANDS_EXPLAIN_NODE_H
#define CT_APP_COMMANDS_EXPLAIN_NODE_H

#include "app/commands/explain_table.h"
#include "net/net.h"

enum { EXPLAIN_NODE_INPUTS = 8 };

typedef struct explain_node {
    const explain_style *style;
    const net_node *node;
    net_tensor in[EXPLAIN_NODE_INPUTS]; /* with data; of type NET_NONE: left out */
    net_tensor out;
    size_t at;    /* the value's place in `out` */
    bool all;     /* every input channel, not only the greatest */
    bool *agrees; /* becomes false where the arithmetic shown differs */
} explain_node;

/* Whether there is an explanation of such a node, and whether it works number by number. */
bool explain_node_known(const net_node *node);
bool explain_node_is_unary(const net_node *node);

/* The names of operators that can be explained, in words. */
const char *explain_node_names(void);

/* Prints how the value came about. False with an error. */
bool explain_node_print(const explain_node *node, ct_error *err);

/* Row-major indices of element `at`, one for each dimension. */
void explain_node_place(const net_shape *shape, size_t at, int64_t *place);

/* ---- for explanations ---- */

/* Prints "   NAME = VALUE". */
void explain_node_line(const explain_node *n, const char *name, double value);

/* Prints the value, and checks that it is the network's; `parts` is the sum of the absolute values
 * of what was added up. */
void explain_node_result(const explain_node *n, const char *name, double value, double parts);

/* Parts of a sum, the greatest first, each with a name of its own; of many the rest is summed up.
 * Gives their sum, and that of their absolute values. */
typedef void explain_part_name(const explain_node *n, size_t i, char text[64]);
double explain_node_parts(const explain_node *n, const double *parts, size_t count,
                          explain_part_name *name, double *absolute);

/* The place of the part that is greatest. */
size_t explain_node_greatest(const double *parts, size_t count);

bool explain_node_conv(const explain_node *n, ct_error *err);
bool explain_node_pool(const explain_node *n, ct_error *err);
bool explain_node_product(const explain_node *n, ct_error *err);

#endif
