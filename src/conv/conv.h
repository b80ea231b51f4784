/* The convolution engine: arithmetic on rows of floats.
 *
 * A chain of stages is compiled into a plan for one input shape. A worker runs any band of the
 * plan's output rows: it pulls the input rows that the band needs, keeps a ring of just the rows
 * that each stage still needs, and writes the band. Nothing here knows of files, options, threads
 * or printing; plans are immutable, so any number of workers (one per thread) may share one.
 *
 * Rows hold samples with interleaved channels (HWC). Between stages samples are float32, in the
 * input's own units. Results don't depend on how the output is cut into bands. */
#ifndef CT_CONV_CONV_H
#define CT_CONV_CONV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
    CONV_MAX_KERNEL = 255,      /* cells per side of a kernel given cell by cell */
    CONV_MAX_PRODUCT = 1 << 14, /* of one given as columns times rows */
    CONV_MAX_TERMS = 4,         /* such products, at most */
    CONV_MAX_POOL = 4096,       /* cells per side of a pooling window */
    CONV_MAX_STEP = 65535,      /* stride and dilation */
    CONV_MAX_SIDE = 1 << 24,    /* samples per side of an image, and of padding on each side */
    CONV_MAX_CHANNELS = 4096,
    CONV_MAX_ROW = 1 << 30, /* samples in a padded row: (width + padding) x channels */
};

typedef struct conv_shape {
    int width, height, channels;
} conv_shape;

typedef enum conv_type { CONV_U8, CONV_U16, CONV_F32 } conv_type; /* samples outside the engine */
size_t conv_type_size(conv_type type);                            /* bytes */
size_t conv_row_bytes(conv_shape shape, conv_type type);          /* without gaps */

/* What lies beyond the image's edge. Pictures show "beyond|inside|beyond" for the row abcd. */
typedef enum conv_border {
    CONV_MIRROR,    /* cb|abcd|cb */
    CONV_SYMMETRIC, /* ba|abcd|dc */
    CONV_REPLICATE, /* aa|abcd|dd */
    CONV_WRAP,      /* cd|abcd|ab */
    CONV_CONSTANT,  /* vv|abcd|vv  (zero padding is v = 0) */
    CONV_UNEVEN,    /* cb|abcd|dc */
} conv_border;

/* The input index for index i of a row of n samples extended by `border`: 0..n-1, or -1 for the
 * constant. i may be any distance outside. */
int conv_border_index(conv_border border, int i, int n);

/* Where a kernel or pooling window looks. Output (x, y) reads the input columns x * stride_x - left
 * + kx * dilation_x for kx = 0..width-1, and rows likewise. */
typedef struct conv_window {
    int width, height;
    int stride_x, stride_y;
    int dilation_x, dilation_y;   /* pooling: 1 */
    int left, right, top, bottom; /* samples of padding; all 0 is "valid" */
    int anchor_x, anchor_y;       /* the cell that `combine` takes as the centre */
    conv_border border;           /* pooling has no border: cells outside are left out */
    float fill;                   /* the constant of CONV_CONSTANT */
    float fill_alpha;             /* the same for channel `alpha` */
    int alpha;                    /* a channel's index, or -1 */
    bool ceil;                    /* pooling: round the output size up, like PyTorch's ceil_mode */
    bool keep; /* where the window reaches beyond the image, the output is the sample at the anchor;
                * only with stride 1 and padding that keeps the size */
} conv_window;

/* At stride 1 the size stays the same with anchor * dilation samples of padding before the first
 * sample and (cells - 1 - anchor) * dilation after the last. */

