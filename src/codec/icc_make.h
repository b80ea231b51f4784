/* An ICC profile that says what PNG's gAMA and cHRM say, for formats that know only profiles.
 * Internal to src/codec. */
#ifndef CT_CODEC_ICC_MAKE_H
#define CT_CODEC_ICC_MAKE_H

#include "codec/codec.h"

enum { CODEC_ICC_MADE_MOST = 512 };

/* Writes a profile of 1 (gray) or 3 (RGB) components into `out` and returns its size; 0 where none
 * is needed or can be made: nothing is known, it's sRGB, which images without a profile are taken
 * for, or the chromaticities are impossible. */
size_t codec_icc_make(const codec_meta *meta, int components, uint8_t out[CODEC_ICC_MADE_MOST]);

#endif
