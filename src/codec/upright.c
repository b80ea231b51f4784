/* An image rotated as its EXIF orientation asks for.
 *
 * The orientations (Exif 2.3, 4.6.4): 2 mirrored left to right, 3 rotated by 180 degrees, 4
 * mirrored top to bottom, 5 transposed, 6 to be rotated by 90 degrees clockwise, 7 transposed over
 * the other diagonal, 8 to be rotated by 90 degrees counterclockwise. The image is read when its
 * first row is asked for, and held as in the file; each upright row is gathered from it. */
#include <stdlib.h>
#include <string.h>

#include "codec/exif.h"
#include "codec/format.h"

typedef struct upright_state {
    int orientation;
    codec_reader *source; /* NULL once the image is held */
    uint8_t *image;       /* as in the file */
    size_t pixel;         /* bytes of a pixel */
    /* Bytes from an upright pixel to the one on its right, and to the one below; and where the
     * first is. */
    ptrdiff_t right, down;
    size_t first;
} upright_state;

/* Pixels `step` bytes apart; `pixel` is a constant where it is inlined. */
static inline void gather(uint8_t *out, const uint8_t *in, ptrdiff_t step, int count,
                          size_t pixel) {
    for (ptrdiff_t x = 0; x < count; x++) {
        memcpy(out + (size_t)x * pixel, in + x * step, pixel);
    }
}

/* How to walk through an image of w x h pixels. */
static void plan_walk(upright_state *state, int w, int h) {
    const int orientation = state->orientation;
    const ptrdiff_t across = (ptrdiff_t)state->pixel, along = across * w;
    const bool swapped = orientation >= 5;
    /* Whether an upright step along x (or, swapped, along y) goes to the left in the file, and
     * whether the other one goes up in it. */
    const bool left = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool up = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const ptrdiff_t x_step = left ? -across : across, y_step = up ? -along : along;
    state->right = swapped ? y_step : x_step;
    state->down = swapped ? x_step : y_step;
    state->first = (size_t)((left ? across * (w - 1) : 0) + (up ? along * (h - 1) : 0));
}

static bool hold_rows(codec_reader *reader, upright_state *state, ct_error *err) {
    codec_reader *source = state->source;
    const codec_info *info = &source->info;
    const size_t bytes = codec_row_bytes(info);
    state->pixel = (size_t)info->channels * codec_sample_size(info->sample);
    state->image = codec_alloc_image(info, reader->limits.max_memory, err);
    bool ok = state->image != NULL;
    for (int y = 0; ok && y < info->height; y++) {
        ok = codec_read_row(source, state->image + bytes * (size_t)y, err);
    }
    plan_walk(state, info->width, info->height);
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
    const uint8_t *in = state->image + state->first + state->down * reader->next_row;
    const int width = reader->info.width;
    switch (state->pixel) {
    case 1:
        gather(row, in, state->right, width, 1);
        break;
    case 2:
        gather(row, in, state->right, width, 2);
        break;
    case 3:
        gather(row, in, state->right, width, 3);
        break;
    case 4:
        gather(row, in, state->right, width, 4);
        break;
    default:
        gather(row, in, state->right, width, state->pixel);
        break;
    }
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
        const double density = meta->density_x;
        meta->density_x = meta->density_y;
        meta->density_y = density;
    }
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
