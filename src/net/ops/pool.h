/* What pooling operators share. */
#ifndef CT_NET_OPS_POOL_H
#define CT_NET_OPS_POOL_H

#include "net/ops/window.h"

/* Pooling of known shapes. */
typedef struct net_pooling {
    net_window window;
    int64_t in[NET_MOST_AXES], out[NET_MOST_AXES];
    size_t maps; /* batch x channels */
} net_pooling;

/* The window, and the output's shape, whose sizes may be unknown; a rank of -1 where the input's
 * isn't known: the window isn't either then. */
bool net_pool_describe(const net_call *call, net_pooling *pooling, net_shape *made, ct_error *err);

/* The shape of the first output; it has the input's type. */
bool net_pool_shape(const net_call *call, ct_error *err);

/* How many of the window's cells see samples at point i of the output along an axis; with padding
 * counted, those that see padding too. */
int64_t net_pool_seen(const net_pooling *pooling, int axis, int64_t i, bool padding);

#endif
