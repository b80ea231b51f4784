/* JPEG in, through stb_image: the file is looked through first, then decoded as a whole. CMYK and
 * YCCK come as RGB by stb's simple product (channel times black), without the file's ICC profile,
 * which speaks of CMYK. */
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"
#include "codec/jpeg/walk.h"
#include "codec/stb.h"

enum { MAX_FILE = 0x7FFFFFFF };

typedef struct jpeg_state {
    codec_stb *stb;
    const uint8_t *rows;
} jpeg_state;

static bool decode(codec_reader *reader, jpeg_state *state, const uint8_t *file, size_t size,
                   ct_error *err) {
    codec_info decoded;
    const void *rows;
    state->stb =
        codec_stb_decode(file, size, false, reader->limits.max_memory, &decoded, &rows, err);
    if (!state->stb) {
        return false;
    }
    state->rows = rows;
    const codec_info *info = &reader->info;
    return (decoded.width == info->width && decoded.height == info->height &&
            decoded.channels == info->channels) ||
           ct_fail(err,
                   "damaged: stb_image found %dx%d pixels of %d channels, the header says "
                   "%dx%d of %d",
                   decoded.width, decoded.height, decoded.channels, info->width, info->height,
                   info->channels);
}

static bool open_jpeg(codec_reader *reader, ct_error *err) {
    jpeg_state *state = calloc(1, sizeof *state);
    reader->state = state;
    reader->format = "jpeg";
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    uint64_t limit = reader->limits.max_memory;
    limit = limit < MAX_FILE ? limit : MAX_FILE;
    const uint8_t *file;
    size_t size;
    if (!codec_input_rest(&reader->input, limit, &file, &size, err)) {
        return false;
    }
    codec_jpeg_facts facts;
    const bool ok = codec_jpeg_walk(file, size, &reader->limits, &facts, err);
    reader->info = facts.info;
    if (!ok || !decode(reader, state, file, facts.end, err)) {
        return false;
    }
    codec_meta *meta = &reader->info.meta;
    if (facts.components == 4) {
        free(meta->icc);
        meta->icc = NULL;
        meta->icc_size = 0;
    }
    codec_input_close(&reader->input);
    return true;
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    (void)err;
    const jpeg_state *state = reader->state;
    const size_t bytes = codec_row_bytes(&reader->info);
    memcpy(row, state->rows + bytes * (size_t)reader->next_row, bytes);
    return true;
}

static void close_jpeg(codec_reader *reader) {
    jpeg_state *state = reader->state;
    if (state) {
        codec_stb_free(state->stb);
        free(state);
    }
}

const codec_decoder codec_stb_jpeg_decoder = {
    .probe = codec_jpeg_probe, .open = open_jpeg, .read_row = read_row, .close = close_jpeg};
