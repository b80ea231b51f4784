/* Layers of a CNN: every pixel of the output is a matrix (filters x window) times the window's
 * floats, over all channels of the input. */
#include <stdlib.h>

#include "base/checked.h"
#include "conv/plan/plan.h"

/* The channels of a pixel lie side by side, and so do pixels: without dilation, a row of the window
 * is one run of floats. step->taps[0] has the place of each run. */
static bool is_one_run(const conv_window *w) {
    return w->dilation_x == 1 || w->width == 1;
}

static size_t run_length(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    return (size_t)step->in.channels * (is_one_run(w) ? (size_t)w->width : 1);
}

static bool make_runs(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const int a_row = is_one_run(w) ? 1 : w->width;
    const size_t runs = (size_t)w->height * (size_t)a_row;
    plan_taps *taps = step->taps = calloc(1, sizeof *taps);
    if (!taps) {
        return false;
    }
    step->tap_sets = 1;
    taps->count = runs;
    taps->row = malloc(runs * sizeof *taps->row);
    taps->offset = malloc(runs * sizeof *taps->offset);
    if (!taps->row || !taps->offset) {
        return false;
    }
    for (int r = 0; r < (int)runs; r++) {
        taps->row[r] = r / a_row;
        taps->offset[r] = r % a_row * w->dilation_x * step->in.channels;
    }
    return true;
}

static size_t vectors_of(const plan_step *step) {
    const size_t lanes = (size_t)step->rows->lanes;
    return ((size_t)step->stage.filters + lanes - 1) / lanes;
}

/* Vectors are taken two by two; the last may be alone. */
static size_t vectors_from(const plan_step *step, size_t first) {
    return vectors_of(step) - first > 1 ? 2 : 1;
}

/* Floats of one window. */
static size_t window_floats(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    return (size_t)w->width * (size_t)w->height * (size_t)step->in.channels;
}

/* The weights of the filters from `first` on, in the order in which the window's floats come:
 * filter x channel x row x column becomes row x column x channel x filter. Beyond the last filter
 * they are 0. */
static void pack_panel(const plan_step *step, size_t first, size_t filters, float *panel) {
    const conv_stage *stage = &step->stage;
    const size_t cells = (size_t)stage->window.width * (size_t)stage->window.height;
    const size_t channels = (size_t)step->in.channels;
    for (size_t cell = 0; cell < cells; cell++) {
        for (size_t c = 0; c < channels; c++) {
            for (size_t f = first; f < first + filters; f++) {
                *panel++ = f < (size_t)stage->filters
                               ? (float)stage->weights[(f * channels + c) * cells + cell]
                               : 0;
            }
        }
    }
}

static bool make_panels(plan_step *step) {
    const size_t lanes = (size_t)step->rows->lanes, vectors = vectors_of(step);
    const size_t window = window_floats(step), padded = vectors * lanes;
    size_t bytes;
    if (!ct_mul(window + 1, padded * sizeof(float), &bytes) || bytes > SIZE_MAX - 64) {
        return false;
    }
    step->panels = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!step->panels) {
        return false;
    }
    for (size_t v = 0; v < vectors; v += 2) {
        pack_panel(step, v * lanes, vectors_from(step, v) * lanes,
                   step->panels + v * lanes * window);
    }
    float *bias = step->panels + padded * window;
    for (size_t f = 0; f < padded; f++) {
        bias[f] =
            step->stage.bias && f < (size_t)step->stage.filters ? (float)step->stage.bias[f] : 0;
    }
    return true;
}

/* Some tiles, and the sums of a row still in the first cache. Panels that the second cache doesn't
 * hold serve more pixels each time that they're fetched. */
static void choose_layer_block(plan_step *step) {
    enum { FLOATS = 2048, TILES = 28, MANY_TILES = 84, PANELS = 256 * 1024 };
    const int channels = step->in.channels, filters = step->made.channels;
    const bool many = window_floats(step) * (size_t)filters * sizeof(float) > PANELS;
    const int unit = many ? MANY_TILES : TILES;
    const int units = FLOATS / (channels > filters ? channels : filters) / unit;
    const int pixels = (units > 1 ? units : 1) * unit;
    step->columns = 0;
    step->block = pixels < step->made.width ? pixels : step->made.width;
}

static bool make_layer(plan_step *step) {
    if (step->rows->half && step->stage.filters <= step->rows->half->lanes) {
        step->rows = step->rows->half; /* whose vectors they fill */
    }
    step->finished = true;
    step->exact = step->stage.filters % step->rows->lanes == 0;
    choose_layer_block(step);
    return make_runs(step) && make_panels(step);
}

/* The rows kernel writes whole vectors: what the last vector of a pixel writes too much falls into
 * the next pixel. So pixels go from left to right, but vectors from the last to the first. */
static void columns_layer(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const conv_stage *stage = &step->stage;
    const plan_taps *taps = &step->taps[0];
    const size_t lanes = (size_t)step->rows->lanes, window = window_floats(step);
    const size_t pixels = n / (size_t)stage->filters;
    const float *bias = step->panels + vectors_of(step) * lanes * window;
    rows_layer layer = {.in = call->taps,
                        .runs = taps->count,
                        .length = run_length(step),
                        .step = (size_t)stage->window.stride_x * (size_t)step->in.channels,
                        .out_step = (size_t)stage->filters,
                        .relu = stage->relu};
    for (size_t end = (vectors_of(step) + 1) / 2; end-- > 0;) {
        const size_t first = 2 * end;
        layer.vectors = (int)vectors_from(step, first);
        layer.weights = step->panels + first * lanes * window;
        layer.bias = bias + first * lanes;
        for (int r = 0; r < call->count; r++) {
            for (size_t t = 0; t < taps->count; t++) {
                call->taps[t] = path_row(call, r, taps->row[t]) + taps->offset[t];
            }
            step->rows->layer(out[r] + first * lanes, &layer, pixels);
        }
    }
}

enum { BATCH = 4 };

const plan_path path_layer = {
    .name = "layer", .batch = BATCH, .make = make_layer, .columns = columns_layer};
