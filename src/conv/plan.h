/* A compiled chain, shared by plan.c (makes it) and worker.c (runs it). */
#ifndef CT_CONV_PLAN_H
#define CT_CONV_PLAN_H

#include "conv/conv.h"
#include "conv/rows.h"

/* The cells of a kernel that aren't zero. */
typedef struct plan_taps {
    size_t count;
    int *row;    /* of the window */
    int *offset; /* floats from the row's first sample, at output column 0; may be negative */
    float *weight;
} plan_taps;

/* How a stage with a window makes a row; chosen by plan_choose_path in plan.c. */
typedef enum plan_path {
    PATH_TAPS,      /* one sum over the kernel's cells */
    PATH_SEPARABLE, /* taps[0] down the column, then taps[1] along the row */
    PATH_GRADIENT3, /* Sobel, Scharr, Prewitt: x, y and their length at once */
    PATH_GRADIENT,  /* taps[0] is x, taps[1] is y */
    PATH_COMPASS,   /* the greatest of all taps */
    PATH_POOL,
} plan_path;

/* A stage with a window, and the pointwise stages after it. */
typedef struct plan_step {
    conv_stage stage; /* its weights are not valid any more: see taps */
    plan_path path;
    conv_shape in, made, out; /* what comes in; what the window makes; after the pointwise stages */
    plan_taps *taps;
    int tap_sets;
    float sum;          /* of the kernel's weights */
    float side, middle; /* PATH_GRADIENT3 */
    int full_width;     /* columns computed before every stride_x-th is taken */
    float *counts;      /* average pooling: the cells that count, for each output float */

    const conv_stage *points; /* into the plan's copy */
    int point_count;

    /* The ring of input rows. */
    int ring_rows;
    int left, right; /* margins in pixels */
    size_t pitch;    /* floats from one row to the next */
    size_t start;    /* floats from a row's begin to its first sample */
    int *margin;     /* left + right column indices, -1 for the constant */
} plan_step;

struct conv_plan {
    const rows_table *rows;
    conv_type in_type, out_type;
    conv_shape in, head, out;
    conv_stage *stages; /* a copy: what `points` points into */
    int stage_count;
    const conv_stage *points; /* before the first step */
    int point_count;
    plan_step *steps;
    int step_count;
    size_t scratch; /* floats of one scratch row */
    size_t max_taps;
};

bool conv_stage_has_window(const conv_stage *stage);

/* Fills `step` for a stage whose shape was checked; false when memory is out. */
bool plan_make_step(plan_step *step, const conv_stage *stage, conv_shape in);
void plan_free_step(plan_step *step);

/* The cells along y that count in the mean of average pooling's output row y. */
int plan_pool_rows(const plan_step *step, int y);

/* The ring's row that stands at row v of the padded input (v = 0 is the image's first): v itself
 * for wrapping, whose rows come round again; PLAN_NO_ROW for the constant, and for what pooling
 * leaves out. */
enum { PLAN_NO_ROW = -(1 << 30) };
int plan_ring_row(const plan_step *step, int v);

/* Pointwise stages, run one after the other (points.c). */
void points_run(const rows_table *rows, const conv_stage *stage, conv_shape in, const float *from,
                float *to);

/* One row of a step from its window's rows (window.c). rows[k] is the window's k-th row at its
 * first sample, NULL where pooling leaves it out. `scratch` has SCRATCH_ROWS rows of plan->scratch
 * floats. */
enum { SCRATCH_ROWS = 4 };
void window_run(const conv_plan *plan, const plan_step *step, const float *const *rows, int y,
                float *out, float *scratch, const float **taps);

#endif
