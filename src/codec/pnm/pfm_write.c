/* Writes PFM: see pfm_read.c. As the rows are upside down, the image is held; but not where each
 * row can be written to its place in a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"
#include "codec/pnm/piece.h"

static codec_sample only_float(codec_sample wanted) {
    (void)wanted;
    return CODEC_F32;
}

static bool check_pfm(const codec_format *format, const codec_info *info, ct_error *err) {
    (void)format;
    if (info->sample != CODEC_F32) {
        return ct_fail(err, "PFM holds only floating-point samples; for 8 or 16 bits write .pgm "
                            "or .ppm");
    }
    return !info->alpha ||
           ct_fail(err,
                   "PFM has no alpha; write .pam or .png (with --depth 8), or add 'flatten' to "
                   "the chain");
}

/* With as many digits as give the same number back; 1 is written "1.0", as is usual. Fewer than 6
 * would write 100 as 1e+02. */
static void scale_text(double white, char *text, size_t size) {
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, size, "%.*g%s", digits, white, white == 1 ? ".0" : "");
        if (strtod(text, NULL) == white) {
            break;
        }
    }
}

static bool put_header(codec_writer *writer, ct_error *err) {
    const codec_info *info = &writer->info;
    /* Floats are written in the processor's own byte order. */
    const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    char scale[32], head[96];
    scale_text(codec_info_white(info), scale, sizeof scale);
    const int length =
        snprintf(head, sizeof head, "P%c\n%d %d\n%s%s\n", info->channels == 3 ? 'F' : 'f',
                 info->width, info->height, little ? "-" : "", scale);
    writer->rows_at += (uint64_t)length;
    return writer->sink.put(writer->sink.context, head, (size_t)length, err);
}

/* The image is held, in writer->state, only where rows can't be put where they belong. */
static bool create_pfm(codec_writer *writer, ct_error *err) {
    return writer->sink.put_at ? put_header(writer, err) : codec_hold_image(writer, err);
}

/* How many bytes behind the first stored row these rows begin, the last of them first. */
static uint64_t place(const codec_writer *writer, int first, int count) {
    return codec_row_bytes(&writer->info) * (uint64_t)(writer->info.height - first - count);
}

/* Copies rows as they are stored. */
static void turn_rows(const codec_writer *writer, int count, const void *rows, size_t stride,
                      uint8_t *to) {
    const size_t bytes = codec_row_bytes(&writer->info);
    for (int y = 0; y < count; y++) {
        memcpy(to + bytes * (size_t)(count - 1 - y), (const uint8_t *)rows + stride * (size_t)y,
               bytes);
    }
}

static bool write_pfm_at(const codec_writer *writer, int first, int count, const void *rows,
                         size_t stride, ct_error *err) {
    const codec_sink *sink = &writer->sink;
    const size_t bytes = codec_row_bytes(&writer->info);
    uint8_t *piece = malloc(bytes * (size_t)codec_pnm_piece(bytes, count));
    bool ok = piece ? true : ct_fail(err, "out of memory");
    for (int y = 0, here; ok && y < count; y += here) {
        here = codec_pnm_piece(bytes, count - y);
        turn_rows(writer, here, (const uint8_t *)rows + stride * (size_t)y, stride, piece);
        ok = sink->put_at(sink->context, writer->rows_at + place(writer, first + y, here), piece,
                          bytes * (size_t)here, err);
    }
    free(piece);
    return ok;
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    (void)packed;
    if (!writer->state) {
        return write_pfm_at(writer, writer->next_row, count, rows, stride, err);
    }
    turn_rows(writer, count, rows, stride,
              (uint8_t *)writer->state + place(writer, writer->next_row, count));
    return true;
}

static bool finish_pfm(codec_writer *writer, ct_error *err) {
    const codec_sink *sink = &writer->sink;
    const size_t raster = codec_row_bytes(&writer->info) * (size_t)writer->info.height;
    if (!writer->state) {
        writer->rows_at += raster;
        return true;
    }
    return put_header(writer, err) && sink->put(sink->context, writer->state, raster, err);
}

static void free_pfm(codec_writer *writer) {
    free(writer->state);
    writer->state = NULL;
}

static bool next_pfm(codec_writer *writer, bool same, ct_error *err) {
    if (same && writer->state) {
        return true;
    }
    free_pfm(writer);
    return create_pfm(writer, err);
}

const codec_encoder codec_pfm_encoder = {.any_white = true,
                                         .sample = only_float,
                                         .check = check_pfm,
                                         .images = 1,
                                         .create = create_pfm,
                                         .write = write_rows,
                                         .write_at = write_pfm_at,
                                         .finish = finish_pfm,
                                         .next = next_pfm,
                                         .free = free_pfm};
