/* Vectors for the row kernels, as wide as the instruction set's registers. Part of rows.c.
 *
 * Arithmetic is plain C on GCC's and Clang's vector types. What C has no word for (narrowing with
 * saturation, products of neighbours added in pairs, square roots of a whole register) stands here
 * once, as x86 intrinsics and as C. */
#ifndef CT_CONV_ROWS_VEC_H
#define CT_CONV_ROWS_VEC_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__AVX512BW__)
enum { VEC_BYTES = 64 };
#elif defined(__AVX2__)
enum { VEC_BYTES = 32 };
#else
enum { VEC_BYTES = 16 };
#endif
enum { LANES = VEC_BYTES / 4 };

typedef float vec __attribute__((vector_size(VEC_BYTES)));
typedef int32_t vec_i32 __attribute__((vector_size(VEC_BYTES)));
typedef int16_t vec_i16 __attribute__((vector_size(VEC_BYTES)));
typedef uint8_t vec_u8 __attribute__((vector_size(VEC_BYTES)));

#define INLINE static inline __attribute__((always_inline))

/* Before a loop of a constant number of turns, whose array then lives in registers. */
#if defined(__clang__)
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 16")
#endif

INLINE vec load(const float *p) {
    vec v;
    memcpy(&v, p, sizeof v); /* an unaligned load */
    return v;
}

INLINE void store(float *p, vec v) {
    memcpy(p, &v, sizeof v);
}

INLINE vec splat(float x) {
    return x - (vec){0};
}

INLINE vec_i16 load_i16(const int16_t *p) {
    vec_i16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

INLINE void store_i16(int16_t *p, vec_i16 v) {
    memcpy(p, &v, sizeof v);
}

INLINE vec_u8 load_u8(const uint8_t *p) {
    vec_u8 v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* The name of an x86 intrinsic for a whole register, and the register as it wants it. */
#if defined(__AVX512BW__)
#define X86(name) _mm512_##name
#define X86_SI(v) ((__m512i)(v))
#elif defined(__AVX2__)
#define X86(name) _mm256_##name
#define X86_SI(v) ((__m256i)(v))
#elif defined(__x86_64__)
#define X86(name) _mm_##name
#define X86_SI(v) ((__m128i)(v))
#endif

/* Bytes as 16-bit numbers, bytes and 16-bit samples as floats. GCC 12 takes a conversion of vectors
 * apart into single numbers, so x86 has its own words here. */
INLINE vec_i16 load_u8_i16(const uint8_t *p) {
#if defined(__AVX512BW__)
    return (vec_i16)_mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i_u *)p));
#elif defined(__AVX2__)
    return (vec_i16)_mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i_u *)p));
#elif defined(X86)
    return (vec_i16)_mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i_u *)p), _mm_setzero_si128());
#else
    vec_i16 v;
    for (int i = 0; i < 2 * LANES; i++) {
        v[i] = p[i];
    }
    return v;
#endif
}

INLINE vec load_u8_float(const uint8_t *p) {
#if defined(__AVX512BW__)
    return (vec)_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i_u *)p)));
#elif defined(__AVX2__)
    return (vec)_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i_u *)p)));
#elif defined(X86)
    int32_t four;
    memcpy(&four, p, sizeof four);
    const __m128i zero = _mm_setzero_si128();
    const __m128i wide = _mm_unpacklo_epi8(_mm_cvtsi32_si128(four), zero);
    return (vec)_mm_cvtepi32_ps(_mm_unpacklo_epi16(wide, zero));
#else
    vec v;
    for (int i = 0; i < LANES; i++) {
        v[i] = p[i];
    }
    return v;
#endif
}

INLINE vec load_u16_float(const uint16_t *p) {
#if defined(__AVX512BW__)
    return (vec)_mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i_u *)p)));
#elif defined(__AVX2__)
    return (vec)_mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i_u *)p)));
#else
    vec v;
    for (int i = 0; i < LANES; i++) {
        v[i] = p[i];
    }
    return v;
#endif
}

INLINE vec load_i16_float(const int16_t *p) {
#if defined(__AVX512BW__)
    return (vec)_mm512_cvtepi32_ps(_mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i_u *)p)));
#elif defined(__AVX2__)
    return (vec)_mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i_u *)p)));
#else
    vec v;
    for (int i = 0; i < LANES; i++) {
        v[i] = p[i];
    }
    return v;
#endif
}

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
        r[i] = (int32_t)rintf(v[i] > -32768.0F ? v[i] : -32768.0F); /* v is at most 512 */
    }
    return r;
#endif
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

#if defined(__AVX512F__)
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
