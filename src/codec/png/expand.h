/* Turns PNG's samples, as in the file, into rows of the image. Internal to src/codec. */
#ifndef CT_CODEC_PNG_EXPAND_H
#define CT_CODEC_PNG_EXPAND_H

#include "codec/png/chunks.h"

/* A row of facts->info from the row's bytes: 1, 2 and 4 bits become 8, spread over 0..255 where
 * they are gray; palette entries become RGB, or RGBA where tRNS is there; the transparent colour of
 * other images becomes an alpha channel; 16 bits come in native order. *highest is raised to the
 * highest index of a palette image; NULL: not wanted. */
void codec_png_expand(const codec_png_facts *facts, const uint8_t *bytes, void *row,
                      uint8_t *highest);

#endif