typedef enum conv_op {
    CONV_CORRELATE, /* kernels = 1: the sum of products */
    CONV_GRADIENT,  /* kernels = 2 (x, y), combined as `gradient` says */
    CONV_COMPASS,   /* kernels >= 1: the greatest of the sums */
    CONV_LAYER,     /* a layer of a CNN: `filters` sums over all channels, see conv_stage */
    CONV_MEDIAN,    /* the sample of rank cells / 2, as in scipy.ndimage.median_filter */
    CONV_CROP,      /* a window of one cell; the padding is 0 or less: what is cut off */
    CONV_RESIZE,    /* `size` samples along one axis, see conv_resample */
    CONV_SUPPRESS,  /* Sobel's gradient where it is greatest along its direction: see below */
    CONV_CROSSINGS, /* b where the sign changes, else 0: see below */
    CONV_POOL,
    CONV_POINT,     /* each pixel by itself */
    CONV_NORMALIZE, /* a = low, b = high: min-max stretch over all channels but `window.alpha` */
    CONV_GLOBAL,    /* pooling of the whole image to one pixel; `pool` isn't CONV_POOL_NEAREST */
    CONV_TURN,      /* `turns` quarter turns clockwise */
    CONV_OTSU,      /* `point` with Otsu's threshold of the whole image: see conv_otsu */
    CONV_LINK,      /* marks linked to strong ones become b, all others 0: see conv_link */
} conv_op;

typedef enum conv_gradient {
    CONV_MAGNITUDE, /* sqrt(x x + y y) */
    CONV_X,
    CONV_Y,
    CONV_L1,      /* |x| + |y| */
    CONV_ANGLE,   /* atan2(y, x) from 0 to 2 pi, times b / (2 pi): b is what a full turn maps to */
    CONV_SQUARED, /* x x + y y */
} conv_gradient;

typedef enum conv_axis { CONV_ALONG_X, CONV_ALONG_Y } conv_axis;

/* How CONV_RESIZE makes `size` samples of n, r = n / size of them for each. Sample i is centred at
 * c = (i + 1/2) r, and sample k of the input weighs f((k + 1/2 - c) / max(r, 1)) in it, where k
 * lies within the image; the weights are scaled to a sum of 1. So a filter widens with the
 * reduction, which leaves out what the smaller image can't show (as in Pillow's resize, which is
 * the source of these formulas but for the area's). */
typedef enum conv_resample {
    CONV_LANCZOS,  /* sinc(x) sinc(x / 3) for |x| < 3 */
    CONV_AREA,     /* instead: how much of sample k lies within i r .. (i + 1) r, as OpenCV's
                    * INTER_AREA does when it reduces */
    CONV_BILINEAR, /* 1 - |x| for |x| < 1 */
    CONV_BICUBIC, /* Keys' cubic with a = -1/2 for |x| < 2 (R. Keys, Cubic convolution interpolation
                   * for digital image processing, 1981) */
    CONV_CLOSEST, /* instead: only the sample that c lies in */
} conv_resample;

/* CONV_SUPPRESS makes m, the length of Sobel's gradient (x, y), where no neighbour along its
 * direction has a greater one, and -m elsewhere, and where m < a. The neighbours are interpolated
 * linearly between the two samples that the direction passes between, as in Canny, A computational
 * approach to edge detection, IEEE PAMI 8 (1986), and in scikit-image's canny. Lengths that differ
 * by less than 2^-18 of them count as equal. Samples at the image's edge are never maxima.
 * Its window is 5x5, and replicates two samples beyond each side.
 *
 * CONV_CROSSINGS (a window of 3x3) looks at the sample v at the anchor, and at the four beside it.
 * v is marked where one of them, n, has the other sign, v isn't further from 0 than n (of two
 * equally far, or nearly so, as above, the negative one is taken), and |v - n| > threshold; and
 * where v is 0, and the two to its left and right, or above and below, have different signs and
 * differ by more than twice the threshold (Marr & Hildreth, Theory of edge detection, 1980). What
 * is within rounding errors of 0 is 0. */

typedef enum conv_pool { CONV_POOL_MAX, CONV_POOL_MIN, CONV_POOL_AVG, CONV_POOL_NEAREST } conv_pool;

