#include "codec/stb_held.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/stb.h"

enum { MAX_FILE = 0x7FFFFFFF }; /* stb_image counts in int */

typedef struct held_state {
    const uint8_t *file;
    size_t size;
    codec_stb *stb;      /* owns the rows */
    const uint8_t *rows; /* NULL before the first is asked for */
} held_state;

bool codec_stb_take_file(codec_reader *reader, const char *format, const uint8_t **file,
                         size_t *size, ct_error *err) {
    reader->format = format;
    const uint64_t most = reader->limits.max_memory;
    return codec_input_rest(&reader->input, most < MAX_FILE ? most : MAX_FILE, file, size, err);
}

static bool check_shape(const codec_info *decoded, const codec_info *info, ct_error *err) {
    return (decoded->width == info->width && decoded->height == info->height &&
            decoded->channels == info->channels) ||
           ct_fail(err,
                   "damaged: stb_image found %dx%d pixels of %s; the header says "
                   "%dx%d of %d",
                   decoded->width, decoded->height,
                   ct_count((uint64_t)decoded->channels, "channel").text, info->width, info->height,
                   info->channels);
}

bool codec_stb_hold(codec_reader *reader, const uint8_t *file, size_t size, ct_error *err) {
    held_state *state = calloc(1, sizeof *state);
    reader->state = state;
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    state->file = file;
    state->size = size;
    return true;
}

static bool decode(codec_reader *reader, ct_error *err) {
    held_state *state = reader->state;
    const codec_info *info = &reader->info;
    codec_info decoded;
    const void *rows;
    state->stb = codec_stb_decode(state->file, state->size, info->sample == CODEC_U16,
                                  reader->limits.max_memory, &decoded, &rows, err);
    if (!state->stb || !check_shape(&decoded, info, err)) {
        return false;
    }
    state->rows = rows;
    codec_input_close(&reader->input);
    return true;
}

bool codec_stb_read_row(codec_reader *reader, void *row, ct_error *err) {
    const held_state *state = reader->state;
    if (!state->rows && !decode(reader, err)) {
        return false;
    }
    const size_t bytes = codec_row_bytes(&reader->info);
    memcpy(row, state->rows + bytes * (size_t)reader->next_row, bytes);
    return true;
}

/* While stb decodes a PNG, it has the compressed data, the filtered rows and the pixels; a JPEG's
 * coefficients, planes and pixels. */
uint64_t codec_stb_memory(const codec_reader *reader) {
    enum { IMAGES = 4 };
    return IMAGES * codec_image_bytes(&reader->info);
}

void codec_stb_close(codec_reader *reader) {
    held_state *state = reader->state;
    if (state) {
        codec_stb_free(state->stb);
        free(state);
    }
}
