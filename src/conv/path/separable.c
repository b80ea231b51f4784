/* Kernels that are a column times a row: first down the column, as far as the row reaches, then
 * along the row. */
#include "conv/path/factors.h"
#include "conv/path/path.h"
#include "conv/path/rounding.h"

static double cost(const path_site *site) {
    return factors_cost(site) + path_rounding_cost(site);
}

static void run(const path_call *call, size_t n, float *const *out) {
    const factor_set *set = call->site->own;
    factors_run(call, &set->term[0], false, n, out);
}

const conv_path path_separable = {
    .name = "separable",
    .op = CONV_CORRELATE,
    .batch = 8,
    .rounded = true,
    .takes = factors_take,
    .cost = cost,
    .tell = factors_tell,
    .make = factors_make,
    .free = factors_free,
    .run = run,
};
