/* What the files isal_*.c that read a PNG share: a stream of chunks, whose image data ISA-L
 * inflates as rows are asked for. Internal to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_STATE_H
#define CT_CODEC_PNG_ISAL_STATE_H

#include <pthread.h>

#include "codec/format.h"
#include "codec/png/chunks.h"
#include "codec/png/isal_tools.h"

/* Blocks of inflated data. If a stream is read ahead, a thread makes them and the reader takes
 * them, in a ring; otherwise there is one. */
enum { PNG_BLOCKS = 4 };
typedef struct codec_png_blocks {
    uint8_t *bytes[PNG_BLOCKS]; /* with PNG_INFLATE_ROOM more */
    size_t size[PNG_BLOCKS];
    bool threaded; /* there is a thread to join */
    pthread_t thread;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t change;
    unsigned made, given; /* blocks made by the thread, and given back to it */
    double seconds;       /* of the processor, that the thread has taken */
    bool stop, ended;     /* no more are wanted; no more will come */
    bool failed;          /* for this reason: */
    ct_error error;
} codec_png_blocks;

typedef struct codec_png_stream {
    codec_reader *reader; /* whose input this is */
    codec_png_facts facts;
    bool oriented; /* an eXIf chunk was known before the image data */

    /* The current chunk. */
    codec_png_head head;
    uint64_t chunk_at, at; /* its offset in the file, and that of what is read next */
    uint32_t left, crc;    /* bytes of its data to come; CRC of its type and data so far */
    bool distrusted;       /* its CRC was wrong, and is accepted */
    bool broken;           /* so is damage after which no chunk can be found */

    /* Inflating. */
    uint8_t zlib[2]; /* the image data's first bytes, as many as: */
    size_t zlib_bytes;
    codec_png_tools *tools;
    bool fed;        /* there was something for them to inflate */
    uint64_t unread; /* bytes of image data still to be inflated */
    bool lost;       /* accepted damage has ended them: zeros follow */
    codec_png_blocks blocks;

    /* Taking: bytes block[begin..end) come next; what spans two blocks is put together in row. */
    const uint8_t *block;
    size_t begin, end;
    uint8_t *row;
} codec_png_stream;

#endif
