/* Samples of files whose white is below their type's maximum, such as a PGM of maximum 9. Internal
 * to src/flow. */
#ifndef CT_FLOW_CLAMP_H
#define CT_FLOW_CLAMP_H

#include "conv/conv.h"

/* Clamps pixels x channels samples of CONV_U8 or CONV_U16 to `white`. Returns how many were above
 * it, not counting channel `alpha` (-1: none). */
uint64_t flow_clamp(void *samples, size_t pixels, int channels, int alpha, conv_type type,
                    unsigned white);

#endif
