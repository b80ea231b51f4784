/* Reads tables: groups of rows, each by itself, so that several threads may read a file. Where the
 * rows are is found first (table_scan.c). A pipe's text is held. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "base/text.h"
#include "codec/numbers/decimal.h"
#include "codec/numbers/plain.h"
#include "codec/numbers/table.h"
#include "codec/numbers/table_scan.h"
#include "codec/numbers/table_text.h"

typedef struct table_in {
    codec_table_layout layout;
    uint64_t held;         /* bytes of text in memory: a pipe's */
    size_t width, samples; /* of a row: numbers in the text, and of all channels */
    char separator;
    bool tab;
    atomic_bool loses; /* a whole number isn't quite a float */
    float *rows;       /* for rows in order: those of a group, channel by channel */
} table_in;

/* Loads the text of a group; the caller frees *buffer. */
static bool load(const codec_reader *reader, const table_in *t, size_t group, char **buffer,
                 codec_table_text *text, ct_error *err) {
    const codec_table_mark *mark = &t->layout.marks[group];
    const uint64_t size = codec_table_group_end(&t->layout, group) - mark->at;
    const size_t around = CODEC_DECIMAL_BEFORE + CODEC_DECIMAL_BEYOND;
    if (size > reader->limits.max_memory || size > SIZE_MAX - around) {
        return ct_fail(err, "a line needs more memory than the limit of %s (--max-memory)",
                       ct_size_of(reader->limits.max_memory).text);
    }
    if (!(*buffer = malloc((size_t)size + around))) {
        return ct_fail(err, "out of memory");
    }
    char *bytes = *buffer + CODEC_DECIMAL_BEFORE;
    int error;
    const size_t got = codec_input_read_at(&reader->input, mark->at, bytes, (size_t)size, &error);
    memset(bytes + got, 0, CODEC_DECIMAL_BEYOND);
    *text = (codec_table_text){.nonfinite = reader->limits.nonfinite,
                               .at = bytes,
                               .end = bytes + got,
                               .line = bytes,
                               .line_number = mark->line,
                               .separator = t->separator,
                               .tab = t->tab,
                               .width = t->width};
    codec_decimal_find(&text->ends, text->at, text->end);
    return got == size || codec_fail_cut(error, err, "the file became shorter while it was read");
}

/* Reads `count` rows of one channel from row `first` of a group on, `pitch` floats apart. */
static bool read_group(const codec_reader *reader, size_t channel, size_t first, size_t count,
                       float *rows, size_t pitch, ct_error *err) {
    table_in *t = reader->state;
    const size_t group = codec_table_group(&t->layout, channel, first);
    char *buffer = NULL;
    codec_table_text text;
    bool ok = load(reader, t, group, &buffer, &text, err);
    for (size_t y = 0; ok && y < count; y++) {
        codec_table_next(&text);
        ok = codec_table_row(&text, rows + y * pitch, err);
    }
    if (ok && text.loses) {
        atomic_store_explicit(&t->loses, true, memory_order_relaxed);
    }
    free(buffer);
    return ok;
}

/* The rows of a group, channel by channel, `step` rows each. */
static bool read_channels(const codec_reader *reader, size_t first, size_t count, float *rows,
                          ct_error *err) {
    const table_in *t = reader->state;
    const size_t plane = t->width * t->layout.step;
    for (size_t c = 0; c < t->layout.channels; c++) {
        if (!read_group(reader, c, first, count, rows + c * plane, t->width, err)) {
            return false;
        }
    }
    return true;
}

static void give_row(const table_in *t, const float *rows, size_t y, void *row) {
    codec_plain_interleave(row, rows + y * t->width, t->width, t->layout.channels,
                           t->width * t->layout.step, sizeof(float));
}

static float *new_rows(const codec_reader *reader, const table_in *t, ct_error *err) {
    size_t bytes;
    if (!ct_mul(t->samples, t->layout.step * sizeof(float), &bytes) ||
        bytes > reader->limits.max_memory) {
        ct_fail(err, "the rows need more memory than the limit of %s (--max-memory)",
                ct_size_of(reader->limits.max_memory).text);
        return NULL;
    }
    float *rows = malloc(bytes);
    if (!rows) {
        ct_fail(err, "out of memory");
    }
    return rows;
}

/* ---- the decoder ---- */

