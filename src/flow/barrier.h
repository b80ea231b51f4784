/* Stages that depend on the whole image: once it is in memory, pointwise stages take their place.
 * Internal to src/flow. */
#ifndef CT_FLOW_BARRIER_H
#define CT_FLOW_BARRIER_H

#include "flow/pass.h"

/* The samples that the image before `barrier` needs: `same`, those it's made from, where no stage
 * comes between. */
conv_type flow_barrier_type(const conv_stage *barrier, bool untouched, conv_type same);

/* The image before the barrier. */
typedef struct flow_barrier_of {
    const flow_image *image;
    const conv_stats *stats; /* its range without the barrier's alpha; CONV_NORMALIZE */
    conv_samples known;
    bool only_memory; /* there are no rows: nothing is measured */
} flow_barrier_of;

/* Replaces a global stage; others stay. Changes the image before CONV_LINK; what CONV_OTSU finds
 * is added to the report. */
bool flow_barrier_pass(conv_stage *barrier, const flow_barrier_of *of, flow_report *report,
                       ct_error *err);

#endif
