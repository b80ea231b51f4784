/* What a streaming PNG reader has to find out before the image data. Internal to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_META_H
#define CT_CODEC_PNG_ISAL_META_H

#include "codec/input.h"
#include "codec/png/chunks.h"

/* Inflates facts->icc, if any, into meta->icc. A profile that can't be inflated is left out with a
 * warning: false only when memory is out. */
bool codec_png_take_profile(const codec_png_facts *facts, codec_meta *meta,
                            codec_warnings *warnings, ct_error *err);

/* An eXIf chunk may follow the image data, and turns it all the same; so it is looked for where the
 * input is a file or in memory, and meta has none yet. The input stands at the data of an IDAT
 * chunk of `length` bytes. In a pipe it can't be seen coming. False only when memory is out. */
bool codec_png_find_exif(const codec_input *input, uint32_t length, codec_meta *meta,
                         ct_error *err);

#endif
