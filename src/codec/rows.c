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

static const codec_decoder rows_decoder = {
    .read_row = read_row, .close = close_rows, .memory = memory};

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
