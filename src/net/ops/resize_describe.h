/* What Resize and Upsample do. */
#ifndef CT_NET_OPS_RESIZE_DESCRIBE_H
#define CT_NET_OPS_RESIZE_DESCRIBE_H

#include "net/op.h"
#include "net/ops/taps.h"

typedef struct net_resize {
    net_resampling how[NET_MOST_DIMENSIONS]; /* of each axis */
    bool resampled[NET_MOST_DIMENSIONS];     /* whether it is: else it stays as it is */
    float outside;                           /* the value outside the input */
    net_shape made;
} net_resize;

/* What the node does; sizes of `made` are unknown where they or what they follow from isn't known,
 * and then no axis can be resampled yet. */
bool net_resize_describe(const net_call *call, net_resize *resize, ct_error *err);

/* The taps of all axes. False when out of memory; free them (all `rank`) then, too. */
bool net_resize_taps(const net_resize *resize, const net_shape *in, net_taps *taps);

#endif
