/* PNG in, through ISA-L: row after row, as they are asked for. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/png/adam7.h"
#include "codec/png/expand.h"
#include "codec/png/isal_stream.h"
#include "codec/png/unfilter.h"

typedef struct png_state {
    codec_png_stream stream;
    codec_png_pass pass; /* the whole image, unless interlaced */
    int pixel;           /* bytes from a sample to the one on its left, at least 1 */
    uint8_t *lines, *row, *previous;
    codec_png_held held; /* an interlaced image */
} png_state;

/* Two rows with room behind them, the first one zeros. */
static bool allocate(codec_reader *reader, png_state *state, ct_error *err) {
    const codec_png_facts *facts = &state->stream.facts;
    const size_t line = codec_png_pass_at(facts, facts->interlaced ? 6 : 0).row_bytes + PNG_SLACK;
    const uint64_t held = facts->interlaced ? codec_png_raw_bytes(facts) + line : 0;
    const uint64_t bytes = 2 * (uint64_t)line + held + sizeof *state;
    if (bytes + codec_png_stream_memory(facts) > reader->limits.max_memory) {
        return ct_fail(err, "needs more memory than the limit of %s (--max-memory)",
                       ct_size_of(reader->limits.max_memory).text);
    }
    state->lines = calloc(2, line);
    if (!state->lines) {
        return ct_fail(err, "out of memory");
    }
    state->previous = state->lines;
    state->row = state->lines + line;
    state->pass = codec_png_pass_at(facts, 0);
    state->pixel = codec_png_bits(facts) < 8 ? 1 : codec_png_bits(facts) / 8;
    return true;
}

static bool open_png(codec_reader *reader, ct_error *err) {
    png_state *state = calloc(1, sizeof *state);
    reader->state = state;
    reader->format = "png";
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    return codec_png_stream_open(&state->stream, reader, err) && allocate(reader, state, err);
}

/* The next row of a pass, after the row `previous`, into `out`. */
static bool next_row(png_state *state, size_t row_bytes, const uint8_t *previous, uint8_t *out,
                     ct_error *err) {
    const uint8_t *raw = codec_png_stream_next(&state->stream, row_bytes + 1, err);
    if (!raw) {
        return false;
    }
    return codec_png_unfilter(raw[0], out, raw + 1, previous, row_bytes, state->pixel) ||
           codec_png_stream_damaged(&state->stream, err,
                                    "damaged: a row has a filter that doesn't exist");
}

/* Reads all passes of an interlaced image; the lines stay zeros. */
static bool hold_passes(png_state *state, ct_error *err) {
    const codec_png_facts *facts = &state->stream.facts;
    for (int p = 0; p < 7; p++) {
        const codec_png_pass pass = codec_png_pass_at(facts, p);
        state->held.start[p] = state->held.size;
        for (int y = 0; pass.width && y < pass.height; y++) {
            if (!codec_png_held_grow(&state->held, pass.row_bytes)) {
                return ct_fail(err, "out of memory");
            }
            uint8_t *out = state->held.bytes + state->held.size;
            const uint8_t *previous = y ? out - pass.row_bytes : state->previous;
            if (!next_row(state, pass.row_bytes, previous, out, err)) {
                return false;
            }
            state->held.size += pass.row_bytes;
        }
    }
    return codec_png_stream_finish(&state->stream, err);
}

static bool read_interlaced(codec_reader *reader, png_state *state, void *row, ct_error *err) {
    if (reader->next_row == 0 && !hold_passes(state, err)) {
        return false;
    }
    codec_png_held_row(&state->held, &state->stream.facts, reader->next_row, state->row);
    codec_png_expand(&state->stream.facts, state->row, row);
    return true;
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    png_state *state = reader->state;
    if (state->stream.facts.interlaced) {
        return read_interlaced(reader, state, row, err);
    }
    if (!next_row(state, state->pass.row_bytes, state->previous, state->row, err)) {
        return false;
    }
    codec_png_expand(&state->stream.facts, state->row, row);
    uint8_t *done = state->row;
    state->row = state->previous;
    state->previous = done;
    return reader->next_row + 1 < state->pass.height ||
           codec_png_stream_finish(&state->stream, err);
}

static void read_ahead(codec_reader *reader) {
    codec_png_stream_ahead(&((png_state *)reader->state)->stream);
}

static void close_png(codec_reader *reader) {
    png_state *state = reader->state;
    if (state) {
        codec_png_stream_close(&state->stream);
        free(state->held.bytes);
        free(state->lines);
        free(state);
    }
}

const codec_decoder codec_isal_png_decoder = {.probe = codec_png_probe,
                                              .open = open_png,
                                              .read_row = read_row,
                                              .close = close_png,
                                              .ahead = read_ahead};
