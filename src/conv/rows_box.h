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
#include "conv/rows_turn.h"
#include "conv/rows_vec.h"

/* ---- shuffles ---- */

/* The lanes moved up by k, with zeros below; every lane as the last one; the lanes with even
 * numbers of both, and those with odd ones. */
#if defined(__AVX512BW__)
#define MOVED(v, k)                                                                                \
    ((vec_i32)_mm512_alignr_epi32(X86_SI(v), _mm512_setzero_si512(), (16 - (k)) % 16))
#define LAST(v)    SHUFFLED(v, v, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15)
#define EVEN(a, b) SHUFFLED(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b)  SHUFFLED(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif defined(__AVX2__)
#define MOVED(v, k)                                                                                \
    SHUFFLED((vec_i32){0}, v, 8 - k, 9 - k, 10 - k, 11 - k, 12 - k, 13 - k, 14 - k, 15 - k)
#define LAST(v)    SHUFFLED(v, v, 7, 7, 7, 7, 7, 7, 7, 7)
#define EVEN(a, b) SHUFFLED(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b)  SHUFFLED(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#else
#define MOVED(v, k) SHUFFLED((vec_i32){0}, v, 4 - k, 5 - k, 6 - k, 7 - k)
#define LAST(v)     SHUFFLED(v, v, 3, 3, 3, 3)
#define EVEN(a, b)  SHUFFLED(a, b, 0, 2, 4, 6)
#define ODD(a, b)   SHUFFLED(a, b, 1, 3, 5, 7)
#endif

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

/* Bytes: up to 128 of them fit 15 bits. A window is the one above it with the row that enters and
 * without the one that leaves. */
static void box_columns_u8(uint16_t *const *out, const uint8_t *const *in, size_t height,
                           size_t rows, size_t n) {
    for (size_t i = 0; i < n; i += 2 * STRIP * LANES) {
        vec_i16 sums[STRIP] = {{0}};
        for (size_t k = 0; k < height - 1; k++) {
            for (size_t j = 0; j < STRIP; j++) {
                sums[j] += load_u8_i16(in[k] + i + 2 * j * LANES);
            }
        }
        for (size_t r = 0; r < rows; r++) {
            for (size_t j = 0; j < STRIP; j++) {
                const size_t at = i + 2 * j * LANES;
                sums[j] += load_u8_i16(in[r + height - 1] + at);
                store_i16((int16_t *)out[r] + at, sums[j]);
                sums[j] -= load_u8_i16(in[r] + at);
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

/* The sum of the first window without its last column, in every lane. */
INLINE vec_i32 before_first(const uint16_t *in, size_t window) {
    vec_i32 sums = {0};
    for (size_t k = 0; k + 1 < window; k += 2 * LANES) {
        sums += add_pairs(load_i16((const int16_t *)in + k) & below_i16(window - 1 - k));
    }
    return last_lane(running_sum(sums));
}

enum { AT_ONCE = 4 * LANES };

/* The running sum of AT_ONCE changes, scaled: sample 4 i + k is lane i of out[k]. Each four changes
 * are added first, so that a sum over the lanes goes four times as far. */
INLINE void add_changes(const vec_i16 changes[2], vec_i32 *before, float unit, vec out[4]) {
    const vec_i16 first = (vec_i16)EVEN((vec_i32)changes[0], (vec_i32)changes[1]);
    const vec_i16 second = (vec_i16)ODD((vec_i32)changes[0], (vec_i32)changes[1]);
    const vec_i32 last_two = add_pairs(second);
    const vec_i32 sums = running_sum(add_pairs(first) + last_two);
    vec_i32 at[4];
    at[3] = *before + sums;
    at[2] = at[3] - ((vec_i32)second >> 16);
    at[1] = at[3] - last_two;
    at[0] = at[1] - ((vec_i32)first >> 16);
    *before += last_lane(sums);
    for (size_t k = 0; k < 4; k++) {
        out[k] = __builtin_convertvector(at[k], vec) * splat(unit);
    }
}

INLINE void store_fours(float *out, vec v[4]) {
    zip_four(v);
    for (size_t k = 0; k < 4; k++) {
        store(out + k * LANES, v[k]);
    }
}

static void run(float *restrict out, const int16_t *restrict changes, int32_t first, float unit,
                size_t n) {
    vec_i32 before = first - (vec_i32){0};
    for (size_t i = 0; i < n; i += AT_ONCE) {
        const int16_t *from = changes + i - 1;
        const vec_i16 both[2] = {load_i16(from), load_i16(from + 2 * LANES)};
        vec sums[4];
        add_changes(both, &before, unit, sums);
        store_fours(out + i, sums);
    }
}

/* Each window is the one before it with the column that enters and without the one that leaves. */
INLINE void slide(const uint16_t *in, size_t window, float weight, vec_i32 *before, vec out[4]) {
    const int16_t *leave = (const int16_t *)in - 1, *enter = leave + window;
    const vec_i16 changes[2] = {load_i16(enter) - load_i16(leave),
                                load_i16(enter + 2 * LANES) - load_i16(leave + 2 * LANES)};
    add_changes(changes, before, weight, out);
}

static void box_slide(float *restrict out, const uint16_t *restrict in, size_t window, float weight,
                      size_t n) {
    vec_i32 before = before_first(in, window);
    for (size_t i = 0; i < n; i += AT_ONCE) {
        vec sums[4];
        slide(in + i, window, weight, &before, sums);
        store_fours(out + i, sums);
    }
}

/* Lane i's four bytes are samples 4 i to 4 i + 3. */
INLINE vec_u8 slide_bytes(const uint16_t *in, size_t window, float weight, vec_i32 *before) {
    vec sums[4];
    slide(in, window, weight, before, sums);
    return (vec_u8)round_to_lanes(sums);
}

static void box_slide_u8(uint8_t *restrict out, const uint16_t *restrict in, size_t window,
                         float weight, size_t n) {
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
