/* The kernels of the engine's stages, one at a time. */
#ifndef CT_APP_COMMANDS_STAGE_KERNELS_H
#define CT_APP_COMMANDS_STAGE_KERNELS_H

#include "conv/conv.h"

/* How many the stage has, for an input of so many channels; 0: it has none. A layer has those of
 * each filter behind each other, one for each channel that it sees. */
int stage_kernels(const conv_stage *stage, int channels);

/* The cells of the k-th, row by row: height x width. */
void stage_kernel(const conv_stage *stage, int k, double *weights);

/* What the k-th is called within its stage: "x", "ne"; NULL: nothing. */
const char *stage_kernel_name(const conv_stage *stage, int k);

#endif
