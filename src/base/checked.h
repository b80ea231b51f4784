/* Size arithmetic that can't overflow unnoticed: every product that sizes an allocation goes
 * through here. */
#ifndef CT_BASE_CHECKED_H
#define CT_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>

/* *out = a * b; false (and *out untouched) where it doesn't fit. */
static inline bool ct_mul(size_t a, size_t b, size_t *out) {
    size_t product;
    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *out = product;
    return true;
}

/* *out = a + b; false (and *out untouched) where it doesn't fit. */
static inline bool ct_add(size_t a, size_t b, size_t *out) {
    size_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

#endif
