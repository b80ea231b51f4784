/* A PNG as a stream: its chunks are taken as they come, every CRC is checked, and the image data is
 * inflated by ISA-L as rows are asked for. With limits->lenient a warning says what was damaged in
 * it, and zeros stand for image data that is missing. Internal to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_STREAM_H
#define CT_CODEC_PNG_ISAL_STREAM_H

#include "codec/png/isal_state.h"

/* Takes the chunks before the image data; moves the meta that was found to reader->info. The stream
 * is to be closed in either case. */
bool codec_png_stream_open(codec_png_stream *stream, codec_reader *reader, ct_error *err);

/* What follows the image data: its checksum, and the chunks up to IEND. */
bool codec_png_stream_finish(codec_png_stream *stream, ct_error *err);

/* The pixels are wrong. If that is so because the chunk at hand is damaged, its checksum says so
 * better than `message`. True where it's accepted; no more of them may then be asked for. */
bool codec_png_stream_damaged(codec_png_stream *stream, ct_error *err, const char *message);

void codec_png_stream_close(codec_png_stream *stream);

#endif
