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

/* Columns i to i + LANES of LANES rows, one after another. */
INLINE void long_columns(float *turned, const rows_factors *f, const void *const *in,
                         column_kind kind, bool symmetric, size_t i) {
    vec v[LANES], t[LANES];
    for (int r = 0; r < LANES; r += TOGETHER) {
        const column_source from = {.kind = kind, .rows = in + r};
        column_sum(v + r, &from, f->column, f->height, symmetric, TOGETHER, i);
    }
    UNROLLED
    for (int k = 0; k < LANES; k++) {
        t[k] = v[k];
    }
    transpose(t);
    UNROLLED
    for (int k = 0; k < LANES; k++) {
        store(turned + k * LANES, t[k]);
    }
}

/* The columns of turned rows; `symmetric` and `step` are constants, or step is f->step. */
INLINE void long_row(vec *v, const rows_factors *f, const float *turned, bool symmetric,
                     size_t step) {
    for (int c = 0; c < LANES; c += TOGETHER) {
        const float *first = turned + c * LANES;
        if (step == 1) { /* neighbours share their loads */
            const column_source from = {.kind = OF_BLOCK, .block = first, .pitch = LANES};
            column_sum(v + c, &from, f->row, f->width, symmetric, TOGETHER, 0);
            continue;
        }
        for (int k = 0; k < TOGETHER; k++) {
            const column_source from = {
                .kind = OF_BLOCK, .block = first + k * LANES, .pitch = step * LANES};
            column_sum(v + c + k, &from, f->row, f->width, symmetric, 1, 0);
        }
    }
}

/* LANES columns at i, each vector one of them, to `rows` rows of floats. */
INLINE void long_floats(float *const *out, vec *v, int rows, size_t i) {
    vec t[LANES];
    UNROLLED
    for (int k = 0; k < LANES; k++) {
        t[k] = v[k];
    }
    transpose(t);
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
    size_t turned = 0;
    for (size_t i = 0; i < n; i += LANES) {
        vec v[LANES];
        for (; turned < i + LANES + reach; turned += LANES) {
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
        if (out) {
            long_floats(out, v, rows, i);
        } else {
            long_bytes(bytes, v, rows, i, n);
        }
    }
}

#endif
