#include "net/interleave.h"

#include <string.h>

typedef float four __attribute__((vector_size(16)));

static inline four load(const float *p) {
    four v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void store(float *p, four v) {
    memcpy(p, &v, sizeof v);
}

/* 4x4 numbers. */
static inline void turn(float *restrict out, size_t out_step, const float *restrict in,
                        size_t in_step) {
    const four a = load(in), b = load(in + in_step), c = load(in + 2 * in_step),
               d = load(in + 3 * in_step);
    const four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const four ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    const four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const four cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    store(out, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
    store(out + out_step, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
    store(out + 2 * out_step, __builtin_shufflevector(ab2, cd2, 0, 1, 4, 5));
    store(out + 3 * out_step, __builtin_shufflevector(ab2, cd2, 2, 3, 6, 7));
}

static void turn_rest(float *restrict out, size_t out_step, const float *restrict in,
                      size_t in_step, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            out[c * out_step + r] = in[r * in_step + c];
        }
    }
}

void net_transpose(float *out, size_t out_step, const float *in, size_t in_step, size_t rows,
                   size_t columns) {
    if (rows == 1 && out_step == 1) {
        memcpy(out, in, columns * sizeof *out);
        return;
    }
    if (columns == 1 && in_step == 1) {
        memcpy(out, in, rows * sizeof *out);
        return;
    }
    /* Cache lines of both are read and written as wholes. */
    enum { TILE = 16 };
    for (size_t r0 = 0; r0 < rows; r0 += TILE) {
        const size_t r1 = r0 + TILE < rows ? r0 + TILE : rows;
        for (size_t c0 = 0; c0 < columns; c0 += TILE) {
            const size_t c1 = c0 + TILE < columns ? c0 + TILE : columns;
            size_t r = r0;
            for (; r + 4 <= r1; r += 4) {
                size_t c = c0;
                for (; c + 4 <= c1; c += 4) {
                    turn(out + c * out_step + r, out_step, in + r * in_step + c, in_step);
                }
                turn_rest(out + c * out_step + r, out_step, in + r * in_step + c, in_step, 4,
                          c1 - c);
            }
            turn_rest(out + c0 * out_step + r, out_step, in + r * in_step + c0, in_step, r1 - r,
                      c1 - c0);
        }
    }
}
