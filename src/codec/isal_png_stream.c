#include "codec/isal_png_stream.h"

#include <isa-l/crc.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/bytes.h"
#include "codec/isal_png_meta.h"
#include "codec/png_unfilter.h"

/* ISA-L copies its window around each call, and rows are taken out of what a call gave: large
 * enough for that to cost little, small enough for the second-level cache. */
enum { RAW_BYTES = 1 << 18 };

/* ---- chunks ---- */

static bool cut_off(const codec_png_stream *s, ct_error *err) {
    return s->reader->input.error ? codec_fail_short(s->reader, err, "%s", "")
                                  : codec_png_cut_off(err);
}

static bool read_head(codec_png_stream *s, ct_error *err) {
    uint8_t bytes[PNG_HEAD];
    if (codec_input_read(&s->reader->input, bytes, sizeof bytes) < sizeof bytes) {
        return cut_off(s, err);
    }
    s->chunk_at = s->at;
    s->at += sizeof bytes;
    if (!codec_png_parse_head(bytes, s->chunk_at, &s->head, err)) {
        return false;
    }
    s->left = s->head.length;
    s->crc = crc32_gzip_refl(0, bytes + 4, 4);
    return true;
}

/* Some of the chunk's data, at least one byte; there is some left. */
static bool next_piece(codec_png_stream *s, const uint8_t **bytes, uint32_t *size, ct_error *err) {
    *size = (uint32_t)codec_input_some(&s->reader->input, s->left, bytes);
    if (!*size) {
        return cut_off(s, err);
    }
    s->crc = crc32_gzip_refl(s->crc, *bytes, *size);
    s->left -= *size;
    s->at += *size;
    return true;
}

/* Reads the chunk's data that is left, into `data` if this isn't NULL, and checks its CRC. */
static bool read_rest(codec_png_stream *s, ct_text *data, ct_error *err) {
    const uint8_t *bytes;
    uint32_t size;
    while (s->left) {
        if (!next_piece(s, &bytes, &size, err)) {
            return false;
        }
        if (data &&
            (data->length > s->reader->limits.max_memory || !ct_text_add(data, bytes, size))) {
            return ct_fail(err, "out of memory for the chunk %s", s->head.type);
        }
    }
    uint8_t crc[PNG_CRC];
    if (codec_input_read(&s->reader->input, crc, sizeof crc) < sizeof crc) {
        return cut_off(s, err);
    }
    s->at += sizeof crc;
    return codec_get32(crc) == s->crc || codec_png_bad_crc(&s->head, s->chunk_at, err);
}

/* Reads and takes a chunk that isn't IDAT; its head was read. */
static bool take_chunk(codec_png_stream *s, ct_text *profile, ct_error *err) {
    ct_text data = {0};
    const bool needed = codec_png_needs_data(&s->head), had_icc = s->facts.icc != NULL;
    const bool ok = read_rest(s, needed ? &data : NULL, err) &&
                    codec_png_take(&s->facts, &s->head, (const uint8_t *)data.bytes, err);
    if (profile && !had_icc && s->facts.icc) {
        *profile = data; /* facts.icc points into it */
    } else {
        ct_text_free(&data);
    }
    return ok;
}

static bool is_idat(const codec_png_stream *s) {
    return strcmp(s->head.type, "IDAT") == 0;
}

/* ---- before the image data ---- */

static bool take_first_chunks(codec_png_stream *s, ct_text *profile, ct_error *err) {
    uint8_t signature[PNG_SIGNATURE];
    if (codec_input_read(&s->reader->input, signature, sizeof signature) < sizeof signature) {
        return cut_off(s, err);
    }
    s->at = sizeof signature;
    while (read_head(s, err)) {
        if (is_idat(s)) {
            return codec_png_take(&s->facts, &s->head, NULL, err);
        }
        if (!take_chunk(s, profile, err)) {
            return false;
        }
        if (s->facts.ended) {
            return ct_fail(err, "damaged: no image data (IDAT)");
        }
    }
    return false;
}

