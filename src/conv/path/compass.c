/* The largest of the sums over several kernels. */
#include <stdlib.h>
#include <string.h>

#include "conv/path/cells.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"

typedef struct compass {
    int count;
    cell_list kernel[];
} compass;

static double cost(const path_site *site) {
    const conv_window *w = &site->stage.window;
    const double kernel = path_rate.row + path_rate.tap * w->width * w->height;
    return site->stage.kernels * (kernel + path_rate.compass_kernel);
}

static bool make(path_site *site) {
    const conv_window *w = &site->stage.window;
    const size_t kernels = (size_t)site->stage.kernels;
    compass *own = site->own = calloc(1, sizeof *own + kernels * sizeof own->kernel[0]);
    if (!own) {
        return false;
    }
    own->count = site->stage.kernels;
    for (int k = 0; k < own->count; k++) {
        const double *weights = site->stage.weights + (ptrdiff_t)k * w->width * w->height;
        if (!cells_make(&own->kernel[k], weights, w->width, w->height,
                        (int)path_column_step(site))) {
            return false;
        }
        const size_t count = own->kernel[k].count;
        site->pointers = count > site->pointers ? count : site->pointers;
    }
    return true;
}

static void free_own(void *own) {
    compass *c = own;
    for (int k = 0; c && k < c->count; k++) {
        cells_free(&c->kernel[k]);
    }
    free(c);
}

static void run(const path_call *call, size_t n, float *const *out) {
    const compass *own = call->site->own;
    for (int r = 0; r < call->count; r++) {
        float *sum = call->scratch[0], *best = call->scratch[1], *spare = call->scratch[2];
        cells_sum(call, r, &own->kernel[0], n, best);
        for (int k = 1; k < own->count; k++) {
            cells_sum(call, r, &own->kernel[k], n, sum);
            call->rows->max(spare, best, sum, n);
            float *const swap = best;
            best = spare;
            spare = swap;
        }
        memcpy(out[r], best, n * sizeof *best);
    }
}

const conv_path path_compass = {
    .name = "compass",
    .op = CONV_COMPASS,
    .batch = 4,
    .block = 1024, /* rows of all kernels stay in the L1 cache */
    .cost = cost,
    .make = make,
    .free = free_own,
    .run = run,
};
