#include "codec/png/whole.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/bytes.h"
#include "codec/png/rows.h"
#include "codec/png/unfilter.h"
#include "codec/stb.h"

/* Deflate repeats up to so many bytes at once: with room for them, data that is too long fills all
 * that was wanted before it fails. */
enum { LONGEST_MATCH = 258 };

typedef struct whole_state {
    codec_png_facts facts;
    codec_png_rows rows;
    uint8_t *raw; /* the inflated image data */
    size_t at;
} whole_state;

/* ---- the image data ---- */

/* Joins the data of all IDAT chunks, the last of which may be cut off. */
static bool gather(const uint8_t *file, size_t size, ct_text *data, ct_error *err) {
    codec_png_head head = {0};
    for (size_t at = PNG_SIGNATURE; size - at >= PNG_HEAD && strcmp(head.type, "IEND") != 0;) {
        if (!codec_png_parse_head(file + at, at, &head, NULL)) {
            return true; /* what came before it was accepted */
        }
        at += PNG_HEAD;
        const size_t there = head.length < size - at ? head.length : size - at;
        if (strcmp(head.type, "IDAT") == 0 && !ct_text_add(data, file + at, there)) {
            return ct_fail(err, "out of memory");
        }
        at += there;
        at += size - at < PNG_CRC ? size - at : PNG_CRC;
    }
    return true;
}

/* Inflates damaged data once more to see whether it gives the first
 * row's last byte: stb doesn't say how far it got. */
static bool gives_a_row(whole_state *state, const ct_text *data, size_t size) {
    uint8_t *last = state->raw + codec_png_first_row_bytes(&state->facts) - 1;
    if (*last) {
        return true;
    }
    size_t made;
    *last = 1;
    codec_stb_inflate_into((const uint8_t *)data->bytes, data->length, state->raw,
                           size + LONGEST_MATCH, &made, NULL);
    const bool given = !*last;
    *last = 0;
    return given;
}

static bool inflate(whole_state *state, const ct_text *data, size_t size, ct_error *err) {
    size_t made = 0;
    bool usable;
    ct_error found;
    if (codec_stb_inflate_into((const uint8_t *)data->bytes, data->length, state->raw,
                               size + LONGEST_MATCH, &made, &found)) {
        if (made == size) {
            return true;
        }
        ct_fail(&found, made < size ? "truncated: the compressed data ends before the last row"
                                    : "damaged: more pixels than the header says");
        usable = made >= codec_png_first_row_bytes(&state->facts);
    } else {
        usable = gives_a_row(state, data, size);
    }
    return codec_png_accept_end(&state->facts, usable, &found, err);
}

/* ---- rows ---- */

static const uint8_t *next_bytes(void *context, size_t size, ct_error *err) {
    (void)err;
    whole_state *state = context;
    state->at += size;
    return state->raw + state->at - size;
}

static bool damaged(void *context, const char *message, ct_error *err) {
    whole_state *state = context;
    return codec_png_accept(&state->facts, err, "%s", message);
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    whole_state *state = reader->state;
    return codec_png_rows_next(&state->rows, reader->next_row, row, err);
}

static void close_whole(codec_reader *reader) {
    whole_state *state = reader->state;
    if (state) {
        codec_png_rows_close(&state->rows);
        free(state->raw);
        free(state);
    }
}

static const codec_decoder whole_decoder = {.read_row = read_row, .close = close_whole};

/* ---- opening ---- */

static bool open_rows(codec_reader *reader, whole_state *state, const uint8_t *file, size_t size,
                      ct_error *err) {
    const uint64_t raw = codec_png_raw_bytes(&state->facts), room = raw + LONGEST_MATCH + PNG_SLACK;
    if (room + codec_png_rows_memory(&state->facts) + 2 * size > reader->limits.max_memory) {
        return ct_fail(err, "needs more memory than the limit of %s (--max-memory)",
                       ct_size_of(reader->limits.max_memory).text);
    }
    ct_text data = {0};
    state->raw = calloc(1, (size_t)room);
    const bool ok = state->raw
                        ? gather(file, size, &data, err) && inflate(state, &data, (size_t)raw, err)
                        : ct_fail(err, "out of memory");
    ct_text_free(&data);
    codec_input_close(&reader->input);
    const codec_png_source source = {.context = state, .next = next_bytes, .damaged = damaged};
    return ok && codec_png_rows_open(&state->rows, &state->facts, source, err);
}

bool codec_png_open_whole(codec_reader *reader, const codec_png_facts *facts, const uint8_t *file,
                          size_t size, ct_error *err) {
    whole_state *state = calloc(1, sizeof *state);
    reader->decoder = &whole_decoder;
    reader->state = state;
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    state->facts = *facts;
    return open_rows(reader, state, file, size, err);
}