uint64_t codec_png_stream_memory(const codec_png_facts *facts) {
    const uint64_t raw = codec_png_raw_bytes(facts);
    const uint64_t row = codec_png_pass_at(facts, facts->interlaced ? 6 : 0).row_bytes + 1;
    const uint64_t wanted = 2 * row > RAW_BYTES ? 2 * row : RAW_BYTES;
    return (raw < wanted ? raw : wanted) + PNG_SLACK;
}

static bool start_inflating(codec_png_stream *s, ct_error *err) {
    s->unread = codec_png_raw_bytes(&s->facts);
    s->capacity = (size_t)codec_png_stream_memory(&s->facts);
    s->raw = calloc(1, s->capacity);
    isal_inflate_init(&s->inflate);
    s->inflate.crc_flag = ISAL_ZLIB_NO_HDR_VER; /* checks the Adler-32 */
    return s->raw || ct_fail(err, "out of memory");
}

bool codec_png_stream_open(codec_png_stream *s, codec_reader *reader, ct_error *err) {
    ct_text profile = {0};
    s->reader = reader;
    s->facts = codec_png_no_facts(&reader->limits);
    codec_meta *meta = &s->facts.info.meta;
    bool ok = take_first_chunks(s, &profile, err);
    uint64_t left;
    if (ok && codec_input_left(&reader->input, &left)) {
        ok = codec_png_plausible(&s->facts, left, err);
    }
    ok = ok && codec_png_take_profile(&s->facts, meta, err) &&
         codec_png_find_exif(&reader->input, s->head.length, meta, err);
    ct_text_free(&profile);
    if (ok && codec_png_stream_memory(&s->facts) + sizeof *s > reader->limits.max_memory) {
        ok = ct_fail(err, "needs more memory than the limit of %llu MiB",
                     (unsigned long long)(reader->limits.max_memory >> 20));
    }
    ok = ok && start_inflating(s, err);
    s->oriented = meta->exif != NULL;
    reader->info = s->facts.info;
    *meta = (codec_meta){.srgb_intent = -1}; /* moved */
    return ok;
}

void codec_png_stream_close(codec_png_stream *s) {
    codec_meta_free(&s->facts.info.meta);
    free(s->raw);
}

/* ---- the image data ---- */

bool codec_png_stream_damaged(codec_png_stream *s, ct_error *err, const char *message) {
    return read_rest(s, NULL, err) && ct_fail(err, "%s", message);
}

static bool fail_inflate(codec_png_stream *s, int code, ct_error *err) {
    /* To add one: what isal_inflate returns, and what it means. */
    static const struct {
        int code;
        const char *message;
    } reasons[] = {
        {ISAL_INVALID_BLOCK,      "damaged: the compressed data has impossible code lengths"  },
        {ISAL_INVALID_SYMBOL,     "damaged: the compressed data has a code that doesn't exist"},
        {ISAL_INVALID_LOOKBACK,   "damaged: the compressed data points before its beginning"  },
        {ISAL_INCORRECT_CHECKSUM, "damaged: the checksum of the image data is wrong"          },
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].code == code) {
            return codec_png_stream_damaged(s, err, reasons[i].message);
        }
    }
    return codec_png_stream_damaged(s, err, "damaged: the compressed data breaks zlib's rules");
}

/* RFC 1950, 2.2: deflate, a window of at most 32 KiB, the check bits, and no dictionary. */
static bool check_zlib(codec_png_stream *s, ct_error *err) {
    const unsigned method = s->zlib[0], flags = s->zlib[1];
    return ((method & 15) == 8 && method >> 4 <= 7 && !(flags & 32) &&
            (method << 8 | flags) % 31 == 0) ||
           codec_png_stream_damaged(s, err,
                                    "damaged: the compressed data doesn't begin as zlib does");
}

