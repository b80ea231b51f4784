/* Large kernels by fast Fourier transforms of tiles (overlap-save: Oppenheim & Schafer,
 * Discrete-time signal processing, 8.7.3).
 *
 * A tile of size x size samples gives (size - width + 1) x (size - height + 1) results; those that
 * wrap round its edges are left out. The kernel is real, so two tiles are filtered at once, as real
 * and imaginary parts. Tiles lie at multiples of their results' size, so results don't depend on
 * bands: a row of tiles is made at once, held, and handed out row by row. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"
#include "conv/path/rounding.h"

/* ---- which tiles ---- */

/* Rows made at once by tiles of `size`: a multiple of 16, as bands are, if possible. */
static int block_rows(int size, int kernel_height) {
    const int rows = size - kernel_height + 1;
    return rows >= 16 ? rows - rows % 16 : rows;
}

/* Cycles per result; INFINITY where the tile is smaller than the kernel, or a row of tiles needs
 * too much memory. */
static double cost_of(const path_site *site, const path_tile *tile) {
    const conv_window *w = &site->stage.window;
    const double most_floats = 64 << 20;
    const int columns = tile->size - w->width + 1, rows = block_rows(tile->size, w->height);
    const double channels = site->in.channels, width = site->made.width, height = site->made.height;
    if (columns < 1 || rows < 1 ||
        (double)(tile->size + rows) * (site->in.width + w->width) * channels > most_floats) {
        return (double)INFINITY;
    }
    const double count = ceil(width / columns) * channels * ceil(height / rows);
    const double cycles = tile->cycles * tile->size * tile->size * log2(tile->size);
    return count / 2 * cycles / (width * height * channels);
}

static const path_tile *cheapest_tile(const path_site *site) {
    const path_tile *best = &path_tiles[0];
    for (size_t i = 1; i < PATH_TILES; i++) {
        best = cost_of(site, &path_tiles[i]) < cost_of(site, best) ? &path_tiles[i] : best;
    }
    return best;
}

/* Errors grow with the tile's brightest samples, not just those under the kernel: fine for whole
 * numbers of a known range, but not for arbitrary floats. */
static bool takes(const path_site *site) {
    const conv_window *w = &site->stage.window;
    const double errors = 16; /* three times the largest seen */
    return site->facts->weights && w->stride_x == 1 && w->stride_y == 1 && w->dilation_x == 1 &&
           w->dilation_y == 1 && site->bounded && path_rounds_well(site, errors) &&
           isfinite(cost_of(site, cheapest_tile(site)));
}

static double cost(const path_site *site) {
    return cost_of(site, cheapest_tile(site)) + path_rounding_cost(site);
}

static void tell(const path_site *site, char *why, size_t size) {
    const int side = cheapest_tile(site)->size;
    snprintf(why, size, "tiles of %d x %d", side, side);
}

/* ---- the plan ---- */

typedef struct fft {
    rows_fft rows; /* which points into: */
    float *factors, *spectrum;
    size_t pitch; /* floats from one held row to the next */
} fft;

/* e^(-2 pi i k / n) */
static void factor(float *w, size_t k, size_t n) {
    const double angle = -2 * acos(-1.0) * (double)(k % n) / (double)n;
    w[0] = (float)cos(angle);
    w[1] = (float)sin(angle);
}

static bool make_factors(fft *own) {
    const size_t size = own->rows.size;
    float *w = own->factors = malloc(3 * size * sizeof *w); /* 6/4 of size, then a third of that */
    if (!w) {
        return false;
    }
    for (size_t length = size; length >= 8; length /= 4) {
        for (size_t i = 0; i < length / 4; i++, w += 6) {
            for (size_t k = 0; k < 3; k++) {
                factor(w + 2 * k, i * (k + 1), length);
            }
        }
    }
    own->rows.factors = own->factors;
    return true;
}

/* The kernel rotated by 180 degrees about the tile's first sample, so that the product of spectra
 * is a correlation, and divided by the gain of the transforms there and back. */
