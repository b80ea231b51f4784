/* A stage with a window, compiled: its path, the pointwise stages after it, and the ring of its
 * input rows. */
#ifndef CT_CONV_PLAN_STEP_H
#define CT_CONV_PLAN_STEP_H

#include "conv/path/path.h"

typedef struct plan_step {
    path_site site;
    const conv_path *path;
    conv_choice choice; /* the path, for people to read */
    float sum;          /* of the kernel's weights */

    const conv_stage *points; /* pointwise stages that follow; into the plan's copy */
    int point_count;
    conv_shape out; /* after them */

    int batch; /* the most rows made at once */

    /* The ring of input rows. */
    int ring_rows;
    int left, right; /* margins in pixels */
    size_t sample;   /* bytes of one sample: a float, or a byte where the path takes those */
    size_t pitch;    /* samples from one row to the next */
    size_t start;    /* samples from a row's beginning to the first one after the margin */
    int *margin;     /* left + right column indices, -1 for the constant */
} plan_step;

/* Fills `step` for a stage whose shape was checked; false when out of memory. The caller has set
 * these of step->site: stage, in, made, rows, samples, bytes (whether the input is an 8-bit image),
 * bounded, last. */
bool plan_make_step(plan_step *step);
void plan_free_step(plan_step *step);

/* Whether the rows that its windows read aren't a stride apart, but as conv_resize_reach says. */
static inline bool plan_resizes_rows(const plan_step *step) {
    return step->site.stage.op == CONV_RESIZE && step->site.stage.axis == CONV_ALONG_Y;
}

/* The most input rows that `count` output rows read: the length of path_call's `in`. */
size_t plan_window_rows(const plan_step *step, int count);

#endif
