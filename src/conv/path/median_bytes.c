/* Medians of any number of 8-bit samples, at a cost that hardly depends on it: each column of the
 * windows has a histogram, which moves down row by row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "conv/path/median_shape.h"
#include "conv/path/rates.h"

/* Rows made at once, and from one start of the histograms to the next: a start costs as much as
 * the window has rows, and bands begin there. */
enum { ROWS = PATH_MAX_BATCH, RESTART = 512, LEVELS = 256 };

typedef struct median_bytes {
    size_t columns; /* samples in a row of the windows */
    size_t pitch;   /* bytes from one held row of results to the next; the histograms follow them */
} median_bytes;

/* Columns that don't lie side by side, or rows that don't, would need histograms of their own. */
static bool takes(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return w->stride_y == 1 && w->dilation_y == 1 && path_column_step(site) <= ROWS_MEDIAN_STEP;
}

static double cost(const path_site *site) {
    const conv_window *w = &site->stage.window;
    const double start = (double)w->height / ct_min(RESTART, site->made.height);
    const double slide =
        median_count_of(site) < LEVELS ? path_rate.median_narrow : path_rate.median_wide;
    return slide + path_rate.median_count * (1 + start);
}

static void tell(const path_site *site, char *why, size_t size) {
    const conv_window *w = &site->stage.window;
    snprintf(why, size, "histograms of columns of %d, summed over %d", w->height, w->width);
}

static bool make(path_site *site) {
    const conv_window *w = &site->stage.window;
    const size_t channels = (size_t)site->in.channels, each = sizeof(float);
    median_bytes *own = site->own = malloc(sizeof *own);
    if (!own) {
        return false;
    }
    const size_t n = ((size_t)(site->made.width - 1) * (size_t)w->stride_x + 1) * channels;
    own->columns = n + (size_t)(w->width - 1) * path_column_step(site);
    own->pitch = ct_round_up(n + ROWS_BLOCK, 64);
    site->align = ROWS;
    site->restart = RESTART;
    site->held = (own->pitch * ROWS + own->columns * LEVELS) / each;
    site->direct = true;
    return true;
}

/* The histograms hold the rows that the next window shares with the last. */
static void hold(path_call *call, float *held) {
    const path_site *site = call->site;
    const median_bytes *own = site->own;
    const conv_window *w = &site->stage.window;
    uint8_t *results = (uint8_t *)held, *counts = results + own->pitch * ROWS;
    call->x = 0;
    if (call->y % RESTART == 0) {
        memset(counts, 0, own->columns * LEVELS);
        for (int k = 0; k < w->height - 1; k++) {
            call->rows->median_count(counts, NULL, path_byte_row(call, 0, k), own->columns);
        }
    }
    const rows_median m = {.counts = counts,
                           .width = (size_t)w->width,
                           .step = path_column_step(site),
                           .rank = (uint16_t)(median_count_of(site) / 2),
                           .narrow = median_count_of(site) < LEVELS};
    const size_t n = own->columns - (m.width - 1) * m.step;
    for (int r = 0; r < call->count; r++) {
        const uint8_t *leaves = r > 0 ? path_byte_row(call, r - 1, 0) : NULL;
        call->rows->median_slide(&m, results + own->pitch * (size_t)r, leaves,
                                 path_byte_row(call, r, w->height - 1), n);
    }
    call->rows->median_count(counts, path_byte_row(call, call->count - 1, 0), NULL, own->columns);
}

static const uint8_t *held_row(const path_call *call, int r) {
    const median_bytes *own = call->site->own;
    const size_t row = (size_t)((call->y + r) % ROWS);
    const size_t first = (size_t)call->x * (size_t)call->site->stage.window.stride_x;
    return (const uint8_t *)call->held + own->pitch * row + first * (size_t)call->site->in.channels;
}

static void run(const path_call *call, size_t n, float *const *out) {
    for (int r = 0; r < call->count; r++) {
        call->rows->from_u8(out[r], held_row(call, r), n);
    }
}

static void direct(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    (void)stats; /* nothing is clamped */
    for (int r = 0; r < call->count; r++) {
        memcpy(out[r], held_row(call, r), n);
    }
}

const conv_path path_median_bytes = {
    .name = "median-bytes",
    .op = CONV_MEDIAN,
    .batch = ROWS,
    .bytes = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .hold = hold,
    .run = run,
    .direct = direct,
};
