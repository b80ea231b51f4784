/* What a cascade consists of: made by cascade_make.c, run by cascade_run.c. */
#ifndef CT_FLOW_CASCADE_STATE_H
#define CT_FLOW_CASCADE_STATE_H

#include "flow/cascade.h"
#include "flow/strip.h"

typedef struct cascade_slice {
    conv_plan *plan;
    conv_worker *worker; /* NULL until it runs */
    int end;             /* stages of the cascade up to here */
    int chunk;
    flow_strip in;
} cascade_slice;

/* Rows of the input that are watched, as they are or cropped. They are made beside the slices: the
 * first window may need the input's own bytes. */
typedef struct cascade_head {
    conv_plan *plan;
    conv_worker *worker; /* NULL until there is a row */
    int place;
    int top; /* the input's row that is the first here */
} cascade_head;

struct flow_cascade {
    flow_cascade_of of;
    cascade_slice *slices;
    int count;
    cascade_head *heads;
    int head_count;
    float *seen; /* one row of theirs */
    size_t bytes;
    double reading; /* seconds */
};

/* The place of a watch among the stages here, from 0; -1: it's elsewhere. */
static inline int cascade_place(const flow_cascade_of *of, const flow_watch *watch) {
    const int at = watch->after - of->base;
    return at < (of->begun ? 1 : 0) || at > of->count ? -1 : at;
}

#endif
