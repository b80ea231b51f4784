/* The row kernels: pure arithmetic on rows of floats, without borders, strides or modes.
 *
 * rows.c is compiled once for each instruction set; each copy fills one table, with every function.
 *
 * n counts floats. Where a function says "padded", it works on whole blocks: it may read its inputs
 * and write its output up to n rounded up to ROWS_BLOCK, so that it needs no code for the tail. All
 * of the engine's rows have that room. Outputs never overlap inputs. */
#ifndef CT_CONV_ROWS_TABLE_H
#define CT_CONV_ROWS_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "conv/conv.h"

enum {
    ROWS_BLOCK = 128,
    ROWS_COMPASS = 8,          /* the most kernels of compass3 */
    ROWS_SLIDE_STEP = 4,       /* the most samples from one column to the next, for box_slide */
    ROWS_WAVES = 12,           /* the most waves of a window's weights */
    ROWS_WAVES_RESTART = 4096, /* along a row, their sums begin anew after so many */
    ROWS_MEDIAN = 441,         /* the most samples of a median's network */
    ROWS_MEDIAN_STEP = 4,      /* the most samples from one column to the next, for median_slide */
    ROWS_SHORT = 13,           /* the most weights of a short column: see `column` */
};

/* A kernel that is a column times a row, `step` samples from one column to the next. */
typedef struct rows_factors {
    const float *column, *row;
    size_t height, width, step;
    bool symmetric_column, symmetric_row;
} rows_factors;

/* Filtering by Fourier transforms of tiles of size x size samples. */
typedef struct rows_fft {
    size_t size;           /* a power of two from 64 on */
    const float *factors;  /* three complex numbers for each butterfly of four: for i < n / 4 the
                            * powers 1, 2, 3 of e^(-2 pi i / n), for n = size, size / 4, ... 8 */
    const float *spectrum; /* the kernel's, as fft_forward leaves it, or NULL */
} rows_fft;

/* A wave of the weights of a long window: see rows_table.waves_down. For w radians per sample, in a
 * window of n + 1: */
typedef struct rows_wave {
    float less, sine;           /* 1 - cos w; sin w */
    float enter_cos, enter_sin; /* of w (n / 2 - 1) */
    float leave_cos, leave_sin; /* of w (n / 2 + 1) */
    float amplitude;
} rows_wave;

typedef struct rows_waves {
    int count;             /* of waves: 1, 6, 8 or ROWS_WAVES; the first is a constant */
    size_t reach;          /* samples of the window, less one */
    const rows_wave *wave; /* `count` of them */
    float enter;           /* the weight of the window's last sample */
    const float *start;    /* for each of the window's samples but the last, 2 count - 1 numbers: 1,
                            * then the cosine and sine of each wave there */
} rows_waves;

/* A CNN layer's pixels: see rows_table.layer. */
typedef struct rows_layer {
    /* The window of a pixel is `runs` runs of `length` contiguous floats; in[r] is run r of the
     * first pixel, and the next pixel's is `step` floats further. */
    const float *const *in;
    size_t runs, length, step;
    int vectors;          /* of filters: 1 or 2 */
    const float *weights; /* for each float of the window, those of all filters */
    const float *bias;    /* one for each filter */
    size_t out_step;      /* floats from one pixel of the output to the next */
    bool relu;
} rows_layer;

/* Kernels that differ from channel to channel: see rows_table.depthwise. */
typedef struct rows_depthwise {
    const float *const *in; /* one for each tap */
    size_t taps;
    size_t period;        /* floats until the channels begin anew, a multiple of `lanes` */
    const float *weights; /* for each vector of the period, a vector for each tap */
    const float *bias;    /* `period` of them */
    bool relu;
} rows_depthwise;

/* Windows of pooling: see rows_table.pool. */
typedef struct rows_pool {
    const float *const *in; /* the window's rows, at the first window's left column */
    size_t rows, width, channels;
    size_t step; /* floats from one window to the next */
} rows_pool;

/* A resized row: see rows_table.resize. */
typedef struct rows_resize {
    const int *first, *count; /* of each output pixel: the first input pixel, and how many */
    const float *weights;     /* `most` for each, the first `count` of which mean something */
    size_t most, channels;
} rows_resize;

/* Sums of windows that slide along a row: see rows_table.box_slide. */
typedef struct rows_slide {
    const uint16_t *in;  /* 0 from in[-step] to in[-1] */
    size_t window, step; /* columns; numbers from one to the next, 1 to ROWS_SLIDE_STEP */
    bool narrow;         /* all numbers are below 2^15 */
    float weight;        /* of the sums, which are below 2^24 */
} rows_slide;

