/* Reads PFM: floats, gray (Pf) or RGB (PF), the bottom row first, in the byte order that the sign
 * of the scale tells. The size of the scale "tells the units of the samples" (pfm(5)); netpbm's
 * pfmtopam and pamtopfm -scale take it for the number that is white, and so do we; it's nearly
 * always 1. Samples keep the file's numbers; those that aren't finite are errors unless
 * they are asked for.
 *
 * As the rows are upside down, the image is held; but not where rows can be read from their places
 * in a file, some at once. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "codec/pnm/lines.h"
#include "codec/pnm/piece.h"

enum { WORD = 64 };

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

static void exchange(char *a, char *b, size_t size) {
    char kept[512];
    for (size_t at = 0, here; at < size; at += here) {
        here = size - at < sizeof kept ? size - at : sizeof kept;
        memcpy(kept, a + at, here);
        memcpy(a + at, b + at, here);
        memcpy(b + at, kept, here);
    }
}

/* The last row first. */
static void turn(char *rows, size_t bytes, int count) {
    for (int y = 0; y < count / 2; y++) {
        exchange(rows + bytes * (size_t)y, rows + bytes * (size_t)(count - 1 - y), bytes);
    }
}

typedef struct pfm_in {
    bool little;
    bool known;     /* the rows of a file of known length are read when they are wanted: */
    char *piece;    /* some of them, for reading in order; NULL: none yet */
    uint8_t *image; /* else all of them with the first; NULL: not yet */
} pfm_in;

/* Where the file's length is known, an image that doesn't fit is refused at once. */
static bool check_length(codec_reader *reader, bool *known, ct_error *err) {
    const codec_info *info = &reader->info;
    const size_t bytes = codec_row_bytes(info);
    uint64_t left;
    *known = codec_input_left(&reader->input, &left);
    return !*known || left / bytes >= (uint64_t)info->height ||
           codec_fail_short(reader, err, "the file ends in row %llu of %d (counted as stored)",
                            (unsigned long long)(left / bytes) + 1, info->height);
}

static bool read_image(codec_reader *reader, pfm_in *in, ct_error *err) {
    const codec_info *info = &reader->info;
    const size_t bytes = codec_row_bytes(info);
    in->image = codec_alloc_image(info, reader->limits.max_memory, err);
    if (!in->image) {
        return false;
    }
    for (int y = 0; y < info->height; y++) {
        uint8_t *row = in->image + bytes * (size_t)(info->height - 1 - y);
        if (codec_input_read(&reader->input, row, bytes) < bytes) {
            return codec_fail_short(reader, err,
                                    "the file ends in row %d of %d (counted as stored)", y + 1,
                                    info->height);
        }
        to_native((float *)(void *)row, bytes / sizeof(float), in->little);
    }
    return true;
}

/* Images behind the first are always read whole, as codec_next says. */
static bool begin_rows(codec_reader *reader, bool little, ct_error *err) {
    bool known;
    if (!check_length(reader, &known, err)) {
        return false;
    }
    pfm_in *in = calloc(1, sizeof *in);
    reader->state = in;
    if (!in) {
        return ct_fail(err, "out of memory");
    }
    in->little = little;
    in->known = known && reader->number == 0;
    return reader->number == 0 || read_image(reader, in, err);
}

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
           begin_rows(reader, scale < 0, err);
}

static uint64_t pfm_memory(const codec_reader *reader) {
    const pfm_in *in = reader->state;
    return in->known ? 0 : codec_hold_memory(reader);
}

static int pfm_step(codec_reader *reader, int threads) {
    (void)threads;
    const pfm_in *in = reader->state;
    return in->known || in->image ? 1 : 0;
}

/* Refuses NaN and infinity in row y, unless they are asked for. */
static bool check_finite(const codec_reader *reader, int y, const float *row, ct_error *err) {
    const codec_info *info = &reader->info;
    const size_t samples = (size_t)info->width * (size_t)info->channels;
    unsigned endless = 0;
    if (reader->limits.nonfinite) {
        return true;
    }
    for (size_t i = 0; i < samples; i++) { /* without a branch, so that it's made into vectors */
        endless |= fabsf(row[i]) <= FLT_MAX ? 0 : 1;
    }
    size_t i = 0;
    while (endless && isfinite(row[i])) {
        i++;
    }
    return !endless ||
           ct_fail(err, "column %zu, row %d is %g; --allow-nonfinite accepts it",
                   i / (size_t)info->channels, y, isnan(row[i]) ? (double)NAN : (double)row[i]);
}

