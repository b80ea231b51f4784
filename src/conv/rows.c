/* The row kernels, in plain C and the vector extension of GCC and Clang. The Makefile compiles this
 * file once for each instruction set, with ROWS_ISA set to its name. */
#include "conv/rows.h"

#include "conv/rows_box.h"
#include "conv/rows_bytes.h"
#include "conv/rows_samples.h"
#include "conv/rows_vec.h"

#ifndef ROWS_ISA
#define ROWS_ISA baseline
#endif
#define ROWS_NAME_(isa) rows_##isa
#define ROWS_NAME(isa)  ROWS_NAME_(isa)

/* ---- correlation ---- */

/* Eight accumulators hide the latency of a multiply-add and share each load of a weight. */
static void taps(float *restrict out, const float *const *in, const float *weight, size_t count_,
                 size_t n) {
    enum { BLOCK = 8 * LANES };
    for (size_t i = 0; i < n; i += BLOCK) {
        vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};
        for (size_t t = 0; t < count_; t++) {
            const float *p = in[t] + i;
            const vec w = splat(weight[t]);
            s0 += w * load(p);
            s1 += w * load(p + LANES);
            s2 += w * load(p + 2 * LANES);
            s3 += w * load(p + 3 * LANES);
            s4 += w * load(p + 4 * LANES);
            s5 += w * load(p + 5 * LANES);
            s6 += w * load(p + 6 * LANES);
            s7 += w * load(p + 7 * LANES);
        }
        float *o = out + i;
        store(o, s0);
        store(o + LANES, s1);
        store(o + 2 * LANES, s2);
        store(o + 3 * LANES, s3);
        store(o + 4 * LANES, s4);
        store(o + 5 * LANES, s5);
        store(o + 6 * LANES, s6);
        store(o + 7 * LANES, s7);
    }
}

/* ---- gradients ---- */

static inline float combined(float x, float y, conv_gradient mode) {
    switch (mode) {
    case CONV_X:
        return x;
    case CONV_Y:
        return y;
    case CONV_L1:
        return fabsf(x) + fabsf(y);
    default:
        return sqrtf(x * x + y * y);
    }
}

/* Always inlined with a constant mode: one loop for each, without a test inside. */
static inline __attribute__((always_inline)) void
gradient3_mode(float *restrict out, const float *restrict a, const float *restrict b,
               const float *restrict c, size_t step, float side, float middle, conv_gradient mode,
               size_t n) {
    for (size_t i = 0; i < n; i++) {
        const size_t l = i, m = i + step, r = i + 2 * step;
        const float x = side * ((a[r] - a[l]) + (c[r] - c[l])) + middle * (b[r] - b[l]);
        const float y = side * ((c[l] - a[l]) + (c[r] - a[r])) + middle * (c[m] - a[m]);
        out[i] = combined(x, y, mode);
    }
}

static void gradient3(float *out, const float *a, const float *b, const float *c, size_t step,
                      float side, float middle, conv_gradient mode, size_t n) {
    n = (n + LANES - 1) / LANES * LANES;
    switch (mode) {
    case CONV_X:
        gradient3_mode(out, a, b, c, step, side, middle, CONV_X, n);
        break;
    case CONV_Y:
        gradient3_mode(out, a, b, c, step, side, middle, CONV_Y, n);
        break;
    case CONV_L1:
        gradient3_mode(out, a, b, c, step, side, middle, CONV_L1, n);
        break;
    default:
        gradient3_mode(out, a, b, c, step, side, middle, CONV_MAGNITUDE, n);
        break;
    }
}

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
            out[i] = combined(x[i], y[i], CONV_L1);
        }
    } else if (mode == CONV_MAGNITUDE) {
        for (size_t i = 0; i < n; i++) {
            out[i] = combined(x[i], y[i], CONV_MAGNITUDE);
        }
    } else {
        memcpy(out, mode == CONV_X ? x : y, n * sizeof *out);
    }
}

/* ---- two rows, one row ---- */

static void max(float *restrict out, const float *restrict a, const float *restrict b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = a[i] > b[i] ? a[i] : b[i];
    }
}

static void min(float *restrict out, const float *restrict a, const float *restrict b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = a[i] < b[i] ? a[i] : b[i];
    }
}

static void add(float *restrict out, const float *restrict a, const float *restrict b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = a[i] + b[i];
    }
}

static void divide(float *restrict out, const float *restrict a, const float *restrict by,
                   float times, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = a[i] / (by[i] * times);
    }
}

static void scale(float *restrict out, const float *restrict in, float factor, float bias,
                  size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i] * factor + bias;
    }
}

/* Adding 1.5 * 2^23 leaves no room for fractions. */
static void whole(float *row, float unit, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const float shifted = row[i] + 12582912.0F;
        row[i] = (shifted - 12582912.0F) * unit;
    }
}

static void absolute(float *restrict out, const float *restrict in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = fabsf(in[i]);
    }
}

static void relu(float *restrict out, const float *restrict in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i] > 0.0F ? in[i] : 0.0F;
    }
}

static void threshold(float *restrict out, const float *restrict in, float value, float high,
                      size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i] >= value ? high : 0.0F;
    }
}

static void unsharp(float *restrict out, const float *restrict centre, const float *restrict smooth,
                    float amount, float limit, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const float d = centre[i] - smooth[i];
        out[i] = centre[i] + (fabsf(d) > limit ? amount * d : 0.0F);
    }
}

static void gray(float *restrict out, const float *restrict in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = 0.299F * in[3 * i] + 0.587F * in[3 * i + 1] + 0.114F * in[3 * i + 2];
    }
}

static void decimate(float *restrict out, const float *restrict in, size_t channels, size_t stride,
                     size_t n) {
    if (channels == 1 && stride == 2) { /* the compiler makes shuffles of a known stride */
        for (size_t i = 0; i < n; i++) {
            out[i] = in[2 * i];
        }
        return;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c < channels; c++) {
            out[i * channels + c] = in[i * stride * channels + c];
        }
    }
}

const rows_table ROWS_NAME(ROWS_ISA) = {
    .from_u8 = from_u8,
    .from_u16 = from_u16,
    .to_u8 = to_u8,
    .to_u16 = to_u16,
    .range = range,
    .taps = taps,
    .gradient3 = gradient3,
    .sums_i16 = sums_i16,
    .sums_u8 = sums_u8,
    .from_i16 = from_i16,
    .gradient3_bytes = gradient3_bytes,
    .gradient3_u8 = gradient3_u8,
    .whole = whole,
    .gradient = gradient,
    .box_columns = box_columns,
    .box_columns_u8 = box_columns_u8,
    .box_row = box_row,
    .box_slide = box_slide,
    .box_slide_u8 = box_slide_u8,
    .max = max,
    .min = min,
    .add = add,
    .divide = divide,
    .scale = scale,
    .absolute = absolute,
    .relu = relu,
    .threshold = threshold,
    .unsharp = unsharp,
    .gray = gray,
    .decimate = decimate,
};
