/* Writes PGM, PPM and PAM, row by row; samples of 16 bits with the high byte first. The image's
 * white is the maxval, which no sample may be above. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "codec/format.h"
#include "codec/pnm/piece.h"
#include "codec/pnm/record.h"

typedef struct pnm_out {
    bool triple;    /* gray is written as R = G = B */
    bool as_it_is;  /* rows are written unchanged */
    size_t samples; /* of a written row */
    size_t bytes;   /* likewise */
    uint8_t *row;
} pnm_out;

static codec_sample nearest_sample(codec_sample wanted) {
    return wanted == CODEC_U8 ? CODEC_U8 : CODEC_U16;
}

static bool check_pnm(const codec_format *format, const codec_info *info, ct_error *err) {
    if (info->sample == CODEC_F32) {
        return ct_fail(err, "%s can't hold floating-point samples; write .pfm", format->title);
    }
    if (format->encoder == &codec_pam_encoder) {
        return true;
    }
    if (info->alpha) {
        return ct_fail(err, "%s has no alpha; write .pam%s, or add 'flatten' to the chain",
                       format->title, info->sample == CODEC_U8 ? " or .png" : "");
    }
    if (format->encoder == &codec_pgm_encoder && info->channels == 3) {
        return ct_fail(err, "PGM holds only gray; write RGB as .ppm");
    }
    return true;
}

static int header(const codec_writer *writer, const pnm_out *out, char *text, size_t size) {
    static const char *const types[5] = {[1] = "GRAYSCALE", [3] = "RGB"};
    static const char *const alpha_types[5] = {[2] = "GRAYSCALE_ALPHA", [4] = "RGB_ALPHA"};
    const codec_info *info = &writer->info;
    const int maxval = (int)codec_info_white(info);
    char line[CODEC_PNM_RECORD_LINE];
    const char *record = codec_pnm_record_line(writer->options.record, line);
    if (writer->encoder == &codec_pam_encoder) {
        const char *type = (info->alpha ? alpha_types : types)[info->channels]; /* NULL: unknown */
        return snprintf(text, size,
                        "P7\n%sWIDTH %d\nHEIGHT %d\nDEPTH %d\nMAXVAL %d\n%s%s%sENDHDR\n", record,
                        info->width, info->height, info->channels, maxval, type ? "TUPLTYPE " : "",
                        type ? type : "", type ? "\n" : "");
    }
    const int kind = (info->channels == 3 || out->triple) ? 6 : 5;
    return snprintf(text, size, "P%d\n%s%d %d\n%d\n", kind, record, info->width, info->height,
                    maxval);
}

static bool put_header(codec_writer *writer, const pnm_out *out, ct_error *err) {
    char text[CODEC_PNM_RECORD_LINE + 256];
    const int length = header(writer, out, text, sizeof text);
    writer->rows_at += (uint64_t)length;
    return writer->sink.put(writer->sink.context, text, (size_t)length, err);
}

static bool create_pnm(codec_writer *writer, ct_error *err) {
    const codec_info *info = &writer->info;
    pnm_out *out = calloc(1, sizeof *out);
    writer->state = out;
    if (!out) {
        return ct_fail(err, "out of memory");
    }
    out->triple = writer->encoder == &codec_ppm_encoder && info->channels == 1;
    out->as_it_is = info->sample == CODEC_U8 && !out->triple;
    if (!ct_mul((size_t)info->width, (size_t)(out->triple ? 3 : info->channels), &out->samples) ||
        !ct_mul(out->samples, codec_sample_size(info->sample), &out->bytes)) {
        return ct_fail(err, "rows of %d pixels are too long", info->width);
    }
    if (!out->as_it_is) {
        out->row = malloc(out->bytes);
        if (!out->row) {
            return ct_fail(err, "out of memory");
        }
    }
    return put_header(writer, out, err);
}

static uint32_t sample_at(const codec_writer *writer, const pnm_out *out, const void *row,
                          size_t i) {
    const size_t at = out->triple ? i / 3 : i;
    return writer->info.sample == CODEC_U8 ? ((const uint8_t *)row)[at]
                                           : ((const uint16_t *)row)[at];
}

