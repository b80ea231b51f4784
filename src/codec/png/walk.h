/* Checks a whole PNG file before a decoder sees it: chunks, their CRCs and order, sizes and limits;
 * and takes its metadata. Internal to src/codec. */
#ifndef CT_CODEC_PNG_WALK_H
#define CT_CODEC_PNG_WALK_H

#include "codec/png/chunks.h"

/* *end: after IEND, or where accepted damage ends the file; what follows isn't part of the image.
 * Free the meta in facts->info in either case; facts->icc points into the file. */
bool codec_png_walk(const uint8_t *file, size_t size, const codec_limits *limits,
                    codec_warnings *warnings, codec_png_facts *facts, size_t *end, ct_error *err);

#endif
