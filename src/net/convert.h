/* Numbers of one type as another's. */
#ifndef CT_NET_CONVERT_H
#define CT_NET_CONVERT_H

#include "net/tensor.h"

/* out[i] = in[i], i < n. Floats are truncated to whole numbers: those beyond 32 bits (for types of
 * more: beyond theirs) become the nearest that fits, NaN becomes 0, and of what doesn't fit in
 * fewer bits the lowest bits stay, as with whole numbers. To bool: whether it isn't 0. Doubles
 * become halves by way of floats. */
void net_convert(net_type to, void *out, net_type from, const void *in, size_t n);

/* The whole part; the nearest that fits in 64 bits; 0 of NaN. */
static inline int64_t net_truncated(double x) {
    return x >= 0x1p63 ? INT64_MAX : x < -0x1p63 ? INT64_MIN : x == x ? (int64_t)x : 0;
}

#endif
