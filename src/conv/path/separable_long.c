/* Kernels that are a column times a row, of many weights: as many rows as a register has floats are
 * transposed at once. */
#include "conv/path/factors.h"
#include "conv/path/path.h"
#include "conv/path/rounding.h"

static double cost(const path_site *site) {
    return factors_cost_long(site) + path_rounding_cost(site);
}

static void run(const path_call *call, size_t n, float *const *out) {
    const factor_set *set = call->site->own;
    factors_run_long(call, &set->term[0], false, n, out, NULL);
}

const conv_path path_separable_long = {
    .name = "separable-long",
    .op = CONV_CORRELATE,
    .batch = 16,
    .block = FACTORS_BLOCK,
    .rounded = true,
    .takes = factors_take_long,
    .cost = cost,
    .tell = factors_tell,
    .make = factors_make,
    .free = factors_free,
    .run = run,
};
