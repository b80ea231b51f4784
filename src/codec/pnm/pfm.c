/* PFM: floats, gray (Pf) or RGB (PF), the bottom row first, in the byte order that the sign of the
 * scale tells. The size of the scale "tells the units of the samples" (pfm(5)); netpbm's pfmtopam
 * and pamtopfm -scale take it for the number that is white, and so do we; it's nearly always 1.
 * Samples keep the file's numbers, even those that aren't finite.
 *
 * As the rows are upside down, reader and writer hold the whole image. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "codec/pnm/lines.h"

enum { WORD = 64 };

/* ---- reading ---- */

typedef struct pfm_state {
    bool little; /* the file's order of bytes */
    uint8_t *image;
} pfm_state;

static bool probe(const uint8_t *head, size_t size) {
    return size >= 3 && head[0] == 'P' && (head[1] == 'f' || head[1] == 'F') &&
           codec_pnm_blank(head[2]);
}

/* Reads a word of the header and the one blank after it. */
static bool read_word(codec_reader *reader, codec_pnm_lines *lines, const char *what, char *word,
                      ct_error *err) {
    int c = codec_pnm_note(lines, codec_input_byte(&reader->input));
    while (codec_pnm_blank(c)) {
        c = codec_pnm_note(lines, codec_input_byte(&reader->input));
    }
    size_t length = 0;
    while (c >= 0 && !codec_pnm_blank(c)) {
        if (length + 1 >= WORD) {
            return ct_fail(err, "the %s in the header is too long", what);
        }
        word[length++] = (char)c;
        c = codec_pnm_note(lines, codec_input_byte(&reader->input));
    }
    word[length] = '\0';
    return c >= 0 || codec_fail_short(reader, err, "the file ends within its header");
}

static bool read_side(codec_reader *reader, codec_pnm_lines *lines, const char *what, int *out,
                      ct_error *err) {
    char word[WORD];
    long value;
    if (!read_word(reader, lines, what, word, err)) {
        return false;
    }
    if (!ct_parse_int(word, strlen(word), 0, INT32_MAX, &value)) {
        return ct_fail(err, "expected the %s in the header, found '%s'", what, word);
    }
    *out = (int)value;
    return true;
}

/* Limits of a white that floats can be scaled from and to: 65535 / white and its inverse stay far
 * from the ends of their range. */
static const double least_scale = 1e-30, most_scale = 1e30;

static bool read_scale(codec_reader *reader, codec_pnm_lines *lines, double *scale, ct_error *err) {
    char word[WORD];
    if (!read_word(reader, lines, "scale", word, err)) {
        return false;
    }
    if (!ct_parse_number(word, strlen(word), scale) || *scale == 0) {
        return ct_fail(err, "expected the scale in the header, a number other than 0, found '%s'",
                       word);
    }
    return (fabs(*scale) >= least_scale && fabs(*scale) <= most_scale) ||
           ct_fail(err,
                   "the scale in the header is %s; expected %g to %g, or the same with a minus",
                   word, least_scale, most_scale);
}

