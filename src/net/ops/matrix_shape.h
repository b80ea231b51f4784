/* Shapes of products of matrices, as NumPy's matmul: what MatMul and its integer kin share. */
#ifndef CT_NET_OPS_MATRIX_SHAPE_H
#define CT_NET_OPS_MATRIX_SHAPE_H

#include "net/op.h"

/* A factor's shape; vectors count as matrices of one row (left) or one column (right). */
net_shape net_matrix_of(const net_shape *shape, bool left);

/* The dimensions before a matrix's two. */
net_shape net_batch_of(const net_shape *matrix);

/* The product's shape, for factors of known rank, at least 1. False with an error where they can't
 * be multiplied. */
bool net_matmul_shape(const net_shape *a, const net_shape *b, net_shape *out, ct_error *err);

#endif
