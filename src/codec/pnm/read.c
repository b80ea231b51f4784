/* Reads PBM, PGM, PPM and PAM, row by row.
 *
 * Samples keep the file's numbers: 8 bits for a maxval up to 255 and 16 above, and maxval is white.
 * Only bitmaps, whose 1 is black, become 0 and 255. */
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"
#include "codec/pnm/head.h"
#include "codec/pnm/piece.h"

typedef struct pnm_state {
    codec_pnm_head head;
    size_t samples;  /* of a row */
    size_t in_bytes; /* of a row in a binary file */
} pnm_state;

#define ENDS_IN_ROW "the file ends in row %llu of %d"

static bool probe(const uint8_t *head, size_t size) {
    /* "P7 332" is xv's thumbnail format. */
    return size >= 3 && head[0] == 'P' &&
           ((head[1] >= '1' && head[1] <= '6' && (codec_pnm_blank(head[2]) || head[2] == '#')) ||
            (head[1] == '7' && (head[2] == '\n' || head[2] == '\r')));
}

static bool ends_in_row(codec_reader *reader, uint64_t row, ct_error *err) {
    return codec_fail_short(reader, err, ENDS_IN_ROW, (unsigned long long)row + 1,
                            reader->info.height);
}

/* Where the file's length is known, a raster that doesn't fit is refused at once. */
static bool check_length(codec_reader *reader, const pnm_state *state, ct_error *err) {
    uint64_t left;
    if (!codec_input_left(&reader->input, &left)) {
        return true;
    }
    uint64_t row = state->in_bytes;
    uint64_t need = row * (uint64_t)reader->info.height;
    if (state->head.plain) {
        /* A digit and a blank for each sample; bits need no blanks, the last sample none. */
        row = (state->head.bits ? 1 : 2) * (uint64_t)state->samples;
        need = row * (uint64_t)reader->info.height - (state->head.bits ? 0 : 1);
    }
    return left >= need || ends_in_row(reader, left / row, err);
}

static bool make_state(codec_reader *reader, const codec_pnm_head *head, ct_error *err) {
    pnm_state *state = calloc(1, sizeof *state);
    reader->state = state;
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    state->head = *head;
    state->samples = (size_t)head->width * (size_t)head->channels;
    state->in_bytes =
        head->bits ? ((size_t)head->width + 7) / 8 : state->samples * (head->maxval > 255 ? 2 : 1);
    const uint64_t raster = (uint64_t)state->in_bytes * head->height;
    return (head->plain || codec_pnm_begin_raster(reader, &head->lines, raster, err)) &&
           check_length(reader, state, err);
}

static bool open_pnm(codec_reader *reader, ct_error *err) {
    codec_pnm_head head;
    if (!codec_pnm_read_head(reader, &head, err) ||
        !codec_check_size(&reader->limits, head.width, head.height, err)) {
        return false;
    }
    reader->info.width = (int)head.width;
    reader->info.height = (int)head.height;
    reader->info.channels = head.channels;
    reader->info.alpha = head.alpha;
    reader->info.sample = head.maxval > 255 ? CODEC_U16 : CODEC_U8;
    reader->info.white = head.bits ? 255 : head.maxval;
    /* A bitmap becomes the equivalent PGM. */
    reader->format = head.kind == '7' ? "pam" : head.channels == 3 ? "ppm" : "pgm";
    return make_state(reader, &head, err);
}

static bool above(int y, uint32_t sample, uint32_t maxval, ct_error *err) {
    return ct_fail(err, "row %d: the sample %u is above the header's maximum of %u", y + 1, sample,
                   maxval);
}

/* ---- binary ---- */

/* Whether no sample is above maxval: finding the greatest is as fast as memory; the first that is
 * too large is sought only where there is one. */
static bool check_u8(const pnm_state *state, int y, const uint8_t *row, ct_error *err) {
    const uint32_t maxval = state->head.maxval;
    uint8_t most = 0;
    for (size_t i = 0; maxval < 255 && i < state->samples; i++) {
        most = row[i] > most ? row[i] : most;
    }
    for (size_t i = 0; most > maxval && i < state->samples; i++) {
        if (row[i] > maxval) {
            return above(y, row[i], maxval, err);
        }
    }
    return true;
}

static bool check_u16(const pnm_state *state, int y, const uint16_t *row, ct_error *err) {
    const uint32_t maxval = state->head.maxval;
    uint16_t most = 0;
    for (size_t i = 0; maxval < 65535 && i < state->samples; i++) {
        most = row[i] > most ? row[i] : most;
    }
    for (size_t i = 0; most > maxval && i < state->samples; i++) {
        if (row[i] > maxval) {
            return above(y, row[i], maxval, err);
        }
    }
    return true;
}

/* From big-endian, in place. */
static void swap_bytes(uint16_t *row, size_t samples) {
    for (size_t i = 0; i < samples; i++) {
        uint8_t pair[2];
        memcpy(pair, &row[i], 2);
        row[i] = (uint16_t)(pair[0] << 8 | pair[1]);
    }
}

/* Where the file's bytes of rows without gaps go: a bitmap's to the end of the rows that become of
 * them, where unpack, row by row, reads each before it writes over it. */
static uint8_t *packed_place(const pnm_state *state, void *rows, int count) {
    const size_t more = state->head.bits ? state->samples - state->in_bytes : 0;
    return (uint8_t *)rows + more * (size_t)count;
}

static void unpack(const pnm_state *state, const uint8_t *bits, uint8_t *row) {
    for (size_t i = 0; i < state->samples; i++) {
        row[i] = bits[i / 8] >> (7 - i % 8) & 1 ? 0 : 255;
    }
}

