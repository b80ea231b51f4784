/* Writes PNG's chunks beside the pixels. Internal to src/codec. */
#ifndef CT_CODEC_PNG_META_H
#define CT_CODEC_PNG_META_H

#include "base/text.h"
#include "codec/bytes.h"
#include "codec/codec.h"

/* Appends a chunk with its length and CRC. */
bool codec_png_add_chunk(ct_text *out, const char *type, const uint8_t *data, size_t size,
                         ct_error *err);

/* Appends the chunks between IHDR and the image data. Sets the orientation in info's EXIF to what
 * meta.orientation says. */
bool codec_png_add_meta(ct_text *out, codec_info *info, ct_error *err);

#endif
