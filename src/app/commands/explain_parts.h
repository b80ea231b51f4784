/* For explain: a value of a network's node, and the parts of which it is the sum. */
#ifndef CT_APP_COMMANDS_EXPLAIN_PARTS_H
#define CT_APP_COMMANDS_EXPLAIN_PARTS_H

#include "app/commands/explain_table.h"
#include "net/net.h"

enum { EXPLAIN_NODE_INPUTS = 8 };

typedef struct explain_node {
    const explain_style *style;
    const net_node *node;
    net_tensor in[EXPLAIN_NODE_INPUTS];     /* with data; of type NET_NONE: left out */
    const char *names[EXPLAIN_NODE_INPUTS]; /* of those that the network made; else NULL */
    net_tensor out;
    size_t at;    /* the value's place in `out` */
    bool all;     /* every input channel, not only the greatest */
    bool *agrees; /* becomes false where the arithmetic shown differs */
} explain_node;

/* Row-major indices of element `at`, one for each dimension. */
void explain_node_place(const net_shape *shape, size_t at, int64_t *place);

/* Prints "   NAME = VALUE". */
void explain_node_line(const explain_node *n, const char *name, double value);

/* Prints "   WORD NAME = VALUE", with the input's name. False with an error. */
bool explain_node_input(const explain_node *n, const char *word, int input, double value,
                        ct_error *err);

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

#endif
