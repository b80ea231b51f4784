/* What a streaming PNG reader has to find out before the image data. Internal to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_META_H
#define CT_CODEC_PNG_ISAL_META_H

#include "codec/input.h"
#include "codec/png/chunks.h"

/* Inflates facts->icc, if any, into meta->icc. A profile that can't be inflated is left out with a
 * warning: false only when out of memory. */
bool codec_png_take_profile(const codec_png_facts *facts, codec_meta *meta,
                            codec_warnings *warnings, ct_error *err);

/* An eXIf chunk may follow the image data and still say how it's rotated, so it's looked for where
 * the input is a file or in memory, and meta has none yet; in a pipe that's impossible. The input
 * is at the data of an IDAT chunk of `length` bytes. False only when out of memory. */
bool codec_png_find_exif(const codec_input *input, uint32_t length, codec_meta *meta,
                         ct_error *err);

#endif
