/* The smaller and the larger of two numbers, a number within limits, the next multiple, and a
 * quotient rounded up. */
#ifndef CT_BASE_MINMAX_H
#define CT_BASE_MINMAX_H

#include <stddef.h>

static inline int ct_min(int a, int b) {
    return a < b ? a : b;
}

static inline int ct_max(int a, int b) {
    return a > b ? a : b;
}

static inline size_t ct_min_size(size_t a, size_t b) {
    return a < b ? a : b;
}

/* `value`, or the nearest of low..high. */
static inline int ct_clamp(int value, int low, int high) {
    return ct_min(ct_max(value, low), high);
}

static inline size_t ct_max_size(size_t a, size_t b) {
    return a > b ? a : b;
}

/* The smallest multiple of `unit` that is n or more. */
static inline size_t ct_round_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

/* How many pieces of `unit` cover n, which isn't negative. */
static inline int ct_div_up(int n, int unit) {
    return (n + unit - 1) / unit;
}

#endif
