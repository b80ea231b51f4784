/* What is known of the samples between two stages, whatever the image: it tells which ways to
 * compute a stage are exact, and what may be taken for nothing but rounding. */
#ifndef CT_CONV_SAMPLES_H
#define CT_CONV_SAMPLES_H

#include "conv/conv.h"

typedef struct sample_facts {
    double most;  /* no absolute value is above it; 0: unknown, as of float images */
    bool whole;   /* all are whole numbers */
    double noise; /* rounding made errors up to it; 0 where `most` is */
} sample_facts;

/* Of an image's own samples. */
sample_facts samples_of(conv_type type);

/* The same with the constant that lies around the image. */
sample_facts samples_in_window(const conv_window *window, sample_facts samples);

/* Of what `stage` makes. */
sample_facts samples_after(const conv_stage *stage, sample_facts samples);

#endif
