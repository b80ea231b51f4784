/* Operators of two inputs that are stretched to one another. */
#ifndef CT_NET_OPS_PAIR_H
#define CT_NET_OPS_PAIR_H

#include "net/ops/kernels.h"

/* Both inputs are of one type, for which there is a kernel; the output is of type `to`, or, where
 * that is NET_NONE, of the inputs'. */
bool net_pair_shape(const net_call *call, const net_kernels kernels, net_type to, ct_error *err);
bool net_pair_run(const net_call *call, const net_kernels kernels, ct_error *err);

/* False with an error where input i isn't of a type for which there is a kernel; an unknown type
 * passes. */
bool net_want_kernel(const net_call *call, int i, const net_kernels kernels, ct_error *err);

/* The two functions of a net_op. */
#define NET_PAIR_OPERATOR(op, to)                                                                  \
    static bool op##_shape(const net_call *call, ct_error *err) {                                  \
        return net_pair_shape(call, op##_kernels, to, err);                                        \
    }                                                                                              \
    static bool op##_run(const net_call *call, ct_error *err) {                                    \
        return net_pair_run(call, op##_kernels, err);                                              \
    }

#endif
