/* What runs a plan in one thread: laid out by memory.c, run by run.c. */
#ifndef CT_CONV_PLAN_WORKER_H
#define CT_CONV_PLAN_WORKER_H

#include "conv/plan/plan.h"
#include "conv/plan/ring.h"

struct conv_worker {
    const conv_plan *plan;
    ring *rings; /* one per step */
    float *memory;
    bool borrowed;         /* it's the caller's, and others write there between runs */
    float *points[2];      /* scratch between pointwise stages */
    float **made;          /* max_batch rows: what a step makes of a block */
    float **columns;       /* max_batch rows, for window_run */
    float **scratch;       /* PATH_SCRATCH + 2 max_batch rows, for the paths */
    const void **in;       /* max_rows: the rows of a batch's windows */
    const void **pointers; /* max_pointers */
    const void **lent;     /* of the first ring; NULL where its rows are copies */
    int alpha;
    bool measure;        /* conv_worker_measure */
    conv_source *source; /* of the current run */
    void *context;
};

#endif
