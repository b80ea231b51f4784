/* Layers of a CNN: every pixel of the output is a matrix (filters x window) times the window's
 * floats, over all channels of the input. */
#include <stdlib.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"

typedef struct layer {
    size_t runs;   /* of contiguous floats in a window; where each begins: */
    int *row;      /* of the window */
    int *offset;   /* floats from the window's left column */
    float *panels; /* the weights, then the biases, as rows_layer wants them */
} layer;

/* The channels of a pixel lie side by side, and so do pixels: without dilation, a row of the window
 * is one run of floats. */
static bool is_one_run(const conv_window *w) {
    return w->dilation_x == 1 || w->width == 1;
}

static size_t run_length(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return (size_t)site->in.channels * (is_one_run(w) ? (size_t)w->width : 1);
}

static bool make_runs(layer *own, const path_site *site) {
    const conv_window *w = &site->stage.window;
    const int a_row = is_one_run(w) ? 1 : w->width;
    own->runs = (size_t)w->height * (size_t)a_row;
    own->row = malloc(own->runs * sizeof *own->row);
    own->offset = malloc(own->runs * sizeof *own->offset);
    if (!own->row || !own->offset) {
        return false;
    }
    for (int r = 0; r < (int)own->runs; r++) {
        own->row[r] = r / a_row;
        own->offset[r] = r % a_row * (int)path_column_step(site);
    }
    return true;
}

static size_t vectors_of(const path_site *site) {
    const size_t lanes = (size_t)site->rows->lanes;
    return ((size_t)site->stage.filters + lanes - 1) / lanes;
}

/* Vectors are taken in pairs; the last may be alone. */
static size_t vectors_from(const path_site *site, size_t first) {
    return vectors_of(site) - first > 1 ? 2 : 1;
}

/* Floats of one window. */
static size_t window_floats(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return (size_t)w->width * (size_t)w->height * (size_t)site->in.channels;
}

/* The weights of the filters from `first` on, in the order of the window's floats: filter x channel
 * x row x column becomes row x column x channel x filter. Beyond the last filter they are 0. */
static void pack_panel(const path_site *site, size_t first, size_t filters, float *panel) {
    const conv_stage *stage = &site->stage;
    const size_t cells = (size_t)stage->window.width * (size_t)stage->window.height;
    const size_t channels = (size_t)site->in.channels;
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

static bool make_panels(layer *own, const path_site *site) {
    const size_t lanes = (size_t)site->rows->lanes, vectors = vectors_of(site);
    const size_t window = window_floats(site), padded = vectors * lanes;
    size_t bytes;
    if (!ct_mul(window + 1, padded * sizeof(float), &bytes) || bytes > SIZE_MAX - 64) {
        return false;
    }
    own->panels = aligned_alloc(64, ct_round_up(bytes, 64));
    if (!own->panels) {
        return false;
    }
    for (size_t v = 0; v < vectors; v += 2) {
        pack_panel(site, v * lanes, vectors_from(site, v) * lanes,
                   own->panels + v * lanes * window);
    }
    float *bias = own->panels + padded * window;
    for (size_t f = 0; f < padded; f++) {
        bias[f] =
            site->stage.bias && f < (size_t)site->stage.filters ? (float)site->stage.bias[f] : 0;
    }
    return true;
}

/* A few tiles, with the sums of a row still in the L1 cache. Panels too large for the L2 cache
 * serve more pixels each time they're fetched. */
static void choose_layer_block(path_site *site) {
    enum { FLOATS = 2048, TILES = 28, MANY_TILES = 84, PANELS = 256 * 1024 };
    const int channels = site->in.channels, filters = site->made.channels;
    const bool many = window_floats(site) * (size_t)filters * sizeof(float) > PANELS;
    const int unit = many ? MANY_TILES : TILES;
    const int units = FLOATS / (channels > filters ? channels : filters) / unit;
    const int pixels = (units > 1 ? units : 1) * unit;
    site->columns = 0;
    site->block = pixels < site->made.width ? pixels : site->made.width;
}

static double cost(const path_site *site) {
    return path_rate.tap * (double)window_floats(site);
}

static void free_own(void *own) {
    layer *l = own;
    if (l) {
        free(l->row);
        free(l->offset);
        free(l->panels);
        free(l);
    }
}

static bool make(path_site *site) {
    if (site->rows->half && site->stage.filters <= site->rows->half->lanes) {
        site->rows = site->rows->half; /* they fill its vectors */
    }
    site->finished = true;
    site->exact = site->stage.filters % site->rows->lanes == 0;
    choose_layer_block(site);
    layer *own = site->own = calloc(1, sizeof *own);
    if (!own || !make_runs(own, site) || !make_panels(own, site)) {
        return false;
    }
    site->pointers = own->runs;
    return true;
}

/* The row kernel writes whole vectors, so the last vector of a pixel overwrites some of the next
 * pixel. Hence pixels go from left to right, but vectors from the last to the first. */
static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const conv_stage *stage = &site->stage;
    const layer *own = site->own;
    const float **in = (const float **)call->pointers;
    const size_t lanes = (size_t)site->rows->lanes, window = window_floats(site);
    const size_t pixels = n / (size_t)stage->filters;
    const float *bias = own->panels + vectors_of(site) * lanes * window;
    rows_layer part = {.in = in,
                       .runs = own->runs,
                       .length = run_length(site),
                       .step = (size_t)stage->window.stride_x * (size_t)site->in.channels,
                       .out_step = (size_t)stage->filters,
                       .relu = stage->relu};
    for (size_t end = (vectors_of(site) + 1) / 2; end-- > 0;) {
        const size_t first = 2 * end;
        part.vectors = (int)vectors_from(site, first);
        part.weights = own->panels + first * lanes * window;
        part.bias = bias + first * lanes;
        for (int r = 0; r < call->count; r++) {
            for (size_t t = 0; t < own->runs; t++) {
                in[t] = path_row(call, r, own->row[t]) + own->offset[t];
            }
            site->rows->layer(out[r] + first * lanes, &part, pixels);
        }
    }
}

const conv_path path_layer = {
    .name = "layer",
    .op = CONV_LAYER,
    .batch = 4,
    .cost = cost,
    .make = make,
    .free = free_own,
    .run = run,
};
