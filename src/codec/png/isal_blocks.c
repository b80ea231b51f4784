/* Inflated data in blocks, made when asked for, or ahead of time by a thread. */
#include "codec/png/isal_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "codec/png/isal_chunks.h"
#include "codec/png/isal_inflate.h"
#include "codec/png/unfilter.h"

/* ISA-L copies its window around each call: a block is large enough for that to cost little, and
 * small enough for the L2 cache. */
enum { BLOCK_BYTES = 1 << 18 };

_Static_assert((int)PNG_INFLATE_ROOM >= (int)PNG_SLACK, "rows in a block have slack after them");

static size_t block_bytes(const codec_png_facts *facts) {
    const uint64_t raw = codec_png_raw_bytes(facts);
    return (raw < BLOCK_BYTES ? (size_t)raw : BLOCK_BYTES) + PNG_INFLATE_ROOM;
}

static size_t row_bytes(const codec_png_facts *facts) {
    return codec_png_pass_at(facts, facts->interlaced ? 6 : 0).row_bytes + 1 + PNG_SLACK;
}

uint64_t codec_png_stream_memory(const codec_png_facts *facts) {
    return block_bytes(facts) + row_bytes(facts) + sizeof(codec_png_tools);
}

bool codec_png_blocks_open(codec_png_stream *s, ct_error *err) {
    s->unread = codec_png_raw_bytes(&s->facts);
    s->blocks.bytes[0] = calloc(1, block_bytes(&s->facts));
    s->row = calloc(1, row_bytes(&s->facts));
    s->tools = codec_png_tools_take(s->reader->limits.keeper);
    return (s->blocks.bytes[0] && s->row && s->tools) || ct_fail(err, "out of memory");
}

/* Inflates up to `most` bytes; *size tells how many there are, even on failure. */
static bool inflate_block(codec_png_stream *s, uint8_t *block, size_t most, size_t *size,
                          ct_error *err) {
    *size = 0;
    while (*size < most) {
        size_t got;
        const bool ok = codec_png_inflate(s, block + *size, most - *size, &got, err);
        *size += got;
        if (!ok) {
            return false;
        }
        if (!got) {
            return codec_png_chunk_damaged(
                s, err, "truncated: the compressed data ends before the last row");
        }
    }
    return true;
}

/* Fills a block to its end, or to the data's; with zeros after damage that is accepted, as it is
 * once there is a row. */
static bool fill(codec_png_stream *s, uint8_t *block, size_t *size, ct_error *err) {
    const size_t most = s->unread < BLOCK_BYTES ? (size_t)s->unread : BLOCK_BYTES;
    ct_error found;
    *size = 0;
    if (!s->lost && !inflate_block(s, block, most, size, &found)) {
        const uint64_t so_far = codec_png_raw_bytes(&s->facts) - s->unread + *size;
        const bool usable = so_far >= codec_png_first_row_bytes(&s->facts);
        s->lost = codec_png_accept_end(&s->facts, usable, &found, err);
        if (!s->lost) {
            return false;
        }
    }
    memset(block + *size, 0, most - *size);
    *size = most;
    s->unread -= most;
    return true;
}

/* ---- ahead ---- */

/* Waits until a block is free; NULL: no more are wanted. */
static uint8_t *free_block(codec_png_blocks *b) {
    pthread_mutex_lock(&b->lock);
    while (b->made - b->given == PNG_BLOCKS && !b->stop) {
        pthread_cond_wait(&b->change, &b->lock);
    }
    uint8_t *block = b->stop ? NULL : b->bytes[b->made % PNG_BLOCKS];
    pthread_mutex_unlock(&b->lock);
    return block;
}

static void *run_ahead(void *context) {
    codec_png_stream *s = context;
    codec_png_blocks *b = &s->blocks;
    bool ended = false;
    for (uint8_t *block; !ended && (block = free_block(b)) != NULL;) {
        ct_error err = {""};
        size_t size;
        const bool ok = fill(s, block, &size, &err);
        ended = !ok || !s->unread;
        pthread_mutex_lock(&b->lock);
        b->seconds = ct_clock_thread();
        if (ok) {
            b->size[b->made++ % PNG_BLOCKS] = size;
        } else {
            b->failed = true;
            b->error = err;
        }
        b->ended = ended;
        pthread_cond_broadcast(&b->change);
        pthread_mutex_unlock(&b->lock);
    }
    return NULL;
}

