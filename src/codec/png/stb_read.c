/* Reads PNG through stb_image: the file is checked first, then decoded as a whole. */
#include <stdlib.h>
#include <string.h>

#include "codec/png/walk.h"
#include "codec/png/whole.h"
#include "codec/stb.h"
#include "codec/stb_held.h"

enum { MAX_ICC = 16 << 20 }; /* profiles of a few MiB exist (for printing), larger ones don't */

/* A profile that can't be inflated is left out. */
static bool take_icc(const codec_png_facts *facts, codec_reader *reader, ct_error *err) {
    const uint8_t *profile;
    size_t size;
    bool damaged;
    if (!facts->icc) {
        return true;
    }
    codec_stb *stb =
        codec_stb_inflate(facts->icc, facts->icc_size, MAX_ICC, &profile, &size, &damaged, err);
    if (!stb && !damaged) {
        return false;
    }
    if (!stb || !size) {
        codec_png_warn_profile(&reader->warnings);
        codec_stb_free(stb);
        return true;
    }
    codec_meta *meta = &reader->info.meta;
    meta->icc = malloc(size);
    if (meta->icc) {
        memcpy(meta->icc, profile, size);
        meta->icc_size = size;
    }
    codec_stb_free(stb);
    return meta->icc || ct_fail(err, "out of memory");
}

static bool open_png(codec_reader *reader, ct_error *err) {
    const uint8_t *file;
    size_t size;
    if (!codec_stb_take_file(reader, "png", &file, &size, err)) {
        return false;
    }
    codec_png_facts facts;
    const bool ok =
        codec_png_walk(file, size, &reader->limits, &reader->warnings, &facts, &size, err);
    reader->info = facts.info;
    if (!ok || !take_icc(&facts, reader, err)) {
        return false;
    }
    /* stb_image accepts no damage, and doesn't tell which palette entries pixels use. */
    const bool short_palette = facts.color == 3 && facts.palette < 1 << facts.depth;
    return reader->limits.lenient || short_palette
               ? codec_png_open_whole(reader, &facts, file, size, err)
               : codec_stb_hold(reader, file, size, err);
}

const codec_decoder codec_stb_png_decoder = {.probe = codec_png_probe,
                                             .open = open_png,
                                             .memory = codec_stb_memory,
                                             .read_row = codec_stb_read_row,
                                             .close = codec_stb_close};
