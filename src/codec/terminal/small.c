#include "codec/terminal/small.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "codec/format.h"

enum { MOST = 4 }; /* channels */

typedef struct shrink_state {
    codec_small *small;
    float *row;  /* of the image: 0 is black and 255 white, colours multiplied by alpha */
    float *thin; /* the same as wide as the picture */
    float *sum;  /* of thin rows, for the picture's next one */
    int made;    /* rows of the picture */
} shrink_state;

void codec_small_free(codec_small *small) {
    free(small->rgba);
    *small = (codec_small){0};
}

bool codec_is_picture(const codec_info *info) {
    const int colors = info->channels - (info->alpha ? 1 : 0);
    return colors == 1 || colors == 3;
}

uint64_t codec_small_memory(const codec_info *info, int width, int height) {
    const uint64_t floats = ((uint64_t)info->width + 2 * (uint64_t)width) * (uint64_t)MOST;
    return floats * sizeof(float) + (uint64_t)width * (uint64_t)height * 4;
}

/* ---- one row ---- */

static void read_samples(const codec_info *info, const void *row, float *out) {
    const size_t count = (size_t)info->width * (size_t)info->channels;
    const float scale = (float)(255 / codec_info_white(info));
    switch (info->sample) {
    case CODEC_U8:
        for (size_t i = 0; i < count; i++) {
            out[i] = scale * (float)((const uint8_t *)row)[i];
        }
        break;
    case CODEC_U16:
        for (size_t i = 0; i < count; i++) {
            out[i] = scale * (float)((const uint16_t *)row)[i];
        }
        break;
    case CODEC_F32: /* clamped, as no file was between; NaN is black */
        for (size_t i = 0; i < count; i++) {
            const float v = scale * ((const float *)row)[i];
            out[i] = v > 0 ? fminf(v, 255) : 0;
        }
        break;
    }
}

static void multiply_alpha(const codec_info *info, float *row) {
    const int channels = info->channels;
    for (int x = 0; x < info->width; x++, row += channels) {
        for (int c = 0; c + 1 < channels; c++) {
            row[c] *= row[channels - 1] / 255;
        }
    }
}

/* Means of a row over `to` equal parts, a pixel between two parts by its share in each. In units of
 * 1/to pixels a pixel is `to` wide, and a part `from`. `channels` is a constant where it's called,
 * so that the loops over it are unrolled. */
static inline void average_row(const float *restrict row, int from, float *restrict out, int to,
                               int channels) {
    const float whole = (float)to / (float)from;
    for (int64_t part = 0; part < to; part++, out += channels) {
        const int64_t first = part * from, end = first + from;
        const int64_t x = first / to, last = (end - 1) / to;
        const float head = (float)(ct_min((int)(end - x * to), to) - (int)(first - x * to));
        const float tail = (float)(end - last * to);
        const float *at = row + x * channels;
        for (int c = 0; c < channels; c++) {
            out[c] = at[c] * (head / (float)from);
        }
        for (int64_t i = x + 1; i < last; i++) {
            for (int c = 0; c < channels; c++) {
                out[c] += row[i * channels + c] * whole;
            }
        }
        for (int c = 0; last > x && c < channels; c++) {
            out[c] += row[last * channels + c] * (tail / (float)from);
        }
    }
}

static void make_thin(const codec_writer *writer, const shrink_state *state) {
    const int from = writer->info.width, to = state->small->width;
    switch (writer->info.channels) {
    case 1:
        average_row(state->row, from, state->thin, to, 1);
        break;
    case 2:
        average_row(state->row, from, state->thin, to, 2);
        break;
    case 3:
        average_row(state->row, from, state->thin, to, 3);
        break;
    default:
        average_row(state->row, from, state->thin, to, MOST);
        break;
    }
}

/* ---- the picture ---- */

static uint8_t to_byte(float value) {
    return (uint8_t)lrintf(fminf(fmaxf(value, 0), 255));
}

static void put_row(const codec_info *info, shrink_state *state) {
    const int width = state->small->width, channels = info->channels;
    const bool gray = channels < 3;
    const float *at = state->sum;
    uint8_t *out = state->small->rgba + (size_t)state->made * (size_t)width * 4;
    for (int x = 0; x < width; x++, at += channels, out += 4) {
        const float alpha = info->alpha ? at[channels - 1] : 255;
        const float scale = !info->alpha ? 1 : alpha > 0 ? 255 / alpha : 0;
        for (int c = 0; c < 3; c++) {
            out[c] = to_byte(at[gray ? 0 : c] * scale);
        }
        out[3] = to_byte(alpha);
    }
    memset(state->sum, 0, (size_t)width * (size_t)channels * sizeof *state->sum);
    state->made++;
}

static void add_thin(const codec_writer *writer, shrink_state *state, float weight) {
    const size_t count = (size_t)state->small->width * (size_t)writer->info.channels;
    for (size_t i = 0; i < count; i++) {
        state->sum[i] += weight * state->thin[i];
    }
}

/* In units of 1/to rows, as in average_row: a row lies in two of the picture's at most. */
static void add_row(const codec_writer *writer, shrink_state *state, int y) {
    const int64_t from = writer->info.height, to = state->small->height;
    int64_t at = y * to;
    for (const int64_t end = at + to; at < end;) {
        const int64_t part = (state->made + 1) * from, stop = part < end ? part : end;
        add_thin(writer, state, (float)(stop - at) / (float)from);
        at = stop;
        if (at == part) {
            put_row(&writer->info, state);
        }
    }
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    shrink_state *state = writer->state;
    (void)packed, (void)err;
    for (int y = 0; y < count; y++) {
        read_samples(&writer->info, (const uint8_t *)rows + stride * (size_t)y, state->row);
        if (writer->info.alpha) {
            multiply_alpha(&writer->info, state->row);
        }
        make_thin(writer, state);
        add_row(writer, state, writer->next_row + y);
    }
    return true;
}

static bool finish(codec_writer *writer, ct_error *err) {
    (void)writer, (void)err;
    return true;
}

static void free_shrink(codec_writer *writer) {
    shrink_state *state = writer->state;
    if (state) {
        free(state->row);
        free(state->thin);
        free(state->sum);
        free(state);
    }
}

static const codec_encoder shrink_encoder = {
    .write = write_rows, .finish = finish, .free = free_shrink};

static bool set_up(shrink_state *state, const codec_info *info, int width, int height,
                   ct_error *err) {
    const size_t channels = (size_t)info->channels;
    codec_small *small = state->small;
    *small = (codec_small){.width = width, .height = height};
    small->rgba = calloc((size_t)width * (size_t)height, 4);
    state->row = malloc((size_t)info->width * channels * sizeof *state->row);
    state->thin = malloc((size_t)width * channels * sizeof *state->thin);
    state->sum = calloc((size_t)width * channels, sizeof *state->sum);
    return (small->rgba && state->row && state->thin && state->sum) ||
           ct_fail(err, "out of memory");
}

codec_writer *codec_create_small(const codec_info *info, int width, int height, codec_small *small,
                                 ct_error *err) {
    codec_writer *writer = calloc(1, sizeof *writer);
    shrink_state *state = calloc(1, sizeof *state);
    if (!writer || !state) {
        free(writer);
        free(state);
        ct_fail(err, "out of memory");
        return NULL;
    }
    state->small = small;
    writer->encoder = &shrink_encoder;
    writer->state = state;
    writer->info = *info;
    writer->info.meta = (codec_meta){.srgb_intent = -1};
    if (!set_up(state, info, width, height, err)) {
        codec_writer_free(writer);
        codec_small_free(small);
        return NULL;
    }
    return writer;
}
