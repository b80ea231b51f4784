/* Running sums along a row of whole numbers: exact. Part of rows.c. */
#ifndef CT_CONV_ROWS_SLIDE_H
#define CT_CONV_ROWS_SLIDE_H

#include <assert.h>

#include "conv/rows.h"
#include "conv/rows_narrow.h"
#include "conv/rows_samples.h"
#include "conv/rows_turn.h"
#include "conv/rows_vec.h"

/* ---- shuffles ---- */

/* The lanes with even numbers of a and b, and those with odd ones. */
#if defined(__AVX512BW__)
#define EVEN(a, b) SHUFFLED(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b)  SHUFFLED(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif defined(__AVX2__)
#define EVEN(a, b) SHUFFLED(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b)  SHUFFLED(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#else
#define EVEN(a, b) SHUFFLED(a, b, 0, 2, 4, 6)
#define ODD(a, b)  SHUFFLED(a, b, 1, 3, 5, 7)
#endif

/* The lanes moved up by `by`, a constant, with zeros below. */
INLINE vec_i32 moved(vec_i32 v, int by) {
#if defined(__AVX512BW__)
    return (vec_i32)shifted((vec){0}, (vec)v, LANES - by);
#elif defined(__AVX2__)
    const vec_i32 zero = {0};
    switch (by) {
    case 1:
        return SHUFFLED(zero, v, 7, 8, 9, 10, 11, 12, 13, 14);
    case 2:
        return SHUFFLED(zero, v, 6, 7, 8, 9, 10, 11, 12, 13);
    case 3:
        return SHUFFLED(zero, v, 5, 6, 7, 8, 9, 10, 11, 12);
    case 4:
        return SHUFFLED(zero, v, 4, 5, 6, 7, 8, 9, 10, 11);
    default: /* 6 */
        return SHUFFLED(zero, v, 2, 3, 4, 5, 6, 7, 8, 9);
    }
#else
    const vec_i32 zero = {0};
    return by == 1   ? SHUFFLED(zero, v, 3, 4, 5, 6)
           : by == 2 ? SHUFFLED(zero, v, 2, 3, 4, 5)
                     : SHUFFLED(zero, v, 1, 2, 3, 4);
#endif
}

/* The last `step` lanes (1 to 4, a constant), again and again: lane i gets the one that stands a
 * multiple of `step` before it, if it is the next vector's. */
INLINE vec_i32 last_lanes(vec_i32 v, int step) {
#if defined(__AVX512BW__)
    switch (step) {
    case 1:
        return SHUFFLED(v, v, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15);
    case 2:
        return SHUFFLED(v, v, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15);
    case 3:
        return SHUFFLED(v, v, 13, 14, 15, 13, 14, 15, 13, 14, 15, 13, 14, 15, 13, 14, 15, 13);
    default:
        return SHUFFLED(v, v, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
    }
#elif defined(__AVX2__)
    return step == 1   ? SHUFFLED(v, v, 7, 7, 7, 7, 7, 7, 7, 7)
           : step == 2 ? SHUFFLED(v, v, 6, 7, 6, 7, 6, 7, 6, 7)
           : step == 3 ? SHUFFLED(v, v, 5, 6, 7, 5, 6, 7, 5, 6)
                       : SHUFFLED(v, v, 4, 5, 6, 7, 4, 5, 6, 7);
#else
    return step == 1   ? SHUFFLED(v, v, 3, 3, 3, 3)
           : step == 2 ? SHUFFLED(v, v, 2, 3, 2, 3)
           : step == 3 ? SHUFFLED(v, v, 1, 2, 3, 1)
                       : v;
#endif
}

/* The sums of each two neighbours. */
INLINE vec_i32 add_pairs(vec_i16 v) {
#ifdef X86
    return (vec_i32)X86(madd_epi16)(X86_SI(v), X86_SI((vec_i16){0} + 1));
#else
    const vec_i32 both = (vec_i32)v;
    return (both >> 16) + (both << 16 >> 16);
#endif
}

/* Each lane's sum with the lanes that stand multiples of `step` (1 to 4, a constant) below it
 * (Hillis & Steele, Data parallel algorithms, 1986). */
INLINE vec_i32 running_sum(vec_i32 v, int step) {
    UNROLLED
    for (int by = step; by < LANES; by *= 2) {
        v += moved(v, by);
    }
    return v;
}

/* ---- changes of 16 bits ---- */

enum { AT_ONCE = 4 * LANES };

/* The running sum of AT_ONCE changes, scaled: sample 4 i + k is lane i of out[k]. Each four changes
 * are added first, so that a sum over the lanes goes four times as far. */
INLINE void add_changes(const vec_i16 changes[2], vec_i32 *before, float unit, vec out[4]) {
    const vec_i16 first = (vec_i16)EVEN((vec_i32)changes[0], (vec_i32)changes[1]);
    const vec_i16 second = (vec_i16)ODD((vec_i32)changes[0], (vec_i32)changes[1]);
    const vec_i32 last_two = add_pairs(second);
    const vec_i32 sums = running_sum(add_pairs(first) + last_two, 1);
    vec_i32 at[4];
    at[3] = *before + sums;
    at[2] = at[3] - ((vec_i32)second >> 16);
    at[1] = at[3] - last_two;
    at[0] = at[1] - ((vec_i32)first >> 16);
    *before += last_lanes(sums, 1);
    for (size_t k = 0; k < 4; k++) {
        out[k] = __builtin_convertvector(at[k], vec) * splat(unit);
    }
}

INLINE void store_four(float *out, const vec v[4]) {
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
        zip_four(sums);
        store_four(out + i, sums);
    }
}