/* More compressed bytes for ISA-L; the last ones are used up. */
static bool feed(codec_png_stream *s, ct_error *err) {
    while (!s->left) {
        if (!read_rest(s, NULL, err) || !read_head(s, err)) {
            return false;
        }
        if (!is_idat(s)) {
            return ct_fail(err, "truncated: the compressed data ends too early");
        }
        if (!codec_png_take(&s->facts, &s->head, NULL, err)) {
            return false;
        }
    }
    const uint8_t *bytes;
    uint32_t size;
    if (!next_piece(s, &bytes, &size, err)) {
        return false;
    }
    while (s->zlib_bytes < sizeof s->zlib && size) {
        s->zlib[s->zlib_bytes++] = *bytes++;
        size--;
        if (s->zlib_bytes == sizeof s->zlib && !check_zlib(s, err)) {
            return false;
        }
    }
    s->inflate.next_in = (uint8_t *)(uintptr_t)bytes; /* ISA-L only reads there */
    s->inflate.avail_in = size;
    return true;
}

/* Inflates up to `size` bytes, at least one unless the data ends: *got tells. */
static bool inflate_some(codec_png_stream *s, uint8_t *to, size_t size, size_t *got,
                         ct_error *err) {
    struct inflate_state *z = &s->inflate;
    *got = 0;
    while (!*got && z->block_state != ISAL_BLOCK_FINISH) {
        const uint32_t had = z->avail_in, room = size < 1 << 30 ? (uint32_t)size : 1 << 30;
        z->next_out = to;
        z->avail_out = room;
        /* A 32-bit count that ISA-L looks at only to see whether its window is full. */
        z->total_out = z->total_out > 1 << 20 ? 1 << 20 : z->total_out;
        const int code = isal_inflate(z);
        *got = room - z->avail_out;
        if (code < 0) {
            return fail_inflate(s, code, err);
        }
        if (*got || z->block_state == ISAL_BLOCK_FINISH) {
            break;
        }
        /* On some damaged data it neither takes nor gives anything, for ever. */
        if (z->avail_in && z->avail_in == had) {
            return codec_png_stream_damaged(s, err,
                                            "damaged: the compressed data breaks zlib's rules");
        }
        if (!z->avail_in && !feed(s, err)) {
            return false;
        }
    }
    return true;
}

const uint8_t *codec_png_stream_next(codec_png_stream *s, size_t size, ct_error *err) {
    if (s->end - s->begin < size) {
        memmove(s->raw, s->raw + s->begin, s->end - s->begin);
        s->end -= s->begin;
        s->begin = 0;
    }
    while (s->end - s->begin < size) {
        size_t got, room = s->capacity - PNG_SLACK - s->end;
        room = room < s->unread ? room : (size_t)s->unread;
        if (!inflate_some(s, s->raw + s->end, room, &got, err)) {
            return NULL;
        }
        if (!got) {
            codec_png_stream_damaged(s, err,
                                     "truncated: the compressed data ends before the last row");
            return NULL;
        }
        s->end += got;
        s->unread -= got;
    }
    s->begin += size;
    return s->raw + s->begin - size;
}

/* ---- behind it ---- */

bool codec_png_stream_finish(codec_png_stream *s, ct_error *err) {
    uint8_t more;
    size_t got;
    if (!inflate_some(s, &more, 1, &got, err)) {
        return false;
    }
    const struct inflate_state *z = &s->inflate;
    bool extra = got || z->avail_in || z->read_in_length >= 8 || s->left;
    do {
        if (extra) {
            return codec_png_stream_damaged(s, err, "damaged: more pixels than the header says");
        }
        if (!read_rest(s, NULL, err) || !read_head(s, err)) {
            return false;
        }
        extra = s->left > 0;
    } while (is_idat(s));
    while (true) {
        if (!take_chunk(s, NULL, err)) {
            return false;
        }
        /* The rows have gone out as they lay in the file. */
        const int orientation = s->facts.info.meta.orientation;
        if (!s->oriented && orientation >= 2 && orientation <= 8) {
            return ct_fail(err, "its EXIF orientation comes behind the image data, too late in a "
                                "pipe; name the file instead");
        }
        if (s->facts.ended) {
            return true;
        }
        if (!read_head(s, err)) {
            return false;
        }
        if (is_idat(s)) {
            return codec_png_take(&s->facts, &s->head, NULL, err);
        }
    }
}
