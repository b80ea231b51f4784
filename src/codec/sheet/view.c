#include "codec/sheet/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "codec/format.h"
#include "codec/sheet/levels.h"

enum { BAND = 64 }; /* rows at most: PNG compresses those of a call together */

typedef struct view_state {
    codec_view view;
    const codec_sheet *sheet;
    codec_writer *const *pictures;
    codec_info picture; /* of one channel; of a sheet, just its samples and channels */
    codec_levels levels;
    uint8_t *held; /* all rows of the result, where they're needed */
    uint8_t *band; /* some rows of a picture, at most BAND; a sheet needs none */
} view_state;

static bool is_scaled(const codec_view *view) {
    return view->scaling == CODEC_EACH || view->scaling == CODEC_COMMON;
}

bool codec_view_wants_floats(const codec_view *view) {
    return view->scaling != CODEC_UNSCALED ||
           (view->colormap && codec_colormap_diverges(view->colormap));
}

static bool is_colored(const codec_view *view) {
    return view->colormap && !codec_colormap_is_gray(view->colormap);
}

codec_info codec_view_picture(const codec_view *view, const codec_info *result) {
    codec_info picture = *result;
    picture.meta = (codec_meta){.srgb_intent = -1};
    picture.channels = 1;
    picture.alpha = false;
    if (codec_view_wants_floats(view) || is_colored(view)) {
        picture.sample = CODEC_U8;
        picture.white = 0;
        picture.plain = false;
        picture.channels = is_colored(view) ? 3 : 1;
    }
    return picture;
}

uint64_t codec_view_memory(const codec_view *view, const codec_info *result, bool sheet) {
    return sheet || is_scaled(view) ? codec_image_bytes(result) : 0;
}

static const uint8_t *held_row(const codec_writer *writer, int y) {
    const view_state *state = writer->state;
    return state->held + codec_row_bytes(&writer->info) * (size_t)y;
}

/* Passes one channel of some rows on, at most BAND at a time. */
static bool pass(const codec_writer *writer, int channel, int count, const uint8_t *rows,
                 size_t stride, ct_error *err) {
    const view_state *state = writer->state;
    const size_t bytes = codec_row_bytes(&state->picture);
    while (count > 0) {
        const int some = ct_min(count, BAND);
        for (int y = 0; y < some; y++, rows += stride) {
            codec_levels_row(&state->levels, channel, rows, state->band + bytes * (size_t)y);
        }
        if (!codec_write(state->pictures[channel], some, state->band, bytes, NULL, err)) {
            return false;
        }
        count -= some;
    }
    return true;
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    view_state *state = writer->state;
    const size_t bytes = codec_row_bytes(&writer->info);
    (void)packed;
    for (int y = 0; state->held && y < count; y++) {
        memcpy(state->held + bytes * (size_t)(writer->next_row + y),
               (const uint8_t *)rows + stride * (size_t)y, bytes);
    }
    for (int c = 0; !state->held && c < writer->info.channels; c++) {
        if (!pass(writer, c, count, rows, stride, err)) {
            return false;
        }
    }
    return true;
}

static void cell_row(void *context, int cell, int y, uint8_t *row) {
    const codec_writer *writer = context;
    codec_levels_row(&((const view_state *)writer->state)->levels, cell, held_row(writer, y), row);
}

static bool finish_view(codec_writer *writer, ct_error *err) {
    view_state *state = writer->state;
    const codec_info *info = &writer->info;
    if (is_scaled(&state->view)) {
        codec_levels_measure(&state->levels, state->held, state->view.scaling == CODEC_COMMON);
    }
    if (state->sheet) {
        return codec_sheet_write(state->sheet, state->picture.channels, cell_row, writer,
                                 state->pictures[0], err) &&
               codec_finish(state->pictures[0], err);
    }
    for (int c = 0; c < info->channels; c++) {
        if (state->held &&
            !pass(writer, c, info->height, state->held, codec_row_bytes(info), err)) {
            return false;
        }
        if (!codec_finish(state->pictures[c], err)) {
            return false;
        }
    }
    return true;
}

static void free_view(codec_writer *writer) {
    view_state *state = writer->state;
    if (state) {
        codec_levels_free(&state->levels);
        free(state->held);
        free(state->band);
        free(state);
    }
}

static const codec_encoder view_encoder = {
    .write = write_rows, .finish = finish_view, .free = free_view};

/* The numbers that a view without scaling has for its lowest and highest level. */
static codec_range usual_range(const codec_view *view, double white) {
    const bool diverges = view->colormap && codec_colormap_diverges(view->colormap);
    return view->scaling == CODEC_FIXED ? (codec_range){view->low, view->high}
                                        : (codec_range){diverges ? -white : 0, white};
}

static bool set_up(codec_writer *writer, view_state *state, uint64_t max_memory, ct_error *err) {
    const codec_info *info = &writer->info;
    const codec_range range = usual_range(&state->view, codec_info_white(info));
    if (!codec_levels_start(&state->levels, info, state->view.colormap, range, err)) {
        return false;
    }
    state->levels.same =
        !state->sheet && state->picture.sample == info->sample && state->picture.channels == 1;
    const size_t rows = (size_t)ct_min(BAND, info->height);
    if (!state->sheet && !(state->band = malloc(rows * codec_row_bytes(&state->picture)))) {
        return ct_fail(err, "out of memory");
    }
    return (!state->sheet && !is_scaled(&state->view)) ||
           (state->held = codec_alloc_image(info, max_memory, err));
}

codec_writer *codec_create_view(const codec_view *view, const codec_info *result,
                                const codec_sheet *sheet, codec_writer *const *pictures,
                                uint64_t max_memory, ct_error *err) {
    codec_writer *writer = calloc(1, sizeof *writer);
    view_state *state = calloc(1, sizeof *state);
    if (!writer || !state) {
        free(writer);
        free(state);
        ct_fail(err, "out of memory");
        return NULL;
    }
    writer->encoder = &view_encoder;
    writer->info = *result;
    writer->info.meta = (codec_meta){.srgb_intent = -1};
    writer->state = state;
    state->view = *view;
    state->sheet = sheet;
    state->pictures = pictures;
    state->picture = codec_view_picture(view, result);
    if (!set_up(writer, state, max_memory, err)) {
        codec_writer_free(writer);
        return NULL;
    }
    return writer;
}
