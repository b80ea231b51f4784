/* The filter of a row is the one whose differences, taken as signed numbers, have the least sum of
 * absolute values (PNG specification, 12.7). The sum is taken over pieces of long rows;
 * neighbouring pixels are alike, and the choice between the two best filters matters little. */
#include "codec/png/filter.h"

#include <stdbool.h>
#include <string.h>

#include "base/cpu.h"

enum { PIECE = 256, EVERY = 1024, LANES = 32 };

#define INLINE static inline __attribute__((always_inline))

/* Paeth's predictor, rearranged: see unfilter.c. */
INLINE uint8_t paeth(uint8_t left, uint8_t above, uint8_t corner) {
    const int16_t a = left, b = above, c = corner;
    const int16_t low = a < b ? a : b, high = a < b ? b : a;
    const int16_t limit = (int16_t)(3 * c - a - b);
    const int16_t middle = high > limit ? c : low;
    return (uint8_t)(limit > low ? middle : high);
}

/* `filter` is a constant where it is inlined, so that the loops are vectorised. */
INLINE uint8_t difference(int filter, const uint8_t *x, const uint8_t *above, size_t i,
                          size_t pixel) {
    const uint8_t *left = x - pixel;
    switch (filter) {
    case PNG_SUB:
        return (uint8_t)(x[i] - left[i]);
    case PNG_UP:
        return (uint8_t)(x[i] - above[i]);
    case PNG_AVERAGE:
        return (uint8_t)(x[i] - (uint8_t)((left[i] + above[i]) >> 1));
    case PNG_PAETH:
        return (uint8_t)(x[i] - paeth(left[i], above[i], (above - pixel)[i]));
    default:
        return x[i];
    }
}

INLINE uint32_t magnitude(uint8_t d) {
    const uint8_t negative = (uint8_t)-d;
    return d < negative ? d : negative;
}

/* Sums of 16 bits in lanes: a piece adds at most 128 times 32 to each. */
INLINE uint32_t piece_cost(int filter, const uint8_t *x, const uint8_t *above, size_t from,
                           size_t end, size_t pixel) {
    uint16_t lanes[LANES] = {0};
    size_t i = from;
    for (; i + LANES <= end; i += LANES) {
        for (size_t k = 0; k < LANES; k++) {
            const uint8_t d = difference(filter, x, above, i + k, pixel);
            lanes[k] = (uint16_t)(lanes[k] + magnitude(d));
        }
    }
    uint32_t sum = 0;
    for (size_t k = 0; k < LANES; k++) {
        sum += lanes[k];
    }
    for (; i < end; i++) {
        sum += magnitude(difference(filter, x, above, i, pixel));
    }
    return sum;
}

INLINE uint64_t cost(int filter, const uint8_t *x, const uint8_t *above, size_t size,
                     size_t pixel) {
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i += EVERY) {
        const size_t end = size - i < PIECE || size <= EVERY ? size : i + PIECE;
        sum += piece_cost(filter, x, above, i, end, pixel);
    }
    return sum;
}

INLINE uint64_t cost_of(int filter, const uint8_t *x, const uint8_t *above, size_t size,
                        size_t pixel) {
    switch (filter) {
    case PNG_SUB:
        return cost(PNG_SUB, x, above, size, pixel);
    case PNG_UP:
        return cost(PNG_UP, x, above, size, pixel);
    case PNG_AVERAGE:
        return cost(PNG_AVERAGE, x, above, size, pixel);
    case PNG_PAETH:
        return cost(PNG_PAETH, x, above, size, pixel);
    default:
        return cost(PNG_NONE, x, above, size, pixel);
    }
}

INLINE void apply(int filter, uint8_t *restrict out, const uint8_t *x, const uint8_t *above,
                  size_t size, size_t pixel) {
    for (size_t i = 0; i < size; i++) {
        out[i] = difference(filter, x, above, i, pixel);
    }
}

INLINE void apply_one(int filter, uint8_t *restrict out, const uint8_t *x, const uint8_t *above,
                      size_t size, size_t pixel) {
    switch (filter) {
    case PNG_SUB:
        apply(PNG_SUB, out, x, above, size, pixel);
        break;
    case PNG_UP:
        apply(PNG_UP, out, x, above, size, pixel);
        break;
    case PNG_AVERAGE:
        apply(PNG_AVERAGE, out, x, above, size, pixel);
        break;
    case PNG_PAETH:
        apply(PNG_PAETH, out, x, above, size, pixel);
        break;
    default:
        memcpy(out, x, size);
        break;
    }
}

INLINE void filter_row(uint8_t *out, const uint8_t *row, const uint8_t *above, size_t size,
                       size_t pixel, unsigned filters) {
    const bool one = (filters & (filters - 1)) == 0;
    uint64_t least = UINT64_MAX;
    int best = PNG_NONE;
    for (int f = PNG_NONE; f < PNG_FILTERS; f++) {
        if (filters >> f & 1) {
            const uint64_t sum = one ? 0 : cost_of(f, row, above, size, pixel);
            best = sum < least ? f : best;
            least = sum < least ? sum : least;
        }
    }
    out[0] = (uint8_t)best;
    apply_one(best, out + 1, row, above, size, pixel);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void filter_avx2(uint8_t *out, const uint8_t *row,
                                                        const uint8_t *above, size_t size,
                                                        size_t pixel, unsigned filters) {
    filter_row(out, row, above, size, pixel, filters);
}
#endif

static void filter_plain(uint8_t *out, const uint8_t *row, const uint8_t *above, size_t size,
                         size_t pixel, unsigned filters) {
    filter_row(out, row, above, size, pixel, filters);
}

void codec_png_filter(uint8_t *out, const uint8_t *row, const uint8_t *above, size_t size,
                      int pixel, unsigned filters) {
    if (!above) {
        filters &= 1U << PNG_NONE | 1U << PNG_SUB;
        filters = filters ? filters : 1U << PNG_SUB;
    }
#if defined(__x86_64__)
    if (ct_cpu_avx2()) {
        filter_avx2(out, row, above, size, (size_t)pixel, filters);
        return;
    }
#endif
    filter_plain(out, row, above, size, (size_t)pixel, filters);
}