/* Medians of windows that slide along a row: see rows_table.median_slide. */
typedef struct rows_median {
    uint8_t
        *counts; /* 256 for each sample of a row: how many of its column are at most 0, 1, ... */
    size_t width, step; /* columns; samples from one to the next, 1 to ROWS_MEDIAN_STEP */
    uint16_t rank;      /* that of the median, from 0 */
    bool narrow;        /* a window has at most 255 samples */
} rows_median;

/* Functions of one number: see rows_table.point. To add one: a line here, a POINT in points.inc,
 * and a line in rows.c. */
typedef enum rows_point {
    ROWS_ABSOLUTE,
    ROWS_NEGATIVE,
    ROWS_CEILING,
    ROWS_FLOOR,
    ROWS_NEAREST, /* halves to even */
    ROWS_ROOT,
    ROWS_RECIPROCAL,
    ROWS_EXPONENTIAL,
    ROWS_LOGARITHM, /* natural */
    ROWS_TANGENT,   /* the hyperbolic one */
    ROWS_ERROR,     /* the error function */
    ROWS_RELU,
    ROWS_LEAKY, /* a: what numbers below 0 are multiplied by */
    ROWS_ELU,   /* below 0: a (e^x - 1) */
    ROWS_SELU,  /* b times that */
    ROWS_CELU,  /* below 0: a (e^(x / a) - 1) */
    ROWS_SIGMOID,
    ROWS_HARD_SIGMOID,       /* a x + b within 0..1 */
    ROWS_HARD_SWISH,         /* x times x / 6 + 1 / 2 within 0..1 */
    ROWS_SOFT_PLUS,          /* log(1 + e^x) */
    ROWS_SOFT_SIGN,          /* x / (1 + |x|) */
    ROWS_GAUSS_UNIT,         /* x (1 + erf(x / sqrt 2)) / 2 */
    ROWS_GAUSS_UNIT_BY_TANH, /* nearly the same, by tanh */
    ROWS_MISH,               /* x tanh(log(1 + e^x)) */
    ROWS_LIMIT,              /* within a..b; where b is below a, b */
    ROWS_BEYOND,             /* 0 unless above a */
    ROWS_SHRINK,             /* beyond b on either side nearer to 0 by a; else 0 */
    ROWS_POINTS
} rows_point;

