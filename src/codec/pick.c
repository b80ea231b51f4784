/* Some of an image's channels: another reader's rows, with less in each pixel, or in another
 * order. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "codec/format.h"

typedef struct pick_state {
    codec_reader *source;
    const uint16_t *channels; /* the caller's */
    int count;
    uint8_t *row;
} pick_state;

/* The info of the picked channels. */
static bool pick_info(codec_reader *reader, ct_error *err) {
    pick_state *state = reader->state;
    codec_info *info = &reader->info;
    const codec_info *from = &state->source->info;
    bool same = state->count == from->channels;
    for (int i = 0; i < state->count; i++) {
        if (state->channels[i] >= from->channels) {
            return ct_fail(err,
                           "--channels: there is no channel %d; the image has %d, counted from 0",
                           state->channels[i], from->channels);
        }
        same = same && state->channels[i] == i;
    }
    codec_meta_free(&info->meta);
    *info = *from;
    info->meta = (codec_meta){.srgb_intent = -1};
    if (!codec_meta_copy(&info->meta, &from->meta)) {
        return ct_fail(err, "out of memory");
    }
    info->channels = state->count;
    /* Alpha is alpha only behind gray or RGB. */
    info->alpha = from->alpha && (state->count == 2 || state->count == 4) &&
                  state->channels[state->count - 1] == from->channels - 1;
    if (!same) {
        codec_meta_drop_color(&info->meta);
    }
    free(state->row);
    state->row = malloc(codec_row_bytes(from));
    return state->row || ct_fail(err, "out of memory");
}

static void copy_samples(uint8_t *to, const uint8_t *from, const pick_state *state, size_t size) {
    const size_t pixel = (size_t)state->source->info.channels * size;
    for (int x = 0; x < state->source->info.width; x++, from += pixel) {
        for (int i = 0; i < state->count; i++, to += size) {
            memcpy(to, from + (size_t)state->channels[i] * size, size);
        }
    }
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    pick_state *state = reader->state;
    const bool ok = codec_read_row(state->source, state->row, err);
    reader->warnings = state->source->warnings;
    if (ok) {
        copy_samples(row, state->row, state, codec_sample_size(reader->info.sample));
    }
    return ok;
}

static void close_pick(codec_reader *reader) {
    pick_state *state = reader->state;
    if (state) {
        codec_close(state->source);
        free(state->row);
        free(state);
    }
}

static uint64_t memory(const codec_reader *reader) {
    return codec_reader_memory(((const pick_state *)reader->state)->source);
}

static void read_ahead(codec_reader *reader) {
    const pick_state *state = reader->state;
    codec_read_ahead(state->source);
}

static double ahead_seconds(codec_reader *reader) {
    const pick_state *state = reader->state;
    return codec_ahead_seconds(state->source);
}

static bool follows(codec_reader *reader, int milliseconds) {
    const pick_state *state = reader->state;
    codec_reader *source = state->source;
    const bool more = source->decoder->follows && source->decoder->follows(source, milliseconds);
    reader->input.error = source->input.error;
    return more;
}

static bool next_image(codec_reader *reader, ct_error *err) {
    const pick_state *state = reader->state;
    codec_reader *source = state->source;
    source->cut = false;
    const bool ok = codec_move_on(source, err);
    reader->cut = source->cut;
    reader->format = source->format;
    return ok && pick_info(reader, err);
}

static const codec_decoder pick_decoder = {
    .memory = memory,
    .read_row = read_row,
    .close = close_pick,
    .ahead = read_ahead,
    .ahead_seconds = ahead_seconds,
    .follows = follows,
    .next = next_image,
    .whole = true, /* of the images behind the first, as codec_move_on reads them */
};

codec_reader *codec_pick(codec_reader *reader, const uint16_t *channels, int count,
                         const codec_limits *limits, ct_error *err) {
    codec_reader *picked = codec_reader_new(limits, err);
    pick_state *state = picked ? calloc(1, sizeof *state) : NULL;
    if (!state) {
        ct_fail(err, "out of memory");
        codec_close(picked);
        codec_close(reader);
        return NULL;
    }
    *state = (pick_state){.source = reader, .channels = channels, .count = count};
    reader->stream = true; /* who looks behind the image is this one */
    picked->decoder = &pick_decoder;
    picked->format = reader->format;
    picked->state = state;
    if (!pick_info(picked, err)) {
        codec_close(picked);
        return NULL;
    }
    return picked;
}
