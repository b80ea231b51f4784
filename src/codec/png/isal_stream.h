/* A PNG as a stream: chunks are taken as they come, every CRC is checked, and ISA-L inflates the
 * image data as rows are asked for. With limits->lenient a warning says what was damaged, and zeros
 * replace missing image data. Internal to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_STREAM_H
#define CT_CODEC_PNG_ISAL_STREAM_H

#include "codec/png/isal_state.h"

/* Takes the chunks before the image data; moves their metadata to reader->info. Close the stream in
 * either case. */
bool codec_png_stream_open(codec_png_stream *stream, codec_reader *reader, ct_error *err);

/* Checks what follows the image data: its checksum, and the chunks up to IEND. */
bool codec_png_stream_finish(codec_png_stream *stream, ct_error *err);

/* For wrong pixels. If the cause is a damaged chunk, its wrong checksum is a better error than
 * `message`. True where it's accepted; no more pixels may be asked for then. */
bool codec_png_stream_damaged(codec_png_stream *stream, ct_error *err, const char *message);

void codec_png_stream_close(codec_png_stream *stream);

#endif
