/* What follows from nodes as they are defined, however they are computed: how far a value sees, and
 * how many products it takes. */
#ifndef CT_NET_FIELDS_H
#define CT_NET_FIELDS_H

#include "net/op.h"

/* Along an axis, sample o of a node's output sees those of its input that lie within rate o + low
 * to rate o + high. */
typedef struct net_sight {
    double rate, low, high;
} net_sight;

/* The receptive field of a value's samples, away from the image's ends; where they differ, as in
 * enlarging, the largest. Jumps are how far apart neighbours begin. */
typedef struct net_field {
    int input; /* the value that it sees; -1: no image, or by operators that aren't local */
    int width, height;
    double jump_x, jump_y;
} net_field;

/* The first output of a local node sees its input i (not a constant) so; false where it doesn't see
 * just a part of it, or sizes that it depends on aren't known. */
bool net_op_sight(const net_call *call, int i, net_sight *x, net_sight *y);

/* Products of a weight, or another value, and a value: of convolutions, products of matrices and
 * recurrent layers, for all of the first output; other operators have none. A size that isn't known
 * counts as one where it is `batch` (a symbol, or 0). False where another isn't known. */
bool net_op_products(const net_call *call, int64_t batch, uint64_t *products);

#endif
