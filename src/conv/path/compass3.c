/* The largest of the sums over up to eight 3x3 kernels: a cell is loaded once for all of them. */
#include <stdlib.h>

#include "conv/path/path.h"
#include "conv/path/rates.h"

static bool takes(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return w->width == 3 && w->height == 3 && site->stage.kernels <= ROWS_COMPASS;
}

static double cost(const path_site *site) {
    return path_rate.compass3_kernel * site->stage.kernels;
}

/* The weights, kernel by kernel. */
static bool make(path_site *site) {
    const size_t count = (size_t)site->stage.kernels * 9;
    float *weights = site->own = malloc(count * sizeof *weights);
    for (size_t i = 0; weights && i < count; i++) {
        weights[i] = (float)site->stage.weights[i];
    }
    return weights != NULL;
}

static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const float *in[9];
    for (int r = 0; r < call->count; r++) {
        for (int c = 0; c < 9; c++) {
            in[c] = path_row(call, r, c / 3) + (size_t)(c % 3) * path_column_step(site);
        }
        call->rows->compass3(out[r], in, site->own, (size_t)site->stage.kernels, n);
    }
}

const conv_path path_compass3 = {
    .name = "compass3",
    .op = CONV_COMPASS,
    .batch = 4,
    .takes = takes,
    .cost = cost,
    .make = make,
    .run = run,
};
