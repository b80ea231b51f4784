/* The row kernel of a CNN's layer: a matrix product, tile by tile. Part of rows.c.
 *
 * A tile is PIXELS pixels by one or two vectors of filters. Its sums stay in registers while the
 * window's floats pass by: each is multiplied with the weights that it has in those filters (the
 * outer product at the heart of K. Goto and R. van de Geijn, "Anatomy of high-performance matrix
 * multiplication", 2008). The window of a pixel is read where it lies in the rows; nothing is
 * copied. */
#ifndef CT_CONV_ROWS_LAYER_H
#define CT_CONV_ROWS_LAYER_H

#include "conv/rows.h"
#include "conv/rows_vec.h"

/* Pixels of a tile with one and with two vectors of filters: as many sums as there are registers,
 * less those for the weights and the float that's spread. */
#if defined(__AVX512F__)
enum { TILE_ONE = 14, TILE_TWO = 14 };
#elif defined(__aarch64__)
enum { TILE_ONE = 14, TILE_TWO = 12 };
#elif defined(__AVX__)
enum { TILE_ONE = 12, TILE_TWO = 6 };
#else
enum { TILE_ONE = 8, TILE_TWO = 4 };
#endif

enum { TILE_MOST = 14 };

/* `pixels` and `vectors` are constants: all loops over them are unrolled, and sum[][] is registers.
 */
INLINE void layer_tile(float *restrict out, const rows_layer *l, size_t at, const int pixels,
                       const int vectors) {
    vec sum[TILE_MOST][2];
    const float *restrict weights = l->weights;
    UNROLLED
    for (int p = 0; p < pixels; p++) {
        UNROLLED
        for (int f = 0; f < vectors; f++) {
            sum[p][f] = load(l->bias + f * LANES);
        }
    }
    const size_t step = l->step;
    for (size_t r = 0; r < l->runs; r++) {
        const float *restrict in = l->in[r] + at;
        for (size_t k = 0; k < l->length; k++, in++, weights += vectors * LANES) {
            vec w[2];
            UNROLLED
            for (int f = 0; f < vectors; f++) {
                w[f] = load(weights + f * LANES);
            }
            UNROLLED
            for (int p = 0; p < pixels; p++) {
                const vec v = splat(in[(size_t)p * step]);
                UNROLLED
                for (int f = 0; f < vectors; f++) {
                    sum[p][f] += w[f] * v;
                }
            }
        }
    }
    const vec_i32 any = l->relu ? (vec_i32){0} : (vec_i32){0} - 1;
    UNROLLED
    for (int p = 0; p < pixels; p++) {
        UNROLLED
        for (int f = 0; f < vectors; f++) {
            const vec_i32 kept = (sum[p][f] > 0) | any;
            store(out + (size_t)p * l->out_step + f * LANES, (vec)((vec_i32)sum[p][f] & kept));
        }
    }
}

/* The pixels that are left after the whole tiles. */
INLINE void layer_rest(float *out, const rows_layer *l, size_t at, size_t pixels, const size_t tile,
                       const int vectors) {
    switch (pixels) {
#define REST(n)                                                                                    \
    case n:                                                                                        \
        if (n < tile) {                                                                            \
            layer_tile(out, l, at, n, vectors);                                                    \
        }                                                                                          \
        break;
        REST(1)
        REST(2)
        REST(3)
        REST(4)
        REST(5)
        REST(6)
        REST(7)
        REST(8)
        REST(9)
        REST(10)
        REST(11)
        REST(12)
        REST(13)
#undef REST
    default:
        break;
    }
}

INLINE void layer_vectors(float *out, const rows_layer *l, size_t pixels, const size_t tile,
                          const int vectors) {
    size_t x = 0;
    for (; x + tile <= pixels; x += tile) {
        layer_tile(out + x * l->out_step, l, x * l->step, (int)tile, vectors);
    }
    layer_rest(out + x * l->out_step, l, x * l->step, pixels - x, tile, vectors);
}

static void layer(float *out, const rows_layer *l, size_t pixels) {
    if (l->vectors == 2) {
        layer_vectors(out, l, pixels, TILE_TWO, 2);
    } else {
        layer_vectors(out, l, pixels, TILE_ONE, 1);
    }
}

#endif
