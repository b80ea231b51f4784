/* Kernels with few zeros: each load of a sample serves several rows. */
#include <stdio.h>
#include <stdlib.h>

#include "conv/path/path.h"
#include "conv/path/rates.h"

static bool takes(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return site->facts->weights && w->height > 1 &&
           10 * site->facts->cells >= 6 * w->width * w->height && w->stride_y == 1 &&
           w->dilation_y == 1;
}

static double cost(const path_site *site) {
    return path_rate.row + path_rate.dense_tap * site->facts->cells;
}

static void tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "%d of %d weights are nonzero", site->facts->cells,
             site->facts->width * site->facts->height);
}

/* The weights, column by column. */
static bool make(path_site *site) {
    const conv_window *w = &site->stage.window;
    const int cells = w->width * w->height;
    float *weights = site->own = malloc((size_t)cells * sizeof *weights);
    for (int i = 0; weights && i < cells; i++) {
        weights[i % w->width * w->height + i / w->width] = (float)site->facts->weights[i];
    }
    return weights != NULL;
}

static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const conv_window *w = &site->stage.window;
    for (int k = 0; k < w->height + call->count - 1; k++) {
        call->pointers[k] = path_row(call, 0, k);
    }
    call->rows->dense(out, call->pointers, site->own, (size_t)w->width, (size_t)w->height,
                      path_column_step(site), call->count, n);
}

const conv_path path_dense = {
    .name = "dense",
    .op = CONV_CORRELATE,
    .batch = 12,
    .plain = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .run = run,
};
