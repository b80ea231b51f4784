/* Resampling of tensors of any type. */
#ifndef CT_NET_OPS_RESIZE_APPLY_H
#define CT_NET_OPS_RESIZE_APPLY_H

#include "net/ops/resize_describe.h"

/* Makes the output, axis by axis. */
bool net_resize_apply(const net_call *call, const net_resize *resize, const net_taps *taps,
                      ct_error *err);

#endif
