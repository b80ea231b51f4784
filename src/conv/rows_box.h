/* Row kernels for boxes: sums over windows of equal weights. Part of rows.c.
 *
 * Nothing is ever taken away from a sum of floats, so that no error stays behind; where the samples
 * are bytes, running sums are exact. A sum's order of additions depends on its place in the image
 * alone, never on where a block or a batch begins. */
#ifndef CT_CONV_ROWS_BOX_H
#define CT_CONV_ROWS_BOX_H

#include <stddef.h>
#include <stdint.h>

#include "conv/rows_vec.h"

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

/* Bytes: up to 257 of them fit 16 bits. A window is the one above it with the row that enters and
 * without the one that leaves. */
static void box_columns_u8(uint16_t *const *out, const uint8_t *const *in, size_t height,
                           size_t rows, size_t n) {
    for (size_t i = 0; i < n; i += 2 * STRIP * LANES) {
        vec_u16 sums[STRIP] = {{0}};
        for (size_t k = 0; k < height - 1; k++) {
            for (size_t j = 0; j < STRIP; j++) {
                sums[j] += (vec_u16)load_u8_i16(in[k] + i + 2 * j * LANES);
            }
        }
        for (size_t r = 0; r < rows; r++) {
            for (size_t j = 0; j < STRIP; j++) {
                const size_t at = i + 2 * j * LANES;
                sums[j] += (vec_u16)load_u8_i16(in[r + height - 1] + at);
                store_i16((int16_t *)out[r] + at, (vec_i16)sums[j]);
                sums[j] -= (vec_u16)load_u8_i16(in[r] + at);
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

#endif
