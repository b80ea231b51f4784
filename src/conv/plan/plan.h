/* A compiled chain, shared by plan.c (makes it) and worker.c (runs it). */
#ifndef CT_CONV_PLAN_PLAN_H
#define CT_CONV_PLAN_PLAN_H

#include "conv/conv.h"
#include "conv/facts.h"
#include "conv/rows/rows.h"

/* The cells of a kernel that aren't zero. */
typedef struct plan_taps {
    size_t count;
    int *row;    /* of the window */
    int *offset; /* floats from the window's left column */
    float *weight;
} plan_taps;

/* The weights of one sign in a group sum to BYTES_GROUP at most: 255 times this fits 16 bits. Those
 * of a kernel sum to BYTES_SUM at most, beyond which floats are as fast. A group ends where one
 * sign has no room left and goes on, so that each sign ends fewer than BYTES_SUM / BYTES_GROUP. */
enum {
    BYTES_GROUP = 128,
    BYTES_SUM = 5 * BYTES_GROUP,
    BYTES_GROUPS = 2 * (BYTES_SUM / BYTES_GROUP - 1) + 1,
};

/* The cells of a kernel of small whole numbers, for 8-bit samples: groups of taps (an even number
 * each) whose sums fit 16 bits. */
typedef struct plan_bytes {
    size_t taps, capacity, groups;
    int *row, *offset; /* as in plan_taps, in samples */
    int8_t *weight;
    size_t ends[BYTES_GROUPS]; /* of the groups */
    float scale;               /* the weights' common factor */
} plan_bytes;

typedef struct plan_step plan_step;

/* What a path is asked for: the window's results at `count` rows from y on, at every column (as if
 * stride_x were 1) from the one of output pixel x on. */
typedef struct path_call {
    const rows_table *rows;
    const plan_step *step;
    int y, count;
    int x;
    /* The window's k-th row for output row y + r is in[r * stride_y + k], at the image's first
     * column; NULL where pooling leaves it out. Floats, or bytes if the path takes those. */
    const void *const *in;
    float *const
        *scratch; /* PATH_SCRATCH + 2 batch rows of plan->scratch floats, one after another */
    const float **taps;
    const float *held; /* what the path's `hold` made of the block of rows */
} path_call;

enum { PATH_SCRATCH = 4, CONV_MAX_BATCH = 16 };

/* How a stage with a window makes its rows: one constant for each path, in path_*.c. */
typedef struct plan_path {
    const char *name;
    int batch;       /* rows that are best made at once */
    bool in_batches; /* rows are shared in groups that begin at multiples of `batch` */
    int block;       /* samples of a row that are; 0: as most do */

    /* Fills the step's fields for this path from its stage and shapes, and changes its block if it
     * wants another; false when memory is out.
     * NULL: nothing to fill. */
    bool (*make)(plan_step *step);

    /* Writes n floats of each row r to out[r]; "padded" as the row kernels are. */
    void (*columns)(const path_call *call, size_t n, float *const *out);

    /* Makes a block of `step->align` rows (call->count of them, at the image's end fewer), of whole
     * width, into `held` (step->held floats), for `columns` to take from; NULL: the path holds
     * nothing. */
    void (*hold)(path_call *call, float *held);

    /* Its sums carry errors, even of whole numbers: they are made of the weights divided by the
     * step's unit (if any), and rounded afterwards. */
    bool rounded;

    bool bytes; /* it takes the image's 8-bit samples, not floats */

    /* The same rounded to 8 bits (not padded), for a last step that has `direct` set; NULL: none.
     */
    void (*direct)(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats);
} plan_path;

/* The paths. To add one: a constant here, and a line in choose_path (step.c), which says who takes
 * it. */
extern const plan_path path_taps;      /* one sum over the kernel's cells */
extern const plan_path path_dense;     /* the same where most cells count */
extern const plan_path path_separable; /* down a column, then along a row */
extern const plan_path path_separable_bytes;
extern const plan_path path_separable_long; /* the same for many columns */
extern const plan_path path_separable_long_bytes;
extern const plan_path path_low_rank;  /* a sum of columns times rows */
extern const plan_path path_gradient3; /* Sobel, Scharr, Prewitt: x, y and their length at once */
extern const plan_path path_gradient;  /* taps[0] is x, taps[1] is y */
extern const plan_path path_compass;   /* the greatest of all taps */
extern const plan_path path_compass3;  /* the same of 3x3 kernels */
extern const plan_path path_box;       /* all weights equal: sums made of smaller sums */
extern const plan_path path_box_bytes; /* path_box for 8-bit samples */
extern const plan_path path_runs;      /* rows of few runs of equal weights, on 8-bit samples */
extern const plan_path path_fft;       /* any large kernel: products of spectra */
extern const plan_path path_layer;     /* a matrix product for each row */
extern const plan_path path_pool;
extern const plan_path path_bytes; /* path_taps for 8-bit samples and small whole weights */
extern const plan_path path_gradient3_bytes; /* path_gradient3 likewise */
extern const plan_path path_nearest;         /* pooling that takes one sample of each window */

