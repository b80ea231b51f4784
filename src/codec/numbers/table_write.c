/* Writes tables: a line for each row; channels one behind the other, with a blank line between, for
 * which the image is held. */
#include <stdlib.h>
#include <string.h>

#include "codec/numbers/decimal.h"
#include "codec/numbers/plain.h"
#include "codec/numbers/record.h"
#include "codec/numbers/table.h"

enum { BUFFER = 1 << 14 };

typedef struct table_out {
    char separator;
    size_t used;
    char buffer[BUFFER];
} table_out;

static bool flush(codec_writer *writer, table_out *out, ct_error *err) {
    const size_t size = out->used;
    out->used = 0;
    return writer->sink.put(writer->sink.context, out->buffer, size, err);
}

static size_t number_text(codec_sample type, const void *samples, size_t i, char *text) {
    switch (type) {
    case CODEC_U8:
        return codec_decimal_write_whole(((const uint8_t *)samples)[i], text);
    case CODEC_U16:
        return codec_decimal_write_whole(((const uint16_t *)samples)[i], text);
    case CODEC_F32:
        break;
    }
    return codec_decimal_write(((const float *)samples)[i], text);
}

/* A row's samples `first`, `first` + `step` and so on. */
static bool put_row(codec_writer *writer, table_out *out, const void *row, size_t first,
                    size_t step, ct_error *err) {
    const size_t width = (size_t)writer->info.width;
    for (size_t x = 0; x < width; x++) {
        if (BUFFER - out->used <= CODEC_DECIMAL_TEXT && !flush(writer, out, err)) {
            return false;
        }
        char *to = out->buffer + out->used;
        size_t length = number_text(writer->info.sample, row, first + x * step, to);
        to[length++] = x + 1 < width ? out->separator : '\n';
        out->used += length;
    }
    return true;
}

static void put_record(codec_writer *writer, table_out *out) {
    char line[CODEC_NUMBERS_RECORD_LINE];
    if (writer->format->find_record) {
        codec_numbers_record_line(writer->options.record, line);
        out->used = strlen(line);
        memcpy(out->buffer, line, out->used);
    }
}

static table_out *new_out(codec_writer *writer, ct_error *err) {
    table_out *out = malloc(sizeof *out);
    if (!out) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    out->separator = writer->encoder->separator;
    out->used = 0;
    put_record(writer, out);
    return out;
}

/* With one channel the state is a table_out; with more it's the image until that is complete. */
static bool create_table(codec_writer *writer, ct_error *err) {
    if (writer->info.channels > 1) {
        return codec_hold_image(writer, err);
    }
    table_out *out = new_out(writer, err);
    writer->state = out;
    return out != NULL;
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    if (writer->info.channels > 1) {
        return codec_hold_rows(writer, count, rows, stride, packed, err);
    }
    for (int y = 0; y < count; y++) {
        if (!put_row(writer, writer->state, (const uint8_t *)rows + stride * (size_t)y, 0, 1,
                     err)) {
            return false;
        }
    }
    return true;
}

static bool put_channels(codec_writer *writer, table_out *out, ct_error *err) {
    const codec_info *info = &writer->info;
    const size_t bytes = codec_row_bytes(info), channels = (size_t)info->channels;
    const uint8_t *image = writer->state;
    bool ok = true;
    for (size_t c = 0; ok && c < channels; c++) {
        for (int y = 0; ok && y < info->height; y++) {
            ok = put_row(writer, out, image + bytes * (size_t)y, c, channels, err);
        }
        if (ok && c + 1 < channels) { /* put_row left room */
            out->buffer[out->used++] = '\n';
        }
    }
    return ok && flush(writer, out, err);
}

static bool finish_table(codec_writer *writer, ct_error *err) {
    if (writer->info.channels == 1) {
        return flush(writer, writer->state, err);
    }
    table_out *out = new_out(writer, err);
    const bool ok = out && put_channels(writer, out, err);
    free(out);
    return ok;
}

static void free_table(codec_writer *writer) {
    free(writer->state);
}

#define TABLE_ENCODER(between)                                                                     \
    {                                                                                              \
        .separator = between, .plain = true, .any_channels = true, .any_white = true, .images = 1, \
        .holds_channels = true, .sample = codec_plain_sample, .check = codec_plain_takes,          \
        .create = create_table, .write = write_rows, .finish = finish_table, .free = free_table    \
    }
const codec_encoder codec_txt_encoder = TABLE_ENCODER(' ');
const codec_encoder codec_csv_encoder = TABLE_ENCODER(',');
const codec_encoder codec_tsv_encoder = TABLE_ENCODER('\t');
