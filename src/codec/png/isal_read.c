/* Reads PNG through ISA-L, row by row as they are asked for. */
#include <stdlib.h>

#include "base/text.h"
#include "codec/png/isal_blocks.h"
#include "codec/png/isal_stream.h"
#include "codec/png/rows.h"

typedef struct png_state {
    codec_png_stream stream;
    codec_png_rows rows;
} png_state;

static const uint8_t *next_bytes(void *context, size_t size, ct_error *err) {
    return codec_png_stream_next(context, size, err);
}

static bool damaged(void *context, const char *message, ct_error *err) {
    return codec_png_stream_damaged(context, err, message);
}

static bool open_png(codec_reader *reader, ct_error *err) {
    png_state *state = calloc(1, sizeof *state);
    reader->state = state;
    reader->format = "png";
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    codec_png_facts *facts = &state->stream.facts;
    if (!codec_png_stream_open(&state->stream, reader, err)) {
        return false;
    }
    const uint64_t bytes =
        codec_png_rows_memory(facts) + codec_png_stream_memory(facts) + sizeof *state;
    if (bytes > reader->limits.max_memory) {
        return ct_fail(err, "needs more memory than the limit of %s (--max-memory)",
                       ct_size_of(reader->limits.max_memory).text);
    }
    const codec_png_source source = {
        .context = &state->stream, .next = next_bytes, .damaged = damaged};
    return codec_png_rows_open(&state->rows, facts, source, err);
}

/* What follows the image data is checked once all of it was taken. */
static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    png_state *state = reader->state;
    const int y = reader->next_row;
    const bool all = state->stream.facts.interlaced ? y == 0 : y + 1 == reader->info.height;
    return codec_png_rows_next(&state->rows, y, row, err) &&
           (!all || codec_png_stream_finish(&state->stream, err));
}

static uint64_t memory(const codec_reader *reader) {
    return codec_png_rows_memory(&((const png_state *)reader->state)->stream.facts);
}

static void read_ahead(codec_reader *reader) {
    codec_png_stream_ahead(&((png_state *)reader->state)->stream);
}

static double ahead_seconds(codec_reader *reader) {
    return codec_png_stream_ahead_seconds(&((png_state *)reader->state)->stream);
}

static void close_png(codec_reader *reader) {
    png_state *state = reader->state;
    if (state) {
        codec_png_stream_close(&state->stream);
        codec_png_rows_close(&state->rows);
        free(state);
    }
}

const codec_decoder codec_isal_png_decoder = {.probe = codec_png_probe,
                                              .open = open_png,
                                              .memory = memory,
                                              .read_row = read_row,
                                              .close = close_png,
                                              .ahead = read_ahead,
                                              .ahead_seconds = ahead_seconds};
