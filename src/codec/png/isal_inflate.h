/* Inflates the image data of a stream. Internal to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_INFLATE_H
#define CT_CODEC_PNG_ISAL_INFLATE_H

#include "codec/png/isal_state.h"

/* Inflates up to `size` bytes, at least one unless the data ends. *got counts them, even if the
 * call fails. */
bool codec_png_inflate(codec_png_stream *stream, uint8_t *to, size_t size, size_t *got,
                       ct_error *err);

#endif
