#include "codec/png/isal_chunks.h"

#include <isa-l/crc.h>

#include "codec/bytes.h"

bool codec_png_stream_cut_off(codec_png_stream *s, ct_error *err) {
    s->facts.fatal |= s->reader->input.error != 0;
    return s->facts.fatal ? codec_fail_short(s->reader, err, "%s", "") : codec_png_cut_off(err);
}

bool codec_png_read_head(codec_png_stream *s, ct_error *err) {
    uint8_t bytes[PNG_HEAD];
    if (codec_input_read(&s->reader->input, bytes, sizeof bytes) < sizeof bytes) {
        return codec_png_stream_cut_off(s, err);
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

bool codec_png_read_piece(codec_png_stream *s, size_t most, const uint8_t **bytes, uint32_t *size,
                          ct_error *err) {
    *size = (uint32_t)codec_input_some(&s->reader->input, most < s->left ? most : s->left, bytes);
    if (!*size) {
        return codec_png_stream_cut_off(s, err);
    }
    s->crc = crc32_gzip_refl(s->crc, *bytes, *size);
    s->left -= *size;
    s->at += *size;
    return true;
}

bool codec_png_read_rest(codec_png_stream *s, ct_text *data, ct_error *err) {
    const uint8_t *bytes;
    uint32_t size;
    while (s->left) {
        if (!codec_png_read_piece(s, s->left, &bytes, &size, err)) {
            return false;
        }
        if (data &&
            (data->length > s->reader->limits.max_memory || !ct_text_add(data, bytes, size))) {
            s->facts.fatal = true;
            return ct_fail(err, "out of memory for the chunk %s", s->head.type);
        }
    }
    uint8_t crc[PNG_CRC];
    if (codec_input_read(&s->reader->input, crc, sizeof crc) < sizeof crc) {
        return codec_png_stream_cut_off(s, err);
    }
    s->at += sizeof crc;
    s->distrusted = codec_get32(crc) != s->crc;
    return !s->distrusted || codec_png_bad_crc(&s->facts, &s->head, s->chunk_at, err);
}

bool codec_png_chunk_damaged(codec_png_stream *s, ct_error *err, const char *message) {
    return codec_png_read_rest(s, NULL, err) && ct_fail(err, "%s", message);
}
