/* The scales and zero points of quantised tensors: real = (whole - zero point) scale. */
#ifndef CT_NET_OPS_SCALES_H
#define CT_NET_OPS_SCALES_H

#include <math.h>

#include "net/op.h"

/* Whether input i, if it is there, has as many numbers as wanted: 1, or, where that is known and
 * not negative, `many`. */
bool net_want_numbers(const net_call *call, int i, int64_t many, ct_error *err);

/* Number i of a tensor that has one number, or one for each i; 0 where it is NULL. */
static inline int32_t net_point_at(const net_tensor *points, size_t i) {
    return points ? (int32_t)net_whole_at(points, net_count(points) == 1 ? 0 : i) : 0;
}

static inline float net_scale_at(const net_tensor *scales, size_t i) {
    return (float)net_real_at(scales, net_count(scales) == 1 ? 0 : i);
}

/* Types of 8 bits. */
static inline bool net_is_byte(net_type type) {
    return type == NET_I8 || type == NET_U8;
}

bool net_want_byte(const net_call *call, int i, ct_error *err);

/* The nearest whole number (halves to even) plus the zero point, within the type's limits; NaN
 * becomes the lowest. */
static inline float net_quantised(float value, float point, float low, float high) {
    const float shifted = rintf(value) + point;
    const float raised = shifted > low ? shifted : low;
    return raised < high ? raised : high;
}

#endif
