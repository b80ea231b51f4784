/* Sums over kernels that are a column times a row, of many weights each. Part of rows.c.
 *
 * Along the row a load that isn't aligned costs nearly two. So LANES columns of LANES rows are
 * summed down their columns, turned (a column becomes a row of LANES), put behind those before, and
 * summed down again, as far as the row of weights reaches; the results are turned back. */
#ifndef CT_CONV_ROWS_LONG_H
#define CT_CONV_ROWS_LONG_H

#include "conv/rows.h"
#include "conv/rows_narrow.h"
#include "conv/rows_sums.h"
#include "conv/rows_turn.h"
#include "conv/rows_vec.h"

/* t = v turned: what is loaded stays in registers until it's stored. */
INLINE void turn_over(vec t[LANES], const vec *v) {
    UNROLLED
    for (int k = 0; k < LANES; k++) {
        t[k] = v[k];
    }
    transpose(t);
}

/* Columns i to i + LANES of LANES rows, one after another. */
INLINE void long_columns(float *to, const rows_factors *f, const void *const *in, column_kind kind,
                         bool symmetric, size_t i) {
    vec v[LANES], t[LANES];
    for (int r = 0; r < LANES; r += TOGETHER) {
        const column_source from = {.kind = kind, .rows = in + r};
        column_sum(v + r, &from, f->column, f->height, symmetric, TOGETHER, i);
    }
    turn_over(t, v);
    UNROLLED
    for (int k = 0; k < LANES; k++) {
        store(to + k * LANES, t[k]);
    }
}

/* Up to so many samples from one column of weights to the next, a strip is as many times as wide as
 * a register: then columns share their loads with those that stand so far away. */
enum { MOST_SHARED = 4 };
_Static_assert((MOST_SHARED + 1) * LANES <= ROWS_BLOCK, "a strip goes so far beyond the row");

/* A strip's columns of turned rows. `symmetric` is a constant; `step` too, or it is f->step. */
INLINE void long_row(vec *v, const rows_factors *f, const float *turned, bool symmetric,
                     size_t step) {
    if (step > MOST_SHARED) {
        for (size_t c = 0; c < LANES; c++) {
            const column_source from = {
                .kind = OF_BLOCK, .block = turned + c * LANES, .pitch = step * LANES};
            column_sum(v + c, &from, f->row, f->width, symmetric, 1, 0);
        }
        return;
    }
    for (size_t first = 0; first < step * LANES; first += step * TOGETHER) {
        for (size_t c = first; c < first + step; c++) {
            const column_source from = {
                .kind = OF_BLOCK, .block = turned + c * LANES, .pitch = step * LANES};
            vec sum[TOGETHER];
            column_sum(sum, &from, f->row, f->width, symmetric, TOGETHER, 0);
            for (size_t k = 0; k < TOGETHER; k++) {
                v[c + k * step] = sum[k];
            }
        }
    }
}

/* LANES columns at i, each vector one of them, to `rows` rows of floats. */
INLINE void long_floats(float *const *out, const vec *v, int rows, size_t i) {
    vec t[LANES];
    turn_over(t, v);
    UNROLLED
    for (int k = 0; k < LANES; k++) {
        if (k < rows) {
            store(out[k] + i, t[k]);
        }
    }
}

/* To bytes, which they fit; n - i are left of a row. */
INLINE void long_bytes(uint8_t *const *out, const vec *v, int rows, size_t i, size_t n) {
    vec fours[4]; /* lane r of fours[k] holds columns 4 k to 4 k + 3 of row r */
    for (int k = 0; k < LANES / 4; k++) {
        fours[k] = (vec)round_to_lanes(v + 4 * k);
    }
#if defined(__AVX512BW__)
    zip_four(fours);
#elif defined(__AVX2__)
    const vec low = ZIPPED_LOW(fours[0], fours[1]);
    fours[1] = ZIPPED_HIGH(fours[0], fours[1]);
    fours[0] = low;
#endif
    uint8_t bytes[LANES][LANES];
    memcpy(bytes, fours, sizeof bytes);
    for (int r = 0; r < rows; r++) {
        if (n - i >= LANES) {
            memcpy(out[r] + i, bytes[r], LANES);
        } else {
            memcpy(out[r] + i, bytes[r], n - i);
        }
    }
}

INLINE void turn_columns(float *turned, const rows_factors *f, const void *const *in, bool bytes,
                         size_t i) {
    if (bytes && f->symmetric_column) {
        long_columns(turned, f, in, OF_BYTES, true, i);
    } else if (bytes) {
        long_columns(turned, f, in, OF_BYTES, false, i);
    } else if (f->symmetric_column) {
        long_columns(turned, f, in, OF_FLOATS, true, i);
    } else {
        long_columns(turned, f, in, OF_FLOATS, false, i);
    }
}

static void separable_long(const rows_factors *f, float *const *out, uint8_t *const *bytes,
                           const void *const *in, bool from_bytes, float *scratch, int rows,
                           size_t n) {
    const size_t reach = (f->width - 1) * f->step;
    const size_t strip = f->step <= MOST_SHARED ? f->step * LANES : LANES;
    size_t turned = 0;
    for (size_t i = 0; i < n; i += strip) {
        vec v[MOST_SHARED * LANES];
        for (; turned < i + strip + reach; turned += LANES) {
            turn_columns(scratch + turned * LANES, f, in, from_bytes, turned);
        }
        const float *first = scratch + i * LANES;
        if (f->symmetric_row && f->step == 1) {
            long_row(v, f, first, true, 1);
        } else if (f->symmetric_row) {
            long_row(v, f, first, true, f->step);
        } else {
            long_row(v, f, first, false, f->step);
        }
        for (size_t k = 0; k < strip && i + k < n; k += LANES) {
            if (out) {
                long_floats(out, v + k, rows, i + k);
            } else {
                long_bytes(bytes, v + k, rows, i + k, n);
            }
        }
    }
}

#endif