/* A pipe's text comes into memory. */
static bool hold_text(codec_reader *reader, table_in *t, ct_error *err) {
    uint64_t left;
    const uint8_t *bytes;
    size_t size;
    if (codec_input_left(&reader->input, &left)) {
        return true;
    }
    if (!codec_input_rest(&reader->input, reader->limits.max_memory, &bytes, &size, err)) {
        return false;
    }
    t->held = size;
    return true;
}

/* The first row tells the width and the separator. */
static bool read_first(codec_reader *reader, table_in *t, ct_error *err) {
    char *buffer = NULL;
    codec_table_text text;
    bool ok = load(reader, t, 0, &buffer, &text, err);
    if (ok) {
        codec_table_next(&text);
        ok = codec_table_row(&text, NULL, err);
    }
    free(buffer);
    if (!ok) {
        return false;
    }
    t->width = text.width;
    t->separator = text.separator;
    t->tab = text.tab;
    return true;
}

static bool open_table(codec_reader *reader, ct_error *err) {
    table_in *t = calloc(1, sizeof *t);
    reader->state = t;
    if (!t) {
        return ct_fail(err, "out of memory");
    }
    codec_table_layout *layout = &t->layout;
    if (!hold_text(reader, t, err) || !codec_table_scan(reader, layout, err) ||
        !read_first(reader, t, err) ||
        !codec_plain_check(reader, t->width, layout->rows, layout->channels, err)) {
        return false;
    }
    layout->step = ct_min_size(layout->step, layout->rows);
    t->samples = t->width * layout->channels;
    reader->format = t->separator == ',' ? "csv" : t->separator == ' ' && t->tab ? "tsv" : "txt";
    codec_plain_info(&reader->info, CODEC_F32);
    return true;
}

static void warn(codec_reader *reader) {
    const table_in *t = reader->state;
    if (atomic_load_explicit(&t->loses, memory_order_relaxed)) {
        codec_plain_warn_loss(reader);
    }
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    table_in *t = reader->state;
    const size_t y = (size_t)reader->next_row, step = t->layout.step;
    if (!t->rows && !(t->rows = new_rows(reader, t, err))) {
        return false;
    }
    if (y % step == 0 &&
        !read_channels(reader, y, ct_min_size(step, t->layout.rows - y), t->rows, err)) {
        return false;
    }
    give_row(t, t->rows, y % step, row);
    warn(reader);
    return true;
}

static int step_of(const codec_reader *reader, int threads) {
    (void)threads;
    return (int)((const table_in *)reader->state)->layout.step;
}

static int step(codec_reader *reader, int threads) {
    return step_of(reader, threads);
}

/* One channel is read to its place, several by way of their own rows. */
static bool read_at(const codec_reader *reader, int first, int count, void *rows, size_t stride,
                    ct_error *err) {
    const table_in *t = reader->state;
    const size_t group = t->layout.step, end = (size_t)first + (size_t)count;
    const bool direct = t->layout.channels == 1 && stride % sizeof(float) == 0 &&
                        (uintptr_t)rows % sizeof(float) == 0;
    float *own = direct ? NULL : new_rows(reader, t, err);
    bool ok = direct || own;
    for (size_t y = (size_t)first; ok && y < end; y += group) {
        const size_t some = ct_min_size(group, end - y);
        uint8_t *to = (uint8_t *)rows + stride * (y - (size_t)first);
        ok = direct
                 ? read_group(reader, 0, y, some, (float *)(void *)to, stride / sizeof(float), err)
                 : read_channels(reader, y, some, own, err);
        for (size_t k = 0; ok && own && k < some; k++) {
            give_row(t, own, k, to + stride * k);
        }
    }
    free(own);
    return ok;
}

/* The text of a pipe, and of each group; and the rows of one. */
static uint64_t memory(const codec_reader *reader) {
    const table_in *t = reader->state;
    return t->held + t->layout.longest + t->layout.capacity * sizeof(codec_table_mark) +
           (uint64_t)t->samples * t->layout.step * sizeof(float);
}

static void close_table(codec_reader *reader) {
    table_in *t = reader->state;
    if (t) {
        free(t->layout.marks);
        free(t->rows);
        free(t);
    }
}

const codec_decoder codec_table_decoder = {.probe = codec_table_probe,
                                           .open = open_table,
                                           .memory = memory,
                                           .read_row = read_row,
                                           .close = close_table,
                                           .step = step,
                                           .most_step = step_of,
                                           .read_at = read_at,
                                           .read_end = warn};
