/* Paths that take the image's 8-bit samples as they are, where the weights are small whole numbers
 * times a common factor: exact sums of 16 bits, several times as many at once as floats. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conv/plan/plan.h"

enum {
    MOST_DIVISOR = 1024, /* tried for the common factor */
    MOST_WEIGHT = 1024,
};

/* ---- whole weights ---- */

/* The largest factor of which all weights are whole multiples, at least the smallest weight divided
 * by MOST_DIVISOR; 0 where there is none. */
static double common_factor(const double *weights, size_t count) {
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < count; i++) {
        const double w = fabs(weights[i]);
        least = w > 0 && w < least ? w : least;
        most = w > most ? w : most;
    }
    if (!(most > 0)) {
        return 0;
    }
    for (int d = 1; d <= MOST_DIVISOR && most / least * d <= MOST_WEIGHT; d++) {
        const double factor = least / d;
        size_t i = 0;
        while (i < count && fabs(weights[i] / factor - rint(weights[i] / factor)) < 1e-9) {
            i++;
        }
        if (i == count) {
            /* Whole numbers themselves keep the factor 1, so that nothing is multiplied. */
            const bool whole = fabs(factor - rint(factor)) < 1e-12 && factor * most <= MOST_WEIGHT;
            return whole && most <= MOST_WEIGHT ? 1 : factor;
        }
    }
    return 0;
}

/* The sums of the positive and of the negative whole weights, each as a positive number. */
static void sums_of(const double *weights, size_t count, double factor, double sums[2]) {
    sums[0] = sums[1] = 0;
    for (size_t i = 0; i < count; i++) {
        sums[weights[i] < 0] += fabs(rint(weights[i] / factor));
    }
}

bool path_bytes_takes(const conv_stage *stage) {
    const conv_window *w = &stage->window;
    const size_t cells = (size_t)w->width * (size_t)w->height;
    if (stage->op != CONV_CORRELATE || stage->combine != CONV_PLAIN || !stage->weights ||
        !plan_fill_is_byte(w)) {
        return false;
    }
    const double factor = common_factor(stage->weights, cells);
    double sums[2];
    if (factor == 0) {
        return false;
    }
    sums_of(stage->weights, cells, factor, sums);
    return fmax(sums[0], sums[1]) <= BYTES_SUM;
}

/* ---- pairs of taps, in groups whose sums fit 16 bits ---- */

static bool add_tap(plan_bytes *b, int row, int offset, int weight) {
    if (b->taps % 2 == 0 && b->taps + 2 > b->capacity) {
        b->capacity = b->capacity ? 2 * b->capacity : 16;
        int *rows = realloc(b->row, b->capacity * sizeof *rows);
        b->row = rows ? rows : b->row;
        int *offsets = realloc(b->offset, b->capacity * sizeof *offsets);
        b->offset = offsets ? offsets : b->offset;
        int8_t *weights = realloc(b->weight, b->capacity);
        b->weight = weights ? weights : b->weight;
        if (!rows || !offsets || !weights) {
            return false;
        }
    }
    b->row[b->taps] = row;
    b->offset[b->taps] = offset;
    b->weight[b->taps++] = (int8_t)weight;
    return true;
}

/* Ends a group; its number of taps becomes even. */
static bool end_group(plan_bytes *b) {
    if (b->taps % 2 && !add_tap(b, b->row[b->taps - 1], b->offset[b->taps - 1], 0)) {
        return false;
    }
    assert(b->groups < BYTES_GROUPS);
    b->ends[b->groups++] = b->taps;
    return true;
}

/* Adds a cell; a weight that the group has no room for is divided between it and the next. */
static bool add_cell(plan_bytes *b, int row, int offset, int weight, int left[2]) {
    while (weight != 0) {
        const int sign = weight < 0;
        int part = abs(weight) < left[sign] ? abs(weight) : left[sign];
        part = part < 127 ? part : 127;
        if (part > 0 && !add_tap(b, row, offset, sign ? -part : part)) {
            return false;
        }
        weight -= sign ? -part : part;
        left[sign] -= part;
        if (weight != 0 && left[sign] == 0) {
            if (!end_group(b)) {
                return false;
            }
            left[0] = left[1] = BYTES_GROUP;
        }
    }
    return true;
}

bool plan_make_bytes(plan_step *step, const double *weights, int width, double factor) {
    const conv_window *w = &step->stage.window;
    const int columns = w->dilation_x * step->in.channels;
    plan_bytes *b = &step->bytes;
    int left[2] = {BYTES_GROUP, BYTES_GROUP};
    for (int y = 0; y < w->height; y++) {
        for (int x = 0; x < width; x++) {
            const int weight = (int)rint(weights[y * width + x] / factor);
            if (!add_cell(b, y, x * columns, weight, left)) {
                return false;
            }
        }
    }
    b->scale = (float)factor;
    return end_group(b);
}

static bool make_bytes(plan_step *step) {
    const conv_stage *stage = &step->stage;
    const conv_window *w = &stage->window;
    const double factor = common_factor(stage->weights, (size_t)w->width * (size_t)w->height);
    const bool ok = plan_make_bytes(step, stage->weights, w->width, factor);
    step->direct = step->bytes.scale == 1.0F && step->bytes.groups == 1;
    return ok;
}

size_t plan_point_bytes(const path_call *call, int r, size_t first, size_t end) {
    const plan_bytes *b = &call->step->bytes;
    const uint8_t **in = (const uint8_t **)call->taps;
    for (size_t t = first; t < end; t++) {
        in[t - first] = path_byte_row(call, r, b->row[t]) + b->offset[t];
    }
    return (end - first) / 2;
}

static void columns_bytes(const path_call *call, size_t n, float *const *out) {
    const plan_bytes *b = &call->step->bytes;
    int16_t *sums = (int16_t *)call->scratch[0];
    for (int r = 0; r < call->count; r++) {
        for (size_t g = 0, first = 0; g < b->groups; first = b->ends[g++]) {
            const size_t pairs = plan_point_bytes(call, r, first, b->ends[g]);
            call->rows->sums_i16(sums, (const uint8_t *const *)call->taps, b->weight + first, pairs,
                                 n);
            call->rows->from_i16(out[r], sums, b->scale, g > 0, n);
        }
    }
}

static void direct_bytes(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    const plan_bytes *b = &call->step->bytes;
    for (int r = 0; r < call->count; r++) {
        const size_t pairs = plan_point_bytes(call, r, 0, b->ends[0]);
        call->rows->sums_u8(out[r], (const uint8_t *const *)call->taps, b->weight, pairs, n,
                            &stats->negative, &stats->above);
    }
}

enum { BATCH = 4 };

const plan_path path_bytes = {.name = "bytes",
                              .batch = BATCH,
                              .make = make_bytes,
                              .columns = columns_bytes,
                              .bytes = true,
                              .direct = direct_bytes};
