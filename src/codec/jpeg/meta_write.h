/* What comes with the pixels, as JPEG's segments. Internal to src/codec. */
#ifndef CT_CODEC_JPEG_META_WRITE_H
#define CT_CODEC_JPEG_META_WRITE_H

#include "base/text.h"
#include "codec/codec.h"

/* JFIF's densities, whole numbers of 16 bits per inch; false where there is none to write. */
bool codec_jpeg_density(const codec_meta *meta, uint32_t *x, uint32_t *y);

/* Appends the Exif and ICC segments that belong after the JFIF segment of a file with so many
 * components; where there is no profile, it's made from gamma and chromaticities. Sets the
 * orientation within meta->exif. */
bool codec_jpeg_add_meta(ct_text *out, codec_meta *meta, int components, ct_error *err);

#endif
