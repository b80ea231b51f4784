/* What is known of the samples between two stages, whatever the image: it tells which ways to
 * compute a stage are exact, and which differences are mere rounding. */
#ifndef CT_CONV_SAMPLES_H
#define CT_CONV_SAMPLES_H

#include "conv/conv.h"

/* With the constant around the image included. */
conv_samples samples_in_window(const conv_window *window, conv_samples samples);

/* For what `stage` makes of them. */
conv_samples samples_after(const conv_stage *stage, conv_samples samples);

#endif
