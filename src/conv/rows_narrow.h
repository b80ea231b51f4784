/* Narrowing with saturation, rounding, and products of narrow numbers. Part of rows.c. */
#ifndef CT_CONV_ROWS_NARROW_H
#define CT_CONV_ROWS_NARROW_H

#include "conv/rows_vec.h"

/* x x + y y of 16-bit numbers whose squares' sum fits 31 bits, as two vectors, in an order that
 * narrow_pairs undoes. */
INLINE void squares(vec_i16 x, vec_i16 y, vec_i32 *low, vec_i32 *high) {
#ifdef X86
    const vec_i16 l = (vec_i16)X86(unpacklo_epi16)(X86_SI(x), X86_SI(y));
    const vec_i16 h = (vec_i16)X86(unpackhi_epi16)(X86_SI(x), X86_SI(y));
    *low = (vec_i32)X86(madd_epi16)(X86_SI(l), X86_SI(l));
    *high = (vec_i32)X86(madd_epi16)(X86_SI(h), X86_SI(h));
#else
    for (int i = 0; i < LANES; i++) {
        (*low)[i] = x[i] * x[i] + y[i] * y[i];
        (*high)[i] = x[i + LANES] * x[i + LANES] + y[i + LANES] * y[i + LANES];
    }
#endif
}

/* The smaller one; v where v is NaN. */
INLINE vec at_most(vec v, vec limit) {
#ifdef X86
    return (vec)X86(min_ps)(limit, v);
#else
    for (int i = 0; i < LANES; i++) {
        v[i] = limit[i] < v[i] ? limit[i] : v[i];
    }
    return v;
#endif
}

/* a where it is greater than b; b where it isn't, or where one of them is NaN. */
INLINE vec greater(vec a, vec b) {
#ifdef X86
    return (vec)X86(max_ps)(a, b);
#else
    const vec_i32 first = a > b;
    return (vec)(((vec_i32)a & first) | ((vec_i32)b & ~first));
#endif
}

INLINE vec square_root(vec v) {
#ifdef X86
    return (vec)X86(sqrt_ps)(v);
#else
    for (int i = 0; i < LANES; i++) {
        v[i] = sqrtf(v[i]);
    }
    return v;
#endif
}

/* |v| */
INLINE vec magnitude_bits(vec v) {
    return (vec)((vec_i32)v & 0x7FFFFFFF);
}

/* To the nearest whole number, halves to even; of what doesn't fit 31 bits, and of NaN, only that
 * the result is at most -32768. */
INLINE vec_i32 nearest(vec v) {
#ifdef X86
    return (vec_i32)X86(cvtps_epi32)(v);
#else
    vec_i32 r;
    for (int i = 0; i < LANES; i++) {
        r[i] = (int32_t)rintf(v[i] > -32768.0F ? v[i] : -32768.0F); /* no caller has more */
    }
    return r;
#endif
}

/* Four vectors that fit 8 bits, rounded: lane i holds the bytes of the four lanes i. */
INLINE vec_i32 round_to_lanes(const vec v[4]) {
    return nearest(v[0]) | nearest(v[1]) << 8 | nearest(v[2]) << 16 | nearest(v[3]) << 24;
}

/* What `squares` took apart, put together with saturation to 16 bits. */
INLINE vec_i16 narrow_pairs(vec_i32 low, vec_i32 high) {
#ifdef X86
    return (vec_i16)X86(packs_epi32)(X86_SI(low), X86_SI(high));
#else
    vec_i16 r;
    for (int i = 0; i < 2 * LANES; i++) {
        const int32_t v = i < LANES ? low[i] : high[i - LANES];
        r[i] = (int16_t)(v < -32768 ? -32768 : v > 32767 ? 32767 : v);
    }
    return r;
#endif
}