/* Whether the weights, the window and the border suit them. */
bool path_box_takes(const plan_step *step);
bool path_box_bytes_takes(const plan_step *step);
bool path_runs_takes(const plan_step *step);
bool path_bytes_takes(const conv_stage *stage);
bool path_gradient3_takes(
    const conv_stage *stage); /* x = [-s 0 s; -m 0 m; -s 0 s], y = its transpose */
bool path_gradient3_bytes_takes(const conv_stage *stage); /* of those */
bool path_dense_takes(const plan_step *step);
bool path_compass3_takes(const conv_stage *stage);
bool path_separable_bytes_takes(const conv_stage *stage);

/* What the paths for sums over one kernel cost, in cycles for each float of a computed row;
 * INFINITY where the path can't serve the step (cost.c). */
double cost_taps(const plan_step *step);
double cost_separable(const plan_step *step);
double cost_separable_bytes(const plan_step *step);
double cost_separable_long(const plan_step *step);
double cost_separable_long_bytes(const plan_step *step);
double cost_dense(const plan_step *step);
double cost_bytes(const plan_step *step);
double cost_low_rank(const plan_step *step);
double cost_box(const plan_step *step);
double cost_box_bytes(const plan_step *step);
double cost_runs(const plan_step *step);
double cost_fft(const plan_step *step);

/* The rows that are made at once of tiles of `size`: a multiple of 16, as bands are, if possible.
 */
int fft_block_rows(int size, int kernel_height);

/* The size of the tiles that cost least. */
size_t fft_tile_size(const plan_step *step);

/* A stage with a window, and the pointwise stages after it. */
struct plan_step {
    conv_stage stage; /* its weights are valid while the step is made */
    const plan_path *path;
    const rows_table *rows;   /* the plan's, unless the path prefers another */
    conv_shape in, made, out; /* what comes in; what the window makes; after the pointwise stages */
    conv_choice choice;       /* the path, told to people */
    plan_taps *taps;
    int tap_sets;
    float sum;                      /* of the kernel's weights */
    bool fits;                      /* path_separable: sums of bytes fit 8 bits */
    float side, middle;             /* path_gradient3 */
    plan_bytes bytes;               /* path_bytes */
    float *dense;                   /* path_dense: the weights, column by column */
    rows_factors factors[MAX_RANK]; /* path_separable: one; path_low_rank: as many as the rank;
                                     * column and row are one allocation */
    float *panels; /* path_layer: the weights, then the biases, as rows_layer wants them */
    bool direct;   /* the path's `direct` makes the plan's output */
    int terms;     /* path_low_rank */
    float weight;  /* path_box: of every cell */
    rows_fft fft;  /* path_fft; the two point into: */
    float *fft_factors, *fft_spectrum;
    double whole;              /* the input is whole numbers up to it; 0: of any kind */
    double unit;               /* the exact results are whole multiples of it; 0: of none */
    bool from_bytes;           /* the input is the image itself, of 8 bits */
    bool last;                 /* no stage with a window follows */
    bool bounded;              /* the plan's input is whole numbers, of a known range */
    const kernel_facts *facts; /* CONV_CORRELATE; valid while the step is made */
    float *counts;             /* average pooling: the cells that count, for each output float */

    const conv_stage *points; /* into the plan's copy */
    int point_count;

    bool finished; /* the path's columns are output pixels: what strides leave out isn't made;
                    * and it reads no float beyond its windows */
    bool exact;    /* it writes no float beyond the n that it's asked for */
    int batch;     /* rows made at once, at most */
    int align;     /* paths that hold: blocks of rows begin at multiples of it; 0: no blocks */
    size_t held;   /* floats that are held */
    int block;     /* output pixels made at once, at most */

    int64_t columns; /* of the input, that a scratch row may have to hold */

    /* The ring of input rows. */
    int ring_rows;
    int left, right; /* margins in pixels */
    size_t sample;   /* bytes of one sample: a float, or a byte where the path takes those */
    size_t pitch;    /* samples from one row to the next */
    size_t start;    /* samples from a row's begin to its first one that isn't margin */
    int *margin;     /* left + right column indices, -1 for the constant */
};

