#include "codec/png/walk.h"

#include <string.h>

#include "codec/bytes.h"

/* For a file that breaks off: the image data so far is used where that is accepted. */
static bool end_early(codec_png_facts *facts, const ct_error *found, ct_error *err) {
    if (!facts->idat) {
        return ct_fail(err, "%s", found->text);
    }
    facts->ended = true;
    return codec_png_accept(facts, err, "%s", found->text);
}

static bool cut_off(codec_png_facts *facts, size_t size, size_t *at, ct_error *err) {
    ct_error found;
    codec_png_cut_off(&found);
    *at = size;
    return end_early(facts, &found, err);
}

/* Takes the chunk at `at`, and moves `at` past it. */
static bool next_chunk(codec_png_facts *facts, const uint8_t *file, size_t size, size_t *at,
                       ct_error *err) {
    codec_png_head head;
    ct_error found;
    if (size - *at < PNG_HEAD) {
        return cut_off(facts, size, at, err);
    }
    const uint8_t *bytes = file + *at, *data = bytes + PNG_HEAD;
    if (!codec_png_parse_head(bytes, *at, &head, &found)) {
        return end_early(facts, &found, err);
    }
    if (size - *at - PNG_HEAD < (uint64_t)head.length + PNG_CRC) {
        /* Image data that is cut off is still used. */
        const bool idat = strcmp(head.type, "IDAT") == 0;
        return (!idat || codec_png_take(facts, &head, data, err)) && cut_off(facts, size, at, err);
    }
    const uint64_t here = *at;
    *at += PNG_HEAD + (size_t)head.length + PNG_CRC;
    if (codec_crc_of(bytes + 4, (size_t)head.length + 4) == codec_get32(data + head.length)) {
        return codec_png_take(facts, &head, data, err);
    }
    /* Of chunks with a wrong CRC, only image data and the end are used. */
    return codec_png_bad_crc(facts, &head, here, err) &&
           (!codec_png_is_critical(&head) || codec_png_take(facts, &head, data, err));
}

bool codec_png_walk(const uint8_t *file, size_t size, const codec_limits *limits,
                    codec_warnings *warnings, codec_png_facts *facts, size_t *end, ct_error *err) {
    *facts = codec_png_no_facts(limits, warnings);
    if (!codec_png_probe(file, size)) {
        return codec_png_cut_off(err);
    }
    *end = PNG_SIGNATURE;
    while (!facts->ended) {
        if (!next_chunk(facts, file, size, end, err)) {
            return false;
        }
    }
    if (!facts->idat) {
        return ct_fail(err, "damaged: no image data (IDAT)");
    }
    return limits->lenient || codec_png_plausible(facts, facts->compressed, err);
}
