/* Kernels that are a column times a row, of many weights, on 8-bit samples. */
#include "conv/path/factors.h"
#include "conv/path/path.h"
#include "conv/path/rounding.h"

static double cost(const path_site *site) {
    return factors_cost_long(site) + path_rounding_cost(site) - path_saved_by_bytes(site);
}

static bool make(path_site *site) {
    site->direct = site->unit == 0 && path_sums_fit(site->facts);
    return factors_make(site);
}

static void run(const path_call *call, size_t n, float *const *out) {
    const factor_set *set = call->site->own;
    factors_run_long(call, &set->term[0], true, n, out, NULL);
}

static void direct(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    (void)stats; /* nothing is clipped */
    const factor_set *set = call->site->own;
    factors_run_long(call, &set->term[0], true, n, NULL, out);
}

const conv_path path_separable_long_bytes = {
    .name = "separable-long-bytes",
    .op = CONV_CORRELATE,
    .batch = 16,
    .block = FACTORS_BLOCK,
    .bytes = true,
    .rounded = true,
    .takes = factors_take_long,
    .cost = cost,
    .tell = factors_tell,
    .make = make,
    .free = factors_free,
    .run = run,
    .direct = direct,
};
