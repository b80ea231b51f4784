/* Samples of files whose white is less than the greatest that their type holds, as a PGM of maximum
 * 9. Internal to src/flow. */
#ifndef CT_FLOW_CLAMP_H
#define CT_FLOW_CLAMP_H

#include "conv/conv.h"

/* Samples above `white` become white, in pixels x channels samples of CONV_U8 or CONV_U16. Returns
 * how many there were, without those of channel `alpha` (-1: none). */
uint64_t flow_clamp(void *samples, size_t pixels, int channels, int alpha, conv_type type,
                    unsigned white);

#endif
