/* A reader whose rows a function makes. */
#include <stdlib.h>

#include "codec/format.h"

typedef struct rows_state {
    codec_rows rows;
} rows_state;

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    const rows_state *state = reader->state;
    return state->rows.read(state->rows.context, reader->next_row, row, &reader->warnings, err);
}

static void close_rows(codec_reader *reader) {
    rows_state *state = reader->state;
    if (state) {
        state->rows.close(state->rows.context);
        free(state);
    }
}

static uint64_t memory(const codec_reader *reader) {
    const rows_state *state = reader->state;
    return state->rows.memory ? state->rows.memory(state->rows.context) : 0;
}

static bool follows(codec_reader *reader, int milliseconds) {
    codec_reader *source = ((const rows_state *)reader->state)->rows.source;
    const bool more =
        source && source->decoder->follows && source->decoder->follows(source, milliseconds);
    if (source) {
        reader->input.error = source->input.error;
    }
    return more;
}

static bool next_image(codec_reader *reader, ct_error *err) {
    const rows_state *state = reader->state;
    codec_reader *source = state->rows.source;
    codec_info info = reader->info;
    source->cut = false;
    const bool ok = codec_move_on(source, err);
    reader->cut = source->cut;
    if (!ok || !state->rows.again(state->rows.context, &info, err)) {
        return false;
    }
    codec_meta_free(&reader->info.meta);
    reader->info.video = info.video;
    if (!codec_meta_copy(&reader->info.meta, &info.meta)) {
        reader->info.meta = (codec_meta){.srgb_intent = -1};
        return ct_fail(err, "out of memory");
    }
    return true;
}

static const codec_decoder rows_decoder = {
    .read_row = read_row,
    .close = close_rows,
    .memory = memory,
    .follows = follows,
    .next = next_image,
    .whole = true, /* of the images behind the first: the source has read them */
};

codec_reader *codec_open_rows(const codec_info *info, const char *format, const codec_rows *rows,
                              ct_error *err) {
    codec_reader *reader = codec_reader_new(NULL, err);
    rows_state *state = reader ? calloc(1, sizeof *state) : NULL;
    if (!state) {
        ct_fail(err, "out of memory");
        codec_close(reader);
        rows->close(rows->context);
        return NULL;
    }
    state->rows = *rows;
    if (rows->source) {
        rows->source->stream = true; /* who looks behind the image is this one */
    }
    reader->decoder = &rows_decoder;
    reader->format = format;
    reader->state = state;
    reader->info = *info;
    if (!codec_meta_copy(&reader->info.meta, &info->meta)) {
        reader->info.meta = (codec_meta){.srgb_intent = -1};
        ct_fail(err, "out of memory");
        codec_close(reader);
        return NULL;
    }
    return reader;
}
