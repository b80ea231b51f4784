/* Convolutions that the engine doesn't take (windows too large, more axes) as products of matrices:
 * each window's numbers are laid out as a row. */
#ifndef CT_NET_OPS_CONV_PRODUCT_H
#define CT_NET_OPS_CONV_PRODUCT_H

#include "net/ops/convolve.h"

typedef struct net_conv_product net_conv_product;

/* Packs constant weights and biases of floats; *made is NULL where they aren't that. */
bool net_conv_product_make(const net_call *call, const net_convolution *conv,
                           net_conv_product **made, ct_error *err);
void net_conv_product_free(net_conv_product *product);
bool net_conv_product_run(const net_call *call, const net_convolution *conv,
                          const net_conv_product *product, ct_error *err);

#endif
