/* The samples of a pixel are handled together, as a vector of eight numbers. Each pixel needs the
 * one on its left, so no more can be done at once, and what counts is the latency from one pixel to
 * the next. */
#include "codec/png/unfilter.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#include "base/cpu.h"

typedef int16_t s16x8 __attribute__((vector_size(16)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
typedef uint8_t u8x8 __attribute__((vector_size(8)));

#define INLINE static inline __attribute__((always_inline))

/* Eight bytes as numbers, and back. Compilers make several instructions of the conversion where the
 * processor has one. */
INLINE s16x8 load(const uint8_t *p) {
#if defined(__SSE2__)
    return (s16x8)_mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i *)(const void *)p),
                                    _mm_setzero_si128());
#elif defined(__ARM_NEON)
    return (s16x8)vmovl_u8(vld1_u8(p));
#else
    u8x8 bytes;
    memcpy(&bytes, p, sizeof bytes);
    return __builtin_convertvector(bytes, s16x8);
#endif
}

/* Four bytes are stored for three: the next pixel overwrites the fourth. */
INLINE void store(uint8_t *p, s16x8 v, int pixel) {
#if defined(__SSE2__)
    const __m128i bytes = _mm_packus_epi16((__m128i)v, (__m128i)v);
#elif defined(__ARM_NEON)
    const uint8x8_t bytes = vmovn_u16((uint16x8_t)v);
#else
    const u8x8 bytes = __builtin_convertvector(v, u8x8);
#endif
    memcpy(p, &bytes, pixel == 3 ? 4 : pixel > 4 ? 8 : (size_t)pixel);
}

/* Adds the low bytes; the high bytes are 0 and stay so. */
INLINE s16x8 add_bytes(s16x8 a, s16x8 b) {
    return (s16x8)((u8x16)a + (u8x16)b);
}

INLINE s16x8 choose(s16x8 mask, s16x8 yes, s16x8 no) {
    return (yes & mask) | (no & ~mask);
}

INLINE s16x8 lesser(s16x8 a, s16x8 b) {
#if defined(__SSE2__)
    return (s16x8)_mm_min_epi16((__m128i)a, (__m128i)b);
#elif defined(__ARM_NEON)
    return (s16x8)vminq_s16((int16x8_t)a, (int16x8_t)b);
#else
    return choose((s16x8)(a < b), a, b);
#endif
}

INLINE s16x8 greater(s16x8 a, s16x8 b) {
#if defined(__SSE2__)
    return (s16x8)_mm_max_epi16((__m128i)a, (__m128i)b);
#elif defined(__ARM_NEON)
    return (s16x8)vmaxq_s16((int16x8_t)a, (int16x8_t)b);
#else
    return choose((s16x8)(a > b), a, b);
#endif
}

/* ---- each filter; `pixel` is a constant where it is inlined ---- */

INLINE void sub(uint8_t *out, const uint8_t *in, size_t size, int pixel) {
    s16x8 a = {0};
    for (size_t i = 0; i < size; i += (size_t)pixel) {
        a = add_bytes(a, load(in + i));
        store(out + i, a, pixel);
    }
}

static void up(uint8_t *restrict out, const uint8_t *restrict in, const uint8_t *restrict previous,
               size_t size) {
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(in[i] + previous[i]);
    }
}

INLINE void average(uint8_t *out, const uint8_t *in, const uint8_t *previous, size_t size,
                    int pixel) {
    s16x8 a = {0};
    for (size_t i = 0; i < size; i += (size_t)pixel) {
        a = add_bytes((a + load(previous + i)) >> 1, load(in + i));
        store(out + i, a, pixel);
    }
}

/* Paeth's predictor is the one of a (left), b (above) and c (above left) that is nearest to a + b -
 * c, in this order of preference. That is: the greater of a and b where 3c - a - b <= the lesser;
 * else the lesser where 3c - a - b >= the greater; else c. So only a subtraction, a comparison and
 * two choices separate a pixel from the next. */
