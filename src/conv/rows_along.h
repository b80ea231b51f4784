/* Sums along a row of weights. Part of rows.c. */
#ifndef CT_CONV_ROWS_ALONG_H
#define CT_CONV_ROWS_ALONG_H

#include "conv/rows_narrow.h"
#include "conv/rows_samples.h"
#include "conv/rows_sums.h"
#include "conv/rows_turn.h"
#include "conv/rows_vec.h"

enum { PART = 4 }; /* registers made at once */

/* Loads at every offset. */
INLINE void part_by_loads(vec sum[PART], const float *in, size_t step, const float *weight,
                          size_t count, bool symmetric) {
    const size_t pairs = symmetric ? count / 2 : 0;
    for (int v = 0; v < PART; v++) {
        sum[v] = (vec){0};
    }
    for (size_t k = 0; k < pairs; k++) {
        const float *l = in + k * step, *r = in + (count - 1 - k) * step;
        for (int v = 0; v < PART; v++) {
            sum[v] += weight[k] * (load(l + v * LANES) + load(r + v * LANES));
        }
    }
    for (size_t k = pairs; k < count - pairs; k++) {
        for (int v = 0; v < PART; v++) {
            sum[v] += weight[k] * load(in + k * step + v * LANES);
        }
    }
}

/* A symmetric row that reaches no further than a register: a load that isn't aligned costs nearly
 * two, taking from two neighbouring registers one, and both can go on at once. step and count are
 * constants. */
INLINE void part_by_shifts(vec sum[PART], const float *in, int step, const float *weight,
                           int count) {
#ifdef HAS_SHIFTED
    vec a = load(in);
    for (int v = 0; v < PART; v++) {
        const float *at = in + v * LANES;
        const vec b = load(at + LANES);
        sum[v] = (vec){0};
#pragma GCC unroll 8
        for (int k = 0; k < count / 2; k++) {
            sum[v] += weight[k] * (load(at + k * step) + shifted(a, b, (count - 1 - k) * step));
        }
        sum[v] += weight[count / 2] * load(at + count / 2 * step);
        a = b;
    }
#else
    part_by_loads(sum, in, (size_t)step, weight, (size_t)count, true);
#endif
}

typedef enum row_kind { ANY_ROW, SYMMETRIC_ROW, SHORT_ROW } row_kind;

/* To floats, or where `out` is NULL to bytes, of which the last part may go beyond n. clip: NULL
 * where all sums fit 8 bits. */
INLINE void row_parts(row_kind kind, float *out, uint8_t *bytes, const float *in, size_t step,
                      const float *weight, size_t count, size_t n, clipped *clip) {
    for (size_t i = 0; i < n; i += PART * LANES) {
        vec sum[PART];
        if (kind == SHORT_ROW) {
            part_by_shifts(sum, in + i, (int)step, weight, (int)count);
        } else {
            part_by_loads(sum, in + i, step, weight, count, kind == SYMMETRIC_ROW);
        }
        if (out) {
            for (int v = 0; v < PART; v++) {
                store(out + i + v * LANES, sum[v]);
            }
        } else {
            const vec_u8 narrow = clip ? round_four(sum, clip) : round_fitting(sum);
            memcpy(bytes + i, &narrow, sizeof narrow);
        }
    }
}

/* A loop of its own for the rows that people use, of one and of three channels. */
INLINE void row_kinds(float *out, uint8_t *bytes, const float *in, size_t step, const float *weight,
                      size_t count, bool symmetric, size_t n, clipped *clip) {
#define SHORT(step, count)                                                                         \
    case 100 * step + count:                                                                       \
        row_parts(SHORT_ROW, out, bytes, in, step, weight, count, n, clip);                        \
        return;
    switch (symmetric ? 100 * step + count : 0) {
        SHORT(1, 3)
        SHORT(1, 5)
        SHORT(1, 7)
        SHORT(1, 9)
        SHORT(1, 11)
        SHORT(1, 13)
        SHORT(3, 3)
        SHORT(3, 5)
    default:
        break;
    }
#undef SHORT
    if (symmetric) {
        row_parts(SYMMETRIC_ROW, out, bytes, in, step, weight, count, n, clip);
    } else {
        row_parts(ANY_ROW, out, bytes, in, step, weight, count, n, clip);
    }
}

static void row(float *restrict out, const float *restrict in, size_t step, const float *weight,
                size_t count, bool symmetric, size_t n) {
    row_kinds(out, NULL, in, step, weight, count, symmetric, n, NULL);
}

static void row_u8(uint8_t *restrict out, const float *restrict in, size_t step,
                   const float *weight, size_t count, bool symmetric, size_t n, uint64_t *negative,
                   uint64_t *above) {
    const size_t whole = n - n % (PART * LANES);
    if (negative) {
        clipped clip = {0};
        row_kinds(NULL, out, in, step, weight, count, symmetric, whole, &clip);
        add_clipped(&clip, negative, above);
    } else {
        row_kinds(NULL, out, in, step, weight, count, symmetric, whole, NULL);
    }
    if (whole < n) {
        uint64_t low = 0, high = 0;
        float rest[PART * LANES];
        row(rest, in + whole, step, weight, count, symmetric, n - whole);
        to_u8(out + whole, rest, n - whole, negative ? negative : &low, above ? above : &high);
    }
}

#endif
