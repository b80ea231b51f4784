/* Convolutions with windows of one pixel: products of the image's rows and a matrix. */
#ifndef CT_NET_OPS_POINT_CONV_H
#define CT_NET_OPS_POINT_CONV_H

#include "net/ops/convolve.h"
#include "net/rows.h"

/* Fills *out, of which out->in[0] is set, for constant weights; leaves it for other windows, and
 * where there are groups or a stride. */
bool net_point_conv(const net_call *call, const net_convolution *conv, const conv_window *window,
                    net_rows *out, ct_error *err);

#endif
