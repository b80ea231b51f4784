/* The path of median3.c on 8-bit samples. */
#include <stdio.h>

#include "conv/path/median_shape.h"

static bool takes(const path_site *site) {
    return median_is_3x3(site);
}

/* Four times as many samples as floats in a register. */
static double cost(const path_site *site) {
    (void)site;
    return path_rate.row + path_rate.median3 / 4 - path_rate.saved_rounds;
}

static void tell(const path_site *site, char *why, size_t size) {
    (void)site;
    snprintf(why, size, "rows of 3 bytes are sorted once for 3 windows");
}

static bool make(path_site *site) {
    site->pointers = PATH_MAX_BATCH + 2;
    site->direct = true;
    return true;
}

static void direct(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    (void)stats; /* nothing is clamped */
    for (int r = 0, rows; r < call->count; r += rows) {
        rows = path_point_rows(call, true, r);
        call->rows->median3_u8(out + r, call->pointers, rows, path_column_step(call->site), n);
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    uint8_t *bytes[PATH_MAX_BATCH];
    for (int r = 0; r < call->count; r++) {
        bytes[r] = (uint8_t *)call->scratch[PATH_SCRATCH + r];
    }
    direct(call, n, bytes, NULL);
    for (int r = 0; r < call->count; r++) {
        call->rows->from_u8(out[r], bytes[r], n);
    }
}

const conv_path path_median3_bytes = {
    .name = "median3-bytes",
    .op = CONV_MEDIAN,
    .batch = PATH_MAX_BATCH / 2,
    .bytes = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .run = run,
    .direct = direct,
};
