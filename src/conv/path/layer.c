/* Layers of a CNN: every pixel of the output is a matrix (filters x window) times the window's
 * floats, over all channels of the input, or of one group of them after another. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"

typedef struct layer {
    size_t runs;   /* of contiguous floats in a window; where each begins: */
    int *row;      /* of the window */
    int *offset;   /* floats from the window's left column */
    float *panels; /* of each group the weights, then the biases, as rows_layer wants them */
    bool apart;    /* a group's sums don't fill vectors, so they are made apart and copied */
} layer;

/* ---- a group's share ---- */

static size_t groups_of(const path_site *site) {
    return (size_t)conv_stage_groups(&site->stage);
}

static size_t inputs_of(const path_site *site) {
    return (size_t)site->in.channels / groups_of(site);
}

static size_t filters_of(const path_site *site) {
    return (size_t)site->stage.filters / groups_of(site);
}

/* The channels of a pixel lie side by side, and so do pixels: without dilation, a row of the window
 * is one run of floats, if all channels are wanted. */
static bool is_one_run(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return (w->dilation_x == 1 && groups_of(site) == 1) || w->width == 1;
}

static size_t run_length(const path_site *site) {
    return inputs_of(site) * (is_one_run(site) ? (size_t)site->stage.window.width : 1);
}

static bool make_runs(layer *own, const path_site *site) {
    const conv_window *w = &site->stage.window;
    const int a_row = is_one_run(site) ? 1 : w->width;
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
    return (filters_of(site) + lanes - 1) / lanes;
}

/* Vectors are taken in pairs; the last may be alone. */
static size_t vectors_from(const path_site *site, size_t first) {
    return vectors_of(site) - first > 1 ? 2 : 1;
}

/* Floats of one window. */
static size_t window_floats(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return (size_t)w->width * (size_t)w->height * inputs_of(site);
}

/* Filters, with those that fill up the last vector. */
static size_t padded_filters(const path_site *site) {
    return vectors_of(site) * (size_t)site->rows->lanes;
}

/* The weights of a group's filters from `first` on, in the order of the window's floats: filter x
 * channel x row x column becomes row x column x channel x filter. Beyond the last filter they are
 * 0. */
static void pack_panel(const path_site *site, size_t group, size_t first, size_t filters,
                       float *panel) {
    const conv_stage *stage = &site->stage;
    const size_t cells = (size_t)stage->window.width * (size_t)stage->window.height;
    const size_t channels = inputs_of(site), own = filters_of(site);
    for (size_t cell = 0; cell < cells; cell++) {
        for (size_t c = 0; c < channels; c++) {
            for (size_t f = first; f < first + filters; f++) {
                const size_t at = ((group * own + f) * channels + c) * cells + cell;
                *panel++ = f < own ? (float)stage->weights[at] : 0;
            }
        }
    }
}

/* Floats of a group's weights and biases. */
static size_t panel_floats(const path_site *site) {
    return (window_floats(site) + 1) * padded_filters(site);
}

static void pack_group(const path_site *site, size_t group, float *panels) {
    const size_t lanes = (size_t)site->rows->lanes, window = window_floats(site);
    const size_t filters = filters_of(site), padded = padded_filters(site);
    for (size_t v = 0; v < vectors_of(site); v += 2) {
        pack_panel(site, group, v * lanes, vectors_from(site, v) * lanes,
                   panels + v * lanes * window);
    }
    const double *from = site->stage.bias ? site->stage.bias + group * filters : NULL;
    float *bias = panels + padded * window;
    for (size_t f = 0; f < padded; f++) {
        bias[f] = from && f < filters ? (float)from[f] : 0;
    }
}

static bool make_panels(layer *own, const path_site *site) {
    size_t bytes;
    if (!ct_mul(window_floats(site) + 1, padded_filters(site) * sizeof(float), &bytes) ||
        !ct_mul(bytes, groups_of(site), &bytes) || bytes > SIZE_MAX - 64) {
        return false;
    }
    own->panels = aligned_alloc(64, ct_round_up(bytes, 64));
    if (!own->panels) {
        return false;
    }
    for (size_t group = 0; group < groups_of(site); group++) {
        pack_group(site, group, own->panels + group * panel_floats(site));
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
    const double filled = (double)filters_of(site) / (double)padded_filters(site);
    return path_rate.tap * (double)window_floats(site) / filled;
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
    if (site->rows->half && filters_of(site) <= (size_t)site->rows->half->lanes) {
        site->rows = site->rows->half; /* they fill its vectors */
    }
    const bool fills = filters_of(site) % (size_t)site->rows->lanes == 0;
    layer *own = site->own = calloc(1, sizeof *own);
    if (!own) {
        return false;
    }
    own->apart = !fills && groups_of(site) > 1;
    site->finished = true;
    site->exact = fills || own->apart;
    choose_layer_block(site);
    if (own->apart) {
        const size_t floats = (size_t)site->block * padded_filters(site);
        site->columns = (int64_t)(floats / (size_t)site->in.channels + 1);
    }
    if (!make_runs(own, site) || !make_panels(own, site)) {
        return false;
    }
    site->pointers = own->runs;
    return true;
}

/* Copies a group's `filters` sums of each pixel to where they belong. */
static void put_group(float *restrict out, const float *restrict from, size_t pixels,
                      size_t filters, size_t padded, size_t out_step) {
    for (size_t x = 0; x < pixels; x++, from += padded, out += out_step) {
        memcpy(out, from, filters * sizeof *out);
    }
}

/* The row kernel writes whole vectors, so the last vector of a pixel overwrites some of the next
 * pixel. Hence pixels go from left to right, but vectors from the last to the first. */
static void run_group(const path_call *call, size_t group, size_t pixels, float *const *out) {
    const path_site *site = call->site;
    const conv_stage *stage = &site->stage;
    const layer *own = site->own;
    const float **in = (const float **)call->pointers;
    const size_t lanes = (size_t)site->rows->lanes, window = window_floats(site);
    const float *panels = own->panels + group * panel_floats(site);
    rows_layer part = {.in = in,
                       .runs = own->runs,
                       .length = run_length(site),
                       .step = (size_t)stage->window.stride_x * (size_t)site->in.channels,
                       .out_step = own->apart ? padded_filters(site) : (size_t)stage->filters,
                       .relu = stage->relu};
    for (size_t end = (vectors_of(site) + 1) / 2; end-- > 0;) {
        const size_t first = 2 * end;
        part.vectors = (int)vectors_from(site, first);
        part.weights = panels + first * lanes * window;
        part.bias = panels + padded_filters(site) * window + first * lanes;
        for (int r = 0; r < call->count; r++) {
            for (size_t t = 0; t < own->runs; t++) {
                in[t] = path_row(call, r, own->row[t]) + own->offset[t] + group * inputs_of(site);
            }
            site->rows->layer(out[r] + first * lanes, &part, pixels);
        }
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const layer *own = site->own;
    const size_t all = (size_t)site->stage.filters, filters = filters_of(site), pixels = n / all;
    for (size_t group = 0; group < groups_of(site); group++) {
        float *to[PATH_MAX_BATCH];
        for (int r = 0; r < call->count; r++) {
            to[r] = own->apart ? call->scratch[r] : out[r] + group * filters;
        }
        run_group(call, group, pixels, to);
        for (int r = 0; own->apart && r < call->count; r++) {
            put_group(out[r] + group * filters, to[r], pixels, filters, padded_filters(site), all);
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
