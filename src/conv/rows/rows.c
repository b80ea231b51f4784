/* The row kernels, in plain C and the vector extension of GCC and Clang. The Makefile compiles this
 * file once for each instruction set, with ROWS_ISA set to its name. */
#include "conv/rows/table.h"

#include "conv/rows/along.inc"
#include "conv/rows/box.inc"
#include "conv/rows/bytes.inc"
#include "conv/rows/channels.inc"
#include "conv/rows/deal.inc"
#include "conv/rows/depthwise.inc"
#include "conv/rows/edges.inc"
#include "conv/rows/fft.inc"
#include "conv/rows/gradient.inc"
#include "conv/rows/layer.inc"
#include "conv/rows/long.inc"
#include "conv/rows/matrix.inc"
#include "conv/rows/median.inc"
#include "conv/rows/median3.inc"
#include "conv/rows/moments.inc"
#include "conv/rows/points.inc"
#include "conv/rows/pool.inc"
#include "conv/rows/range.inc"
#include "conv/rows/resize.inc"
#include "conv/rows/samples.inc"
#include "conv/rows/slide.inc"
#include "conv/rows/squash.inc"
#include "conv/rows/stream.inc"
#include "conv/rows/sums.inc"
#include "conv/rows/vec.inc"
#include "conv/rows/waves.inc"

#ifndef ROWS_ISA
#define ROWS_ISA baseline
#endif
#define ROWS_NAME_(isa) rows_##isa
#define ROWS_NAME(isa)  ROWS_NAME_(isa)

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

static void accumulate(float *restrict out, const float *restrict in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] += in[i];
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

static void stretch(float *restrict out, const float *restrict in, float factor, float least,
                    float low, float high, size_t n) {
    const float bottom = low < high ? low : high, top = low < high ? high : low;
    for (size_t i = 0; i < n; i++) {
        const float v = (in[i] - least) * factor + low;
        const float raised = v < bottom ? bottom : v; /* NaN stays */
        out[i] = raised > top ? top : raised;
    }
}

/* Adding 1.5 * 2^23 leaves no room for fractions. */
static void whole(float *row, float unit, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const float shifted = row[i] + 12582912.0F;
        row[i] = (shifted - 12582912.0F) * unit;
    }
}

static size_t unfinite(const float *in, size_t n) {
    int32_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += !(fabsf(in[i]) <= FLT_MAX);
    }
    return (size_t)count;
}

static void flatten(float *row, float limit, size_t n) {
    for (size_t i = 0; i < n; i++) {
        row[i] = fabsf(row[i]) <= limit ? 0.0F : row[i];
    }
}

static void absolute(float *restrict out, const float *restrict in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = fabsf(in[i]);
    }
}

static void relu(float *restrict out, const float *restrict in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i] < 0.0F ? 0.0F : in[i]; /* NaN stays */
    }
}

static void root(float *restrict out, const float *restrict in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = sqrtf(in[i]);
    }
}

static void leaky(float *restrict out, const float *restrict in, float factor, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i] > 0.0F ? in[i] : factor * in[i];
    }
}

static void threshold(float *restrict out, const float *restrict in, float value, float high,
                      size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i] >= value ? high : 0.0F;
    }
}

static void mark(float *restrict out, const float *restrict in, float low, float high, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = (in[i] >= low ? 1.0F : 0.0F) + (in[i] >= high ? 1.0F : 0.0F);
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
        out[i] = (299.0F * in[3 * i] + 587.0F * in[3 * i + 1] + 114.0F * in[3 * i + 2]) * 0.001F;
    }
}

/* `step` floats from one pixel to the next. */
INLINE void decimate_pixels(float *restrict out, const float *restrict in, const size_t channels,
                            size_t step, size_t n) {
    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c < channels; c++) {
            out[i * channels + c] = in[i * step + c];
        }
    }
}

static void decimate(float *restrict out, const float *restrict in, size_t channels, size_t stride,
                     size_t n) {
    if (stride == 1) {
        memcpy(out, in, n * channels * sizeof *out);
    } else if (channels == 1 && stride == 2) { /* a constant stride becomes shuffles */
        decimate_pixels(out, in, 1, 2, n);
    } else if (channels == 3) {
        decimate_pixels(out, in, 3, 3 * stride, n);
    } else {
        decimate_pixels(out, in, channels, channels * stride, n);
    }
}