INLINE void paeth(uint8_t *out, const uint8_t *in, const uint8_t *previous, size_t size,
                  int pixel) {
    s16x8 a = {0}, c = {0};
    for (size_t i = 0; i < size; i += (size_t)pixel) {
        const s16x8 b = load(previous + i), x = load(in + i);
        const s16x8 limit = (c + c + c - b) - a;
        const s16x8 low = lesser(a, b), high = greater(a, b);
        const s16x8 middle = choose((s16x8)(high > limit), add_bytes(c, x), add_bytes(low, x));
        a = choose((s16x8)(limit > low), middle, add_bytes(high, x));
        store(out + i, a, pixel);
        c = b;
    }
}

/* For one byte per pixel, plain numbers are faster than a vector of one. */
static void paeth_one(uint8_t *out, const uint8_t *in, const uint8_t *previous, size_t size) {
    int a = 0, c = 0;
    for (size_t i = 0; i < size; i++) {
        const int b = previous[i], x = in[i], limit = 3 * c - b - a;
        const int low = a < b ? a : b, high = a < b ? b : a;
        const int middle = high > limit ? c : low;
        a = ((limit > low ? middle : high) + x) & 255;
        out[i] = (uint8_t)a;
        c = b;
    }
}

static void average_one(uint8_t *out, const uint8_t *in, const uint8_t *previous, size_t size) {
    int a = 0;
    for (size_t i = 0; i < size; i++) {
        a = (in[i] + (a + previous[i]) / 2) & 255;
        out[i] = (uint8_t)a;
    }
}

static void sub_one(uint8_t *out, const uint8_t *in, size_t size) {
    uint8_t a = 0;
    for (size_t i = 0; i < size; i++) {
        out[i] = a = (uint8_t)(a + in[i]);
    }
}

/* ---- the whole ---- */

enum { FILTER_NONE, FILTER_SUB, FILTER_UP, FILTER_AVERAGE, FILTER_PAETH };

INLINE void undo_left(int filter, uint8_t *out, const uint8_t *in, const uint8_t *previous,
                      size_t size, int pixel) {
    if (filter == FILTER_SUB) {
        sub(out, in, size, pixel);
    } else if (filter == FILTER_AVERAGE) {
        average(out, in, previous, size, pixel);
    } else {
        paeth(out, in, previous, size, pixel);
    }
}

INLINE void undo_pixels(int filter, uint8_t *out, const uint8_t *in, const uint8_t *previous,
                        size_t size, int pixel) {
    switch (pixel) {
    case 2:
        undo_left(filter, out, in, previous, size, 2);
        break;
    case 3:
        undo_left(filter, out, in, previous, size, 3);
        break;
    case 4:
        undo_left(filter, out, in, previous, size, 4);
        break;
    case 6:
        undo_left(filter, out, in, previous, size, 6);
        break;
    default:
        undo_left(filter, out, in, previous, size, 8);
        break;
    }
}

static void undo_plain(int filter, uint8_t *out, const uint8_t *in, const uint8_t *previous,
                       size_t size, int pixel) {
    undo_pixels(filter, out, in, previous, size, pixel);
}

#if defined(__x86_64__)
/* The same with an instruction that blends bytes by a mask. */
__attribute__((target("avx2"))) static void undo_avx2(int filter, uint8_t *out, const uint8_t *in,
                                                      const uint8_t *previous, size_t size,
                                                      int pixel) {
    undo_pixels(filter, out, in, previous, size, pixel);
}
#endif

static void undo_one(int filter, uint8_t *out, const uint8_t *in, const uint8_t *previous,
                     size_t size) {
    if (filter == FILTER_SUB) {
        sub_one(out, in, size);
    } else if (filter == FILTER_AVERAGE) {
        average_one(out, in, previous, size);
    } else {
        paeth_one(out, in, previous, size);
    }
}

bool codec_png_unfilter(int filter, uint8_t *out, const uint8_t *in, const uint8_t *previous,
                        size_t size, int pixel) {
    if (filter < FILTER_NONE || filter > FILTER_PAETH) {
        return false;
    }
    if (filter == FILTER_NONE) {
        memcpy(out, in, size);
    } else if (filter == FILTER_UP) {
        up(out, in, previous, size);
    } else if (pixel == 1) {
        undo_one(filter, out, in, previous, size);
#if defined(__x86_64__)
    } else if (ct_cpu_avx2()) {
        undo_avx2(filter, out, in, previous, size, pixel);
#endif
    } else {
        undo_plain(filter, out, in, previous, size, pixel);
    }
    return true;
}
