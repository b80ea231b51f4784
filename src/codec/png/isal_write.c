/* Writes PNG through ISA-L: bands of rows are filtered and compressed by the threads that made
 * them, and then joined. */
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"
#include "codec/keeper.h"
#include "codec/png/filter.h"
#include "codec/png/isal_deflate.h"
#include "codec/png/meta.h"
#include "codec/png/record.h"

enum {
    SEGMENT = 1 << 18,   /* bytes that share a Huffman code; at least one row */
    MOST_ROW = 1 << 29,  /* bytes of a row; a run takes at most twice that */
    KEPT_MOST = 1 << 20, /* bytes of rows in a workspace that is kept for the next image */
    MOST_CHUNK = 1 << 30,
    ADLER = 4, /* bytes of a checksum, after each packed band and at the stream's end */
    ALL = (1 << PNG_FILTERS) - 1,
};

/* --compression, 0 to 9. To change one: each has to be smaller than the one before it, and may be
 * slower; test_levels in tests/codec_png.c checks it. libdeflate's levels 6 to 12 serve the last
 * ones. */
static const struct {
    unsigned filters;
    deflate_effort effort;
    int level;
} levels[10] = {
    {1U << PNG_NONE, DEFLATE_STORED, 0},
    {1U << PNG_PAETH, DEFLATE_LITERALS, 0},
    {ALL, DEFLATE_LITERALS, 0},
    {ALL, DEFLATE_PROBED, 0},
    {ALL, DEFLATE_SMALLER, 0},
    {ALL, DEFLATE_BEST, 6},
    {ALL, DEFLATE_BEST, 8},
    {ALL, DEFLATE_BEST, 9},
    {ALL, DEFLATE_BEST, 11},
    {ALL, DEFLATE_BEST, 12},
};

/* A thread's memory while it packs a band. A keeper may have it for the next image. */
typedef struct workspace {
    struct workspace *next;
    deflate_run *run;
    uint8_t *lines; /* two rows in the file's byte order, PNG_MARGIN zeros before each */
    uint8_t *raw;   /* the filtered rows of a segment */
    size_t lines_bytes, raw_bytes;
} workspace;

typedef struct png_state {
    size_t row_bytes;
    int pixel, segment_rows;
    uint32_t adler;
    bool begun, ended; /* the image data */
    pthread_mutex_t lock;
    workspace *idle;
} png_state;

/* ---- what can be written ---- */

static codec_sample nearest_sample(codec_sample wanted) {
    return wanted == CODEC_U8 ? CODEC_U8 : CODEC_U16;
}

static bool check_png(const codec_format *format, const codec_info *info, ct_error *err) {
    (void)format;
    if (info->sample == CODEC_F32) {
        return ct_fail(err, "PNG can't hold floating-point samples; write .pfm");
    }
    return codec_row_bytes(info) <= MOST_ROW ||
           ct_fail(err, "%dx%d pixels are too wide for PNG; write .pam", info->width, info->height);
}

/* ---- workspaces: as many as threads pack at once ---- */

static void free_workspace(void *memory) {
    workspace *w = memory;
    if (w) {
        codec_deflate_free(w->run);
        free(w->lines);
        free(w->raw);
        free(w);
    }
}

/* Makes room for `bytes`; what was there is lost. */
static bool fit(uint8_t **buffer, size_t *size, size_t bytes) {
    if (*size < bytes) {
        free(*buffer);
        *buffer = malloc(bytes);
        *size = *buffer ? bytes : 0;
    }
    return *buffer != NULL;
}

/* The workspace made ready for the image; a new one for NULL. */
static workspace *fit_workspace(const png_state *state, workspace *w) {
    const size_t line = state->row_bytes + PNG_MARGIN;
    w = w ? w : calloc(1, sizeof *w);
    if (w && !w->run) {
        w->run = codec_deflate_new();
    }
    if (!w || !w->run || !fit(&w->lines, &w->lines_bytes, 2 * line) ||
        !fit(&w->raw, &w->raw_bytes, (size_t)state->segment_rows * (state->row_bytes + 1))) {
        free_workspace(w);
        return NULL;
    }
    memset(w->lines, 0, PNG_MARGIN);
    memset(w->lines + line, 0, PNG_MARGIN);
    return w;
}

static workspace *take_workspace(png_state *state) {
    pthread_mutex_lock(&state->lock);
    workspace *w = state->idle;
    if (w) {
        state->idle = w->next;
    }
    pthread_mutex_unlock(&state->lock);
    return fit_workspace(state, w);
}

static void give_workspace(png_state *state, workspace *w) {
    pthread_mutex_lock(&state->lock);
    w->next = state->idle;
    state->idle = w;
    pthread_mutex_unlock(&state->lock);
}

/* ---- packing ---- */

