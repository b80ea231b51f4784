#include "codec/png/isal_inflate.h"

#include <string.h>

#include "codec/png/isal_chunks.h"

enum { SMALL = 1 << 16 }; /* bytes of image data for which tables are most of ISA-L's work */

static bool fail_inflate(codec_png_stream *s, int code, ct_error *err) {
    /* To add one: what isal_inflate returns, and what it means. */
    static const struct {
        int code;
        const char *message;
    } reasons[] = {
        {ISAL_INVALID_BLOCK, "damaged: the compressed data has invalid code lengths"},
        {ISAL_INVALID_SYMBOL, "damaged: the compressed data has an invalid code"},
        {ISAL_INVALID_LOOKBACK, "damaged: the compressed data refers to bytes before its start"},
        {ISAL_INCORRECT_CHECKSUM, "damaged: the checksum of the image data is wrong"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].code == code) {
            return codec_png_chunk_damaged(s, err, reasons[i].message);
        }
    }
    return codec_png_chunk_damaged(s, err, "damaged: the compressed data isn't valid zlib data");
}

/* RFC 1950, 2.2: deflate, a window of at most 32 KiB, the check bits, and no dictionary. */
static bool check_zlib(codec_png_stream *s, ct_error *err) {
    const unsigned method = s->zlib[0], flags = s->zlib[1];
    return ((method & 15) == 8 && method >> 4 <= 7 && !(flags & 32) &&
            (method << 8 | flags) % 31 == 0) ||
           codec_png_chunk_damaged(s, err, "damaged: the compressed data has no valid zlib header");
}

/* ISA-L is given what follows zlib's header. */
static bool skip_zlib(codec_png_stream *s, uint32_t *size, ct_error *err) {
    uint32_t used = 0;
    while (s->zlib_bytes < sizeof s->zlib && used < *size) {
        s->zlib[s->zlib_bytes++] = s->tools->packed[used++];
        if (s->zlib_bytes == sizeof s->zlib && !check_zlib(s, err)) {
            return false;
        }
    }
    *size -= used;
    s->tools->inflate.next_in = s->tools->packed + used;
    s->tools->inflate.avail_in = *size;
    return true;
}

/* Adds compressed bytes to the `size` that are there; sets *ended at the head of the first chunk
 * that isn't IDAT. */
static bool gather(codec_png_stream *s, uint32_t *size, bool *ended, ct_error *err) {
    const uint8_t *bytes;
    uint32_t got;
    *ended = !codec_png_is_idat(s);
    if (*ended) {
        return true;
    }
    if (!s->left) {
        return codec_png_read_rest(s, NULL, err) && codec_png_read_head(s, err) &&
               (!codec_png_is_idat(s) || codec_png_take(&s->facts, &s->head, NULL, err));
    }
    if (!codec_png_read_piece(s, PNG_PACKED - *size, &bytes, &got, err)) {
        return false;
    }
    memcpy(s->tools->packed + *size, bytes, got);
    *size += got;
    return true;
}

/* Feeds compressed bytes once the last ones are used up: those of many small chunks together, as
 * each call of isal_inflate copies its window. What came before accepted damage is fed too. */
static bool feed(codec_png_stream *s, ct_error *err) {
    uint32_t size = 0;
    bool ended = s->broken;
    while (size < PNG_PACKED && !ended) {
        ct_error found;
        if (!gather(s, &size, &ended, &found)) {
            if (!size || !codec_png_accept(&s->facts, err, "%s", found.text)) {
                return ct_fail(err, "%s", found.text);
            }
            ended = s->broken = true;
        }
    }
    if (!size) {
        return ct_fail(err, "truncated: the compressed data ends too early");
    }
    return skip_zlib(s, &size, err);
}

/* The first bytes are fed. Inflates the image data at once, if it's small and that is all of it;
 * returns how much that gave: `size` or nothing, and then ISA-L begins. */
static size_t inflate_small(codec_png_stream *s, uint8_t *to, size_t size) {
    struct inflate_state *z = &s->tools->inflate;
    if (size <= SMALL && size >= codec_png_raw_bytes(&s->facts) && !s->broken &&
        !codec_png_is_idat(s) &&
        codec_png_inflate_whole(s->tools, z->next_in, z->avail_in, to, size)) {
        z->avail_in = 0;
        z->block_state = ISAL_BLOCK_FINISH;
        return size;
    }
    /* Of a damaged code it looks at entries that nothing has set, or the image before. */
    memset(&z->lit_huff_code, 0, sizeof z->lit_huff_code);
    memset(&z->dist_huff_code, 0, sizeof z->dist_huff_code);
    memset(z->tmp_out_buffer, 0, sizeof z->tmp_out_buffer);
    return 0;
}

bool codec_png_inflate(codec_png_stream *s, uint8_t *to, size_t size, size_t *got, ct_error *err) {
    struct inflate_state *z = &s->tools->inflate;
    *got = 0;
    while (!*got && z->block_state != ISAL_BLOCK_FINISH) {
        const uint32_t had = z->avail_in, room = size < 1 << 30 ? (uint32_t)size : 1 << 30;
        z->next_out = to;
        z->avail_out = room;
        /* A 32-bit count, which ISA-L uses only to see whether its window is full. */
        z->total_out = z->total_out > 1 << 20 ? 1 << 20 : z->total_out;
        const int code = isal_inflate(z);
        *got = room - z->avail_out;
        if (code < 0) {
            return fail_inflate(s, code, err);
        }
        if (*got || z->block_state == ISAL_BLOCK_FINISH) {
            break;
        }
        /* On some damaged data it never consumes or produces anything. */
        if (z->avail_in && z->avail_in == had) {
            return codec_png_chunk_damaged(s, err,
                                           "damaged: the compressed data isn't valid zlib data");
        }
        if (!z->avail_in && !feed(s, err)) {
            return false;
        }
        if (!s->fed) {
            s->fed = true;
            *got = inflate_small(s, to, size);
        }
    }
    return true;
}
