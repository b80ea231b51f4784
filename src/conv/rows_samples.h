/* Samples in and out. Part of rows.c. */
#ifndef CT_CONV_ROWS_SAMPLES_H
#define CT_CONV_ROWS_SAMPLES_H

#include <float.h>

#include "conv/rows_narrow.h"
#include "conv/rows_vec.h"

static void from_u8(float *restrict out, const uint8_t *restrict in, size_t n) {
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        store(out + i, load_u8_float(in + i));
    }
    for (; i < n; i++) {
        out[i] = in[i];
    }
}

static void from_u16(float *restrict out, const uint16_t *restrict in, size_t n) {
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        store(out + i, load_u16_float(in + i));
    }
    for (; i < n; i++) {
        out[i] = in[i];
    }
}

/* Rounds four vectors that fit 8 bits. */
INLINE vec_u8 round_fitting(const vec in[4]) {
    return narrow_four(narrow_pairs(nearest(in[0]), nearest(in[1])),
                       narrow_pairs(nearest(in[2]), nearest(in[3])));
}

/* Rounds four vectors. What is below -0.5 rounds to -1 or less, what is 255.5 or more to 256 or
 * more, so that whole numbers tell what was clipped. NaN passes the comparison and becomes the
 * least number. */
INLINE vec_u8 round_four(const vec in[4], clipped *count) {
    vec_i32 v[4];
    for (int k = 0; k < 4; k++) {
        v[k] = nearest(at_most(in[k], splat(512.0F)));
    }
    const vec_i16 ab = narrow_pairs(v[0], v[1]);
    const vec_i16 cd = narrow_pairs(v[2], v[3]);
    count_clipped(count, ab);
    count_clipped(count, cd);
    return narrow_four(ab, cd);
}

INLINE vec_u8 round_floats(const float *in, clipped *count) {
    const vec v[4] = {load(in), load(in + LANES), load(in + 2 * LANES), load(in + 3 * LANES)};
    return round_four(v, count);
}

static void to_u8(uint8_t *restrict out, const float *restrict in, size_t n, uint64_t *negative,
                  uint64_t *above) {
    enum { FOUR = 4 * LANES };
    clipped count = {0};
    size_t i = 0;
    for (; i + FOUR <= n; i += FOUR) {
        const vec_u8 bytes = round_floats(in + i, &count);
        memcpy(out + i, &bytes, sizeof bytes);
    }
    if (i < n) {
        float rest[FOUR] = {0};
        memcpy(rest, in + i, (n - i) * sizeof *rest);
        const vec_u8 bytes = round_floats(rest, &count);
        memcpy(out + i, &bytes, n - i);
    }
    add_clipped(&count, negative, above);
}

#if defined(__AVX2__)
/* The colours of LANES pixels of three bytes as three vectors. */
INLINE void load_rgb(const uint8_t *in, vec rgb[3]) {
    /* Four pixels into each 128 bits; then a shuffle spreads one of their colours. */
#if defined(__AVX512BW__)
    const __m512i order = _mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11);
    const __m512i four = _mm512_permutexvar_epi32(order, _mm512_loadu_si512(in));
#else
    const __m256i order = _mm256_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5);
    const __m256i four =
        _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i_u *)in), order);
#endif
    for (int c = 0; c < 3; c++) {
        vec_i32 spread;
        for (int i = 0; i < LANES; i++) { /* 0x80: a zero */
            spread[i] = (int32_t)(0x80808000 | (unsigned)(i % 4 * 3 + c));
        }
        const vec_i32 colour = (vec_i32)X86(shuffle_epi8)(four, X86_SI(spread));
        rgb[c] = __builtin_convertvector(colour, vec);
    }
}
#endif

/* gray of from_u8, in one pass. A load of LANES pixels goes LANES bytes beyond them. */
static void gray_u8(float *restrict out, const uint8_t *restrict in, size_t n) {
    size_t i = 0;
#if defined(__AVX2__)
    for (; i + LANES + LANES / 2 <= n; i += LANES) {
        vec rgb[3];
        load_rgb(in + 3 * i, rgb);
        store(out + i, 0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2]);
    }
#endif
    for (; i < n; i++) {
        out[i] = 0.299F * in[3 * i] + 0.587F * in[3 * i + 1] + 0.114F * in[3 * i + 2];
    }
}

/* A few floats at a time, which stay in registers and the first cache: loops that mix widths
 * vectorise badly. */
enum { CHUNK = 256 };

/* Clamped first (the limits are whole numbers, so the result is the same), a float below 2^22 is
 * rounded to the nearest whole number, halves to even, by adding 1.5 * 2^23: the number then stands
 * in the float's low bits. NaN fails both comparisons' first and becomes 0. */
static inline void round_chunk(uint32_t *restrict out, const float *restrict in, size_t n,
                               float top) {
    float sums[CHUNK];
    for (size_t i = 0; i < n; i++) {
        const float low = in[i] > 0.0F ? in[i] : 0.0F;
        sums[i] = (low < top ? low : top) + 12582912.0F;
    }
    memcpy(out, sums, n * sizeof *out);
}

static inline void count_chunk(const float *in, size_t n, float top, uint64_t *negative,
                               uint64_t *above) {
    int low = 0, high = 0;
    for (size_t i = 0; i < n; i++) {
        low += !(in[i] >= -0.5F);
        high += in[i] >= top + 0.5F;
    }
    *negative += (uint64_t)low;
    *above += (uint64_t)high;
}

static void to_u16(uint16_t *restrict out, const float *restrict in, size_t n, uint64_t *negative,
                   uint64_t *above) {
    uint32_t whole[CHUNK];
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t part = n - i < CHUNK ? n - i : CHUNK;
        round_chunk(whole, in + i, part, 65535.0F);
        count_chunk(in + i, part, 65535.0F, negative, above);
        for (size_t k = 0; k < part; k++) {
            out[i + k] = (uint16_t)whole[k];
        }
    }
}

#endif
