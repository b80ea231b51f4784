/* Products of matrices, many of the same shape at once: what MatMul, Gemm and Einsum have in
 * common. */
#ifndef CT_NET_OPS_PRODUCT_H
#define CT_NET_OPS_PRODUCT_H

#include "conv/matrix.h"
#include "net/ops/product_plain.h"

/* False with an error: out of memory. The results are the same for any number of threads. */
bool net_product_run(const net_product *product, const net_team *team, const void *a, const void *b,
                     void *out, ct_error *err);

/* to (rows x columns, contiguous) = from. */
void net_turn(float *to, const float *from, size_t rows, size_t columns, size_t row_step,
              size_t column_step);

#endif
