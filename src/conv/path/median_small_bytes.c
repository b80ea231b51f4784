/* The path of median_small.c on 8-bit samples. */
#include <stdio.h>

#include "conv/path/median_shape.h"

static bool takes(const path_site *site) {
    return median_is_small(site);
}

/* Four times as many samples as floats in a register. */
static double cost(const path_site *site) {
    return path_rate.row + median_network_cost(site) / 4 - path_rate.saved_rounds;
}

static void tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "a network of comparisons for %d bytes", median_count_of(site));
}

static bool make(path_site *site) {
    site->pointers = (size_t)median_count_of(site);
    site->direct = true;
    return true;
}

static void direct(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    (void)stats; /* nothing is clamped */
    for (int r = 0; r < call->count; r++) {
        median_point(call, true, r);
        call->rows->median_u8(out[r], call->pointers, (size_t)median_count_of(call->site), n);
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    uint8_t *bytes = (uint8_t *)call->scratch[0];
    for (int r = 0; r < call->count; r++) {
        median_point(call, true, r);
        call->rows->median_u8(bytes, call->pointers, (size_t)median_count_of(call->site), n);
        call->rows->from_u8(out[r], bytes, n);
    }
}

const conv_path path_median_small_bytes = {
    .name = "median-small-bytes",
    .op = CONV_MEDIAN,
    .batch = 4,
    .bytes = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .run = run,
    .direct = direct,
};
