#include "codec/png/isal_stream.h"

#include "codec/png/isal_chunks.h"
#include "codec/png/isal_meta.h"

/* Reads and takes a chunk that isn't IDAT; its head was read. */
static bool take_chunk(codec_png_stream *s, ct_text *profile, ct_error *err) {
    ct_text data = {0};
    const bool needed = codec_png_needs_data(&s->head), had_icc = s->facts.icc != NULL;
    const bool ok = codec_png_read_rest(s, needed ? &data : NULL, err) &&
                    codec_png_take(&s->facts, &s->head, (const uint8_t *)data.bytes, err);
    if (profile && !had_icc && s->facts.icc) {
        *profile = data; /* facts.icc points into it */
    } else {
        ct_text_free(&data);
    }
    return ok;
}

/* ---- before the image data ---- */

static bool take_first_chunks(codec_png_stream *s, ct_text *profile, ct_error *err) {
    uint8_t signature[PNG_SIGNATURE];
    if (codec_input_read(&s->reader->input, signature, sizeof signature) < sizeof signature) {
        return codec_png_stream_cut_off(s, err);
    }
    s->at = sizeof signature;
    while (codec_png_read_head(s, err)) {
        if (codec_png_is_idat(s)) {
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
    ok = ok && codec_png_take_profile(&s->facts, meta, &reader->warnings, err) &&
         codec_png_find_exif(&reader->input, s->head.length, meta, err);
    ct_text_free(&profile);
    if (ok && codec_png_stream_memory(&s->facts) + sizeof *s > reader->limits.max_memory) {
        ok = ct_fail(err, "needs more memory than the limit of %llu MiB (--max-memory)",
                     (unsigned long long)(reader->limits.max_memory >> 20));
    }
    ok = ok && codec_png_blocks_open(s, err);
    isal_inflate_init(&s->inflate);
    s->inflate.crc_flag = ISAL_ZLIB_NO_HDR_VER; /* checks the Adler-32 */
    s->oriented = meta->exif != NULL;
    reader->info = s->facts.info;
    *meta = (codec_meta){.srgb_intent = -1}; /* moved */
    return ok;
}

void codec_png_stream_close(codec_png_stream *s) {
    codec_png_blocks_close(s);
    codec_meta_free(&s->facts.info.meta);
}

/* ---- behind the rows ---- */

bool codec_png_stream_damaged(codec_png_stream *s, ct_error *err, const char *message) {
    codec_png_blocks_join(s);
    return s->blocks.failed ? ct_fail(err, "%s", s->blocks.error.text)
                            : codec_png_chunk_damaged(s, err, message);
}

/* The compressed data's end and its checksum; nothing may follow them but empty chunks. */
static bool finish_data(codec_png_stream *s, ct_error *err) {
    uint8_t more;
    size_t got;
    if (!codec_png_inflate(s, &more, 1, &got, err)) {
        return false;
    }
    bool extra = got || s->inflate.avail_in || s->inflate.read_in_length >= 8;
    while (!extra && codec_png_is_idat(s)) {
        extra = s->left > 0;
        if (!extra && (!codec_png_read_rest(s, NULL, err) || !codec_png_read_head(s, err))) {
            return false;
        }
    }
    return !extra || codec_png_chunk_damaged(s, err, "damaged: more pixels than the header says");
}

bool codec_png_stream_finish(codec_png_stream *s, ct_error *err) {
    codec_png_blocks_join(s);
    if (!finish_data(s, err)) {
        return false;
    }
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
        if (!codec_png_read_head(s, err)) {
            return false;
        }
        if (codec_png_is_idat(s)) {
            return codec_png_take(&s->facts, &s->head, NULL, err);
        }
    }
}
