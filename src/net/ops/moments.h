/* Means and variances, and numbers scaled by them: for normalising operators. Of floats and
 * doubles. */
#ifndef CT_NET_OPS_MOMENTS_H
#define CT_NET_OPS_MOMENTS_H

#include "net/tensor.h"

typedef struct net_moments {
    double mean, variance; /* of n numbers, divided by n */
} net_moments;

/* In two passes, in double precision, and not depending on threads. n > 0. */
net_moments net_moments_of(net_type type, const void *in, size_t n);

/* out = (in - mean) * factor + bias; out may be in. The mean is taken off first, so that of equal
 * numbers nothing is left. */
void net_scale(net_type type, void *out, const void *in, size_t n, double mean, double factor,
               double bias);

/* out = (in - mean) * factor * factors[i] + biases[i], those of the same type; biases NULL: none.
 */
void net_scale_each(net_type type, void *out, const void *in, size_t n, double mean, double factor,
                    const void *factors, const void *biases);

#endif
