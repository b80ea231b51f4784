/* Gradients. Part of rows.c. */
#ifndef CT_CONV_ROWS_GRADIENT_H
#define CT_CONV_ROWS_GRADIENT_H

#include "conv/conv.h"
#include "conv/rows_narrow.h"
#include "conv/rows_turn.h"
#include "conv/rows_vec.h"

/* ---- 3x3: smoothing (side, middle, side) one way, difference (-1, 0, 1) the other ----
 *
 * Each row gives its difference and its smoothing along x once; three rows' make the gradient.
 * Going down the rows, the two last ones are still in registers. */

/* Registers of floats, for rows of floats. */
typedef struct slope {
    vec difference, smooth;
} slope;

INLINE slope slope_at(const float *in, size_t step, float side, float middle, size_t i) {
#ifdef HAS_SHIFTED
    if (__builtin_constant_p(step)) { /* fewer loads that aren't aligned */
        const vec l = load(in + i), next = load(in + i + LANES);
        const vec m = shifted(l, next, 1), r = shifted(l, next, 2);
        return (slope){r - l, side * (l + r) + middle * m};
    }
#endif
    const vec l = load(in + i), m = load(in + i + step), r = load(in + i + 2 * step);
    return (slope){r - l, side * (l + r) + middle * m};
}

INLINE vec combine_slopes(slope a, slope b, slope c, float side, float middle, conv_gradient mode) {
    const vec x = side * (a.difference + c.difference) + middle * b.difference;
    const vec y = c.smooth - a.smooth;
    switch (mode) {
    case CONV_X:
        return x;
    case CONV_Y:
        return y;
    case CONV_L1:
        return magnitude_bits(x) + magnitude_bits(y);
    case CONV_SQUARED:
        return x * x + y * y;
    default:
        return square_root(x * x + y * y);
    }
}

/* Always inlined with a constant mode: a loop for each, without a test inside. */
INLINE void gradient3_steps(float *const *out, const void *const *in, int rows, size_t step,
                            float side, float middle, conv_gradient mode, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        slope a = slope_at(in[0], step, side, middle, i);
        slope b = slope_at(in[1], step, side, middle, i);
        for (int r = 0; r < rows; r++) {
            const slope c = slope_at(in[r + 2], step, side, middle, i);
            store(out[r] + i, combine_slopes(a, b, c, side, middle, mode));
            a = b;
            b = c;
        }
    }
}

INLINE void gradient3_floats(float *const *out, const void *const *in, int rows, size_t step,
                             float side, float middle, conv_gradient mode, size_t n) {
    if (step == 1 && side == 1.0F) { /* Sobel, Prewitt: nothing is multiplied by 1 */
        gradient3_steps(out, in, rows, 1, 1.0F, middle, mode, n);
    } else if (step == 1) {
        gradient3_steps(out, in, rows, 1, side, middle, mode, n);
    } else {
        gradient3_steps(out, in, rows, step, side, middle, mode, n);
    }
}

/* Registers of 16-bit numbers, for rows of bytes: exact. */
typedef struct whole_slope {
    vec_i16 difference, smooth;
} whole_slope;

INLINE whole_slope whole_slope_at(const uint8_t *in, size_t step, int16_t side, int16_t middle,
                                  size_t i) {
    const vec_i16 l = load_u8_i16(in + i), r = load_u8_i16(in + i + 2 * step);
    return (whole_slope){r - l, (l + r) * side + load_u8_i16(in + i + step) * middle};
}

INLINE vec_i16 absolute_i16(vec_i16 v) {
    const vec_i16 sign = v >> 15;
    return (v ^ sign) - sign;
}

INLINE vec_i32 rounded_root(vec_i32 square) {
    return nearest(square_root(__builtin_convertvector(square, vec)));
}