/* ---- windows that slide ---- */

/* Each window is the one before it with the column that enters and without the one that leaves. */
INLINE vec_i16 change_at(const int16_t *enter, const int16_t *leave) {
    return (vec_i16)((vec_u16)load_i16(enter) - (vec_u16)load_i16(leave));
}

INLINE void slide_narrow(const rows_slide *s, size_t i, vec_i32 *before, vec out[4]) {
    const int16_t *leave = (const int16_t *)s->in + i - 1, *enter = leave + s->window;
    const vec_i16 changes[2] = {change_at(enter, leave),
                                change_at(enter + 2 * LANES, leave + 2 * LANES)};
    add_changes(changes, before, s->weight, out);
}

/* Numbers of 16 bits, whose columns stand `step` apart: AT_ONCE sums in their order. */
INLINE void slide_steps(const rows_slide *s, int step, size_t i, vec_i32 *before, vec out[4]) {
    const uint16_t *leave = s->in + i - step, *enter = leave + s->window * (size_t)step;
    for (int k = 0; k < 4; k++) {
        const vec_i32 changes = load_u16_i32(enter + k * LANES) - load_u16_i32(leave + k * LANES);
        const vec_i32 sums = *before + running_sum(changes, step);
        out[k] = __builtin_convertvector(sums, vec) * splat(s->weight);
        *before = last_lanes(sums, step);
    }
}

/* What comes before lane i of the first sum: the sum of its window without the last column. */
INLINE vec_i32 before_first(const rows_slide *s, int step) {
    int32_t sums[4] = {0};
    for (size_t k = 0; k + 1 < s->window; k++) {
        for (int c = 0; c < step; c++) {
            sums[c] += s->in[k * (size_t)step + (size_t)c];
        }
    }
    vec_i32 first;
    for (int i = 0; i < LANES; i++) {
        first[i] = sums[i % step];
    }
    return first;
}

INLINE vec_i32 before_first_narrow(const rows_slide *s) {
    vec_i32 sums = {0};
    for (size_t k = 0; k + 1 < s->window; k += 2 * LANES) {
        sums += add_pairs(load_i16((const int16_t *)s->in + k) & below_i16(s->window - 1 - k));
    }
    return last_lanes(running_sum(sums, 1), 1);
}

/* To floats, or where `out` is NULL to bytes. `narrow` and `step` are constants. */
INLINE void slide_along(const rows_slide *s, float *out, uint8_t *bytes, bool narrow, int step,
                        size_t n) {
    vec_i32 before = narrow ? before_first_narrow(s) : before_first(s, step);
    for (size_t i = 0; i < n; i += AT_ONCE) {
        vec sums[4];
        if (narrow) {
            slide_narrow(s, i, &before, sums);
        } else {
            slide_steps(s, step, i, &before, sums);
        }
        if (out) {
            if (narrow) {
                zip_four(sums);
            }
            store_four(out + i, sums);
            continue;
        }
        const vec_u8 v = narrow ? (vec_u8)round_to_lanes(sums) : round_fitting(sums);
        if (n - i >= AT_ONCE) {
            memcpy(bytes + i, &v, sizeof v);
        } else {
            memcpy(bytes + i, &v, n - i);
        }
    }
}

INLINE void slide_kinds(const rows_slide *s, float *out, uint8_t *bytes, size_t n) {
    switch (s->step) {
    case 1:
        if (s->narrow) {
            slide_along(s, out, bytes, true, 1, n);
        } else {
            slide_along(s, out, bytes, false, 1, n);
        }
        break;
    case 2:
        slide_along(s, out, bytes, false, 2, n);
        break;
    case 3:
        slide_along(s, out, bytes, false, 3, n);
        break;
    default:
        assert(s->step == ROWS_SLIDE_STEP);
        slide_along(s, out, bytes, false, ROWS_SLIDE_STEP, n);
        break;
    }
}

static void box_slide(const rows_slide *s, float *out, size_t n) {
    slide_kinds(s, out, NULL, n);
}

static void box_slide_u8(const rows_slide *s, uint8_t *out, size_t n) {
    slide_kinds(s, NULL, out, n);
}

#endif
