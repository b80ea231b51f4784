/* A compiled chain: made by make.c, laid out in memory by memory.c, run by run.c. */
#ifndef CT_CONV_PLAN_PLAN_H
#define CT_CONV_PLAN_PLAN_H

#include "conv/plan/step.h"

struct conv_plan {
    const rows_table *rows;
    conv_type in_type, out_type;
    bool bounded; /* the chain's input is integers; and in another plan */
    bool more;    /* a stage with a window follows */
    conv_shape in, head, out;
    conv_shape seen;    /* what is left of the input where the chain begins with crops, */
    int left, top;      /* and where that begins */
    int crops;          /* the first so many of `stages` */
    conv_stage *stages; /* a copy; `points` points into it */
    int stage_count;
    int *step_of; /* for each of the caller's stages: its step, -1 for pointwise ones and
                   * crops at the beginning */
    const conv_stage *points; /* before the first step */
    int point_count;
    int block;       /* pixels of the input converted at once */
    bool gray_bytes; /* the input is RGB of 8 bits, and points[0] is gray: done in one pass */
    plan_step *steps;
    int step_count;
    int max_batch;
    bool finite;    /* no result can be NaN or, unless it's clamped anyway, infinite */
    bool stream;    /* the output is larger than the caches: it's written past them */
    size_t scratch; /* floats of one scratch row: a block of any step, with all columns that it
                     * reads */
    size_t max_pointers;
    size_t max_rows; /* the most input rows that one batch of a step reads */
};

/* Whether the first step reads the caller's rows in place: they are floats already, its windows
 * need no margins, and the path reads nothing past a row's end. */
static inline bool plan_reads_in_place(const conv_plan *plan) {
    const plan_step *step = plan->steps;
    return plan->step_count > 0 && plan->in_type == CONV_F32 && plan->point_count == 0 &&
           step->site.finished && step->left == 0 && step->right == 0;
}

#endif