struct conv_plan {
    const rows_table *rows;
    conv_type in_type, out_type;
    conv_shape in, head, out;
    conv_stage *stages; /* a copy: what `points` points into */
    int stage_count;
    int *step_of;             /* the caller's stages: the step of each, -1 for the pointwise ones */
    const conv_stage *points; /* before the first step */
    int point_count;
    int block;       /* pixels of the input that are converted at once */
    bool gray_bytes; /* the input is RGB of 8 bits, and points[0] is gray: done in one pass */
    plan_step *steps;
    int step_count;
    int max_batch;
    bool stream;    /* the output is larger than caches: it's written past them */
    size_t scratch; /* floats of one scratch row: a block of any step, with all that it needs */
    size_t max_taps;
    size_t max_rows; /* the most input rows that one batch of a step looks at */
};

/* Whether the first step looks at the caller's rows themselves: they are floats already, have all
 * that its windows look at, and the path reads no float beyond. */
bool plan_reads_in_place(const conv_plan *plan);

/* Fills `step` for a stage whose shape was checked; false when memory is out. `in`, `made`, `rows`,
 * `whole`, `bounded`, `from_bytes` and `last` are set. */
bool plan_make_step(plan_step *step, const conv_stage *stage);
void plan_free_step(plan_step *step);

/* Term k of the kernel as products, as the step's factors[k]; false when memory is out. Its n
 * floats of each row of the call, into out (path/separable.c). */
bool plan_make_factors(plan_step *step, int k);
void plan_run_factors(const path_call *call, int k, size_t n, float *const *out);

/* The cells of a width x height kernel, `step` floats from one column to the next; false when
 * memory is out. */
bool plan_make_taps(plan_taps *taps, const double *weights, int width, int height, int step);

/* The step's `bytes`, from weights (as many rows as the window) that are whole multiples of
 * `factor`; false when memory is out. Points call->taps at its taps first..end-1 for row r of a
 * call; gives back their pairs (path/bytes.c). */
bool plan_make_bytes(plan_step *step, const double *weights, int width, double factor);
size_t plan_point_bytes(const path_call *call, int r, size_t first, size_t end);

/* Whether sums of bytes are numbers from 0 to 255, give or take what is rounded away: no weight is
 * negative, and all of them, `times` over, sum to 1 or less. */
bool plan_sums_fit(const double *weights, int count, double times);

/* The sum of weights. */
float plan_sum_of(const double *weights, int count);

/* A border's constant that is a byte, or no constant: what paths that take bytes need. */
bool plan_fill_is_byte(const conv_window *w);

/* Input rows that `count` output rows look at: the length of path_call's `in`. */
size_t plan_window_rows(const plan_step *step, int count);

/* The ring's row that stands at row v of the padded input (v = 0 is the image's first): v itself
 * for wrapping, whose rows come round again; PLAN_NO_ROW for the constant, and for what pooling
 * leaves out. */
enum { PLAN_NO_ROW = -(1 << 30) };
int plan_ring_row(const plan_step *step, int v);

static inline size_t plan_rounded_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

/* Samples from one of the window's columns to the next. */
static inline size_t plan_column_step(const plan_step *step) {
    return (size_t)step->stage.window.dilation_x * (size_t)step->in.channels;
}

/* Pointwise stages, run one after the other (points.c). */
void points_run(const rows_table *rows, const conv_stage *stage, conv_shape in, const float *from,
                float *to);

/* Window row k of output row y + r, at the window's left column for output pixel call->x. */
static inline ptrdiff_t path_left(const path_call *call) {
    const conv_window *w = &call->step->stage.window;
    return (ptrdiff_t)(call->x * w->stride_x - w->left) * call->step->in.channels;
}

static inline const float *path_row(const path_call *call, int r, int k) {
    const float *row = call->in[r * call->step->stage.window.stride_y + k];
    return row ? row + path_left(call) : NULL;
}

static inline const uint8_t *path_byte_row(const path_call *call, int r, int k) {
    const uint8_t *row = call->in[r * call->step->stage.window.stride_y + k];
    return row + path_left(call);
}

/* `pixels` output pixels of each of call->count rows to out[r] (window.c): the path's columns,
 * every stride_x-th of them, combined with the centre where that's asked for. `columns` has a
 * row of plan->scratch floats for each of the call's. */
void window_run(const path_call *call, int pixels, float *const *out, float *const *columns);

#endif