/* What CONV_CORRELATE does with the sum P and the sample C at the window's anchor. The weighted
 * forms take pixels of 2n+1 channels as CONV_WEIGH makes them, make n+1 (colour, alpha), and keep
 * the anchor's alpha; where a neighbour is transparent, the centre's colour stands in for it. In
 * their formulas w are the weights, S is their sum, c are colours, and a is alpha as a share of the
 * stage's `b`. */
typedef enum conv_combine {
    CONV_PLAIN,            /* P */
    CONV_UNSHARP,          /* C + amount (C - P) where |C - P| > threshold, else C */
    CONV_WEIGHTED,         /* C (S - sum w a) + sum w a c */
    CONV_WEIGHTED_UNSHARP, /* CONV_UNSHARP with P = sum w a c / sum w a; C where that is 0 / 0 */
} conv_combine;

/* Pointwise operations; a and b are the stage's parameters. Where there is alpha, it's the last
 * channel and "colour" is all others. Channels in -> out. */
typedef enum conv_point {
    CONV_GRAY,       /* 3 -> 1, 4 -> 2 (alpha kept): 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) */
    CONV_DROP_ALPHA, /* n+1 -> n */
    CONV_ABS,
    CONV_SCALE,         /* a v + b */
    CONV_RELU,          /* max(v, 0); NaN stays */
    CONV_THRESHOLD,     /* v >= a ? b : 0 */
    CONV_MARK,          /* (v >= a) + (v >= b): 1 is a weak mark, 2 a strong one */
    CONV_SRGB_DECODE,   /* sRGB to linear light, both 0..b; negative values mirrored (IEC 61966-2-1)
                         */
    CONV_SRGB_ENCODE,   /* the inverse */
    CONV_PREMULTIPLY,   /* n+1 -> n+1: colour times alpha / b */
    CONV_UNPREMULTIPLY, /* n+1 -> n+1: colour times b / alpha; 0 where alpha is 0 */
    CONV_WEIGH,         /* n+1 -> 2n+1: colour times alpha / b, alpha, colour */
    CONV_LEAKY,         /* v > 0 ? v : a v */
    CONV_SIGMOID,       /* 1 / (1 + exp(-v)) */
    CONV_TANH,
    CONV_SOFTMAX, /* exp(v) over the sum of exp of the pixel's colour channels */
    CONV_ARGMAX,  /* n -> 1, n+1 -> 2 (alpha kept): which colour channel is the greatest, the first
                     of equals, counted from 0; the first NaN where there is one */
    CONV_NORM,    /* likewise: the norm of order `a`, 1, 2 or infinity, of the colour channels */
    CONV_ROOT,    /* sqrt(v) */
    CONV_STRETCH, /* b + a (v - amount), kept between b and `threshold`: what CONV_NORMALIZE
                     becomes; the smallest value is taken off first, as a v + b would round it away
                   */
    CONV_STORE,   /* a whole number of 0..a, rounded as conv_rounding b says */
} conv_point;

/* How CONV_STORE rounds. */
typedef enum conv_rounding {
    CONV_TO_EVEN, /* to nearest, halves to even */
    CONV_HALF_UP, /* to nearest, halves up */
    CONV_DOWN,    /* down; what a rounding error left below a whole number, up to a / 2^20, isn't */
} conv_rounding;

/* One stage. Plain data; the weights are copied by conv_plan_new. For the pointwise operations that
 * treat all channels alike, `window.alpha` is a channel to leave unchanged (-1: none). */
