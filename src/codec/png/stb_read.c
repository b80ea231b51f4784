/* PNG in, through stb_image: the file is looked through first, then decoded as a whole. */
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"
#include "codec/png/walk.h"
#include "codec/stb.h"

/* Profiles of a few MiB exist (for printing); more is no profile. */
enum { MAX_FILE = 0x7FFFFFFF, MAX_ICC = 16 << 20 };

typedef struct png_state {
    codec_stb *stb;
    const uint8_t *rows;
} png_state;

/* A profile that can't be inflated is left out. */
static bool take_icc(const codec_png_facts *facts, codec_meta *meta, ct_error *err) {
    const uint8_t *profile;
    size_t size;
    codec_stb *stb =
        facts->icc ? codec_stb_inflate(facts->icc, facts->icc_size, MAX_ICC, &profile, &size, NULL)
                   : NULL;
    if (!stb || !size) {
        codec_stb_free(stb);
        return true;
    }
    meta->icc = malloc(size);
    if (meta->icc) {
        memcpy(meta->icc, profile, size);
        meta->icc_size = size;
    }
    codec_stb_free(stb);
    return meta->icc || ct_fail(err, "out of memory");
}

static bool decode(codec_reader *reader, png_state *state, const uint8_t *file, size_t size,
                   const codec_png_facts *facts, ct_error *err) {
    codec_info decoded;
    const void *rows;
    state->stb = codec_stb_decode(file, size, facts->depth == 16, reader->limits.max_memory,
                                  &decoded, &rows, err);
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

static bool open_png(codec_reader *reader, ct_error *err) {
    png_state *state = calloc(1, sizeof *state);
    reader->state = state;
    reader->format = "png";
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
    codec_png_facts facts;
    const bool ok = codec_png_walk(file, size, &reader->limits, &facts, &size, err);
    reader->info = facts.info;
    if (!ok || !take_icc(&facts, &reader->info.meta, err) ||
        !decode(reader, state, file, size, &facts, err)) {
        return false;
    }
    codec_input_close(&reader->input);
    return true;
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    (void)err;
    const png_state *state = reader->state;
    const size_t bytes = codec_row_bytes(&reader->info);
    memcpy(row, state->rows + bytes * (size_t)reader->next_row, bytes);
    return true;
}

static void close_png(codec_reader *reader) {
    png_state *state = reader->state;
    if (state) {
        codec_stb_free(state->stb);
        free(state);
    }
}

const codec_decoder codec_stb_png_decoder = {
    .probe = codec_png_probe, .open = open_png, .read_row = read_row, .close = close_png};
