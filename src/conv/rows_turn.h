/* Moving numbers within registers. Part of rows.c. */
#ifndef CT_CONV_ROWS_TURN_H
#define CT_CONV_ROWS_TURN_H

#include "conv/rows_vec.h"

#if defined(__AVX512BW__)
#define HAS_SHIFTED 1
/* The vector that begins at number `by` (0..16, a constant) of a, and goes on into b. */
INLINE vec shifted(vec a, vec b, int by) {
#define SHIFT_CASE(n)                                                                              \
    case n:                                                                                        \
        return (vec)_mm512_alignr_epi32((__m512i)b, (__m512i)a, n);
    switch (by) {
        SHIFT_CASE(1)
        SHIFT_CASE(2)
        SHIFT_CASE(3)
        SHIFT_CASE(4)
        SHIFT_CASE(5)
        SHIFT_CASE(6)
        SHIFT_CASE(7)
        SHIFT_CASE(8)
        SHIFT_CASE(9)
        SHIFT_CASE(10)
        SHIFT_CASE(11)
        SHIFT_CASE(12)
        SHIFT_CASE(13)
        SHIFT_CASE(14)
        SHIFT_CASE(15)
    default:
        return by == 0 ? a : b;
    }
#undef SHIFT_CASE
}
#endif

#define SHUFFLED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

/* The lanes of a and b in turn, those of the lower and of the upper halves. */
#if defined(__AVX512BW__)
#define ZIPPED_LOW(a, b) SHUFFLED(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define ZIPPED_HIGH(a, b)                                                                          \
    SHUFFLED(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif defined(__AVX2__)
#define ZIPPED_LOW(a, b)  SHUFFLED(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIPPED_HIGH(a, b) SHUFFLED(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define ZIPPED_LOW(a, b)  SHUFFLED(a, b, 0, 4, 1, 5)
#define ZIPPED_HIGH(a, b) SHUFFLED(a, b, 2, 6, 3, 7)
#endif

/* Lane i of v[k] becomes number 4 i + k, of four vectors. */
INLINE void zip_four(vec v[4]) {
    const vec a = ZIPPED_LOW(v[0], v[2]), b = ZIPPED_LOW(v[1], v[3]);
    const vec c = ZIPPED_HIGH(v[0], v[2]), d = ZIPPED_HIGH(v[1], v[3]);
    v[0] = ZIPPED_LOW(a, b);
    v[1] = ZIPPED_HIGH(a, b);
    v[2] = ZIPPED_LOW(c, d);
    v[3] = ZIPPED_HIGH(c, d);
}

/* LANES vectors, turned: number k of vector i becomes number i of vector k. */
INLINE void transpose(vec *v) {
#if defined(__AVX512BW__)
    __m512 a[16], b[16];
    for (int i = 0; i < 16; i += 2) { /* 2 x 2 */
        a[i] = _mm512_unpacklo_ps(v[i], v[i + 1]);
        a[i + 1] = _mm512_unpackhi_ps(v[i], v[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) { /* 4 x 4 in each 128 bits */
        for (int k = 0; k < 2; k++) {
            const __m512d x = (__m512d)a[i + k], y = (__m512d)a[i + k + 2];
            b[i + 2 * k] = (__m512)_mm512_unpacklo_pd(x, y);
            b[i + 2 * k + 1] = (__m512)_mm512_unpackhi_pd(x, y);
        }
    }
    for (int i = 0; i < 4; i++) { /* and the 128 bits themselves */
        const __m512 p = _mm512_shuffle_f32x4(b[i], b[i + 4], 0x88);
        const __m512 q = _mm512_shuffle_f32x4(b[i + 8], b[i + 12], 0x88);
        const __m512 r = _mm512_shuffle_f32x4(b[i], b[i + 4], 0xDD);
        const __m512 s = _mm512_shuffle_f32x4(b[i + 8], b[i + 12], 0xDD);
        v[i] = (vec)_mm512_shuffle_f32x4(p, q, 0x88);
        v[i + 8] = (vec)_mm512_shuffle_f32x4(p, q, 0xDD);
        v[i + 4] = (vec)_mm512_shuffle_f32x4(r, s, 0x88);
        v[i + 12] = (vec)_mm512_shuffle_f32x4(r, s, 0xDD);
    }
#elif defined(__AVX2__)
    __m256 a[8], b[8];
    for (int i = 0; i < 8; i += 2) {
        a[i] = _mm256_unpacklo_ps(v[i], v[i + 1]);
        a[i + 1] = _mm256_unpackhi_ps(v[i], v[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        for (int k = 0; k < 2; k++) {
            const __m256d x = (__m256d)a[i + k], y = (__m256d)a[i + k + 2];
            b[i + 2 * k] = (__m256)_mm256_unpacklo_pd(x, y);
            b[i + 2 * k + 1] = (__m256)_mm256_unpackhi_pd(x, y);
        }
    }
    for (int i = 0; i < 4; i++) {
        v[i] = (vec)_mm256_permute2f128_ps(b[i], b[i + 4], 0x20);
        v[i + 4] = (vec)_mm256_permute2f128_ps(b[i], b[i + 4], 0x31);
    }
#elif defined(X86)
    _MM_TRANSPOSE4_PS(v[0], v[1], v[2], v[3]);
#else
    vec t[LANES];
    memcpy(t, v, sizeof t);
    for (int i = 0; i < LANES; i++) {
        for (int k = 0; k < LANES; k++) {
            v[i][k] = t[k][i];
        }
    }
#endif
}

#endif