typedef struct conv_stage {
    conv_op op;
    conv_window window; /* CONV_POINT and CONV_NORMALIZE use only `alpha`, CONV_GLOBAL nothing */
    int kernels;
    const double *weights; /* kernels x height x width, row by row, not flipped */
    /* CONV_CORRELATE: instead of weights, `terms` columns of `height` numbers and as many rows of
     * `width`: weights = the sum over k of column k times row k. */
    int terms; /* 0 is 1 */
    const double *column, *row;
    /* CONV_LAYER makes `filters` channels, as PyTorch's conv2d does: `weights` is filters x
     * in.channels / groups x height x width. The input's channels and the filters fall into
     * `groups` parts of equal size, in their order; a filter sees only the channels of its part.
     * Channel f of the output is bias[f] plus the sum over those channels and all cells. */
    int filters;
    int groups;         /* 0 is 1 */
    const double *bias; /* `filters` numbers; NULL: zeros */
    bool relu;          /* max(v, 0) at the end; NaN stays */
    conv_gradient gradient;
    conv_combine combine;
    conv_pool pool;
    bool count_padding; /* CONV_POOL_AVG: padding counts in the mean, like count_include_pad */
    conv_axis axis;     /* CONV_RESIZE */
    conv_resample resample;
    int size;
    int turns; /* CONV_TURN: 1 to 3 */
    conv_point point;
    float a, b;
    float amount, threshold; /* CONV_UNSHARP, CONV_STRETCH; CONV_CROSSINGS has a threshold too */
    float offset; /* CONV_CORRELATE with window.keep: added to the results (not to alpha), but not
                   * to the samples that are kept */
} conv_stage;

/* The shape that one stage makes of `in`; false with an error where a side would be below 1, the
 * channels don't fit, or a parameter is out of range. */
bool conv_stage_shape(const conv_stage *stage, conv_shape in, conv_shape *out, ct_error *err);

/* How many products its weights are given as; 0: they are given cell by cell. */
int conv_stage_terms(const conv_stage *stage);

/* The groups of a CONV_LAYER: 1 or more. */
int conv_stage_groups(const conv_stage *stage);

/* What is known of samples whatever the image: for an image's own, and for what stages make. */
typedef struct conv_samples {
    double most;  /* no absolute value is above it; 0: unknown, as for float images */
    bool whole;   /* all are whole numbers */
    double noise; /* the bound on rounding errors; 0 where `most` is 0 */
} conv_samples;
conv_samples conv_samples_of(conv_type type);
conv_samples conv_samples_after(const conv_stage *stages, int count, conv_samples samples);

/* CONV_RESIZE: the input samples [*first, *first + *count) that output sample i is made of, of
 * `in` along the axis; and their `count` weights, which sum to 1. */
void conv_resize_reach(const conv_stage *stage, int in, int i, int *first, int *count);
void conv_resize_weights(const conv_stage *stage, int in, int i, double *weights);

/* A bound on the sum of the weights' absolute values. */
double conv_resize_absolute(const conv_stage *stage);

/* Whether an image of this shape is resized with less work and memory along y first, then along x;
 * each stage is for one of the axes. */
bool conv_resize_down_first(const conv_stage *along, const conv_stage *down, conv_shape in);

/* Whether the stage is computed from windows: all but CONV_POINT and those of the whole image. */
bool conv_stage_has_window(const conv_stage *stage);

/* Whether a plan can't hold the stage: CONV_NORMALIZE, which becomes CONV_STRETCH once the range is
 * known, CONV_GLOBAL, which is a conv_fold, CONV_TURN, CONV_OTSU and CONV_LINK (see below). */
bool conv_stage_is_whole(const conv_stage *stage);

/* Whether the stage needs its whole input before its first output row: those, and wrapping beyond
 * top or bottom. The flow cuts the chain before all of them, so that a band never pulls the whole
 * image. */
bool conv_stage_is_barrier(const conv_stage *stage);

/* ---- what global stages need of an image in memory ---- */

/* Rows `stride` bytes apart. */
typedef struct conv_image {
    conv_shape shape;
    conv_type type;
    size_t stride;
    void *rows;
} conv_image;

/* The input pixel that CONV_TURN moves to x, y: takes its place. in: the input's shape. */
void conv_turn_from(const conv_stage *turn, conv_shape in, int *x, int *y);