/* Puts each float's bytes into the processor's order. */
static void to_native(float *row, size_t samples, bool little) {
    for (size_t i = 0; i < samples; i++) {
        uint8_t b[4];
        memcpy(b, &row[i], 4);
        const uint32_t bits =
            little ? (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0]
                   : (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
        memcpy(&row[i], &bits, 4);
    }
}

static bool check_length(codec_reader *reader, ct_error *err) {
    const size_t bytes = codec_row_bytes(&reader->info);
    const int height = reader->info.height;
    uint64_t left;
    return !codec_input_left(&reader->input, &left) || left / bytes >= (uint64_t)height ||
           codec_fail_short(reader, err, "the file ends in row %llu of %d (counted as stored)",
                            (unsigned long long)(left / bytes) + 1, height);
}

static bool read_image(codec_reader *reader, ct_error *err) {
    pfm_state *state = reader->state;
    const codec_info *info = &reader->info;
    const size_t bytes = codec_row_bytes(info);
    state->image = codec_alloc_image(info, reader->limits.max_memory, err);
    if (!state->image) {
        return false;
    }
    for (int y = 0; y < info->height; y++) {
        uint8_t *row = state->image + bytes * (size_t)(info->height - 1 - y);
        if (codec_input_read(&reader->input, row, bytes) < bytes) {
            return codec_fail_short(reader, err,
                                    "the file ends in row %d of %d (counted as stored)", y + 1,
                                    info->height);
        }
        to_native((float *)(void *)row, bytes / sizeof(float), state->little);
    }
    return true;
}

static bool make_state(codec_reader *reader, bool little, ct_error *err) {
    pfm_state *state = calloc(1, sizeof *state);
    reader->state = state;
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    state->little = little;
    return true;
}

/* The first image is read once a row is asked for; those behind it in a stream at once. */
static bool open_pfm(codec_reader *reader, ct_error *err) {
    codec_info *info = &reader->info;
    codec_pnm_lines lines = {0};
    double scale;
    codec_input_byte(&reader->input);
    info->channels = codec_input_byte(&reader->input) == 'F' ? 3 : 1;
    info->sample = CODEC_F32;
    reader->format = "pfm";
    if (!read_side(reader, &lines, "width", &info->width, err) ||
        !read_side(reader, &lines, "height", &info->height, err) ||
        !read_scale(reader, &lines, &scale, err)) {
        return false;
    }
    info->white = fabs(scale);
    const uint64_t width = (uint64_t)info->width, height = (uint64_t)info->height;
    return codec_check_size(&reader->limits, width, height, err) &&
           codec_pnm_begin_raster(reader, &lines, codec_row_bytes(info) * height, err) &&
           check_length(reader, err) && make_state(reader, scale < 0, err) &&
           (reader->number == 0 || read_image(reader, err));
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    const pfm_state *state = reader->state;
    if (!state->image && !read_image(reader, err)) {
        return false;
    }
    const size_t bytes = codec_row_bytes(&reader->info);
    memcpy(row, state->image + bytes * (size_t)reader->next_row, bytes);
    return true;
}

static void close_pfm(codec_reader *reader) {
    pfm_state *state = reader->state;
    if (state) {
        free(state->image);
        free(state);
    }
}

const codec_decoder codec_pfm_decoder = {.probe = probe,
                                         .open = open_pfm,
                                         .memory = codec_hold_memory,
                                         .read_row = read_row,
                                         .close = close_pfm,
                                         .follows = codec_pnm_follows,
                                         .whole = true};

/* ---- writing ---- */

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

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    (void)packed;
    (void)err;
    const size_t bytes = codec_row_bytes(&writer->info);
    for (int y = 0; y < count; y++) {
        const int row = writer->info.height - 1 - (writer->next_row + y);
        memcpy((uint8_t *)writer->state + bytes * (size_t)row,
               (const uint8_t *)rows + stride * (size_t)y, bytes);
    }
    return true;
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

static bool finish_pfm(codec_writer *writer, ct_error *err) {
    const codec_info *info = &writer->info;
    const codec_sink *sink = &writer->sink;
    /* Floats are written in the processor's own byte order. */
    const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    char scale[32], head[96];
    scale_text(codec_info_white(info), scale, sizeof scale);
    const int length =
        snprintf(head, sizeof head, "P%c\n%d %d\n%s%s\n", info->channels == 3 ? 'F' : 'f',
                 info->width, info->height, little ? "-" : "", scale);
    return sink->put(sink->context, head, (size_t)length, err) &&
           sink->put(sink->context, writer->state, codec_row_bytes(info) * (size_t)info->height,
                     err);
}

static void free_pfm(codec_writer *writer) {
    free(writer->state);
    writer->state = NULL;
}

static bool next_pfm(codec_writer *writer, bool same, ct_error *err) {
    if (same) {
        return true;
    }
    free_pfm(writer);
    return codec_hold_image(writer, err);
}

const codec_encoder codec_pfm_encoder = {.any_white = true,
                                         .sample = only_float,
                                         .check = check_pfm,
                                         .images = 1,
                                         .create = codec_hold_image,
                                         .write = write_rows,
                                         .finish = finish_pfm,
                                         .next = next_pfm,
                                         .free = free_pfm};
