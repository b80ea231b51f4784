/* The row kernels of pooling. Part of rows.c. `kind` is a constant wherever a function is
 * INLINE: one loop for each, without a test inside. */
#ifndef CT_CONV_ROWS_POOL_H
#define CT_CONV_ROWS_POOL_H

#include "conv/rows.h"
#include "conv/rows_vec.h"

INLINE float pooled(float a, float b, const conv_pool kind) {
    return kind == CONV_POOL_MAX   ? (a > b ? a : b)
           : kind == CONV_POOL_MIN ? (a < b ? a : b)
                                   : a + b;
}

/* Comparisons with NaN are false: then b stays, as above. */
INLINE vec pooled_vec(vec a, vec b, const conv_pool kind) {
    const vec_i32 first = kind == CONV_POOL_MAX ? a > b : a < b;
    return kind == CONV_POOL_AVG ? a + b : (vec)(((vec_i32)a & first) | ((vec_i32)b & ~first));
}

/* ---- deep pixels: their channels fill vectors ---- */

/* Some vectors of channels of the window whose first cell is `at` floats into the rows. */
INLINE void pool_vectors(float *restrict out, const rows_pool *p, size_t at, const int vectors,
                         const conv_pool kind) {
    vec best[4];
    UNROLLED
    for (int v = 0; v < vectors; v++) {
        best[v] = load(p->in[0] + at + v * LANES);
    }
    for (size_t r = 0; r < p->rows; r++) {
        const float *restrict cell = p->in[r] + at;
        for (size_t k = 0; k < p->width; k++, cell += p->channels) {
            if (r == 0 && k == 0) {
                continue;
            }
            UNROLLED
            for (int v = 0; v < vectors; v++) {
                best[v] = pooled_vec(best[v], load(cell + v * LANES), kind);
            }
        }
    }
    UNROLLED
    for (int v = 0; v < vectors; v++) {
        store(out + v * LANES, best[v]);
    }
}

INLINE float pool_one(const rows_pool *p, size_t at, const conv_pool kind) {
    float best = p->in[0][at];
    for (size_t r = 0; r < p->rows; r++) {
        for (size_t k = r == 0; k < p->width; k++) {
            best = pooled(best, p->in[r][at + k * p->channels], kind);
        }
    }
    return best;
}

INLINE void pool_deep(float *restrict out, const rows_pool *p, size_t pixels,
                      const conv_pool kind) {
    for (size_t x = 0; x < pixels; x++, out += p->channels) {
        const size_t at = x * p->step;
        size_t c = 0;
        for (; c + 4 * LANES <= p->channels; c += 4 * LANES) {
            pool_vectors(out + c, p, at + c, 4, kind);
        }
        for (; c + LANES <= p->channels; c += LANES) {
            pool_vectors(out + c, p, at + c, 1, kind);
        }
        for (; c < p->channels; c++) {
            out[c] = pool_one(p, at + c, kind);
        }
    }
}

/* ---- one channel, every second column: the compiler makes shuffles of a known stride ---- */

/* Column i of one row, or of two. */
INLINE float pool_column(const float *restrict a, const float *restrict b, size_t i,
                         const conv_pool kind) {
    return b ? pooled(a[i], b[i], kind) : a[i];
}

INLINE void pool_pairs(float *restrict out, const float *restrict a, const float *restrict b,
                       size_t pixels, const conv_pool kind) {
    for (size_t x = 0; x < pixels; x++) {
        out[x] = pooled(pool_column(a, b, 2 * x, kind), pool_column(a, b, 2 * x + 1, kind), kind);
    }
}

INLINE void pool_triples(float *restrict out, const float *restrict a, const float *restrict b,
                         size_t pixels, const conv_pool kind) {
    for (size_t x = 0; x < pixels; x++) {
        const float first = pool_column(a, b, 2 * x, kind);
        const float both = pooled(first, pool_column(a, b, 2 * x + 1, kind), kind);
        out[x] = pooled(both, pool_column(a, b, 2 * x + 2, kind), kind);
    }
}

INLINE void pool_kind(float *out, const rows_pool *p, size_t pixels, const conv_pool kind) {
    const bool second = p->channels == 1 && p->rows <= 2 && p->step == 2;
    if (second && p->width == 2 && p->rows == 1) {
        pool_pairs(out, p->in[0], NULL, pixels, kind);
    } else if (second && p->width == 2) {
        pool_pairs(out, p->in[0], p->in[1], pixels, kind);
    } else if (second && p->width == 3 && p->rows == 1) {
        pool_triples(out, p->in[0], NULL, pixels, kind);
    } else if (second && p->width == 3) {
        pool_triples(out, p->in[0], p->in[1], pixels, kind);
    } else {
        pool_deep(out, p, pixels, kind);
    }
}

static void pool(float *out, const rows_pool *p, conv_pool kind, size_t pixels) {
    switch (kind) {
    case CONV_POOL_MAX:
        pool_kind(out, p, pixels, CONV_POOL_MAX);
        break;
    case CONV_POOL_MIN:
        pool_kind(out, p, pixels, CONV_POOL_MIN);
        break;
    default:
        pool_kind(out, p, pixels, CONV_POOL_AVG);
        break;
    }
}

#endif
