/* A compiled chain: made by make.c, run by worker.c. */
#ifndef CT_CONV_PLAN_PLAN_H
#define CT_CONV_PLAN_PLAN_H

#include "conv/plan/step.h"

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
    size_t max_pointers;
    size_t max_rows; /* the most input rows that one batch of a step looks at */
};

/* Whether the first step looks at the caller's rows themselves: they are floats already, have all
 * that its windows look at, and the path reads no float beyond. */
static inline bool plan_reads_in_place(const conv_plan *plan) {
    const plan_step *step = plan->steps;
    return plan->step_count > 0 && plan->in_type == CONV_F32 && plan->point_count == 0 &&
           step->site.finished && step->left == 0 && step->right == 0;
}

#endif