const rows_table ROWS_NAME(ROWS_ISA) = {
    .from_u8 = from_u8,
    .from_u16 = from_u16,
    .to_u8 = to_u8,
    .to_u16 = to_u16,
    .range = range,
    .unfinite = unfinite,
    .taps = taps,
    .compass3 = compass3,
    .column = column,
    .dense = dense,
    .row = row,
    .row_u8 = row_u8,
    .separable_long = separable_long,
    .lanes = LANES,
#if defined(__AVX512F__)
    .half = &rows_v3,
#endif
    .gradient3 = gradient3,
    .slopes = slopes,
    .suppress = suppress,
    .crossings = crossings,
    .sums_i16 = sums_i16,
    .sums_u8 = sums_u8,
    .from_i16 = from_i16,
    .gradient3_bytes = gradient3_bytes,
    .gradient3_u8 = gradient3_u8,
    .fft_put_row = fft_put_row,
    .fft_get_row = fft_get_row,
    .fft_forward = fft_forward,
    .fft_filter = fft_filter,
    .whole = whole,
    .waves_down = waves_down,
    .waves_along = waves_along,
    .flatten = flatten,
    .gradient = gradient,
    .box_columns = box_columns,
    .box_columns_u8 = box_columns_u8,
    .box_row = box_row,
    .run = run,
    .box_slide = box_slide,
    .box_slide_u8 = box_slide_u8,
    .median3 = median3,
    .median3_u8 = median3_u8,
    .median = median,
    .median_u8 = median_u8,
    .median_count = median_count,
    .median_slide = median_slide,
    .max = max,
    .min = min,
    .add = add,
    .accumulate = accumulate,
    .divide = divide,
    .scale = scale,
    .stretch = stretch,
    .absolute = absolute,
    .relu = relu,
    .root = root,
    .leaky = leaky,
    .sigmoid = sigmoid,
    .tangent = tangent,
    .point =
        {
            [ROWS_ABSOLUTE] = point_absolute,
            [ROWS_NEGATIVE] = point_negative,
            [ROWS_CEILING] = point_ceiling,
            [ROWS_FLOOR] = point_floor,
            [ROWS_NEAREST] = point_nearest,
            [ROWS_ROOT] = point_root,
            [ROWS_RECIPROCAL] = point_reciprocal,
            [ROWS_EXPONENTIAL] = point_exponential,
            [ROWS_LOGARITHM] = point_logarithm,
            [ROWS_TANGENT] = point_tangent,
            [ROWS_ERROR] = point_error,
            [ROWS_RELU] = point_relu,
            [ROWS_LEAKY] = point_leaky,
            [ROWS_ELU] = point_elu,
            [ROWS_SELU] = point_selu,
            [ROWS_CELU] = point_celu,
            [ROWS_SIGMOID] = point_sigmoid,
            [ROWS_HARD_SIGMOID] = point_hard_sigmoid,
            [ROWS_HARD_SWISH] = point_hard_swish,
            [ROWS_SOFT_PLUS] = point_soft_plus,
            [ROWS_SOFT_SIGN] = point_soft_sign,
            [ROWS_GAUSS_UNIT] = point_gauss_unit,
            [ROWS_GAUSS_UNIT_BY_TANH] = point_gauss_unit_by_tanh,
            [ROWS_MISH] = point_mish,
            [ROWS_LIMIT] = point_limit,
            [ROWS_BEYOND] = point_beyond,
            [ROWS_SHRINK] = point_shrink,
        },
    .softmax = softmax,
    .argmax = argmax,
    .norm = norm,
    .normalize = normalize,
    .threshold = threshold,
    .mark = mark,
    .unsharp = unsharp,
    .gray = gray,
    .gray_u8 = gray_u8,
    .layer = layer,
    .combine = combine,
    .dots = dots,
    .depthwise = depthwise,
    .pool = pool,
    .deal = deal,
    .deal_most = deal_most,
    .resize = resize,
    .stream = stream,
    .decimate = decimate,
};
