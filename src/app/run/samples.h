/* The numbers that an output's samples are made of. */
#ifndef CT_APP_RUN_SAMPLES_H
#define CT_APP_RUN_SAMPLES_H

#include "app/call/call.h"

/* Bits per sample. */
int app_sample_bits(codec_sample sample);

/* The sample type that the output gets: that of --depth, 0 if it isn't given; else the format's
 * nearest to the input's. Only a lossy format narrows 16 bits unasked. `format` NULL: one that
 * holds any. */
codec_sample app_output_sample(int depth, const codec_format *format, const codec_info *in);

/* The number that is white in the output: the input's own where the format can say so and there is
 * no --depth, else that of the format's samples. */
double app_output_white(const app_call *call, const codec_format *format, const codec_info *in);

#endif