static void to_big_endian(uint8_t *restrict out, const uint8_t *restrict row, size_t samples) {
    for (size_t i = 0; i < samples; i++) {
        uint16_t value;
        memcpy(&value, row + 2 * i, sizeof value);
        out[2 * i] = (uint8_t)(value >> 8);
        out[2 * i + 1] = (uint8_t)value;
    }
}

/* Filters `count` rows into w->raw. Row `first` of the band is the first of them; the band's own
 * first row has no row above it. */
static void filter_rows(const codec_writer *writer, workspace *w, int first, int count,
                        const uint8_t *rows, size_t stride) {
    const png_state *state = writer->state;
    const size_t bytes = state->row_bytes;
    const unsigned filters = levels[writer->options.compression].filters;
    for (int y = first; y < first + count; y++) {
        uint8_t *line = w->lines + (y & 1 ? bytes + PNG_MARGIN : 0) + PNG_MARGIN;
        const uint8_t *above = w->lines + (y & 1 ? 0 : bytes + PNG_MARGIN) + PNG_MARGIN;
        if (writer->info.sample == CODEC_U16) {
            to_big_endian(line, rows + stride * (size_t)y, bytes / 2);
        } else {
            memcpy(line, rows + stride * (size_t)y, bytes);
        }
        codec_png_filter(w->raw + (size_t)(y - first) * (bytes + 1), line, y ? above : NULL, bytes,
                         state->pixel, filters);
    }
}

/* A small image's whole stream, where the level of compression has one. */
static bool is_whole(const codec_writer *writer, int count) {
    const png_state *state = writer->state;
    return count == writer->info.height &&
           (size_t)count * (state->row_bytes + 1) <= DEFLATE_SMALL &&
           codec_deflate_has_whole(levels[writer->options.compression].effort);
}

/* Fills packed->bytes: runs of blocks, or the whole stream; then the Adler-32 of what they hold.
 * False when out of memory. */
static bool pack_into(const codec_writer *writer, workspace *w, int count, const uint8_t *rows,
                      size_t stride, codec_packed *packed) {
    const png_state *state = writer->state;
    const deflate_effort effort = levels[writer->options.compression].effort;
    const int level = levels[writer->options.compression].level;
    uint32_t adler = 1;
    packed->whole = is_whole(writer, count);
    for (int y = 0; y < count; y += state->segment_rows) {
        const int n = count - y < state->segment_rows ? count - y : state->segment_rows;
        const size_t size = (size_t)n * (state->row_bytes + 1);
        uint8_t *out = packed->bytes + packed->size;
        filter_rows(writer, w, y, n, rows, stride);
        adler = isal_adler32(adler, w->raw, size);
        const size_t got = packed->whole
                               ? codec_deflate_whole(w->run, w->raw, size, out, effort, level)
                               : codec_deflate(w->run, w->raw, size, out, effort, level);
        if (got == 0) {
            return false;
        }
        packed->size += got;
    }
    codec_put32(packed->bytes + packed->size, adler);
    packed->size += ADLER;
    return true;
}

static bool pack(const codec_writer *writer, int first, int count, const void *rows, size_t stride,
                 codec_packed **out, ct_error *err) {
    (void)first;
    png_state *state = writer->state;
    const size_t segments = (size_t)(count / state->segment_rows + 1);
    const size_t bound =
        segments * (codec_deflate_bound((size_t)state->segment_rows * (state->row_bytes + 1)));
    workspace *w = take_workspace(state);
    codec_packed *packed = calloc(1, sizeof *packed);
    if (packed) {
        packed->bytes = malloc(bound + 8 + ADLER);
    }
    if (!w || !packed || !packed->bytes || !pack_into(writer, w, count, rows, stride, packed)) {
        free_workspace(w);
        codec_packed_free(packed);
        return ct_fail(err, "out of memory");
    }
    give_workspace(state, w);
    /* A band may wait for its turn, and shouldn't hold more than it needs. */
    uint8_t *fitted = realloc(packed->bytes, packed->size);
    packed->bytes = fitted ? fitted : packed->bytes;
    *out = packed;
    return true;
}

/* ---- the file ---- */

static bool put_chunk(const codec_sink *sink, const char *type, const uint8_t *head,
                      size_t head_size, const uint8_t *data, size_t size, ct_error *err) {
    uint8_t number[8];
    codec_put32(number, (uint32_t)(head_size + size));
    memcpy(number + 4, type, 4);
    uint32_t crc = crc32_gzip_refl(0, number + 4, 4);
    crc = crc32_gzip_refl(crc, head, head_size);
    crc = crc32_gzip_refl(crc, data, size);
    uint8_t check[4];
    codec_put32(check, crc);
    return sink->put(sink->context, number, sizeof number, err) &&
           (!head_size || sink->put(sink->context, head, head_size, err)) &&
           (!size || sink->put(sink->context, data, size, err)) &&
           sink->put(sink->context, check, sizeof check, err);
}

