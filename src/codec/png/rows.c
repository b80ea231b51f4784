#include "codec/png/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/png/expand.h"
#include "codec/png/unfilter.h"

static size_t line_bytes(const codec_png_facts *facts) {
    return codec_png_pass_at(facts, facts->interlaced ? 6 : 0).row_bytes + PNG_SLACK;
}

uint64_t codec_png_rows_memory(const codec_png_facts *facts) {
    const uint64_t line = line_bytes(facts);
    return 2 * line + (facts->interlaced ? codec_png_raw_bytes(facts) + line : 0);
}

/* Two rows with slack after each, the first one zeros. */
bool codec_png_rows_open(codec_png_rows *rows, codec_png_facts *facts, codec_png_source source,
                         ct_error *err) {
    const size_t line = line_bytes(facts);
    const int bits = codec_png_bits(facts);
    *rows = (codec_png_rows){.facts = facts,
                             .source = source,
                             .pass = codec_png_pass_at(facts, 0),
                             .pixel = bits < 8 ? 1 : bits / 8,
                             .lines = calloc(2, line)};
    if (!rows->lines) {
        return ct_fail(err, "out of memory");
    }
    rows->previous = rows->lines;
    rows->row = rows->lines + line;
    return true;
}

void codec_png_rows_close(codec_png_rows *rows) {
    free(rows->held.bytes);
    free(rows->lines);
}

static bool fail_first(codec_png_facts *facts, const char *message, ct_error *err) {
    ct_error found;
    ct_fail(&found, "%s", message);
    return codec_png_accept_end(facts, false, &found, err);
}

/* Reads the next row of a pass, after the row `previous`, into `out`. */
static bool next_row(codec_png_rows *rows, size_t row_bytes, const uint8_t *previous, uint8_t *out,
                     ct_error *err) {
    void *context = rows->source.context;
    if (!rows->lost) {
        const uint8_t *raw = rows->source.next(context, row_bytes + 1, err);
        if (!raw) {
            return false;
        }
        if (codec_png_unfilter(raw[0], out, raw + 1, previous, row_bytes, rows->pixel)) {
            rows->any = true;
            return true;
        }
        const char *message = "damaged: a row has an invalid filter";
        rows->lost = rows->any ? rows->source.damaged(context, message, err)
                               : fail_first(rows->facts, message, err);
    }
    memset(out, 0, row_bytes);
    return rows->lost;
}

/* Reads all passes of an interlaced image; rows->lines stay zeros. */
static bool hold_passes(codec_png_rows *rows, ct_error *err) {
    codec_png_held *held = &rows->held;
    for (int p = 0; p < 7; p++) {
        const codec_png_pass pass = codec_png_pass_at(rows->facts, p);
        held->start[p] = held->size;
        for (int y = 0; pass.width && y < pass.height; y++) {
            if (!codec_png_held_grow(held, rows->facts, pass.row_bytes)) {
                return ct_fail(err, "out of memory");
            }
            uint8_t *out = held->bytes + held->size;
            const uint8_t *previous = y ? out - pass.row_bytes : rows->previous;
            if (!next_row(rows, pass.row_bytes, previous, out, err)) {
                return false;
            }
            held->size += pass.row_bytes;
        }
    }
    return true;
}

static void expand(codec_png_rows *rows, int y, void *row) {
    codec_png_facts *facts = rows->facts;
    const bool watched = facts->color == 3 && facts->palette < 1 << facts->depth;
    codec_png_expand(facts, rows->row, row, watched ? &rows->highest : NULL);
    if (y + 1 == facts->info.height && rows->highest >= facts->palette && watched) {
        codec_warn(facts->warnings, CODEC_PIXELS,
                   "some pixels are outside its palette of %s and became black",
                   ct_count((uint64_t)facts->palette, "colour").text);
    }
}

bool codec_png_rows_next(codec_png_rows *rows, int y, void *row, ct_error *err) {
    if (rows->facts->interlaced) {
        if (y == 0 && !hold_passes(rows, err)) {
            return false;
        }
        codec_png_held_row(&rows->held, rows->facts, y, rows->row);
        expand(rows, y, row);
        return true;
    }
    if (!next_row(rows, rows->pass.row_bytes, rows->previous, rows->row, err)) {
        return false;
    }
    expand(rows, y, row);
    uint8_t *done = rows->row;
    rows->row = rows->previous;
    rows->previous = done;
    return true;
}
