/* Boxes on 8-bit samples: sums down the columns in 16 bits, then a running sum along the row. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conv/path/path.h"
#include "conv/path/rates.h"
#include "conv/path/rounding.h"

/* Sums of columns fit 16 bits, those of whole windows a float's 24, in any order. */
static bool takes(const path_site *site) {
    _Static_assert(CONV_MAX_KERNEL * 255 < 1 << 16, "a column's sum");
    _Static_assert(CONV_MAX_KERNEL * CONV_MAX_KERNEL * 255 < 1 << 24, "a window's sum");
    const conv_window *w = &site->stage.window;
    return site->facts->equal != 0 && w->stride_y == 1 && w->dilation_y == 1 &&
           w->width <= CONV_MAX_KERNEL && w->height <= CONV_MAX_KERNEL;
}

/* Along the row a running sum, whatever the width; where the window's columns are far apart, sums
 * of sums. */
static double cost(const path_site *site) {
    const conv_window *w = &site->stage.window;
    const size_t apart = path_column_step(site);
    const double columns = path_rate.box_bytes_row + path_rate.box_bytes_height * w->height;
    if (apart == 1) {
        return columns;
    }
    return columns + (apart <= ROWS_SLIDE_STEP
                          ? path_rate.box_bytes_near
                          : path_rate.box_bytes_far + path_rate.box_bytes_double * log2(w->width));
}

static void tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "%d equal weights", site->facts->cells);
}

static bool make(path_site *site) {
    float *weight = site->own = malloc(sizeof *weight);
    if (!weight) {
        return false;
    }
    *weight = (float)site->facts->equal;
    site->pointers = (size_t)site->stage.window.height + PATH_MAX_BATCH;
    site->direct = path_column_step(site) <= ROWS_SLIDE_STEP && path_sums_fit(site->facts);
    return true;
}

/* The column sums of every row, with zeros before them. */
static void sum_columns(const path_call *call, size_t n, uint16_t **sums) {
    enum { BEFORE = 32 };
    const conv_window *w = &call->site->stage.window;
    const uint8_t **in = (const uint8_t **)call->pointers;
    for (int k = 0; k < call->count - 1 + w->height; k++) {
        in[k] = path_byte_row(call, 0, k);
    }
    for (int r = 0; r < call->count; r++) {
        uint16_t *row = (uint16_t *)call->scratch[PATH_SCRATCH + r];
        memset(row, 0, BEFORE * sizeof *row);
        sums[r] = row + BEFORE;
    }
    call->rows->box_columns_u8(sums, in, (size_t)w->height, (size_t)call->count,
                               n + (size_t)(w->width - 1) * path_column_step(call->site));
}

static rows_slide slide_of(const path_site *site, const uint16_t *sums) {
    const conv_window *w = &site->stage.window;
    const float *weight = site->own;
    return (rows_slide){.in = sums,
                        .window = (size_t)w->width,
                        .step = path_column_step(site),
                        .narrow = w->height * 255 < 1 << 15,
                        .weight = *weight};
}

/* A running sum, except where the window's columns are far apart. */
static void run(const path_call *call, size_t n, float *const *out) {
    uint16_t *sums[PATH_MAX_BATCH];
    sum_columns(call, n, sums);
    for (int r = 0; r < call->count; r++) {
        const rows_slide s = slide_of(call->site, sums[r]);
        if (s.step <= ROWS_SLIDE_STEP) {
            call->rows->box_slide(&s, out[r], n);
        } else {
            call->rows->from_u16(call->scratch[1], sums[r], n + (s.window - 1) * s.step);
            call->rows->box_row(out[r], call->scratch[0], call->scratch[1], s.window, s.step,
                                s.weight, n);
        }
    }
}

/* Nothing is clipped, so there is nothing to count. */
static void direct(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    (void)stats;
    uint16_t *sums[PATH_MAX_BATCH];
    sum_columns(call, n, sums);
    for (int r = 0; r < call->count; r++) {
        const rows_slide s = slide_of(call->site, sums[r]);
        call->rows->box_slide_u8(&s, out[r], n);
    }
}

const conv_path path_box_bytes = {
    .name = "box-bytes",
    .op = CONV_CORRELATE,
    .batch = PATH_MAX_BATCH,
    .bytes = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .run = run,
    .direct = direct,
};
