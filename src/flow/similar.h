/* How alike two images are. */
#ifndef CT_FLOW_SIMILAR_H
#define CT_FLOW_SIMILAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "conv/conv.h"

typedef struct flow_similarity {
    double psnr; /* dB: 10 log10(255^2 / mean squared difference); infinite for equal images */
    double ssim; /* NAN where a side is below 7 */
    int most;    /* the largest difference of two samples */
} flow_similarity;

/* Compares two images of 8 bits, whose rows have no gaps. SSIM (Wang, Bovik, Sheikh, Simoncelli:
 * Image quality assessment, 2004) is as scikit-image's structural_similarity has it by default:
 * windows of 7x7 that lie within the image, all alike, sample covariances, K1 = 0.01, K2 = 0.03,
 * 255 as the range; the mean of the channels. */
bool flow_compare(conv_shape shape, const uint8_t *a, const uint8_t *b, flow_similarity *out,
                  ct_error *err);

#endif
