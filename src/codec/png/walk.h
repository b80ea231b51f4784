/* A look through a whole PNG file before a decoder sees it: chunks, their CRCs and order, sizes and
 * limits, and what travels beside the pixels. Internal to src/codec. */
#ifndef CT_CODEC_PNG_WALK_H
#define CT_CODEC_PNG_WALK_H

#include "codec/png/chunks.h"

/* *end: behind IEND, or where damage that is accepted ends the file; whatever follows isn't of the
 * image. The meta in facts->info is to be freed in
 * either case; facts->icc points into the file. */
bool codec_png_walk(const uint8_t *file, size_t size, const codec_limits *limits,
                    codec_warnings *warnings, codec_png_facts *facts, size_t *end, ct_error *err);

#endif
