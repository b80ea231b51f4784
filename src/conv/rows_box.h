/* Row kernels for boxes: sums over windows of equal weights. Part of rows.c.
 *
 * Nothing is ever taken away from a sum of floats, so that no error stays behind; where the samples
 * are bytes, running sums are exact. A sum's order of additions depends on its place in the image
 * alone, never on where a block or a batch begins. */
#ifndef CT_CONV_ROWS_BOX_H
#define CT_CONV_ROWS_BOX_H

#include <stddef.h>
#include <stdint.h>

#include "conv/rows_narrow.h"
#include "conv/rows_vec.h"

/* ---- shuffles ---- */

/* The lanes moved up by k, with zeros below; every lane as the last one; the lanes of a and b in
 * turn, those of the lower and of the upper halves. */
#if defined(__AVX512BW__)
#define MOVED(v, k)                                                                                \
    SHUFFLED((vec_i32){0}, v, 16 - k, 17 - k, 18 - k, 19 - k, 20 - k, 21 - k, 22 - k, 23 - k,      \
             24 - k, 25 - k, 26 - k, 27 - k, 28 - k, 29 - k, 30 - k, 31 - k)
#define LAST(v)          SHUFFLED(v, v, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15)
#define ZIPPED_LOW(a, b) SHUFFLED(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define ZIPPED_HIGH(a, b)                                                                          \
    SHUFFLED(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif defined(__AVX2__)
#define MOVED(v, k)                                                                                \
    SHUFFLED((vec_i32){0}, v, 8 - k, 9 - k, 10 - k, 11 - k, 12 - k, 13 - k, 14 - k, 15 - k)
#define LAST(v)           SHUFFLED(v, v, 7, 7, 7, 7, 7, 7, 7, 7)
#define ZIPPED_LOW(a, b)  SHUFFLED(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIPPED_HIGH(a, b) SHUFFLED(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define MOVED(v, k)       SHUFFLED((vec_i32){0}, v, 4 - k, 5 - k, 6 - k, 7 - k)
#define LAST(v)           SHUFFLED(v, v, 3, 3, 3, 3)
#define ZIPPED_LOW(a, b)  SHUFFLED(a, b, 0, 4, 1, 5)
#define ZIPPED_HIGH(a, b) SHUFFLED(a, b, 2, 6, 3, 7)
#endif
#define SHUFFLED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

/* The sums of each two neighbours. */
INLINE vec_i32 add_pairs(vec_i16 v) {
#ifdef X86
    return (vec_i32)X86(madd_epi16)(X86_SI(v), X86_SI((vec_i16){0} + 1));
#else
    const vec_i32 both = (vec_i32)v;
    return (both >> 16) + (both << 16 >> 16);
#endif
}

INLINE vec_i32 last_lane(vec_i32 v) {
    return LAST(v);
}

/* Each lane's sum with all lanes below it (Hillis & Steele, Data parallel algorithms, 1986). */
INLINE vec_i32 running_sum(vec_i32 v) {
    v += MOVED(v, 1);
    v += MOVED(v, 2);
#if defined(__AVX2__)
    v += MOVED(v, 4);
#endif
#if defined(__AVX512BW__)
    v += MOVED(v, 8);
#endif
    return v;
}

/* ---- down the columns ---- */

/* The windows of a group of rows, each one row below the last, share all rows but group - 1 above
 * and group - 1 below. Window r is what's above, from row r on, and what is shared; then what's
 * below. A strip is some registers wide, so that each row gives whole cache lines. */
enum { STRIP = 4 };

INLINE void add_strip(vec *sums, const float *row) {
    for (size_t j = 0; j < STRIP; j++) {
        sums[j] += load(row + j * LANES);
    }
}

static void box_columns(float *const *out, const float *const *in, size_t height, size_t group,
                        size_t first, size_t end, size_t n) {
    for (size_t i = 0; i < n; i += STRIP * LANES) {
        vec sums[STRIP] = {{0}}, below[STRIP] = {{0}};
        for (size_t k = group - 1; k < height; k++) {
            add_strip(sums, in[k] + i);
        }
        for (size_t r = group; r-- > first;) {
            if (r < group - 1) {
                add_strip(sums, in[r] + i);
            }
            for (size_t j = 0; r < end && j < STRIP; j++) {
                store(out[r] + i + j * LANES, sums[j]);
            }
        }
        for (size_t r = 1; r < end; r++) {
            add_strip(below, in[height + r - 1] + i);
            for (size_t j = 0; r >= first && j < STRIP; j++) {
                float *to = out[r] + i + j * LANES;
                store(to, load(to) + below[j]);
            }
        }
    }
}

/* The same for bytes: up to 128 rows of up to 255 fit 15 bits. */
INLINE void add_strip_u8(vec_i16 *sums, const uint8_t *row) {
    for (size_t j = 0; j < STRIP; j++) {
        sums[j] += load_u8_i16(row + 2 * j * LANES);
    }
}

static void box_columns_u8(uint16_t *const *out, const uint8_t *const *in, size_t height,
                           size_t group, size_t first, size_t end, size_t n) {
    for (size_t i = 0; i < n; i += 2 * STRIP * LANES) {
        vec_i16 sums[STRIP] = {{0}}, below[STRIP] = {{0}};
        for (size_t k = group - 1; k < height; k++) {
            add_strip_u8(sums, in[k] + i);
        }
        for (size_t r = group; r-- > first;) {
            if (r < group - 1) {
                add_strip_u8(sums, in[r] + i);
            }
            for (size_t j = 0; r < end && j < STRIP; j++) {
                store_i16((int16_t *)out[r] + i + 2 * j * LANES, sums[j]);
            }
        }
        for (size_t r = 1; r < end; r++) {
            add_strip_u8(below, in[height + r - 1] + i);
            for (size_t j = 0; r >= first && j < STRIP; j++) {
                int16_t *to = (int16_t *)out[r] + i + 2 * j * LANES;
                store_i16(to, load_i16(to) + below[j]);
            }
        }
    }
}

/* ---- along the row ---- */

/* power[i] = in[i] + in[i + ahead]; power may be in, since what is written was read before. */
static void box_double(float *power, const float *in, size_t ahead, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        store(power + i, load(in + i) + load(in + i + ahead));
    }
}