static bool make_spectrum(fft *own, const path_site *site) {
    const kernel_facts *facts = site->facts;
    const size_t size = own->rows.size, area = size * size;
    const double scale = (site->unit > 0 ? site->unit : 1) * (double)area;
    float *tile = aligned_alloc(64, 2 * area * sizeof *tile), *row = calloc(size, sizeof *row);
    own->spectrum = aligned_alloc(64, 2 * area * sizeof *tile);
    const bool ok = tile && row && own->spectrum;
    for (size_t y = 0; ok && y < size; y++) {
        const size_t ky = (size - y) % size;
        for (size_t x = 0; x < size; x++) {
            const size_t kx = (size - x) % size;
            const bool inside = ky < (size_t)facts->height && kx < (size_t)facts->width;
            row[x] = inside ? (float)(facts->weights[ky * (size_t)facts->width + kx] / scale) : 0;
        }
        site->rows->fft_put_row(&own->rows, tile, y, row, 1, size);
    }
    if (ok) {
        memset(tile + area, 0, area * sizeof *tile);
        site->rows->fft_forward(&own->rows, tile, own->spectrum);
        own->rows.spectrum = own->spectrum;
    }
    free(tile);
    free(row);
    return ok;
}

static bool make(path_site *site) {
    fft *own = site->own = calloc(1, sizeof *own);
    if (!own) {
        return false;
    }
    const size_t floats = (size_t)site->made.width * (size_t)site->in.channels;
    own->rows.size = (size_t)cheapest_tile(site)->size;
    own->pitch = ct_round_up(floats + ROWS_BLOCK, 16);
    site->align = block_rows((int)own->rows.size, site->stage.window.height);
    site->held = own->pitch * (size_t)site->align + 4 * own->rows.size * own->rows.size;
    return make_factors(own) && make_spectrum(own, site);
}

static void free_own(void *own) {
    fft *f = own;
    if (f) {
        free(f->factors);
        free(f->spectrum);
        free(f);
    }
}

/* ---- the work ---- */

/* What one plane of a tile holds: a channel of the pixels from x on. */
typedef struct plane {
    int x, channel;
} plane;

static void put_plane(path_call *call, plane p, float *tile) {
    const path_site *site = call->site;
    const conv_window *w = &site->stage.window;
    const fft *own = site->own;
    const int size = (int)own->rows.size, rows = call->count + w->height - 1;
    const int left = site->made.width - p.x + w->width - 1;
    call->x = p.x;
    for (int y = 0; y < size; y++) {
        const float *row = y < rows ? path_row(call, 0, y) + p.channel : NULL;
        call->rows->fft_put_row(&own->rows, tile, (size_t)y, row, (size_t)site->in.channels,
                                !row ? 0 : (size_t)(left < size ? left : size));
    }
}

static void get_plane(const path_call *call, plane p, const float *tile, float *held) {
    const path_site *site = call->site;
    const fft *own = site->own;
    const int columns = (int)own->rows.size - site->stage.window.width + 1;
    const int left = site->made.width - p.x;
    for (int y = 0; y < call->count; y++) {
        float *row = held + own->pitch * (size_t)y + p.x * site->in.channels + p.channel;
        call->rows->fft_get_row(&own->rows, tile, (size_t)y, row, (size_t)site->in.channels,
                                (size_t)(left < columns ? left : columns));
    }
}

static void hold(path_call *call, float *held) {
    const path_site *site = call->site;
    const fft *own = site->own;
    const size_t area = own->rows.size * own->rows.size;
    float *tile = held + own->pitch * (size_t)site->align, *turned = tile + 2 * area;
    const int channels = site->in.channels;
    const int columns = (int)own->rows.size - site->stage.window.width + 1;
    const int planes = (site->made.width + columns - 1) / columns * channels;
    for (int i = 0; i < planes; i += 2) {
        const plane first = {i / channels * columns, i % channels};
        const plane second = {(i + 1) / channels * columns, (i + 1) % channels};
        put_plane(call, first, tile);
        if (i + 1 < planes) {
            put_plane(call, second, tile + area);
        } else {
            memset(tile + area, 0, area * sizeof *tile);
        }
        call->rows->fft_filter(&own->rows, tile, turned);
        get_plane(call, first, tile, held);
        if (i + 1 < planes) {
            get_plane(call, second, tile + area, held);
        }
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const fft *own = site->own;
    for (int r = 0; r < call->count; r++) {
        const size_t row = (size_t)((call->y + r) % site->align);
        memcpy(out[r], call->held + own->pitch * row + call->x * site->in.channels,
               n * sizeof *out[r]);
    }
}

const conv_path path_fft = {
    .name = "fft",
    .op = CONV_CORRELATE,
    .batch = 4,
    .rounded = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .free = free_own,
    .hold = hold,
    .run = run,
};
