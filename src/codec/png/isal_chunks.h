/* The chunks of a stream. Internal to the files isal_*.c. */
#ifndef CT_CODEC_PNG_ISAL_CHUNKS_H
#define CT_CODEC_PNG_ISAL_CHUNKS_H

#include <string.h>

#include "base/text.h"
#include "codec/png/isal_state.h"

/* Reads the next chunk's head. */
bool codec_png_read_head(codec_png_stream *stream, ct_error *err);

/* The error for input that has ended, or couldn't be read. Returns false. */
bool codec_png_stream_cut_off(codec_png_stream *stream, ct_error *err);

/* Some of the chunk's data, at least one byte and at most `most`; there is some left. */
bool codec_png_read_piece(codec_png_stream *stream, size_t most, const uint8_t **bytes,
                          uint32_t *size, ct_error *err);

/* Reads the rest of the chunk's data, into `data` unless NULL, and checks its CRC: where a wrong
 * one is accepted, sets stream->distrusted. */
bool codec_png_read_rest(codec_png_stream *stream, ct_text *data, ct_error *err);

/* Like codec_png_stream_damaged, for the thread that reads the chunks. */
bool codec_png_chunk_damaged(codec_png_stream *stream, ct_error *err, const char *message);

static inline bool codec_png_is_idat(const codec_png_stream *stream) {
    return strcmp(stream->head.type, "IDAT") == 0;
}

#endif