/* The window is cut into lengths that are powers of two, the shortest first. */
static void box_row(float *out, float *power, const float *in, size_t window, size_t step,
                    float weight, size_t n) {
    size_t done = 0;
    for (size_t length = 1; done < window; length *= 2) {
        if (window & length) {
            const vec factor = splat(done + length == window ? weight : 1.0F);
            const float *part = in + done * step;
            for (size_t i = 0; i < n; i += LANES) {
                const vec before = done ? load(out + i) : (vec){0};
                store(out + i, (before + load(part + i)) * factor);
            }
            done += length;
        }
        if (done < window) {
            box_double(power, in, length * step, n + (window - 2 * length) * step);
            in = power;
        }
    }
}

/* The sum of the first window without its last column. */
INLINE vec_i32 before_first(const uint16_t *in, size_t window) {
    int32_t sum = 0;
    for (size_t k = 0; k + 1 < window; k++) {
        sum += in[k];
    }
    return sum - (vec_i32){0};
}

/* The running sum of 2 * LANES changes, every second one in `odd`: each two changes are added
 * first, so that a sum over the lanes goes twice as far. */
INLINE void add_changes(vec_i16 changes, vec_i32 *before, vec *even, vec *odd) {
    const vec_i32 sums = running_sum(add_pairs(changes));
    const vec_i32 second = *before + sums, first = second - ((vec_i32)changes >> 16);
    *before += last_lane(sums);
    *even = __builtin_convertvector(first, vec);
    *odd = __builtin_convertvector(second, vec);
}

static void run(float *restrict out, const int16_t *restrict changes, int32_t first, float unit,
                size_t n) {
    vec_i32 before = first - (vec_i32){0};
    for (size_t i = 0; i < n; i += 2 * LANES) {
        vec even, odd;
        add_changes(load_i16(changes + i - 1), &before, &even, &odd);
        even *= splat(unit);
        odd *= splat(unit);
        store(out + i, ZIPPED_LOW(even, odd));
        store(out + i + LANES, ZIPPED_HIGH(even, odd));
    }
}

/* Each window is the one before it with the column that enters and without the one that leaves. */
INLINE void slide(const uint16_t *in, size_t window, vec_i32 *before, vec *even, vec *odd) {
    const int16_t *from = (const int16_t *)in;
    add_changes(load_i16(from + window - 1) - load_i16(from - 1), before, even, odd);
}

static void box_slide(float *restrict out, const uint16_t *restrict in, size_t window, float weight,
                      size_t n) {
    vec_i32 before = before_first(in, window);
    for (size_t i = 0; i < n; i += 2 * LANES) {
        vec even, odd;
        slide(in + i, window, &before, &even, &odd);
        even *= splat(weight);
        odd *= splat(weight);
        store(out + i, ZIPPED_LOW(even, odd));
        store(out + i + LANES, ZIPPED_HIGH(even, odd));
    }
}

INLINE vec_u8 slide_bytes(const uint16_t *in, size_t window, float weight, vec_i32 *before) {
    vec_i16 words[2];
    for (size_t k = 0; k < 2; k++) {
        vec even, odd;
        slide(in + 2 * k * LANES, window, before, &even, &odd);
        words[k] = (vec_i16)(nearest(even * splat(weight)) | nearest(odd * splat(weight)) << 16);
    }
    return narrow_two(words[0], words[1]);
}

static void box_slide_u8(uint8_t *restrict out, const uint16_t *restrict in, size_t window,
                         float weight, size_t n) {
    enum { AT_ONCE = 4 * LANES };
    vec_i32 before = before_first(in, window);
    size_t i = 0;
    for (; i + AT_ONCE <= n; i += AT_ONCE) {
        const vec_u8 bytes = slide_bytes(in + i, window, weight, &before);
        memcpy(out + i, &bytes, sizeof bytes);
    }
    if (i < n) {
        const vec_u8 bytes = slide_bytes(in + i, window, weight, &before);
        memcpy(out + i, &bytes, n - i);
    }
}

#endif
