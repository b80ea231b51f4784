/* A stage with a window, compiled: its path, the pointwise stages after it, and the ring of its
 * input rows. */
#ifndef CT_CONV_PLAN_STEP_H
#define CT_CONV_PLAN_STEP_H

#include "conv/path/path.h"

typedef struct plan_step {
    path_site site;
    const conv_path *path;
    conv_choice choice; /* the path, told to people */
    float sum;          /* of the kernel's weights */

    const conv_stage *points; /* pointwise stages that follow; into the plan's copy */
    int point_count;
    conv_shape out; /* after them */

    int batch; /* rows made at once, at most */

    /* The ring of input rows. */
    int ring_rows;
    int left, right; /* margins in pixels */
    size_t sample;   /* bytes of one sample: a float, or a byte where the path takes those */
    size_t pitch;    /* samples from one row to the next */
    size_t start;    /* samples from a row's begin to its first one that isn't margin */
    int *margin;     /* left + right column indices, -1 for the constant */
} plan_step;

/* Fills `step` for a stage whose shape was checked; false when memory is out. The first part of
 * step->site is set, but for `facts` and `unit`; stage, in, made, rows, samples, bytes (whether the
 * input is an image of 8 bits), bounded, last. */
bool plan_make_step(plan_step *step);
void plan_free_step(plan_step *step);

/* Input rows that `count` output rows look at: the length of path_call's `in`. */
size_t plan_window_rows(const plan_step *step, int count);

static inline size_t plan_rounded_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

#endif
