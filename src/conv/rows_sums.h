/* Sums over the cells of a kernel. Part of rows.c.
 *
 * Several rows are made at once, so that one load serves them all; a row's arithmetic is the same
 * however many are made beside it. */
#ifndef CT_CONV_ROWS_SUMS_H
#define CT_CONV_ROWS_SUMS_H

#include "conv/rows.h"
#include "conv/rows_narrow.h"
#include "conv/rows_vec.h"

/* ---- any cells ---- */

/* Eight accumulators hide the latency of a multiply-add and share each load of a weight. */
static void taps(float *restrict out, const float *const *in, const float *weight, size_t count,
                 size_t n) {
    enum { VECS = 8 };
    for (size_t i = 0; i < n; i += VECS * LANES) {
        vec sum[VECS] = {0};
        for (size_t t = 0; t < count; t++) {
            const vec w = splat(weight[t]);
            for (int k = 0; k < VECS; k++) {
                sum[k] += w * load(in[t] + i + k * LANES);
            }
        }
        for (int k = 0; k < VECS; k++) {
            store(out + i + k * LANES, sum[k]);
        }
    }
}

/* The cells are loaded once for all kernels. */
static void compass3(float *restrict out, const float *const *in, const float *weight,
                     size_t kernels, size_t n) {
    enum { CELLS = 9 };
    vec weights[ROWS_COMPASS * CELLS];
    for (size_t w = 0; w < kernels * CELLS; w++) {
        weights[w] = splat(weight[w]);
    }
    for (size_t i = 0; i < n; i += LANES) {
        vec at[CELLS], best = {0};
        UNROLLED
        for (int c = 0; c < CELLS; c++) {
            at[c] = load(in[c] + i);
        }
        for (size_t k = 0; k < kernels; k++) {
            vec sum = {0};
            UNROLLED
            for (int c = 0; c < CELLS; c++) {
                sum += weights[k * CELLS + (size_t)c] * at[c];
            }
            best = k ? greater(best, sum) : sum;
        }
        store(out + i, best);
    }
}

/* ---- one column of weights ---- */

/* Where a column's samples come from: rows anywhere, of floats or of bytes, or rows in a block. */
typedef enum column_kind { OF_FLOATS, OF_BYTES, OF_BLOCK } column_kind;

typedef struct column_source {
    column_kind kind;
    const void *const *rows;
    const float *block; /* OF_BLOCK: the first row, `pitch` floats from one to the next */
    size_t pitch;
} column_source;

INLINE vec column_at(const column_source *from, size_t row, size_t i) {
    switch (from->kind) {
    case OF_FLOATS:
        return load((const float *)from->rows[row] + i);
    case OF_BYTES:
        return load_u8_float((const uint8_t *)from->rows[row] + i);
    default:
        return load(from->block + row * from->pitch + i);
    }
}

/* Rows made at once: three registers for each. */
enum { TOGETHER = VEC_BYTES == 64 ? 8 : 4 };

/* `rows` sums (1 or TOGETHER, a constant) at LANES columns from i on: of rows 0.., 1.., 2.., ... A
 * symmetric column adds the two samples of a weight first: the rows above the middle move down
 * while those below move up, one load each. */
INLINE void column_sum(vec *sum, const column_source *from, const float *weight, size_t count,
                       bool symmetric, int rows, size_t i) {
    for (int r = 0; r < rows; r++) {
        sum[r] = (vec){0};
    }
    if (!symmetric) {
        vec at[TOGETHER];
        for (int r = 0; r < rows - 1; r++) {
            at[r + 1] = column_at(from, (size_t)r, i);
        }
        for (size_t k = 0; k < count; k++) {
            for (int r = 0; r < rows - 1; r++) {
                at[r] = at[r + 1];
            }
            at[rows - 1] = column_at(from, k + (size_t)rows - 1, i);
            for (int r = 0; r < rows; r++) {
                sum[r] += weight[k] * at[r];
            }
        }
        return;
    }
    if (__builtin_constant_p(count) && count <= ROWS_SHORT) { /* every row is loaded once */
        vec at[ROWS_SHORT + TOGETHER - 1];
        for (size_t k = 0; k < count + (size_t)rows - 1; k++) {
            at[k] = column_at(from, k, i);
        }
        for (int r = 0; r < rows; r++) {
            for (size_t k = 0; k < count / 2; k++) {
                sum[r] += weight[k] * (at[(size_t)r + k] + at[(size_t)r + count - 1 - k]);
            }
            sum[r] += weight[count / 2] * at[(size_t)r + count / 2];
        }
        return;
    }
    vec top[TOGETHER], bottom[TOGETHER];
    for (int r = 0; r < rows - 1; r++) {
        top[r + 1] = column_at(from, (size_t)r, i);
        bottom[r] = column_at(from, count + (size_t)r, i);
    }
    for (size_t k = 0; k < count / 2; k++) {
        for (int r = 0; r < rows - 1; r++) {
            top[r] = top[r + 1];
            bottom[rows - 1 - r] = bottom[rows - 2 - r];
        }
        top[rows - 1] = column_at(from, k + (size_t)rows - 1, i);
        bottom[0] = column_at(from, count - 1 - k, i);
        for (int r = 0; r < rows; r++) {
            sum[r] += weight[k] * (top[r] + bottom[r]);
        }
    }
    for (int r = 0; r < rows && count % 2; r++) {
        sum[r] += weight[count / 2] * column_at(from, count / 2 + (size_t)r, i);
    }
}