INLINE vec_i16 combine_whole(whole_slope a, whole_slope b, whole_slope c, int16_t side,
                             int16_t middle, conv_gradient mode) {
    const vec_i16 x = (a.difference + c.difference) * side + b.difference * middle;
    const vec_i16 y = c.smooth - a.smooth;
    if (mode == CONV_X || mode == CONV_Y) {
        return mode == CONV_X ? x : y;
    }
    if (mode == CONV_L1) {
        return absolute_i16(x) + absolute_i16(y);
    }
    vec_i32 low, high;
    squares(x, y, &low, &high);
    return narrow_pairs(rounded_root(low), rounded_root(high));
}

/* VEC_BYTES samples of each row from i on; whole: all of them lie before the row's end. */
INLINE void gradient3_part(uint8_t *const *out, const void *const *in, int rows, size_t step,
                           int16_t side, int16_t middle, conv_gradient mode, size_t i, size_t left,
                           clipped *count) {
    const bool whole = left >= VEC_BYTES;
    const vec_i16 inside[2] = {below_i16(left), below_i16(left > 2 * LANES ? left - 2 * LANES : 0)};
    whole_slope a[2], b[2];
    for (int k = 0; k < 2; k++) {
        a[k] = whole_slope_at(in[0], step, side, middle, i + (size_t)k * 2 * LANES);
        b[k] = whole_slope_at(in[1], step, side, middle, i + (size_t)k * 2 * LANES);
    }
    for (int r = 0; r < rows; r++) {
        vec_i16 v[2];
        for (int k = 0; k < 2; k++) {
            const whole_slope c =
                whole_slope_at(in[r + 2], step, side, middle, i + (size_t)k * 2 * LANES);
            v[k] = combine_whole(a[k], b[k], c, side, middle, mode);
            v[k] = whole ? v[k] : v[k] & inside[k];
            count_clipped(count, v[k]);
            a[k] = b[k];
            b[k] = c;
        }
        store_bytes(out[r] + i, narrow_two(v[0], v[1]), whole ? VEC_BYTES : left);
    }
}

INLINE void gradient3_whole(uint8_t *const *out, const void *const *in, int rows, size_t step,
                            int16_t side, int16_t middle, conv_gradient mode, size_t n,
                            clipped *count) {
    size_t i = 0;
    for (; i + VEC_BYTES <= n; i += VEC_BYTES) {
        gradient3_part(out, in, rows, step, side, middle, mode, i, VEC_BYTES, count);
    }
    if (i < n) {
        gradient3_part(out, in, rows, step, side, middle, mode, i, n - i, count);
    }
}

static void gradient3_u8(uint8_t *const *out, const void *const *in, int rows, size_t step,
                         int side, int middle, conv_gradient mode, size_t n, uint64_t *negative,
                         uint64_t *above) {
    const int16_t s = (int16_t)side, m = (int16_t)middle;
    clipped count = {0};
    switch (mode) {
    case CONV_X:
        gradient3_whole(out, in, rows, step, s, m, CONV_X, n, &count);
        break;
    case CONV_Y:
        gradient3_whole(out, in, rows, step, s, m, CONV_Y, n, &count);
        break;
    case CONV_L1:
        gradient3_whole(out, in, rows, step, s, m, CONV_L1, n, &count);
        break;
    default:
        gradient3_whole(out, in, rows, step, s, m, CONV_MAGNITUDE, n, &count);
        break;
    }
    add_clipped(&count, negative, above);
}

/* Floats from bytes: whole numbers, and the magnitude's exact root. */
INLINE void gradient3_bytes_mode(float *const *out, const void *const *in, int rows, size_t step,
                                 int16_t s, int16_t m, conv_gradient mode, size_t n) {
    for (size_t i = 0; i < n; i += 2 * LANES) {
        whole_slope a = whole_slope_at(in[0], step, s, m, i);
        whole_slope b = whole_slope_at(in[1], step, s, m, i);
        for (int r = 0; r < rows; r++) {
            const whole_slope c = whole_slope_at(in[r + 2], step, s, m, i);
            if (mode == CONV_MAGNITUDE || mode == CONV_SQUARED) {
                vec_i32 low, high;
                squares((a.difference + c.difference) * s + b.difference * m, c.smooth - a.smooth,
                        &low, &high);
                const vec l = __builtin_convertvector(low, vec);
                const vec h = __builtin_convertvector(high, vec);
                const bool root = mode == CONV_MAGNITUDE;
                store_pairs(out[r] + i, root ? square_root(l) : l, root ? square_root(h) : h);
            } else {
                int16_t numbers[2 * LANES];
                store_i16(numbers, combine_whole(a, b, c, s, m, mode));
                store(out[r] + i, load_i16_float(numbers));
                store(out[r] + i + LANES, load_i16_float(numbers + LANES));
            }
            a = b;
            b = c;
        }
    }
}