/* Makes samples of the file's bytes of row y, which are there already but for a bitmap's. */
static bool make_samples(const codec_reader *reader, int y, const uint8_t *packed, void *row,
                         ct_error *err) {
    const pnm_state *state = reader->state;
    if (state->head.bits) {
        unpack(state, packed, row);
        return true;
    }
    if (reader->info.sample == CODEC_U8) {
        return check_u8(state, y, row, err);
    }
    swap_bytes(row, state->samples);
    return check_u16(state, y, row, err);
}

static bool read_binary(codec_reader *reader, const pnm_state *state, void *row, ct_error *err) {
    uint8_t *packed = packed_place(state, row, 1);
    if (codec_input_read(&reader->input, packed, state->in_bytes) < state->in_bytes) {
        return ends_in_row(reader, (uint64_t)reader->next_row, err);
    }
    return make_samples(reader, reader->next_row, packed, row, err);
}

/* ---- anywhere ---- */

static int pnm_step(codec_reader *reader, int threads) {
    (void)threads;
    const pnm_state *state = reader->state;
    uint64_t left;
    return !state->head.plain && codec_input_left(&reader->input, &left) ? 1 : 0;
}

/* Reads rows without gaps. */
static bool read_piece(const codec_reader *reader, int first, int count, char *rows,
                       ct_error *err) {
    const pnm_state *state = reader->state;
    const size_t row = codec_row_bytes(&reader->info), bytes = state->in_bytes * (size_t)count;
    uint8_t *packed = packed_place(state, rows, count);
    int error;
    const size_t got = codec_input_read_at(&reader->input, state->in_bytes * (uint64_t)first,
                                           packed, bytes, &error);
    const int whole = (int)(got / state->in_bytes);
    for (int y = 0; y < whole; y++) {
        if (!make_samples(reader, first + y, packed + state->in_bytes * (size_t)y,
                          rows + row * (size_t)y, err)) {
            return false;
        }
    }
    return got == bytes ||
           codec_fail_cut(error, err, ENDS_IN_ROW, (unsigned long long)(first + whole) + 1,
                          reader->info.height);
}

static bool read_pnm_at(const codec_reader *reader, int first, int count, void *rows, size_t stride,
                        ct_error *err) {
    const pnm_state *state = reader->state;
    const bool gaps = stride != codec_row_bytes(&reader->info);
    for (int y = 0, here; y < count; y += here) {
        here = gaps ? 1 : codec_pnm_piece(state->in_bytes, count - y);
        if (!read_piece(reader, first + y, here, (char *)rows + stride * (size_t)y, err)) {
            return false;
        }
    }
    return true;
}

static void end_pnm(codec_reader *reader) {
    const pnm_state *state = reader->state;
    codec_input_skip(&reader->input, state->in_bytes * (uint64_t)reader->info.height);
}

/* ---- plain ---- */

static bool bad_plain(codec_reader *reader, const char *expected, int c, ct_error *err) {
    char shown[16];
    if (c < 0) {
        return ends_in_row(reader, (uint64_t)reader->next_row, err);
    }
    return ct_fail(err, "row %d: expected %s, found %s", reader->next_row + 1, expected,
                   codec_pnm_show(c, shown));
}

static bool plain_sample(codec_reader *reader, uint32_t maxval, uint32_t *out, ct_error *err) {
    int c;
    do {
        c = codec_pnm_char(&reader->input);
    } while (codec_pnm_blank(c));
    if (c < '0' || c > '9') {
        return bad_plain(reader, "a number", c, err);
    }
    uint32_t value = 0;
    while (c >= '0' && c <= '9') {
        value = value * 10 + (uint32_t)(c - '0');
        if (value > maxval) {
            return above(reader->next_row, value, maxval, err);
        }
        c = codec_pnm_char(&reader->input);
    }
    if (c >= 0 && !codec_pnm_blank(c)) {
        return bad_plain(reader, "a blank after the number", c, err);
    }
    *out = value;
    return true;
}

/* Bits need no blanks between them. */
static bool plain_bit(codec_reader *reader, uint32_t *out, ct_error *err) {
    int c;
    do {
        c = codec_pnm_char(&reader->input);
    } while (codec_pnm_blank(c));
    if (c != '0' && c != '1') {
        return bad_plain(reader, "0 or 1", c, err);
    }
    *out = c == '0' ? 255 : 0;
    return true;
}

static bool read_plain(codec_reader *reader, const pnm_state *state, void *row, ct_error *err) {
    const uint32_t maxval = state->head.maxval;
    for (size_t i = 0; i < state->samples; i++) {
        uint32_t value = 0;
        if (!(state->head.bits ? plain_bit(reader, &value, err)
                               : plain_sample(reader, maxval, &value, err))) {
            return false;
        }
        if (reader->info.sample == CODEC_U8) {
            ((uint8_t *)row)[i] = (uint8_t)value;
        } else {
            ((uint16_t *)row)[i] = (uint16_t)value;
        }
    }
    return true;
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    const pnm_state *state = reader->state;
    return state->head.plain ? read_plain(reader, state, row, err)
                             : read_binary(reader, state, row, err);
}

static void close_pnm(codec_reader *reader) {
    free(reader->state);
}

const codec_decoder codec_pnm_decoder = {.probe = probe,
                                         .open = open_pnm,
                                         .read_row = read_row,
                                         .close = close_pnm,
                                         .step = pnm_step,
                                         .read_at = read_pnm_at,
                                         .read_end = end_pnm,
                                         .follows = codec_pnm_follows};
