/* What travels beside the pixels, as JPEG's segments. Internal to src/codec. */
#ifndef CT_CODEC_JPEG_META_WRITE_H
#define CT_CODEC_JPEG_META_WRITE_H

#include "base/text.h"
#include "codec/codec.h"

/* JFIF's densities, whole numbers of 16 bits per inch; false where there is none to be written. */
bool codec_jpeg_density(const codec_meta *meta, uint32_t *x, uint32_t *y);

/* Appends the Exif and ICC segments that belong behind the JFIF segment of a file with so many
 * components; a profile is made of gamma and chromaticities where there is none. Sets the
 * orientation within meta->exif. */
bool codec_jpeg_add_meta(ct_text *out, codec_meta *meta, int components, ct_error *err);

#endif
