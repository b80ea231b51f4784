/* Large kernels by fast Fourier transforms of tiles (overlap-save: Oppenheim & Schafer,
 * Discrete-time signal processing, 8.7.3).
 *
 * A tile of size x size samples gives (size - width + 1) x (size - height + 1) results; what comes
 * round its edges is left out. The kernel is real, so two tiles are filtered at once, as real and
 * imaginary part. Tiles lie at multiples of their results' number, so that bands change nothing:
 * a row of tiles is made at once and held, and handed out row by row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conv/plan/plan.h"

/* Results of a tile along one axis. */
static int results(const plan_step *step, int cells) {
    return (int)step->fft.size - cells + 1;
}

/* Pixels from one held row to the next. */
static size_t held_pitch(const plan_step *step) {
    return ((size_t)step->made.width * (size_t)step->in.channels + ROWS_BLOCK + 15) / 16 * 16;
}

/* ---- the plan ---- */

/* e^(-2 pi i k / n) */
static void factor(float *w, size_t k, size_t n) {
    const double angle = -2 * acos(-1.0) * (double)(k % n) / (double)n;
    w[0] = (float)cos(angle);
    w[1] = (float)sin(angle);
}

static bool make_factors(plan_step *step) {
    const size_t size = step->fft.size;
    float *w = malloc(3 * size * sizeof *w); /* 6/4 of size, and a third of that */
    step->fft_factors = w;
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
    step->fft.factors = step->fft_factors;
    return true;
}

/* The kernel turned by 180 degrees about the tile's first sample, which makes a correlation of the
 * product of spectra, and divided by what the transforms there and back multiply by. */
static bool make_spectrum(plan_step *step) {
    const rows_table *rows = step->rows;
    const kernel_facts *facts = step->facts;
    const size_t size = step->fft.size, area = size * size;
    const double scale = (step->unit > 0 ? step->unit : 1) * (double)area;
    float *tile = aligned_alloc(64, 2 * area * sizeof *tile), *row = calloc(size, sizeof *row);
    step->fft_spectrum = aligned_alloc(64, 2 * area * sizeof *tile);
    const bool ok = tile && row && step->fft_spectrum;
    for (size_t y = 0; ok && y < size; y++) {
        const size_t ky = (size - y) % size;
        for (size_t x = 0; x < size; x++) {
            const size_t kx = (size - x) % size;
            const bool inside = ky < (size_t)facts->height && kx < (size_t)facts->width;
            row[x] = inside ? (float)(facts->weights[ky * (size_t)facts->width + kx] / scale) : 0;
        }
        rows->fft_put_row(&step->fft, tile, y, row, 1, size);
    }
    if (ok) {
        memset(tile + area, 0, area * sizeof *tile);
        rows->fft_forward(&step->fft, tile, step->fft_spectrum);
        step->fft.spectrum = step->fft_spectrum;
    }
    free(tile);
    free(row);
    return ok;
}

static bool make_fft(plan_step *step) {
    step->fft.size = fft_tile_size(step);
    step->sum = plan_sum_of(step->facts->weights, step->facts->width * step->facts->height);
    step->align = fft_block_rows((int)step->fft.size, step->stage.window.height);
    step->held = held_pitch(step) * (size_t)step->align + 4 * step->fft.size * step->fft.size;
    return make_factors(step) && make_spectrum(step);
}

/* ---- the work ---- */

/* One plane of tiles: a channel of the pixels from x on. */
typedef struct plane {
    int x, channel;
} plane;

static void put_plane(path_call *call, plane p, float *tile) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const int size = (int)step->fft.size, rows = call->count + w->height - 1;
    const int left = step->made.width - p.x + w->width - 1;
    call->x = p.x;
    for (int y = 0; y < size; y++) {
        const float *row = y < rows ? path_row(call, 0, y) + p.channel : NULL;
        call->rows->fft_put_row(&step->fft, tile, (size_t)y, row, (size_t)step->in.channels,
                                !row ? 0 : (size_t)(left < size ? left : size));
    }
}

static void get_plane(const path_call *call, plane p, const float *tile, float *held) {
    const plan_step *step = call->step;
    const int columns = results(step, step->stage.window.width);
    const int left = step->made.width - p.x;
    for (int y = 0; y < call->count; y++) {
        float *row = held + held_pitch(step) * (size_t)y + p.x * step->in.channels + p.channel;
        call->rows->fft_get_row(&step->fft, tile, (size_t)y, row, (size_t)step->in.channels,
                                (size_t)(left < columns ? left : columns));
    }
}

static void hold_fft(path_call *call, float *held) {
    const plan_step *step = call->step;
    const size_t area = step->fft.size * step->fft.size;
    float *tile = held + held_pitch(step) * (size_t)step->align, *turned = tile + 2 * area;
    const int channels = step->in.channels, columns = results(step, step->stage.window.width);
    const int planes = (step->made.width + columns - 1) / columns * channels;
    for (int i = 0; i < planes; i += 2) {
        const plane first = {i / channels * columns, i % channels};
        const plane second = {(i + 1) / channels * columns, (i + 1) % channels};
        put_plane(call, first, tile);
        if (i + 1 < planes) {
            put_plane(call, second, tile + area);
        } else {
            memset(tile + area, 0, area * sizeof *tile);
        }
        call->rows->fft_filter(&step->fft, tile, turned);
        get_plane(call, first, tile, held);
        if (i + 1 < planes) {
            get_plane(call, second, tile + area, held);
        }
    }
}

static void columns_fft(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    for (int r = 0; r < call->count; r++) {
        const int row = (call->y + r) % step->align;
        memcpy(out[r], call->held + held_pitch(step) * (size_t)row + call->x * step->in.channels,
               n * sizeof *out[r]);
    }
}

const plan_path path_fft = {.name = "fft",
                            .batch = 4,
                            .make = make_fft,
                            .hold = hold_fft,
                            .columns = columns_fft,
                            .rounded = true};
