/* Writes .npy files of version 1: (height, width) for one channel, else (height, width, channels);
 * or (channels, height, width), for which the image is held where there are several, and rows can't
 * be put where they belong. Elements are in the processor's byte order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/numbers/npy.h"
#include "codec/numbers/plain.h"
#include "codec/numbers/record.h"

/* NumPy pads headers so that the elements begin at a multiple of 64. */
enum { ALIGN = 64 };

static const char *type_of(codec_sample sample) {
    const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    return sample == CODEC_U8    ? "|u1"
           : sample == CODEC_U16 ? little ? "<u2" : ">u2"
           : little              ? "<f4"
                                 : ">f4";
}

static int shape_text(const codec_writer *writer, char *text, size_t size) {
    const codec_info *info = &writer->info;
    if (writer->options.planes) {
        return snprintf(text, size, "(%d, %d, %d)", info->channels, info->height, info->width);
    }
    if (info->channels == 1) {
        return snprintf(text, size, "(%d, %d)", info->height, info->width);
    }
    return snprintf(text, size, "(%d, %d, %d)", info->height, info->width, info->channels);
}

static bool put_header(codec_writer *writer, ct_error *err) {
    char text[2 * CODEC_NUMBERS_RECORD_LINE + ALIGN], shape[64];
    char record[CODEC_NUMBERS_RECORD_LINE];
    shape_text(writer, shape, sizeof shape);
    codec_numbers_record_line(writer->options.record, record);
    record[strcspn(record, "\n")] = '\0'; /* the header's own comes behind the padding */
    const int length = snprintf(text + CODEC_NPY_MAGIC, sizeof text - CODEC_NPY_MAGIC,
                                "{'descr': '%s', 'fortran_order': False, 'shape': %s, }%s%s",
                                type_of(writer->info.sample), shape, *record ? " " : "", record);
    const size_t used = CODEC_NPY_MAGIC + (size_t)length + 1;
    const size_t whole = (used + ALIGN - 1) / ALIGN * ALIGN, header = whole - CODEC_NPY_MAGIC;
    memcpy(text, "\x93NUMPY\x01", 8); /* with a version of 1.0 */
    text[8] = (char)(header & 255);
    text[9] = (char)(header >> 8);
    memset(text + used - 1, ' ', whole - used);
    text[whole - 1] = '\n';
    writer->rows_at += whole;
    return writer->sink.put(writer->sink.context, text, whole, err);
}

static bool has_planes(const codec_writer *writer) {
    return writer->options.planes && writer->info.channels > 1;
}

static bool holds(const codec_writer *writer) {
    return has_planes(writer) && !writer->sink.put_at;
}

static bool create_npy(codec_writer *writer, ct_error *err) {
    return put_header(writer, err) && (!holds(writer) || codec_hold_image(writer, err));
}

/* One piece of each channel: rows of a channel stand one behind the other. */
static bool write_planes_at(const codec_writer *writer, int first, int count, const uint8_t *rows,
                            size_t stride, ct_error *err) {
    const codec_info *info = &writer->info;
    const codec_sink *sink = &writer->sink;
    const size_t channels = (size_t)info->channels, width = (size_t)info->width;
    const size_t size = codec_sample_size(info->sample), bytes = width * size;
    const uint64_t plane = (uint64_t)bytes * (uint64_t)info->height;
    uint8_t *piece = malloc(bytes * (size_t)count);
    bool ok = piece || ct_fail(err, "out of memory");
    for (size_t c = 0; ok && c < channels; c++) {
        for (size_t y = 0; y < (size_t)count; y++) {
            codec_plain_pick(piece + bytes * y, rows + stride * y, width, channels, c, size);
        }
        ok = sink->put_at(sink->context,
                          writer->rows_at + plane * c + (uint64_t)bytes * (uint64_t)first, piece,
                          bytes * (size_t)count, err);
    }
    free(piece);
    return ok;
}

static bool write_npy_at(const codec_writer *writer, int first, int count, const void *rows,
                         size_t stride, ct_error *err) {
    const codec_sink *sink = &writer->sink;
    const size_t bytes = codec_row_bytes(&writer->info);
    const int step = stride == bytes ? count : 1; /* rows of one call */
    if (count == 0) {
        return true;
    }
    if (has_planes(writer)) {
        return write_planes_at(writer, first, count, rows, stride, err);
    }
    bool ok = true;
    for (int y = 0; ok && y < count; y += step) {
        ok = sink->put_at(sink->context, writer->rows_at + (uint64_t)bytes * (uint64_t)(first + y),
                          (const uint8_t *)rows + stride * (size_t)y, bytes * (size_t)step, err);
    }
    return ok;
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    const codec_sink *sink = &writer->sink;
    const size_t bytes = codec_row_bytes(&writer->info);
    if (holds(writer)) {
        return codec_hold_rows(writer, count, rows, stride, packed, err);
    }
    if (has_planes(writer)) {
        return write_npy_at(writer, writer->next_row, count, rows, stride, err);
    }
    if (stride == bytes) {
        return sink->put(sink->context, rows, bytes * (size_t)count, err);
    }
    for (int y = 0; y < count; y++) {
        if (!sink->put(sink->context, (const uint8_t *)rows + stride * (size_t)y, bytes, err)) {
            return false;
        }
    }
    return true;
}

static bool finish_npy(codec_writer *writer, ct_error *err) {
    const codec_info *info = &writer->info;
    const size_t channels = (size_t)info->channels, width = (size_t)info->width;
    const size_t size = codec_sample_size(info->sample), bytes = codec_row_bytes(info);
    if (!holds(writer)) {
        return true;
    }
    uint8_t *row = malloc(width * size);
    bool ok = row || ct_fail(err, "out of memory");
    for (size_t c = 0; ok && c < channels; c++) {
        for (int y = 0; ok && y < info->height; y++) {
            const uint8_t *from = (const uint8_t *)writer->state + bytes * (size_t)y;
            codec_plain_pick(row, from, width, channels, c, size);
            ok = writer->sink.put(writer->sink.context, row, width * size, err);
        }
    }
    free(row);
    return ok;
}

static void free_npy(codec_writer *writer) {
    free(writer->state);
}

const codec_encoder codec_npy_encoder = {.plain = true,
                                         .any_channels = true,
                                         .any_white = true,
                                         .images = 1,
                                         .holds_channels = true,
                                         .holds_planes = true,
                                         .sample = codec_plain_sample,
                                         .check = codec_plain_takes,
                                         .create = create_npy,
                                         .write = write_rows,
                                         .write_at = write_npy_at,
                                         .finish = finish_npy,
                                         .free = free_npy};
