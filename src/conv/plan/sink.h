/* Where finished blocks go: into a ring's rows, or rounded into the caller's. */
#ifndef CT_CONV_PLAN_SINK_H
#define CT_CONV_PLAN_SINK_H

#include "conv/plan/plan.h"

typedef struct row_sink {
    size_t channels;
    float *const *rows; /* a ring's rows, at their first sample; NULL: the caller's: */
    const conv_plan *plan;
    char *out; /* row 0 */
    size_t stride;
    int alpha;    /* the channel that the statistics leave out, or -1 */
    bool measure; /* the range of integers too */
    float *spare; /* two scratch rows */
    conv_stats *stats;
} row_sink;

/* Where floats of row r from pixel x on can be written directly; NULL where they are rounded or
 * streamed, and where the writer isn't exact, as there is no room past the end of the caller's
 * rows. */
float *sink_floats(const row_sink *sink, int r, int x, bool exact);

/* Takes a block of row r, unless it was written in place. */
void sink_put(const row_sink *sink, int r, int x, int pixels, const float *block);

#endif
