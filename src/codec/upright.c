/* An image rotated as its EXIF orientation asks for.
 *
 * The orientations (Exif 2.3, 4.6.4): 2 mirrored left to right, 3 rotated by 180 degrees, 4
 * mirrored top to bottom, 5 transposed, 6 to be rotated by 90 degrees clockwise, 7 transposed over
 * the other diagonal, 8 to be rotated by 90 degrees counterclockwise. The image is read when its
 * first row is asked for, turned, and held so. */
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "codec/exif.h"
#include "codec/format.h"

typedef struct upright_state {
    int orientation;
    codec_reader *source; /* NULL once the image is held */
    uint8_t *image;       /* upright */
} upright_state;

/* Reads the rows in groups, which are turned together. */
static bool turn_rows(const upright_state *state, uint8_t *group, int most, ct_error *err) {
    const codec_info *info = &state->source->info;
    const size_t bytes = codec_row_bytes(info);
    const size_t pixel = (size_t)info->channels * codec_sample_size(info->sample);
    const codec_turn turn = codec_turn_of(state->orientation, info->width, info->height, pixel);
    for (int y = 0, count; y < info->height; y += count) {
        count = ct_min(most, info->height - y);
        for (int k = 0; k < count; k++) {
            if (!codec_read_row(state->source, group + bytes * (size_t)k, err)) {
                return false;
            }
        }
        codec_turn_rows(&turn, y, count, info->width, group, bytes, state->image);
    }
    return true;
}

static bool hold_rows(codec_reader *reader, upright_state *state, ct_error *err) {
    enum { GROUP = 16 };
    codec_reader *source = state->source;
    uint8_t *group = malloc(GROUP * codec_row_bytes(&source->info));
    state->image = codec_alloc_image(&source->info, reader->limits.max_memory, err);
    const bool ok = state->image &&
                    (group ? turn_rows(state, group, GROUP, err) : ct_fail(err, "out of memory"));
    free(group);
    reader->warnings = source->warnings;
    codec_close(source);
    state->source = NULL;
    return ok;
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    upright_state *state = reader->state;
    if (state->source && !hold_rows(reader, state, err)) {
        return false;
    }
    const size_t bytes = codec_row_bytes(&reader->info);
    memcpy(row, state->image + bytes * (size_t)reader->next_row, bytes);
    return true;
}

static void close_upright(codec_reader *reader) {
    upright_state *state = reader->state;
    if (state) {
        codec_close(state->source);
        free(state->image);
        free(state);
    }
}

static bool want_gray(codec_reader *reader) {
    const upright_state *state = reader->state;
    const bool gray = codec_reader_gray(state->source);
    reader->info.channels = state->source->info.channels;
    return gray;
}

static uint64_t memory(const codec_reader *reader) {
    return codec_hold_memory(reader) +
           codec_reader_memory(((const upright_state *)reader->state)->source);
}

static const codec_decoder upright_decoder = {
    .want_gray = want_gray, .memory = memory, .read_row = read_row, .close = close_upright};

/* The upright image's info: sides and densities are swapped with the pixels. */
static void turn_info(codec_info *info, int orientation) {
    codec_meta *meta = &info->meta;
    meta->orientation = 1;
    if (meta->exif) {
        codec_exif_set_orientation(meta->exif, meta->exif_size, 1);
    }
    if (orientation >= 5) {
        const int width = info->width;
        info->width = info->height;
        info->height = width;
    }
    codec_meta_resize(meta, info->width, info->height, orientation >= 5);
}

codec_reader *codec_upright(codec_reader *reader, const codec_limits *limits, ct_error *err) {
    const int orientation = reader->info.meta.orientation;
    if (orientation < 2 || orientation > 8) {
        return reader;
    }
    codec_reader *turned = codec_reader_new(limits, err);
    if (!turned) {
        goto fail;
    }
    turned->decoder = &upright_decoder;
    turned->format = reader->format;
    upright_state *state = calloc(1, sizeof *state);
    turned->state = state;
    if (!state) {
        ct_fail(err, "out of memory");
        goto fail;
    }
    state->orientation = orientation;
    state->source = reader;
    turned->info = reader->info;
    reader->info.meta = (codec_meta){.srgb_intent = -1}; /* moved */
    turn_info(&turned->info, orientation);
    return turned;
fail:
    codec_close(turned);
    codec_close(reader);
    return NULL;
}