static bool put_head(codec_writer *writer, ct_error *err) {
    static const uint8_t colors[5] = {0, 0, 4, 2, 6};
    codec_info *info = &writer->info;
    uint8_t header[13] = {0};
    codec_put32(header, (uint32_t)info->width);
    codec_put32(header + 4, (uint32_t)info->height);
    header[8] = (uint8_t)(8 * codec_sample_size(info->sample));
    header[9] = colors[info->channels];
    ct_text file = {0};
    bool ok = ct_text_add(&file, "\x89PNG\r\n\x1a\n", 8) || ct_fail(err, "out of memory");
    ok = ok && codec_png_add_chunk(&file, "IHDR", header, sizeof header, err) &&
         codec_png_add_record(&file, writer->options.record, err) &&
         codec_png_add_meta(&file, info, err) &&
         writer->sink.put(writer->sink.context, file.bytes, file.length, err);
    ct_text_free(&file);
    return ok;
}

static bool create_png(codec_writer *writer, ct_error *err) {
    png_state *state = calloc(1, sizeof *state);
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    writer->state = state;
    state->idle = codec_keeper_take(writer->options.keeper, CODEC_KEPT_DEFLATE);
    pthread_mutex_init(&state->lock, NULL);
    state->adler = 1;
    state->row_bytes = codec_row_bytes(&writer->info);
    state->pixel = writer->info.channels * (int)codec_sample_size(writer->info.sample);
    const size_t rows = SEGMENT / (state->row_bytes + 1);
    state->segment_rows = rows < 1 ? 1 : (int)rows;
    return put_head(writer, err);
}

static bool write_packed(codec_writer *writer, int count, const codec_packed *packed,
                         ct_error *err) {
    /* zlib's header (RFC 1950): deflate with a window of 32 KiB; the level bits, 0, only inform. */
    static const uint8_t header[2] = {0x78, 0x01};
    png_state *state = writer->state;
    const uint8_t *bytes = packed->bytes;
    const size_t size = packed->whole ? packed->size : packed->size - ADLER;
    state->adler = codec_adler_join(state->adler, codec_get32(bytes + packed->size - ADLER),
                                    (uint64_t)count * (state->row_bytes + 1));
    state->ended = packed->whole;
    size_t head = state->begun ? 0 : sizeof header;
    state->begun = true;
    for (size_t at = 0; at < size;) {
        const size_t part = size - at < MOST_CHUNK ? size - at : MOST_CHUNK;
        if (!put_chunk(&writer->sink, "IDAT", header, head, bytes + at, part, err)) {
            return false;
        }
        head = 0;
        at += part;
    }
    return true;
}

/* Packs rows that come unpacked, a segment at a time. */
static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    if (packed) {
        return write_packed(writer, count, packed, err);
    }
    const int some = ((const png_state *)writer->state)->segment_rows;
    for (int y = 0; y < count; y += some) {
        codec_packed *own;
        const int n = count - y < some ? count - y : some;
        if (!pack(writer, writer->next_row + y, n, (const uint8_t *)rows + stride * (size_t)y,
                  stride, &own, err)) {
            return false;
        }
        const bool ok = write_packed(writer, n, own, err);
        codec_packed_free(own);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static bool finish_png(codec_writer *writer, ct_error *err) {
    const png_state *state = writer->state;
    uint8_t end[DEFLATE_END_BYTES + ADLER];
    memcpy(end, codec_deflate_end, DEFLATE_END_BYTES);
    codec_put32(end + DEFLATE_END_BYTES, state->adler);
    return (state->ended || put_chunk(&writer->sink, "IDAT", end, 0, end, sizeof end, err)) &&
           put_chunk(&writer->sink, "IEND", end, 0, end, 0, err);
}

static void free_png(codec_writer *writer) {
    png_state *state = writer->state;
    if (state) {
        while (state->idle) {
            workspace *w = state->idle;
            state->idle = w->next;
            w->next = NULL;
            const bool usual = w->lines_bytes + w->raw_bytes <= KEPT_MOST;
            codec_keeper_give(usual ? writer->options.keeper : NULL, CODEC_KEPT_DEFLATE, w,
                              free_workspace);
        }
        pthread_mutex_destroy(&state->lock);
        free(state);
    }
}

const codec_encoder codec_isal_png_encoder = {.keeps_icc = true,
                                              .keeps_cicp = true,
                                              .sample = nearest_sample,
                                              .check = check_png,
                                              .create = create_png,
                                              .write = write_rows,
                                              .finish = finish_png,
                                              .free = free_png,
                                              .pack = pack};