/* Reads rows without gaps from a file of known length. */
static bool read_piece(const codec_reader *reader, int first, int count, char *rows,
                       ct_error *err) {
    const pfm_in *in = reader->state;
    const size_t bytes = codec_row_bytes(&reader->info), size = bytes * (size_t)count;
    const int stored = reader->info.height - first; /* 1 and so on */
    int error;
    if (codec_input_read_at(&reader->input, bytes * (uint64_t)(stored - count), rows, size,
                            &error) < size) {
        return codec_fail_cut(error, err,
                              "became shorter while it was read: row %d of %d (counted as "
                              "stored) isn't there any more",
                              stored, reader->info.height);
    }
    turn(rows, bytes, count);
    to_native((float *)(void *)rows, size / sizeof(float), in->little);
    return true;
}

static bool read_pfm_at(const codec_reader *reader, int first, int count, void *rows, size_t stride,
                        ct_error *err) {
    const pfm_in *in = reader->state;
    const size_t bytes = codec_row_bytes(&reader->info);
    for (int y = 0, here; y < count; y += here) {
        char *to = (char *)rows + stride * (size_t)y;
        here = in->image || stride != bytes ? 1 : codec_pnm_piece(bytes, count - y);
        if (in->image) {
            memcpy(to, in->image + bytes * (size_t)(first + y), bytes);
        } else if (!read_piece(reader, first + y, here, to, err)) {
            return false;
        }
        for (int k = 0; k < here; k++) {
            if (!check_finite(reader, first + y + k,
                              (const float *)(const void *)(to + bytes * (size_t)k), err)) {
                return false;
            }
        }
    }
    return true;
}

/* Reads the piece that row reader->next_row begins. */
static bool fill_piece(const codec_reader *reader, pfm_in *in, int most, ct_error *err) {
    const int left = reader->info.height - reader->next_row;
    in->piece = in->piece ? in->piece : malloc(codec_row_bytes(&reader->info) * (size_t)most);
    return in->piece
               ? read_piece(reader, reader->next_row, left < most ? left : most, in->piece, err)
               : ct_fail(err, "out of memory");
}

/* In order, through a piece where that saves calls of the kernel. */
static bool read_known(const codec_reader *reader, pfm_in *in, char *row, ct_error *err) {
    const size_t bytes = codec_row_bytes(&reader->info);
    const int most = codec_pnm_piece(bytes, reader->info.height), at = reader->next_row % most;
    if (most == 1) {
        return read_piece(reader, reader->next_row, 1, row, err);
    }
    if (at == 0 && !fill_piece(reader, in, most, err)) {
        return false;
    }
    memcpy(row, in->piece + bytes * (size_t)at, bytes);
    return true;
}

static void end_pfm(codec_reader *reader) {
    const pfm_in *in = reader->state;
    if (in->known) {
        codec_input_skip(&reader->input,
                         codec_row_bytes(&reader->info) * (uint64_t)reader->info.height);
    }
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    pfm_in *in = reader->state;
    if (!in->known && !in->image && !read_image(reader, in, err)) {
        return false;
    }
    const bool ok = in->known ? read_known(reader, in, row, err) &&
                                    check_finite(reader, reader->next_row, row, err)
                              : read_pfm_at(reader, reader->next_row, 1, row, 0, err);
    if (ok && reader->next_row == reader->info.height - 1) {
        end_pfm(reader);
    }
    return ok;
}

static void close_pfm(codec_reader *reader) {
    pfm_in *in = reader->state;
    if (in) {
        free(in->image);
        free(in->piece);
        free(in);
    }
}

const codec_decoder codec_pfm_decoder = {.probe = probe,
                                         .open = open_pfm,
                                         .memory = pfm_memory,
                                         .read_row = read_row,
                                         .close = close_pfm,
                                         .step = pfm_step,
                                         .read_at = read_pfm_at,
                                         .read_end = end_pfm,
                                         .follows = codec_pnm_follows,
                                         .whole = true};
