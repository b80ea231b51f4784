#include "codec/png/walk.h"

#include "codec/bytes.h"

/* The chunk at `at`; moves it behind. */
static bool next_chunk(codec_png_facts *facts, const codec_crc *crc, const uint8_t *file,
                       size_t size, size_t *at, ct_error *err) {
    codec_png_head head;
    if (size - *at < PNG_HEAD + PNG_CRC) {
        return codec_png_cut_off(err);
    }
    const uint8_t *bytes = file + *at, *data = bytes + PNG_HEAD;
    if (!codec_png_parse_head(bytes, *at, &head, err)) {
        return false;
    }
    if (size - *at - PNG_HEAD - PNG_CRC < head.length) {
        return codec_png_cut_off(err);
    }
    if (codec_crc_of(crc, bytes + 4, (size_t)head.length + 4) != codec_get32(data + head.length)) {
        return codec_png_bad_crc(&head, *at, err);
    }
    *at += PNG_HEAD + (size_t)head.length + PNG_CRC;
    return codec_png_take(facts, &head, data, err);
}

bool codec_png_walk(const uint8_t *file, size_t size, const codec_limits *limits,
                    codec_png_facts *facts, size_t *end, ct_error *err) {
    *facts = codec_png_no_facts(limits);
    if (!codec_png_probe(file, size)) {
        return codec_png_cut_off(err);
    }
    codec_crc crc;
    codec_crc_init(&crc);
    *end = PNG_SIGNATURE;
    while (!facts->ended) {
        if (!next_chunk(facts, &crc, file, size, end, err)) {
            return false;
        }
    }
    return facts->idat ? codec_png_plausible(facts, facts->compressed, err)
                       : ct_fail(err, "damaged: no image data (IDAT)");
}
