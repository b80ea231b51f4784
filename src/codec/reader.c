/* The public side of reading: finds the decoder, and checks which rows are asked for. */
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"

static codec_reader *open_input(codec_reader *reader, ct_error *err) {
    reader->decoder = codec_find_decoder(reader, err);
    if (reader->decoder && reader->decoder->open(reader, err)) {
        return reader;
    }
    codec_close(reader);
    return NULL;
}

static codec_reader *open_fd(int fd, uint64_t from, uint64_t size, const codec_limits *limits,
                             ct_error *err) {
    codec_reader *reader = codec_reader_new(limits, err);
    if (!reader) {
        return NULL;
    }
    if (!codec_input_open_fd(&reader->input, fd, from, size, reader->limits.keeper, err)) {
        codec_close(reader);
        return NULL;
    }
    return open_input(reader, err);
}

codec_reader *codec_open(int fd, const codec_limits *limits, ct_error *err) {
    uint64_t from;
    const uint64_t size = codec_input_size(fd, &from);
    return open_fd(fd, from, size, limits, err);
}

codec_reader *codec_open_file(int fd, uint64_t size, const codec_limits *limits, ct_error *err) {
    return open_fd(fd, 0, size, limits, err);
}

codec_reader *codec_open_memory(const void *bytes, size_t size, const codec_limits *limits,
                                ct_error *err) {
    codec_reader *reader = codec_reader_new(limits, err);
    if (!reader) {
        return NULL;
    }
    codec_input_open_memory(&reader->input, bytes, size);
    return open_input(reader, err);
}

const codec_info *codec_reader_info(const codec_reader *reader) {
    return &reader->info;
}

const codec_format *codec_reader_format(const codec_reader *reader) {
    return codec_format_by_name(reader->format);
}

bool codec_reader_gray(codec_reader *reader) {
    const codec_decoder *decoder = reader->decoder;
    if (reader->info.channels != 3 || reader->next_row || !decoder->want_gray ||
        !decoder->want_gray(reader)) {
        return false;
    }
    codec_meta_drop_color(&reader->info.meta);
    return true;
}

/* The row of an image behind the first. */
static void copy_held(const codec_reader *reader, int y, void *row) {
    const size_t bytes = codec_row_bytes(&reader->info);
    memcpy(row, reader->held + bytes * (size_t)y, bytes);
}

/* After the last row. */
static void end_rows(codec_reader *reader) {
    if (!reader->stream) {
        codec_look_behind(reader);
    }
}

bool codec_read_row(codec_reader *reader, void *row, ct_error *err) {
    if (reader->broken) {
        return ct_fail(err, "no more rows after a row that couldn't be read");
    }
    if (reader->next_row >= reader->info.height) {
        return ct_fail(err, "no row after the last");
    }
    if (reader->holds) {
        copy_held(reader, reader->next_row, row);
    } else if (!reader->decoder->read_row(reader, row, err)) {
        reader->broken = true;
        return false;
    }
    reader->next_row++;
    if (reader->next_row == reader->info.height) {
        end_rows(reader);
    }
    return true;
}

int codec_reader_step(codec_reader *reader, int threads) {
    if (reader->holds) {
        return 1;
    }
    return reader->decoder->step && !reader->next_row && !reader->broken
               ? reader->decoder->step(reader, threads)
               : 0;
}

int codec_reader_most_step(const codec_reader *reader, int threads) {
    const codec_decoder *decoder = reader->decoder;
    return reader->holds || (decoder->step && !decoder->most_step) ? 1
           : decoder->most_step ? decoder->most_step(reader, threads)
                                : 0;
}

bool codec_read_at(const codec_reader *reader, int first, int count, void *rows, size_t stride,
                   ct_error *err) {
    if (first < 0 || count < 0 || count > reader->info.height - first) {
        return ct_fail(err, "rows %d to %d of an image of %d", first, first + count - 1,
                       reader->info.height);
    }
    if (!reader->holds) {
        return reader->decoder->read_at(reader, first, count, rows, stride, err);
    }
    for (int y = 0; y < count; y++) {
        copy_held(reader, first + y, (uint8_t *)rows + stride * (size_t)y);
    }
    return true;
}

void codec_read_end(codec_reader *reader) {
    if (!reader->holds && reader->decoder->read_end) {
        reader->decoder->read_end(reader);
    }
    reader->next_row = reader->info.height;
    end_rows(reader);
}

void codec_read_ahead(codec_reader *reader) {
    if (reader->decoder->ahead && !reader->broken) {
        reader->decoder->ahead(reader);
    }
}

double codec_ahead_seconds(codec_reader *reader) {
    return reader->decoder->ahead_seconds ? reader->decoder->ahead_seconds(reader) : 0;
}

void codec_close(codec_reader *reader) {
    if (!reader) {
        return;
    }
    if (reader->decoder) {
        reader->decoder->close(reader);
    }
    free(reader->held);
    codec_input_close(&reader->input);
    codec_meta_free(&reader->info.meta);
    free(reader);
}