static void gradient3_bytes(float *const *out, const void *const *in, int rows, size_t step,
                            int side, int middle, conv_gradient mode, size_t n) {
    const int16_t s = (int16_t)side, m = (int16_t)middle;
    if (mode == CONV_MAGNITUDE) {
        gradient3_bytes_mode(out, in, rows, step, s, m, CONV_MAGNITUDE, n);
    } else if (mode == CONV_SQUARED) {
        gradient3_bytes_mode(out, in, rows, step, s, m, CONV_SQUARED, n);
    } else {
        gradient3_bytes_mode(out, in, rows, step, s, m, mode, n);
    }
}

static void gradient3(float *const *out, const void *const *in, int rows, size_t step, float side,
                      float middle, conv_gradient mode, size_t n) {
    switch (mode) {
    case CONV_X:
        gradient3_floats(out, in, rows, step, side, middle, CONV_X, n);
        break;
    case CONV_Y:
        gradient3_floats(out, in, rows, step, side, middle, CONV_Y, n);
        break;
    case CONV_L1:
        gradient3_floats(out, in, rows, step, side, middle, CONV_L1, n);
        break;
    case CONV_SQUARED:
        gradient3_floats(out, in, rows, step, side, middle, CONV_SQUARED, n);
        break;
    default:
        gradient3_floats(out, in, rows, step, side, middle, CONV_MAGNITUDE, n);
        break;
    }
}

/* ---- any kernels: x and y are there ---- */

/* atan2(y, x) from 0 to 2 pi. The arc tangent's polynomial and its reduction at tan(pi / 8) are
 * those of the Cephes library (S. L. Moshier, atanf); its error is below 2e-7. */
static inline float angle(float x, float y) {
    const float pi = 3.14159265358979F;
    const float ax = fabsf(x), ay = fabsf(y);
    const float small = ax < ay ? ax : ay, large = ax < ay ? ay : ax;
    const float t = large > 0.0F ? small / large : 0.0F; /* 0..1 */
    const int far = t > 0.41421356F;
    const float u = far ? (t - 1.0F) / (t + 1.0F) : t;
    const float z = u * u;
    float p = 8.05374449538e-2F;
    p = p * z - 1.38776856032e-1F;
    p = p * z + 1.99777106478e-1F;
    p = p * z - 3.33329491539e-1F;
    float r = p * z * u + u + (far ? pi / 4 : 0.0F);
    r = ax < ay ? pi / 2 - r : r;
    r = x < 0.0F ? pi - r : r;
    return y < 0.0F ? 2 * pi - r : r;
}

static void gradient(float *restrict out, const float *restrict x, const float *restrict y,
                     conv_gradient mode, float turn, size_t n) {
    if (mode == CONV_ANGLE) {
        const float factor = turn / 6.28318530717959F;
        for (size_t i = 0; i < n; i++) {
            out[i] = angle(x[i], y[i]) * factor;
        }
    } else if (mode == CONV_L1) {
        for (size_t i = 0; i < n; i++) {
            out[i] = fabsf(x[i]) + fabsf(y[i]);
        }
    } else if (mode == CONV_MAGNITUDE) {
        for (size_t i = 0; i < n; i++) {
            out[i] = sqrtf(x[i] * x[i] + y[i] * y[i]);
        }
    } else if (mode == CONV_SQUARED) {
        for (size_t i = 0; i < n; i++) {
            out[i] = x[i] * x[i] + y[i] * y[i];
        }
    } else {
        memcpy(out, mode == CONV_X ? x : y, n * sizeof *out);
    }
}

#endif
