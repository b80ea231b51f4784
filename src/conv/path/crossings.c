/* Changes of sign between a sample and those beside it. */
#include "conv/path/path.h"
#include "conv/path/rates.h"

static double cost(const path_site *site) {
    (void)site;
    return path_rate.row + path_rate.crossings;
}

static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const size_t step = path_column_step(site);
    const float zero = (float)site->samples.noise;
    for (int r = 0; r < call->count; r++) {
        const float *row = path_row(call, r, 1);
        const float *const in[] = {row + step, row, row + 2 * step, path_row(call, r, 0) + step,
                                   path_row(call, r, 2) + step};
        call->rows->crossings(out[r], in, zero, site->stage.threshold, site->stage.b, n);
    }
}

const conv_path path_crossings = {
    .name = "crossings",
    .op = CONV_CROSSINGS,
    .batch = 4,
    .cost = cost,
    .run = run,
};
