/* What a plan joins to a convolution: a sum with another image, and Relu. */
#ifndef CT_NET_OPS_CONV_SUM_H
#define CT_NET_OPS_CONV_SUM_H

#include "net/rows.h"

enum { NET_CONV_SUM = 3 }; /* the input that is added */

/* Whether net_conv_rows does all that is joined to the node: not where the sum is of a batch. */
bool net_conv_rows_suffice(const net_call *call);

/* Whether the layer itself does Relu: not where a sum comes before that. */
bool net_conv_layer_has_relu(const net_call *call);

/* The same rows plus those of the input NET_CONV_SUM, an image of the output's shape, and then
 * through Relu if that is wanted. Takes over what *rows owns, also when it fails: false, out of
 * memory. */
bool net_conv_add_rows(net_rows *rows, bool relu, ct_error *err);

#endif
