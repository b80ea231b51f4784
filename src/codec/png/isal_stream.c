#include "codec/png/isal_stream.h"

#include "base/text.h"
#include "codec/png/isal_blocks.h"
#include "codec/png/isal_chunks.h"
#include "codec/png/isal_inflate.h"
#include "codec/png/isal_meta.h"

/* Reads and takes a chunk that isn't IDAT, whose head was read. */
static bool take_chunk(codec_png_stream *s, ct_text *profile, ct_error *err) {
    ct_text data = {0};
    const bool needed = codec_png_needs_data(&s->head), had_icc = s->facts.icc != NULL;
    bool ok = codec_png_read_rest(s, needed ? &data : NULL, err);
    if (ok && (!s->distrusted || codec_png_is_critical(&s->head))) {
        ok = codec_png_take(&s->facts, &s->head, (const uint8_t *)data.bytes, err);
    }
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
    s->facts = codec_png_no_facts(&reader->limits, &reader->warnings);
    codec_meta *meta = &s->facts.info.meta;
    bool ok = take_first_chunks(s, &profile, err);
    uint64_t left;
    if (ok && !reader->limits.lenient && codec_input_left(&reader->input, &left)) {
        ok = codec_png_plausible(&s->facts, left, err);
    }
    ok = ok && codec_png_take_profile(&s->facts, meta, &reader->warnings, err) &&
         codec_png_find_exif(&reader->input, s->head.length, meta, err);
    ct_text_free(&profile);
    if (ok && codec_png_stream_memory(&s->facts) + sizeof *s > reader->limits.max_memory) {
        ok = ct_fail(err, "needs more memory than the limit of %s (--max-memory)",
                     ct_size_of(reader->limits.max_memory).text);
    }
    ok = ok && codec_png_blocks_open(s, err);
    s->oriented = meta->exif != NULL;
    reader->info = s->facts.info;
    *meta = (codec_meta){.srgb_intent = -1}; /* moved */
    return ok;
}

void codec_png_stream_close(codec_png_stream *s) {
    codec_png_blocks_close(s);
    codec_meta_free(&s->facts.info.meta);
}

/* ---- after the rows ---- */

bool codec_png_stream_damaged(codec_png_stream *s, ct_error *err, const char *message) {
    codec_png_blocks_join(s);
    if (s->blocks.failed) {
        return ct_fail(err, "%s", s->blocks.error.text);
    }
    ct_error found;
    if (!s->lost) {
        codec_png_chunk_damaged(s, &found, message);
        s->lost = codec_png_accept(&s->facts, err, "%s", found.text);
    }
    return s->lost;
}

/* Checks the compressed data's end and checksum; only empty chunks may follow, unless more is
 * accepted. */
static bool finish_data(codec_png_stream *s, ct_error *err) {
    uint8_t more;
    size_t got;
    if (!codec_png_inflate(s, &more, 1, &got, err)) {
        return false;
    }
    const struct inflate_state *z = &s->tools->inflate;
    bool extra = z->avail_in || z->read_in_length >= 8;
    while (codec_png_is_idat(s)) {
        extra |= s->left > 0;
        if (got || extra) {
            break;
        }
        if (!codec_png_read_rest(s, NULL, err) || !codec_png_read_head(s, err)) {
            return false;
        }
    }
    if (!got && !extra) {
        return true;
    }
    const char *message = got ? "damaged: more pixels than the header says"
                              : "damaged: bytes after the end of the compressed data";
    return codec_png_accept(&s->facts, err, "%s", message) ||
           codec_png_chunk_damaged(s, err, message);
}

/* The chunks up to IEND, beginning with the rest of the current one. */
static bool finish_chunks(codec_png_stream *s, ct_error *err) {
    while (codec_png_is_idat(s)) { /* junk */
        if (!codec_png_read_rest(s, NULL, err) || !codec_png_read_head(s, err)) {
            return false;
        }
    }
    while (true) {
        if (!take_chunk(s, NULL, err)) {
            return false;
        }
        /* The rows have been handed out as they are in the file. */
        const int orientation = s->facts.info.meta.orientation;
        if (!s->oriented && orientation >= 2 && orientation <= 8) {
            s->facts.fatal = true;
            return ct_fail(err, "its EXIF orientation comes after the image data, too late in a "
                                "pipe; give the file by name");
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

bool codec_png_stream_finish(codec_png_stream *s, ct_error *err) {
    codec_png_blocks_join(s);
    ct_error found;
    return s->lost || (finish_data(s, &found) && (s->broken || finish_chunks(s, &found))) ||
           codec_png_accept(&s->facts, err, "%s", found.text);
}
