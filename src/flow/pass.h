/* What a pass over an image is. Internal to src/flow. */
#ifndef CT_FLOW_PASS_H
#define CT_FLOW_PASS_H

#include "flow/bench.h"
#include "flow/cascade.h"
#include "flow/flow.h"
#include "flow/meter.h"

/* An image in memory between two passes. */
typedef struct flow_image {
    conv_shape shape;
    conv_type type;
    size_t stride; /* bytes */
    char *rows;
} flow_image;

/* Where rows come from and go to: a reader or an image; a writer, an image, or one pixel that they
 * are folded into. */
typedef struct flow_pass {
    const conv_plan *plan;
    codec_reader *reader; /* or NULL: */
    const flow_image *from;
    codec_writer *writer; /* or NULL: */
    flow_image *to;       /* or NULL: */
    conv_fold *fold;
    int turns;             /* `to` gets the image turned so many quarters clockwise */
    flow_cascade *cascade; /* makes the rows, one thread in order, instead of the plan; or NULL */
    const flow_options *options;
    flow_meter *meter; /* the calling thread's */
    flow_bench *bench; /* left by a pass of the same plan, or empty; NULL: nothing is kept */
    int alpha;         /* the output channel that statistics leave out, or -1 */
    double white; /* no sample that goes to the writer is above it; 0: any that the type holds */
} flow_pass;

/* Whether bands go through a buffer, instead of straight into an image. */
static inline bool flow_pass_buffers(const flow_pass *pass) {
    return !pass->to || pass->turns;
}

#endif
