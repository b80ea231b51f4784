/* Convolutions of images of some pixels, where the engine's preparations for each row would take
 * longer than the sums. */
#ifndef CT_NET_OPS_SMALL_CONV_H
#define CT_NET_OPS_SMALL_CONV_H

#include "net/ops/convolve.h"
#include "net/rows.h"

/* Fills *out, of which out->in[0] is set, for constant weights; leaves it where the image isn't
 * small, or there are groups or dilation. */
bool net_small_conv(const net_call *call, const net_convolution *conv, const conv_window *window,
                    net_rows *out, ct_error *err);

#endif
