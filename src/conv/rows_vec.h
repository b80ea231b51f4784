/* Vectors for the row kernels, as wide as the instruction set's registers. Part of rows.c.
 *
 * Arithmetic is plain C on GCC's and Clang's vector types. What C has no word for (narrowing with
 * saturation, products of neighbours added in pairs, square roots of a whole register) stands once,
 * as x86 intrinsics and as C: here, in rows_narrow.h, rows_turn.h and rows_slide.h. */
#ifndef CT_CONV_ROWS_VEC_H
#define CT_CONV_ROWS_VEC_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the row kernels take a lane's low bytes for its first ones"
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
typedef uint16_t vec_u16 __attribute__((vector_size(VEC_BYTES)));
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

INLINE vec_i32 load_u16_i32(const uint16_t *p) {
#if defined(__AVX512BW__)
    return (vec_i32)_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i_u *)p));
#elif defined(__AVX2__)
    return (vec_i32)_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i_u *)p));
#else
    vec_i32 v;
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

#endif