typedef struct rows_table {
    /* Samples to floats. */
    void (*from_u8)(float *out, const uint8_t *in, size_t n);
    void (*from_u16)(float *out, const uint16_t *in, size_t n);

    /* Floats to samples: nearest, halves to even, clamped, NaN to 0. Adds to *negative how many
     * were below -0.5 or NaN, and to *above how many were at least maximum + 0.5. n is below
     * 2^31. */
    void (*to_u8)(uint8_t *out, const float *in, size_t n, uint64_t *negative, uint64_t *above);
    void (*to_u16)(uint16_t *out, const float *in, size_t n, uint64_t *negative, uint64_t *above);

    /* Widens [*min, *max] to the finite ones among in[0..n). */
    void (*range)(const float *in, size_t n, float *min, float *max);

    /* How many of in[0..n) are NaN or infinite. */
    size_t (*unfinite)(const float *in, size_t n);

    /* Padded. out[i] = sum over t of weight[t] * in[t][i]; taps >= 0. */
    void (*taps)(float *out, const float *const *in, const float *weight, size_t taps, size_t n);

    /* Padded. The greatest of `kernels` sums, each over the 9 cells at in[0], in[1], ...; weight: 9
     * for each kernel. */
    void (*compass3)(float *out, const float *const *in, const float *weight, size_t kernels,
                     size_t n);

    /* Padded. Sums down a column of weights, of `rows` rows at once: out[r][i] = sum over k < count
     * of weight[k] in[r + k][i]. in: rows of floats, or of bytes. symmetric: weight[k] =
     * weight[count - 1 - k]. */
    void (*column)(float *const *out, const void *const *in, bool bytes, const float *weight,
                   size_t count, bool symmetric, int rows, size_t n);

    /* Padded. Sums over all cells of a kernel, of `rows` rows at once: out[r][i] = sum over x <
     * width and k < height of weight[x height + k] in[r + k][i + x step]. */
    void (*dense)(float *const *out, const void *const *in, const float *weight, size_t width,
                  size_t height, size_t step, int rows, size_t n);

    /* Padded. Sums along a row of weights: out[i] = sum over k of weight[k] in[i + k step]. */
    void (*row)(float *out, const float *in, size_t step, const float *weight, size_t count,
                bool symmetric, size_t n);

    /* The same, rounded as to_u8 does. in: padded. negative, above: NULL where sums fit 8 bits. */
    void (*row_u8)(uint8_t *out, const float *in, size_t step, const float *weight, size_t count,
                   bool symmetric, size_t n, uint64_t *negative, uint64_t *above);

    /* Padded. A column times a row, for many weights: `rows` (at most `lanes`) rows into out, or
     * where that is NULL, rounded, into bytes (not padded), which the sums must fit. in: height +
     * lanes - 1 rows of floats or of bytes, read up to ROWS_BLOCK samples beyond the last that
     * count. scratch: lanes (n + width step + ROWS_BLOCK) floats. */
    void (*separable_long)(const rows_factors *f, float *const *out, uint8_t *const *bytes,
                           const void *const *in, bool from_bytes, float *scratch, int rows,
                           size_t n);
    int lanes;                     /* floats per vector */
    const struct rows_table *half; /* a table with half the lanes, for few filters; or NULL */

    /* Padded. The 3x3 gradient of `rows` rows at once, with the smoothing (side, middle, side) and
     * the difference (-1, 0, 1), combined as `mode` says (not CONV_ANGLE). in: rows + 2 rows from
     * the window's left column on, `step` samples from one column to the next: floats; for the
     * other two, bytes, with whole side and middle (2 side + middle <= 64). gradient3_u8 rounds,
     * clamps and counts, and isn't padded. */
    void (*gradient3)(float *const *out, const void *const *in, int rows, size_t step, float side,
                      float middle, conv_gradient mode, size_t n);
    void (*gradient3_bytes)(float *const *out, const void *const *in, int rows, size_t step,
                            int side, int middle, conv_gradient mode, size_t n);
    void (*gradient3_u8)(uint8_t *const *out, const void *const *in, int rows, size_t step,
                         int side, int middle, conv_gradient mode, size_t n, uint64_t *negative,
                         uint64_t *above);

    /* Padded. Sobel's gradient (x, y) and its length. in: three rows from the window's left column
     * on, `step` samples from one column to the next. */
    void (*slopes)(float *x, float *y, float *length, const float *const *in, size_t step,
                   size_t n);

    /* Padded. CONV_SUPPRESS, from what slopes made: x and y at the pixel; length: three rows, one
     * above it and from the column to its left on. low: the stage's a. */
    void (*suppress)(float *out, const float *x, const float *y, const float *const *length,
                     size_t step, float low, size_t n);

    /* Padded. CONV_CROSSINGS. in: the sample, and those to its left and right, above and below.
     * zero: what is within it of 0 is 0. */
    void (*crossings)(float *out, const float *const *in, float zero, float threshold, float high,
                      size_t n);

    /* Padded. Sums of 8-bit samples: pairs of taps, in[2 t] weight[2 t] + in[2 t + 1] weight[2 t +
     * 1], that fit 16 bits. sums_u8 clamps them, counting as to_u8 does, and isn't padded. */
    void (*sums_i16)(int16_t *out, const uint8_t *const *in, const int8_t *weight, size_t pairs,
                     size_t n);
    void (*sums_u8)(uint8_t *out, const uint8_t *const *in, const int8_t *weight, size_t pairs,
                    size_t n, uint64_t *negative, uint64_t *above);

    /* Padded. out = scale in, or with `add` out + scale in. */
    void (*from_i16)(float *out, const int16_t *in, float scale, bool add, size_t n);

    /* Padded. Sums down long columns, of `rows` rows, each one row below the last; in: rows + reach
     * rows, of floats or of bytes. `states`, 2 (2 count - 1) (n rounded up to lanes) floats,
     * carries over from the windows above these, unless it's the start. */
    void (*waves_down)(float *const *out, float *states, const rows_waves *waves,
                       const void *const *in, bool bytes, bool start, int rows, size_t n);

    /* Padded. The same along `lanes` rows, of n + reach step floats; with `add` added to out.
     * turned: lanes (n + reach step + ROWS_BLOCK) floats. */
    void (*waves_along)(float *const *out, const float *const *in, const rows_waves *waves,
                        size_t step, float *turned, bool add, size_t n);

    /* A tile is 2 size^2 floats, real and imaginary parts, aligned to 64 bytes. put and get copy
     * row y of one part, n samples that are `step` floats apart in `row`; put fills the rest with
     * 0. fft_filter filters the tile by the spectrum; fft_forward (with no spectrum) leaves a
     * spectrum in `turned`. Both use the tile and `turned`, another tile. */
    void (*fft_put_row)(const rows_fft *fft, float *part, size_t y, const float *row, size_t step,
                        size_t n);
    void (*fft_get_row)(const rows_fft *fft, const float *part, size_t y, float *row, size_t step,
                        size_t n);
    void (*fft_forward)(const rows_fft *fft, float *tile, float *turned);
    void (*fft_filter)(const rows_fft *fft, float *tile, float *turned);

    /* Rounds to whole numbers (below 2^22), then multiplies by `unit`, in place. */
    void (*whole)(float *row, float unit, size_t n);

    /* In place: what is within `limit` of 0 becomes 0. */
    void (*flatten)(float *row, float limit, size_t n);

    /* Combines x and y; `turn` is what a full turn maps to. */
    void (*gradient)(float *out, const float *x, const float *y, conv_gradient mode, float turn,
                     size_t n);

    /* Padded. Sums over `height` rows for a group of windows, each one row below the last; window r
     * begins at in[r]. Makes those from `first` to `end` in out[r]; rows outside all of them aren't
     * read. group <= 16, group <= height. box_columns_u8 makes all of `rows` windows; height <=
     * 257. */
    void (*box_columns)(float *const *out, const float *const *in, size_t height, size_t group,
                        size_t first, size_t end, size_t n);
    void (*box_columns_u8)(uint16_t *const *out, const uint8_t *const *in, size_t height,
                           size_t rows, size_t n);

    /* Padded. out[i] = weight * (the sum of in[i + k * step] for k < window). `power` has room for
     * n + (window - 1) * step floats. */
    void (*box_row)(float *out, float *power, const float *in, size_t window, size_t step,
                    float weight, size_t n);

    /* The same for whole numbers: box_slide padded; box_slide_u8 rounds what fits 8 bits, and isn't
     * padded. */
    void (*box_slide)(const rows_slide *slide, float *out, size_t n);
    void (*box_slide_u8)(const rows_slide *slide, uint8_t *out, size_t n);

    /* Padded. out[i] = unit * (first + the sum of changes[k - 1] for k <= i); changes[-1] is 0. */
    void (*run)(float *out, const int16_t *changes, int32_t first, float unit, size_t n);

    /* Medians of 3x3 samples, `step` apart along the row, for `rows` rows of windows: in[r] to
     * in[r + 2] make out[r]. Of floats (padded), or of bytes (read as if padded; exactly n are
     * written). */
    void (*median3)(float *const *out, const void *const *in, int rows, size_t step, size_t n);
    void (*median3_u8)(uint8_t *const *out, const void *const *in, int rows, size_t step, size_t n);

    /* The median of `count` samples, an odd number up to ROWS_MEDIAN: of floats (padded), or of
     * bytes (read as if padded; exactly n are written). */
    void (*median)(float *out, const void *const *in, size_t count, size_t n);
    void (*median_u8)(uint8_t *out, const void *const *in, size_t count, size_t n);

    /* Moves the counts of n columns: the samples of one row leave, those of another enter; either
     * may be NULL. */
    void (*median_count)(uint8_t *counts, const uint8_t *leaves, const uint8_t *enters, size_t n);

    /* The same for the columns of n windows, whose medians it writes. */
    void (*median_slide)(const rows_median *m, uint8_t *out, const uint8_t *leaves,
                         const uint8_t *enters, size_t n);

    void (*max)(float *out, const float *a, const float *b, size_t n);
    void (*min)(float *out, const float *a, const float *b, size_t n);
    void (*add)(float *out, const float *a, const float *b, size_t n);
    void (*accumulate)(float *out, const float *in, size_t n); /* out += in */
    void (*divide)(float *out, const float *a, const float *by, float times, size_t n);
    void (*scale)(float *out, const float *in, float factor, float bias, size_t n);
    void (*stretch)(float *out, const float *in, float factor, float least, float low, float high,
                    size_t n); /* see CONV_STRETCH; high may be below low */
    void (*absolute)(float *out, const float *in, size_t n);
    void (*relu)(float *out, const float *in, size_t n);
    void (*root)(float *out, const float *in, size_t n);
    void (*leaky)(float *out, const float *in, float factor, size_t n);

    /* Within 3 units in the last place, for every float; NaN stays NaN. */
    void (*sigmoid)(float *out, const float *in, size_t n);
    void (*tangent)(float *out, const float *in, size_t n); /* the hyperbolic one */

    /* A function of each number; a and b, where it has them, are `numbers` (two floats, never
     * NULL). `out` may be `in`. Within 4 units in the last place, but for gauss_unit and mish,
     * which are within 1e-6 of |x|. */
    void (*point[ROWS_POINTS])(float *out, const float *in, const float *numbers, size_t n);

    /* Each row of n > 0 floats, less its mean, over the square root of its variance and epsilon
     * (both in double precision), times the factors, plus the biases. `out` isn't `in`. */
    void (*normalize)(float *out, const float *in, size_t n, size_t rows, double epsilon,
                      const float *factors, const float *biases);

    /* Of pixels of `channels` floats, the first `colours` of which count. softmax writes as many
     * again, of which those after the colours mean nothing; the others write one float a pixel. */
    void (*softmax)(float *out, const float *in, size_t channels, size_t colours, size_t pixels);
    void (*argmax)(float *out, const float *in, size_t channels, size_t colours, size_t pixels);
    void (*norm)(float *out, const float *in, float order, size_t channels, size_t colours,
                 size_t pixels);
    void (*threshold)(float *out, const float *in, float value, float high, size_t n);
    void (*mark)(float *out, const float *in, float low, float high, size_t n);
    void (*unsharp)(float *out, const float *centre, const float *smooth, float amount,
                    float threshold, size_t n);

    /* n counts output pixels. in has 3 channels. The weights are thousandths, so for 8-bit samples
     * the sum is exact, and the same gray is the same to the last bit, whichever function makes
     * it. */
    void (*gray)(float *out, const float *in, size_t n);
    void (*gray_u8)(float *out, const uint8_t *in, size_t n);

    /* vectors * lanes filters of each pixel: out[x * out_step + f] = bias[f] + sum over the window.
     * Pixels are written in order, and no float but these. */
    void (*layer)(float *out, const rows_layer *layer, size_t pixels);

    /* One row times a matrix in panels of 2 vectors: out[f] = bias[f] (NULL: 0) + the sum over
     * i < count of in[i] times weights[p * panel + i * step + f - p * 2 * lanes], where p is f's
     * panel, f / (2 * lanes), for f < vectors * lanes. bias may be out. */
    void (*combine)(float *out, const float *bias, const float *in, size_t count,
                    const float *weights, size_t step, size_t panel, size_t vectors);

    /* A matrix times one column: out[r * out_step] = the sum over i < count of in[r * step + i]
     * times with[i], for r < rows. */
    void (*dots)(float *out, size_t out_step, const float *in, size_t step, size_t rows,
                 const float *with, size_t count);

    /* Padded. out[i] = bias[j] + the sum over t of weight[t] of float j times in[t][i], where j is
     * i modulo the period. */
    void (*depthwise)(float *out, const rows_depthwise *layer, size_t n);

    /* out = the greatest, the least, or the sum (CONV_POOL_AVG) of each window's cells, for every
     * channel. Writes pixels * channels floats, no more. */
    void (*pool)(float *out, const rows_pool *pool, conv_pool kind, size_t pixels);

    /* For i < n: adds in[i] to sums[i % lanes]; makes most[i % lanes] the greatest or, with
     * CONV_POOL_MIN, the least of it and in[i], NaN if either is. */
    void (*deal)(double *sums, const float *in, size_t lanes, size_t n);
    void (*deal_most)(float *most, const float *in, size_t lanes, size_t n, conv_pool kind);

    /* out = for each output pixel and channel, the sum of weight times input pixel. Padded: reads
     * and writes less than a vector beyond. */
    void (*resize)(float *out, const float *in, const rows_resize *resize, size_t pixels);

    /* Copies to memory that isn't read again soon. out is aligned as floats are. A fence must
     * follow before another thread may read it. */
    void (*stream)(float *out, const float *in, size_t n);

    /* Every `stride`-th pixel of `channels` floats; n counts output pixels. */
    void (*decimate)(float *out, const float *in, size_t channels, size_t stride, size_t n);
} rows_table;

/* The table of the chosen instruction set (isa.c). */
const rows_table *rows_chosen(void);

/* One for each copy of rows.c. To add one: see isa.c. */
extern const rows_table rows_baseline;
#if defined(__x86_64__)
extern const rows_table rows_v3, rows_v4;
#endif

#endif
