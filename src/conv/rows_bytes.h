/* Whole-number arithmetic on 8-bit samples: exact, and two to four times as many samples a register
 * as floats. The caller has checked that nothing leaves 16 bits. Part of rows.c. */
#ifndef CT_CONV_ROWS_BYTES_H
#define CT_CONV_ROWS_BYTES_H

#include "conv/rows_narrow.h"
#include "conv/rows_vec.h"

/* ---- sums ---- */

/* The sums of VEC_BYTES samples from `i` on. */
INLINE void sum_pairs(const uint8_t *const *in, const int8_t *weight, size_t pairs, size_t i,
                      vec_i16 *low, vec_i16 *high) {
    *low = *high = (vec_i16){0};
    for (size_t t = 0; t < pairs; t++) {
        add_products(load_u8(in[2 * t] + i), load_u8(in[2 * t + 1] + i), weight + 2 * t, low, high);
    }
}

static void sums_i16(int16_t *restrict out, const uint8_t *const *in, const int8_t *weight,
                     size_t pairs, size_t n) {
    for (size_t i = 0; i < n; i += VEC_BYTES) {
        vec_i16 low, high;
        sum_pairs(in, weight, pairs, i, &low, &high);
        store_sums(out + i, low, high);
    }
}

/* Rounded to bytes; `left` samples lie before the row's end. */
INLINE void sum_bytes(uint8_t *out, const uint8_t *const *in, const int8_t *weight, size_t pairs,
                      size_t i, size_t left, clipped *count) {
    vec_i16 low, high;
    sum_pairs(in, weight, pairs, i, &low, &high);
    const vec_u8 bytes = narrow_bytes(low, high);
    if (left < VEC_BYTES) { /* the rest doesn't count */
        int16_t sums[VEC_BYTES];
        store_sums(sums, low, high);
        low = load_i16(sums) & below_i16(left);
        high = load_i16(sums + 2 * LANES) & below_i16(left > 2 * LANES ? left - 2 * LANES : 0);
    }
    count_clipped(count, low);
    count_clipped(count, high);
    store_bytes(out + i, bytes, left < VEC_BYTES ? left : VEC_BYTES);
}

static void sums_u8(uint8_t *restrict out, const uint8_t *const *in, const int8_t *weight,
                    size_t pairs, size_t n, uint64_t *negative, uint64_t *above) {
    clipped count = {0};
    size_t i = 0;
    for (; i + VEC_BYTES <= n; i += VEC_BYTES) {
        sum_bytes(out, in, weight, pairs, i, VEC_BYTES, &count);
    }
    if (i < n) {
        sum_bytes(out, in, weight, pairs, i, n - i, &count);
    }
    add_clipped(&count, negative, above);
}

/* out = scale in, or out + scale in. */
static void from_i16(float *restrict out, const int16_t *restrict in, float scale, bool add,
                     size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        const vec v = load_i16_float(in + i) * scale;
        store(out + i, add ? load(out + i) + v : v);
    }
}

#endif
