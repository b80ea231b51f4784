/* Inflated data in blocks, which a thread may make ahead of time. Internal to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_BLOCKS_H
#define CT_CODEC_PNG_ISAL_BLOCKS_H

#include "codec/png/isal_state.h"

/* Bytes that a stream will take, beside itself. */
uint64_t codec_png_stream_memory(const codec_png_facts *facts);

bool codec_png_blocks_open(codec_png_stream *stream, ct_error *err);
void codec_png_blocks_join(codec_png_stream *stream); /* ends the thread */
void codec_png_blocks_close(codec_png_stream *stream);

/* The next `size` bytes of image data, with PNG_SLACK more that may be read, until the next call.
 * NULL: an error. */
const uint8_t *codec_png_stream_next(codec_png_stream *stream, size_t size, ct_error *err);

/* From now on a thread inflates ahead of what is asked for, if the image is large. */
void codec_png_stream_ahead(codec_png_stream *stream);
double codec_png_stream_ahead_seconds(codec_png_stream *stream); /* codec_ahead_seconds */

#endif
