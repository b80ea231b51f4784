/* Writes JPEG through libjpeg-turbo: bands are compressed by the threads that made them, and
 * joined. The Huffman tables are the standard ones: better ones would be known only after the last
 * row, with every coefficient held until then. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/bytes.h"
#include "codec/format.h"
#include "codec/jpeg/checks.h"
#include "codec/jpeg/meta_write.h"
#include "codec/jpeg/record.h"
#include "codec/jpeg/turbo.h"
#include "codec/jpeg/turbo_encode.h"

/* The end of SOI and the JFIF segment. */
enum { JFIF_END = 20, ENCODERS = 64 };

typedef struct jpeg_state {
    int step;      /* pixel rows in a row of units */
    uint8_t *few;  /* rows that came unpacked, until there are `step` or the image ends */
    int count;     /* how many */
    bool has_lock; /* guards what follows */
    pthread_mutex_t lock;
    turbo_encoder *idle[ENCODERS];
    int idles;
} jpeg_state;

static codec_sample only_u8(codec_sample wanted) {
    (void)wanted;
    return CODEC_U8;
}

static bool check_jpeg(const codec_format *format, const codec_info *info, ct_error *err) {
    (void)format;
    return codec_jpeg_check_info(info, (int)JPEG_MAX_DIMENSION, err);
}

static bool create_jpeg(codec_writer *writer, ct_error *err) {
    jpeg_state *state = calloc(1, sizeof *state);
    writer->state = state;
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    state->step = turbo_encoder_step(&writer->info, writer->options.quality);
    state->few = malloc(codec_row_bytes(&writer->info) * (size_t)state->step);
    state->has_lock = pthread_mutex_init(&state->lock, NULL) == 0;
    return (state->few && state->has_lock) || ct_fail(err, "out of memory");
}

static void free_jpeg(codec_writer *writer) {
    jpeg_state *state = writer->state;
    if (state) {
        for (int i = 0; i < state->idles; i++) {
            turbo_encoder_free(state->idle[i]);
        }
        if (state->has_lock) {
            pthread_mutex_destroy(&state->lock);
        }
        free(state->few);
        free(state);
    }
}

/* ---- compressing ---- */

/* Reuses an encoder, as making one takes longer. */
static turbo_encoder *take_encoder(const codec_writer *writer, ct_error *err) {
    jpeg_state *state = writer->state;
    pthread_mutex_lock(&state->lock);
    turbo_encoder *encoder = state->idles ? state->idle[--state->idles] : NULL;
    pthread_mutex_unlock(&state->lock);
    return encoder ? encoder : turbo_encoder_new(&writer->info, writer->options.quality, err);
}

static void give_encoder(const codec_writer *writer, turbo_encoder *encoder) {
    jpeg_state *state = writer->state;
    pthread_mutex_lock(&state->lock);
    if (state->idles < ENCODERS) {
        state->idle[state->idles++] = encoder;
        encoder = NULL;
    }
    pthread_mutex_unlock(&state->lock);
    turbo_encoder_free(encoder);
}

static bool compress(const codec_writer *writer, int first, int count, const void *rows,
                     size_t stride, codec_packed *packed, ct_error *err) {
    turbo_encoder *encoder = take_encoder(writer, err);
    if (!encoder) {
        return false;
    }
    const bool ok =
        turbo_encode(encoder, first, count, rows, stride, &packed->bytes, &packed->size, err);
    give_encoder(writer, encoder);
    return ok;
}

/* Leaves bands that aren't of whole units to codec_write. */
static bool pack(const codec_writer *writer, int first, int count, const void *rows, size_t stride,
                 codec_packed **packed, ct_error *err) {
    const jpeg_state *state = writer->state;
    const bool ends = first + count == writer->info.height;
    *packed = NULL;
    if (!count || first % state->step || (count % state->step && !ends)) {
        return true;
    }
    codec_packed *made = calloc(1, sizeof *made);
    if (!made) {
        return ct_fail(err, "out of memory");
    }
    if (!compress(writer, first, count, rows, stride, made, err)) {
        codec_packed_free(made);
        return false;
    }
    *packed = made;
    return true;
}

/* ---- writing ---- */

static bool put(const codec_writer *writer, const void *bytes, size_t size, ct_error *err) {
    return !size || writer->sink.put(writer->sink.context, bytes, size, err);
}

/* The first run's header becomes the image's. */
static bool put_header(codec_writer *writer, const uint8_t *bytes, size_t size, size_t height,
                       ct_error *err) {
    ct_text header = {0};
    uint8_t rows[2];
    codec_put16(rows, (uint32_t)writer->info.height);
    bool ok = ct_text_add(&header, bytes, JFIF_END) || ct_fail(err, "out of memory");
    ok = ok && codec_jpeg_add_record(&header, writer->options.record, err) &&
         codec_jpeg_add_meta(&header, &writer->info.meta, writer->info.channels, err);
    if (ok) {
        ok = (ct_text_add(&header, bytes + JFIF_END, height - JFIF_END) &&
              ct_text_add(&header, rows, sizeof rows) &&
              ct_text_add(&header, bytes + height + 2, size - height - 2)) ||
             ct_fail(err, "out of memory");
    }
    ok = ok && put(writer, header.bytes, header.length, err);
    ct_text_free(&header);
    return ok;
}

static bool put_packed(codec_writer *writer, int first, const codec_packed *packed, ct_error *err) {
    size_t height = 0;
    size_t at = turbo_header_size(packed->bytes, packed->size, &height);
    if (first == 0) {
        if (!put_header(writer, packed->bytes, at, height, err)) {
            return false;
        }
    } else {
        at -= 2; /* the restart marker */
    }
    return put(writer, packed->bytes + at, packed->size - at, err);
}

static bool put_rows(codec_writer *writer, int first, int count, const void *rows, size_t stride,
                     ct_error *err) {
    codec_packed packed = {0};
    const bool ok = compress(writer, first, count, rows, stride, &packed, err) &&
                    put_packed(writer, first, &packed, err);
    free(packed.bytes);
    return ok;
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    jpeg_state *state = writer->state;
    const size_t bytes = codec_row_bytes(&writer->info);
    int y = writer->next_row;
    if (packed) {
        return put_packed(writer, y, packed, err);
    }
    for (const uint8_t *row = rows; count > 0; count--, y++, row += stride) {
        memcpy(state->few + bytes * (size_t)state->count++, row, bytes);
        if (state->count == state->step || y + 1 == writer->info.height) {
            const int first = y + 1 - state->count, rows_here = state->count;
            state->count = 0;
            if (!put_rows(writer, first, rows_here, state->few, bytes, err)) {
                return false;
            }
        }
    }
    return true;
}

static bool finish_jpeg(codec_writer *writer, ct_error *err) {
    static const uint8_t end[2] = {0xFF, JPEG_EOI};
    return put(writer, end, sizeof end, err);
}

const codec_encoder codec_turbo_jpeg_encoder = {.keeps_icc = true,
                                                .sample = only_u8,
                                                .check = check_jpeg,
                                                .create = create_jpeg,
                                                .write = write_rows,
                                                .finish = finish_jpeg,
                                                .free = free_jpeg,
                                                .pack = pack};
