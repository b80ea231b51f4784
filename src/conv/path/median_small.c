/* Medians of few samples: a network of comparisons, for many pixels at once. */
#include <stdio.h>

#include "conv/path/median_shape.h"

static bool takes(const path_site *site) {
    return median_is_small(site);
}

static double cost(const path_site *site) {
    return path_rate.row + median_network_cost(site);
}

static void tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "a network of comparisons for %d samples", median_count_of(site));
}

static bool make(path_site *site) {
    site->pointers = (size_t)median_count_of(site);
    return true;
}

static void run(const path_call *call, size_t n, float *const *out) {
    for (int r = 0; r < call->count; r++) {
        median_point(call, false, r);
        call->rows->median(out[r], call->pointers, (size_t)median_count_of(call->site), n);
    }
}

const conv_path path_median_small = {
    .name = "median-small",
    .op = CONV_MEDIAN,
    .batch = 4,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .run = run,
};