/* To big-endian. */
static void swap_bytes(uint8_t *to, const uint16_t *from, size_t samples) {
    for (size_t i = 0; i < samples; i++) {
        to[2 * i] = (uint8_t)(from[i] >> 8);
        to[2 * i + 1] = (uint8_t)from[i];
    }
}

/* A row as it is written, where that isn't as it is. */
static void binary_row(const codec_writer *writer, const pnm_out *out, const void *row,
                       uint8_t *to) {
    if (!out->triple) { /* 16 bits, as 8-bit rows are written as they are */
        swap_bytes(to, row, out->samples);
        return;
    }
    for (size_t i = 0; i < out->samples; i++) {
        const uint32_t value = sample_at(writer, out, row, i);
        if (writer->info.sample == CODEC_U16) {
            *to++ = (uint8_t)(value >> 8);
        }
        *to++ = (uint8_t)value;
    }
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    (void)packed;
    const pnm_out *out = writer->state;
    const codec_sink *sink = &writer->sink;
    if (out->as_it_is && stride == out->bytes) {
        return sink->put(sink->context, rows, stride * (size_t)count, err);
    }
    for (int y = 0; y < count; y++) {
        const void *row = (const char *)rows + stride * (size_t)y;
        if (!out->as_it_is) {
            binary_row(writer, out, row, out->row);
            row = out->row;
        }
        if (!sink->put(sink->context, row, out->bytes, err)) {
            return false;
        }
    }
    return true;
}

/* Rows that are written as they are, but for gaps, or through `piece`. */
static bool put_rows_at(const codec_writer *writer, int first, int count, const char *rows,
                        size_t stride, uint8_t *piece, ct_error *err) {
    const pnm_out *out = writer->state;
    const codec_sink *sink = &writer->sink;
    const uint64_t at = writer->rows_at + out->bytes * (uint64_t)first;
    for (int y = 0; piece && y < count; y++) {
        const char *row = rows + stride * (size_t)y;
        uint8_t *to = piece + out->bytes * (size_t)y;
        if (out->as_it_is) {
            memcpy(to, row, out->bytes);
        } else {
            binary_row(writer, out, row, to);
        }
    }
    return sink->put_at(sink->context, at, piece ? (const void *)piece : rows,
                        out->bytes * (size_t)count, err);
}

static bool write_pnm_at(const codec_writer *writer, int first, int count, const void *rows,
                         size_t stride, ct_error *err) {
    const pnm_out *out = writer->state;
    if (out->as_it_is && stride == out->bytes) {
        return put_rows_at(writer, first, count, rows, stride, NULL, err);
    }
    uint8_t *piece = malloc(out->bytes * (size_t)codec_pnm_piece(out->bytes, count));
    bool ok = piece ? true : ct_fail(err, "out of memory");
    for (int y = 0, here; ok && y < count; y += here) {
        here = codec_pnm_piece(out->bytes, count - y);
        ok = put_rows_at(writer, first + y, here, (const char *)rows + stride * (size_t)y, stride,
                         piece, err);
    }
    free(piece);
    return ok;
}

/* Nothing follows the last row. */
static bool finish_pnm(codec_writer *writer, ct_error *err) {
    (void)err;
    const pnm_out *out = writer->state;
    writer->rows_at += out->bytes * (uint64_t)writer->info.height;
    return true;
}

static void free_pnm(codec_writer *writer) {
    pnm_out *out = writer->state;
    if (out) {
        free(out->row);
        free(out);
        writer->state = NULL;
    }
}

/* The images of a stream stand one behind the other. */
static bool next_pnm(codec_writer *writer, bool same, ct_error *err) {
    if (same) {
        return put_header(writer, writer->state, err);
    }
    free_pnm(writer);
    return create_pnm(writer, err);
}

/* check_pnm, header and create_pnm tell them apart by their addresses. */
#define PNM_ENCODER                                                                                \
    .any_white = true, .sample = nearest_sample, .check = check_pnm, .create = create_pnm,         \
    .write = write_rows, .write_at = write_pnm_at, .finish = finish_pnm, .next = next_pnm,         \
    .free = free_pnm
const codec_encoder codec_pgm_encoder = {PNM_ENCODER};
const codec_encoder codec_ppm_encoder = {PNM_ENCODER};
const codec_encoder codec_pnm_encoder = {PNM_ENCODER};
const codec_encoder codec_pam_encoder = {PNM_ENCODER, .any_channels = true};