INLINE void column_rows(float *const *out, column_source from, const float *weight, size_t count,
                        bool symmetric, int rows, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        vec sum[TOGETHER];
        column_sum(sum, &from, weight, count, symmetric, rows, i);
        for (int r = 0; r < rows; r++) {
            store(out[r] + i, sum[r]);
        }
    }
}

/* Always inlined with constants for all that is asked inside. */
INLINE void column_groups(float *const *out, const void *const *in, column_kind kind,
                          const float *weight, size_t count, bool symmetric, int rows, size_t n) {
    int r = 0;
    for (; r + TOGETHER <= rows; r += TOGETHER) {
        column_rows(out + r, (column_source){.kind = kind, .rows = in + r}, weight, count,
                    symmetric, TOGETHER, n);
    }
    for (; r < rows; r++) {
        column_rows(out + r, (column_source){.kind = kind, .rows = in + r}, weight, count,
                    symmetric, 1, n);
    }
}

/* The usual short columns with a constant length: every row is loaded once. */
INLINE void column_kinds(float *const *out, const void *const *in, column_kind kind,
                         const float *weight, size_t count, bool symmetric, int rows, size_t n) {
    switch (symmetric ? count : 0) {
    case 3:
        column_groups(out, in, kind, weight, 3, true, rows, n);
        break;
    case 5:
        column_groups(out, in, kind, weight, 5, true, rows, n);
        break;
    case 7:
        column_groups(out, in, kind, weight, 7, true, rows, n);
        break;
    case 9:
        column_groups(out, in, kind, weight, 9, true, rows, n);
        break;
    case 11:
        column_groups(out, in, kind, weight, 11, true, rows, n);
        break;
    case 13:
        column_groups(out, in, kind, weight, 13, true, rows, n);
        break;
    default:
        column_groups(out, in, kind, weight, count, symmetric, rows, n);
        break;
    }
}

static void column(float *const *out, const void *const *in, bool bytes, const float *weight,
                   size_t count, bool symmetric, int rows, size_t n) {
    if (bytes && symmetric) {
        column_kinds(out, in, OF_BYTES, weight, count, true, rows, n);
    } else if (bytes) {
        column_kinds(out, in, OF_BYTES, weight, count, false, rows, n);
    } else if (symmetric) {
        column_kinds(out, in, OF_FLOATS, weight, count, true, rows, n);
    } else {
        column_kinds(out, in, OF_FLOATS, weight, count, false, rows, n);
    }
}

/* ---- all cells of a kernel ---- */

/* Rows that the sum over all cells makes at once: two registers for each. */
enum { DENSE_ROWS = VEC_BYTES == 64 ? 8 : 6, HALF_DENSE = DENSE_ROWS / 2 };

/* weight: column after column, `height` each. Each column's samples go down the registers as in
 * column_sum. */
INLINE void dense_rows(float *const *out, const void *const *in, const float *weight, size_t width,
                       size_t height, size_t step, int rows, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        vec sum[DENSE_ROWS] = {0}, at[DENSE_ROWS];
        const float *w = weight;
        for (size_t x = 0; x < width; x++) {
            const size_t column = i + x * step;
            for (int r = 0; r < rows - 1; r++) {
                at[r + 1] = load((const float *)in[r] + column);
            }
            for (size_t k = 0; k < height; k++, w++) {
                for (int r = 0; r < rows - 1; r++) {
                    at[r] = at[r + 1];
                }
                at[rows - 1] = load((const float *)in[k + (size_t)rows - 1] + column);
                for (int r = 0; r < rows; r++) {
                    sum[r] += *w * at[r];
                }
            }
        }
        for (int r = 0; r < rows; r++) {
            store(out[r] + i, sum[r]);
        }
    }
}

static void dense(float *const *out, const void *const *in, const float *weight, size_t width,
                  size_t height, size_t step, int rows, size_t n) {
    int r = 0;
    for (; r + DENSE_ROWS <= rows; r += DENSE_ROWS) {
        dense_rows(out + r, in + r, weight, width, height, step, DENSE_ROWS, n);
    }
    for (; r + HALF_DENSE <= rows; r += HALF_DENSE) {
        dense_rows(out + r, in + r, weight, width, height, step, HALF_DENSE, n);
    }
    for (; r < rows; r++) {
        dense_rows(out + r, in + r, weight, width, height, step, 1, n);
    }
}

#endif