/* Otsu's threshold (A threshold selection method from gray-level histograms, IEEE SMC 9, 1979) of
 * all channels but `alpha` (-1: none): what is above it belongs to the upper class. Whole numbers
 * have a bin each; others, and those that span more than 2^16, 256 bins from the least to the
 * greatest, whose centres are the thresholds, as in scikit-image's threshold_otsu. Infinities and
 * NaN aren't counted. absolute: of the samples' absolute values. An image of one value has that as
 * its threshold; one without numbers has 0. False: out of memory. */
bool conv_otsu(const conv_image *image, int alpha, bool absolute, bool whole, double *threshold);

/* The pointwise stage that CONV_OTSU becomes: CONV_THRESHOLD, white where a sample is above the
 * threshold; or CONV_MARK, on what CONV_SUPPRESS made, with the threshold as b, and as a the
 * stage's a, but at most b; half of b where that is 0. */
conv_stage conv_otsu_stage(const conv_stage *otsu, double threshold);

/* Whether CONV_OTSU looks at absolute values. */
bool conv_otsu_is_absolute(const conv_stage *otsu);

/* An image of bytes: each 1 that touches a 2, at a side or a corner and in its own channel, becomes
 * a 2, and so on. Needs conv_link_memory bytes meanwhile; false: out of memory. */
bool conv_link(const conv_image *marks);
size_t conv_link_memory(conv_shape shape);

typedef struct conv_plan conv_plan;

/* Compiles stages (0 or more) for one shape and the sample types at both ends. Integer output is
 * rounded to nearest, halves to even, then clamped; NaN becomes 0.
 * The caller frees it, after its workers. */
conv_plan *conv_plan_new(const conv_stage *stages, int count, conv_shape in, conv_type in_type,
                         conv_type out_type, ct_error *err);

/* Some stages of a chain, of which plans of their own make the others. */
typedef struct conv_slice {
    const conv_stage *stages; /* the whole chain's: */
    int count;
    conv_type in_type; /* of its input */
    int first, end;    /* the slice is stages[first] up to stages[end - 1]; it may be empty */
} conv_slice;

/* Compiles a slice for its own input, of the chain's type if it begins there, else of floats. Its
 * stages take the paths that conv_plan_new would choose for them in the whole chain, so that
 * slices, one behind the other with floats in between, make the same numbers as that. */
conv_plan *conv_plan_new_slice(const conv_slice *slice, conv_shape in, conv_type out_type,
                               ct_error *err);
void conv_plan_free(conv_plan *plan);
conv_shape conv_plan_in(const conv_plan *plan);
conv_shape conv_plan_out(const conv_plan *plan);
conv_type conv_plan_in_type(const conv_plan *plan);
conv_type conv_plan_out_type(const conv_plan *plan);

/* How a stage with a window is computed, and why. */
typedef struct conv_choice {
    const char *path; /* its name, as conv_path_name gives them */
    char why[80];     /* "a column of 5 times a row of 5"; empty where there is nothing to say */
    double cost;      /* estimated cycles per sample (path/rates.h) */
    double direct;    /* the same with one product per cell; 0: no such path */
} conv_choice;

/* Of stage i of those given to conv_plan_new; NULL for pointwise stages. */
const conv_choice *conv_plan_choice(const conv_plan *plan, int i);

/* The input rows [*first, *end) that the output rows [first_out, end_out) need. */
void conv_plan_rows(const conv_plan *plan, int first_out, int end_out, int *first, int *end);

/* The fewest output rows a band should have, so that rows computed by two bands stay a small
 * share. */
int conv_plan_band(const conv_plan *plan);

/* Bands should begin at multiples of this: some rows are made in blocks, which two bands would
 * otherwise both make. Results don't depend on it. */
int conv_plan_unit(const conv_plan *plan);

/* How often the work is done in bands of `height` rows by workers that each make all rows they
 * need: 1 is once. */
double conv_plan_repeats(const conv_plan *plan, int height);

/* Bytes that one worker holds. */
size_t conv_plan_worker_size(const conv_plan *plan);