/* Four vectors of whole numbers as bytes with saturation, in their order. */
INLINE vec_u8 narrow_four(vec_i16 ab, vec_i16 cd) {
#if defined(__AVX512BW__)
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return (vec_u8)_mm512_permutexvar_epi32(order, _mm512_packus_epi16(X86_SI(ab), X86_SI(cd)));
#elif defined(__AVX2__)
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    return (vec_u8)_mm256_permutevar8x32_epi32(_mm256_packus_epi16(X86_SI(ab), X86_SI(cd)), order);
#elif defined(X86)
    return (vec_u8)_mm_packus_epi16(X86_SI(ab), X86_SI(cd));
#else
    vec_u8 r;
    for (int i = 0; i < 4 * LANES; i++) {
        const int v = i < 2 * LANES ? ab[i] : cd[i - 2 * LANES];
        r[i] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
    return r;
#endif
}

/* Two vectors of 16-bit numbers, each in its order, as bytes with saturation. */
INLINE vec_u8 narrow_two(vec_i16 a, vec_i16 b) {
#if defined(__AVX512BW__)
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    return (vec_u8)_mm512_permutexvar_epi64(order, _mm512_packus_epi16(X86_SI(a), X86_SI(b)));
#elif defined(__AVX2__)
    return (vec_u8)_mm256_permute4x64_epi64(_mm256_packus_epi16(X86_SI(a), X86_SI(b)), 0xD8);
#else
    return narrow_four(a, b);
#endif
}

/* All bits set in the first n numbers, none in the others. */
INLINE vec_i16 below_i16(size_t n) {
    vec_i16 index;
    for (int i = 0; i < 2 * LANES; i++) {
        index[i] = (int16_t)i;
    }
    return index < (int16_t)(n < 2 * LANES ? n : 2 * LANES);
}

/* The first n bytes. */
INLINE void store_bytes(uint8_t *p, vec_u8 v, size_t n) {
    if (n == VEC_BYTES) {
        memcpy(p, &v, VEC_BYTES);
    } else {
        const vec_u8 spare = v;
        memcpy(p, &spare, n);
    }
}

/* How many 16-bit numbers were below 0, and above 255. */
typedef struct clipped {
#if defined(__AVX512BW__)
    unsigned negative, above;
#else
    vec_i32 negative, above;
#endif
} clipped;

INLINE void count_clipped(clipped *count, vec_i16 v) {
#if defined(__AVX512BW__)
    count->negative += (unsigned)__builtin_popcount(_mm512_movepi16_mask(X86_SI(v)));
    count->above +=
        (unsigned)__builtin_popcount(_mm512_cmpgt_epi16_mask(X86_SI(v), _mm512_set1_epi16(255)));
#elif defined(X86) /* a comparison gives -1, and its square is 1 */
    const vec_i16 low = v<0, high = v> 255;
    count->negative += (vec_i32)X86(madd_epi16)(X86_SI(low), X86_SI(low));
    count->above += (vec_i32)X86(madd_epi16)(X86_SI(high), X86_SI(high));
#else
    for (int i = 0; i < 2 * LANES; i++) {
        count->negative[i % LANES] += v[i] < 0;
        count->above[i % LANES] += v[i] > 255;
    }
#endif
}

INLINE void add_clipped(const clipped *count, uint64_t *negative, uint64_t *above) {
#if defined(__AVX512BW__)
    *negative += count->negative;
    *above += count->above;
#else
    for (int i = 0; i < LANES; i++) {
        *negative += (uint64_t)count->negative[i];
        *above += (uint64_t)count->above[i];
    }
#endif
}

/* Stores two vectors that stand in the order of `squares`, in the order of the samples. */
INLINE void store_pairs(float *p, vec low, vec high) {
#if defined(__AVX512BW__)
    const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    store(p, (vec)_mm512_permutex2var_pd((__m512d)low, first, (__m512d)high));
    store(p + LANES, (vec)_mm512_permutex2var_pd((__m512d)low, second, (__m512d)high));
#elif defined(__AVX2__)
    store(p, (vec)_mm256_permute2f128_ps(low, high, 0x20));
    store(p + LANES, (vec)_mm256_permute2f128_ps(low, high, 0x31));
#else
    store(p, low);
    store(p + LANES, high);
#endif
}

/* Products of bytes and small weights, added by twos: a w[0] + b w[1] as 16-bit numbers (the caller
 * sees to it that they fit), in the order that narrow_bytes and store_sums undo. */
INLINE void add_products(vec_u8 a, vec_u8 b, const int8_t w[2], vec_i16 *low, vec_i16 *high) {
#if defined(__SSSE3__)
    int16_t both;
    memcpy(&both, w, sizeof both);
    const vec_i16 weights = both - (vec_i16){0};
    *low += (vec_i16)X86(maddubs_epi16)(X86(unpacklo_epi8)(X86_SI(a), X86_SI(b)), X86_SI(weights));
    *high += (vec_i16)X86(maddubs_epi16)(X86(unpackhi_epi8)(X86_SI(a), X86_SI(b)), X86_SI(weights));
#elif defined(X86)
    const __m128i zero = _mm_setzero_si128();
    *low += (vec_i16)_mm_unpacklo_epi8(X86_SI(a), zero) * (int16_t)w[0] +
            (vec_i16)_mm_unpacklo_epi8(X86_SI(b), zero) * (int16_t)w[1];
    *high += (vec_i16)_mm_unpackhi_epi8(X86_SI(a), zero) * (int16_t)w[0] +
             (vec_i16)_mm_unpackhi_epi8(X86_SI(b), zero) * (int16_t)w[1];
#else
    for (int i = 0; i < 2 * LANES; i++) {
        (*low)[i] = (int16_t)((*low)[i] + a[i] * w[0] + b[i] * w[1]);
        (*high)[i] = (int16_t)((*high)[i] + a[i + 2 * LANES] * w[0] + b[i + 2 * LANES] * w[1]);
    }
#endif
}

INLINE vec_u8 narrow_bytes(vec_i16 low, vec_i16 high) {
#ifdef X86
    return (vec_u8)X86(packus_epi16)(X86_SI(low), X86_SI(high));
#else
    return narrow_four(low, high);
#endif
}

INLINE void store_sums(int16_t *p, vec_i16 low, vec_i16 high) {
#if defined(__AVX512BW__)
    const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    store_i16(p, (vec_i16)_mm512_permutex2var_epi64(X86_SI(low), first, X86_SI(high)));
    store_i16(p + 2 * LANES, (vec_i16)_mm512_permutex2var_epi64(X86_SI(low), second, X86_SI(high)));
#elif defined(__AVX2__)
    store_i16(p, (vec_i16)_mm256_permute2x128_si256(X86_SI(low), X86_SI(high), 0x20));
    store_i16(p + 2 * LANES, (vec_i16)_mm256_permute2x128_si256(X86_SI(low), X86_SI(high), 0x31));
#else
    store_i16(p, low);
    store_i16(p + 2 * LANES, high);
#endif
}

#endif
