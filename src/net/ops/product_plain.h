/* Products of matrices by plain loops, for numbers other than floats. */
#ifndef CT_NET_OPS_PRODUCT_PLAIN_H
#define CT_NET_OPS_PRODUCT_PLAIN_H

#include "conv/matrix.h"
#include "net/op.h"

/* out (rows x columns) = a (rows x depth) times b (depth x columns), for every index of a batch of
 * up to NET_MOST_DIMENSIONS axes. Steps count elements. The matrices of `out` are contiguous, one
 * after another; those of a and b lie anywhere. */
typedef struct net_product {
    net_type type; /* any number but halves; whole numbers wrap */
    size_t rows, depth, columns;
    size_t a_row, a_column, b_row, b_column; /* from one row, or column, to the next */
    int axes;
    size_t size[NET_MOST_DIMENSIONS], a_step[NET_MOST_DIMENSIONS], b_step[NET_MOST_DIMENSIONS];
    const conv_matrix *packed; /* b's matrices, as they lie one after another; NULL: they aren't */
} net_product;

/* One product, of type other than float: `size`, `a_step`, `b_step` don't count. */
void net_product_plain(const net_product *product, const void *a, const void *b, void *out);

#endif
