/* What is known of the samples between two stages, whatever the image: it tells which ways to
 * compute a stage are exact, and which differences are mere rounding. */
#ifndef CT_CONV_SAMPLES_H
#define CT_CONV_SAMPLES_H

#include "conv/conv.h"

typedef struct sample_facts {
    double most;  /* no absolute value is above it; 0: unknown, as for float images */
    bool whole;   /* all are whole numbers */
    double noise; /* the bound on rounding errors; 0 where `most` is 0 */
} sample_facts;

/* For an image's own samples. */
sample_facts samples_of(conv_type type);

/* The same, with the constant around the image included. */
sample_facts samples_in_window(const conv_window *window, sample_facts samples);

/* For what `stage` makes of them. */
sample_facts samples_after(const conv_stage *stage, sample_facts samples);

#endif
