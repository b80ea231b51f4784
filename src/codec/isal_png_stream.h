/* A PNG as a stream: its chunks are taken as they come, every CRC is checked, and the image data is
 * inflated by ISA-L as rows are asked for. Internal to src/codec. */
#ifndef CT_CODEC_ISAL_PNG_STREAM_H
#define CT_CODEC_ISAL_PNG_STREAM_H

#include <isa-l/igzip_lib.h>

#include "codec/format.h"
#include "codec/png_chunks.h"

typedef struct codec_png_stream {
    codec_reader *reader; /* whose input this is */
    codec_png_facts facts;

    /* The chunk at hand. */
    codec_png_head head;
    uint64_t chunk_at, at; /* bytes of the file before it, and before what is read next */
    uint32_t left, crc;    /* of its data: bytes to come; of its type and data so far */

    uint8_t zlib[2]; /* the image data's first bytes, so many of them as: */
    size_t zlib_bytes;

    /* The image data: bytes raw[begin..end) come next, unread are still to be inflated. */
    struct inflate_state inflate;
    uint8_t *raw;
    size_t capacity, begin, end;
    uint64_t unread;
    bool oriented; /* an eXIf chunk was known before the image data */
} codec_png_stream;

/* Bytes that a stream will take, beside itself. */
uint64_t codec_png_stream_memory(const codec_png_facts *facts);

/* Takes the chunks before the image data; moves the meta that was found to reader->info. The stream
 * is to be closed in either case. */
bool codec_png_stream_open(codec_png_stream *stream, codec_reader *reader, ct_error *err);

/* The next `size` bytes of image data, with PNG_SLACK more that may be read, until the next call.
 * NULL: an error. */
const uint8_t *codec_png_stream_next(codec_png_stream *stream, size_t size, ct_error *err);

/* What follows the image data: its checksum, and the chunks up to IEND. */
bool codec_png_stream_finish(codec_png_stream *stream, ct_error *err);

/* The pixels are wrong. If that is so because the chunk at hand is damaged, its checksum says so
 * better than `message`. Returns false. */
bool codec_png_stream_damaged(codec_png_stream *stream, ct_error *err, const char *message);

void codec_png_stream_close(codec_png_stream *stream);

#endif
