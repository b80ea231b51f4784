/* Layers with one kernel for each channel: groups = channels = filters. */
#include <stdlib.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"

typedef struct depthwise {
    size_t taps;
    size_t period;
    int *row;       /* of the window, for each tap */
    int *offset;    /* floats from the window's left column */
    float *numbers; /* the weights, then the biases, as rows_depthwise wants them */
} depthwise;

static bool takes(const path_site *site) {
    const int groups = conv_stage_groups(&site->stage);
    return groups == site->in.channels && groups == site->stage.filters;
}

static double cost(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return path_rate.row + path_rate.tap * w->width * w->height;
}

static bool make_taps(depthwise *own, const path_site *site) {
    const conv_window *w = &site->stage.window;
    own->taps = (size_t)w->width * (size_t)w->height;
    own->row = malloc(own->taps * sizeof *own->row);
    own->offset = malloc(own->taps * sizeof *own->offset);
    for (int t = 0; own->row && own->offset && t < (int)own->taps; t++) {
        own->row[t] = t / w->width;
        own->offset[t] = t % w->width * (int)path_column_step(site);
    }
    return own->row && own->offset;
}

static size_t common_divisor(size_t a, size_t b) {
    return b ? common_divisor(b, a % b) : a;
}

/* Float i of the period belongs to channel i modulo the channels. */
static bool make_numbers(depthwise *own, const path_site *site) {
    const conv_stage *stage = &site->stage;
    const size_t lanes = (size_t)site->rows->lanes, channels = (size_t)site->in.channels;
    const size_t taps = own->taps;
    own->period = lanes / common_divisor(lanes, channels) * channels;
    size_t bytes;
    if (!ct_mul(taps + 1, own->period * sizeof(float), &bytes) || bytes > SIZE_MAX - 64) {
        return false;
    }
    own->numbers = aligned_alloc(64, ct_round_up(bytes, 64));
    if (!own->numbers) {
        return false;
    }
    float *bias = own->numbers + taps * own->period;
    for (size_t i = 0; i < own->period; i++) {
        const size_t c = i % channels, vector = i / lanes, lane = i % lanes;
        for (size_t t = 0; t < taps; t++) {
            own->numbers[(vector * taps + t) * lanes + lane] = (float)stage->weights[c * taps + t];
        }
        bias[i] = stage->bias ? (float)stage->bias[c] : 0;
    }
    return true;
}

static void free_own(void *own) {
    depthwise *d = own;
    if (d) {
        free(d->row);
        free(d->offset);
        free(d->numbers);
        free(d);
    }
}

static bool make(path_site *site) {
    depthwise *own = site->own = calloc(1, sizeof *own);
    if (!own || !make_taps(own, site) || !make_numbers(own, site)) {
        return false;
    }
    site->pointers = own->taps;
    return true;
}

static void run(const path_call *call, size_t n, float *const *out) {
    const depthwise *own = call->site->own;
    const float **in = (const float **)call->pointers;
    const rows_depthwise layer = {.in = in,
                                  .taps = own->taps,
                                  .period = own->period,
                                  .weights = own->numbers,
                                  .bias = own->numbers + own->taps * own->period,
                                  .relu = call->site->stage.relu};
    for (int r = 0; r < call->count; r++) {
        for (size_t t = 0; t < own->taps; t++) {
            in[t] = path_row(call, r, own->row[t]) + own->offset[t];
        }
        call->rows->depthwise(out[r], &layer, n);
    }
}

const conv_path path_depthwise = {
    .name = "depthwise",
    .op = CONV_LAYER,
    .batch = 4,
    .takes = takes,
    .cost = cost,
    .make = make,
    .free = free_own,
    .run = run,
};