/* How many samples were clamped, and the range before that. Channel `alpha` isn't counted. */
typedef struct conv_stats {
    uint64_t samples;
    uint64_t negative; /* below -0.5; integers only */
    uint64_t above;    /* at least maximum + 0.5; integers only */
    uint64_t nan;      /* not numbers */
    uint64_t infinite; /* floats only */
    float min, max;    /* of the finite values before rounding; integers: see conv_worker_measure */
} conv_stats;

/* Whether an image has no range but that of rounding errors; one without numbers has none either.
 */
bool conv_is_flat(const conv_stats *stats, conv_samples samples);

/* Runs the plan on one image: it keeps rows from one run to the next. */
typedef struct conv_worker conv_worker;

/* alpha: the output channel that the statistics leave out, or -1. NULL when out of memory. */
conv_worker *conv_worker_new(const conv_plan *plan, int alpha);

/* The same in memory of the caller's: conv_plan_worker_size bytes, aligned to 64, finite floats.
 * Workers that don't run at the same time may share it: conv_worker_restart before each run. */
conv_worker *conv_worker_new_in(const conv_plan *plan, int alpha, void *memory);
void conv_worker_free(conv_worker *worker);

/* From now on the statistics have the range for integer output too, so no path may skip the floats
 * before it. */
void conv_worker_measure(conv_worker *worker);

/* Forgets the rows it keeps: the next run is on another image. */
void conv_worker_restart(conv_worker *worker);

/* Returns input row y (width x channels samples of the plan's input type). Within one
 * conv_worker_run all rows lie in the interval of conv_plan_rows; nearly always each is asked for
 * once, in ascending order, but padding deeper than the window and wrapping go back. A row must
 * stay unchanged until conv_worker_run returns: rows that need no margins aren't copied. */
typedef const void *conv_source(void *context, int y);

/* Computes output rows [first, end) into `out`, rows `out_stride` bytes apart. A band that begins
 * where the last one ended reuses the rows that the worker still holds. Statistics are added to
 * *stats (initialise it with conv_stats_none). NULL, for floats without alpha: nothing is counted,
 * and `out`, which is aligned for floats, goes through the caches, as it is read again soon. */
void conv_worker_run(conv_worker *worker, int first, int end, conv_source *source, void *context,
                     void *out, size_t out_stride, conv_stats *stats);

/* Folds an image into one pixel, row by row: CONV_GLOBAL. Sums are of whole rows in double
 * precision, added up with compensation (Neumaier 1974): a mean of n samples is off by less than a
 * float's rounding, and for whole numbers by nothing more. NaN stays where there is one. */
typedef struct conv_fold conv_fold;

/* NULL when out of memory. */
conv_fold *conv_fold_new(conv_pool kind, conv_shape in);
void conv_fold_free(conv_fold *fold);

/* `count` rows of floats, `stride` bytes apart; all rows must come, in ascending order. */
void conv_fold_rows(conv_fold *fold, int count, const void *rows, size_t stride);

/* Writes the pixel, in.channels floats. */
void conv_fold_pixel(const conv_fold *fold, float *pixel);

void conv_stats_none(conv_stats *stats);
void conv_stats_add(conv_stats *total, const conv_stats *more);

/* The instruction set that the row kernels run on: "baseline", "v3", "v4" on x86-64, "baseline"
 * elsewhere. Chosen once: the best that the processor supports. */
const char *conv_isa(void);

/* Selects one by name; false with an error that lists those available. Not while workers run. */
bool conv_isa_choose(const char *name, ct_error *err);

/* The i-th instruction set that this build and processor have, best last; NULL past the last. */
const char *conv_isa_name(size_t i);

/* The i-th of the paths, the ways to compute stages with a window; NULL past the last. */
const char *conv_path_name(size_t i);

/* Plans made from now on take the named path wherever it applies, whatever it costs (for tests and
 * measurements); NULL: the cheapest again. False with an error that lists the names. */
bool conv_path_prefer(const char *name, ct_error *err);

#endif
