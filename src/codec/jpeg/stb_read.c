/* Reads JPEG through stb_image: the file is checked first, then decoded as a whole. CMYK and YCCK
 * become RGB by stb's simple product (channel times black), without the file's ICC profile, which
 * is for CMYK. */
#include <stdlib.h>

#include "codec/jpeg/walk.h"
#include "codec/stb_held.h"

static bool open_jpeg(codec_reader *reader, ct_error *err) {
    const uint8_t *file;
    size_t size;
    if (!codec_stb_take_file(reader, "jpeg", &file, &size, err)) {
        return false;
    }
    codec_jpeg_facts facts;
    const bool ok = codec_jpeg_walk(file, size, &reader->limits, &facts, err);
    codec_meta *meta = &reader->info.meta;
    reader->info = facts.info;
    reader->warnings = facts.warnings;
    if (ok && facts.components == 4) {
        free(meta->icc);
        meta->icc = NULL;
        meta->icc_size = 0;
    }
    return ok && codec_stb_hold(reader, file, facts.end, err);
}

const codec_decoder codec_stb_jpeg_decoder = {.probe = codec_jpeg_probe,
                                              .open = open_jpeg,
                                              .memory = codec_stb_memory,
                                              .read_row = codec_stb_read_row,
                                              .close = codec_stb_close};