void codec_png_stream_ahead(codec_png_stream *s) {
    codec_png_blocks *b = &s->blocks;
    const size_t bytes = block_bytes(&s->facts);
    if (b->threaded || s->unread < 2 * BLOCK_BYTES ||
        codec_png_stream_memory(&s->facts) + sizeof *s + PNG_BLOCKS * bytes >
            s->reader->limits.max_memory) {
        return;
    }
    for (size_t i = 1; i < PNG_BLOCKS; i++) {
        if (!b->bytes[i] && !(b->bytes[i] = calloc(1, bytes))) {
            return;
        }
    }
    b->made = s->end ? 1 : 0; /* a block begun already */
    b->given = 0;
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->change, NULL);
    b->threaded = pthread_create(&b->thread, NULL, run_ahead, s) == 0;
    if (!b->threaded) {
        pthread_cond_destroy(&b->change);
        pthread_mutex_destroy(&b->lock);
    }
}

double codec_png_stream_ahead_seconds(codec_png_stream *s) {
    codec_png_blocks *b = &s->blocks;
    if (!b->threaded) {
        return b->seconds; /* it has ended, or there was none */
    }
    pthread_mutex_lock(&b->lock);
    const double seconds = b->seconds;
    pthread_mutex_unlock(&b->lock);
    return seconds;
}

void codec_png_blocks_join(codec_png_stream *s) {
    codec_png_blocks *b = &s->blocks;
    if (!b->threaded) {
        return;
    }
    pthread_mutex_lock(&b->lock);
    b->stop = true;
    pthread_cond_broadcast(&b->change);
    pthread_mutex_unlock(&b->lock);
    pthread_join(b->thread, NULL);
    pthread_cond_destroy(&b->change);
    pthread_mutex_destroy(&b->lock);
    b->threaded = false;
}

void codec_png_blocks_close(codec_png_stream *s) {
    codec_png_blocks_join(s);
    for (size_t i = 0; i < PNG_BLOCKS; i++) {
        free(s->blocks.bytes[i]);
    }
    free(s->row);
    codec_png_tools_give(s->reader->limits.keeper, s->tools);
}

/* ---- taking ---- */

/* Gives back the current block, and waits for the next one. */
static bool wait_for_block(codec_png_stream *s, ct_error *err) {
    codec_png_blocks *b = &s->blocks;
    pthread_mutex_lock(&b->lock);
    b->given += s->end ? 1 : 0;
    pthread_cond_broadcast(&b->change);
    while (b->made == b->given && !b->ended) {
        pthread_cond_wait(&b->change, &b->lock);
    }
    const bool ok = b->made != b->given;
    s->block = b->bytes[b->given % PNG_BLOCKS];
    s->end = ok ? b->size[b->given % PNG_BLOCKS] : 0;
    pthread_mutex_unlock(&b->lock);
    return ok || ct_fail(err, "%s", b->error.text);
}

static bool next_block(codec_png_stream *s, ct_error *err) {
    s->begin = 0;
    if (s->blocks.threaded) {
        return wait_for_block(s, err);
    }
    s->block = s->blocks.bytes[0];
    return fill(s, s->blocks.bytes[0], &s->end, err);
}

const uint8_t *codec_png_stream_next(codec_png_stream *s, size_t size, ct_error *err) {
    if (s->end - s->begin >= size) {
        s->begin += size;
        return s->block + s->begin - size;
    }
    for (size_t have = 0; have < size;) {
        if (s->begin == s->end && !next_block(s, err)) {
            return NULL;
        }
        const size_t there = s->end - s->begin, count = there < size - have ? there : size - have;
        memcpy(s->row + have, s->block + s->begin, count);
        s->begin += count;
        have += count;
    }
    return s->row;
}
