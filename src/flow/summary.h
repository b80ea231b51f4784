/* Minimum, mean and maximum of rows that are watched. */
#ifndef CT_FLOW_SUMMARY_H
#define CT_FLOW_SUMMARY_H

#include "flow/watch.h"

/* Of all samples but those of channel `alpha`. Start with flow_summary_start. */
typedef struct flow_summary {
    int width, channels; /* of a row */
    int alpha;           /* -1: none */
    uint64_t finite, negative;
    uint64_t nan, infinite; /* which count for nothing else */
    double min, max;        /* of the finite ones; infinite where there are none */
    double sum, lost;       /* the sum, and what rounding left out of it */
} flow_summary;

flow_summary flow_summary_start(conv_shape shape, int alpha);

/* A flow_see whose context is the summary. */
bool flow_summary_see(void *context, int y, int count, const float *rows, size_t stride,
                      ct_error *err);

/* NaN where no sample is finite. */
double flow_summary_mean(const flow_summary *summary);

#endif
