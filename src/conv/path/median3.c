/* Medians of 3x3 samples: each row of three is sorted once, for all windows that it lies in. */
#include <stdio.h>

#include "conv/path/median_shape.h"

static bool takes(const path_site *site) {
    return median_is_3x3(site);
}

static double cost(const path_site *site) {
    (void)site;
    return path_rate.row + path_rate.median3;
}

static void tell(const path_site *site, char *why, size_t size) {
    (void)site;
    snprintf(why, size, "rows of 3 samples are sorted once for 3 windows");
}

static bool make(path_site *site) {
    site->pointers = PATH_MAX_BATCH + 2;
    return true;
}

static void run(const path_call *call, size_t n, float *const *out) {
    for (int r = 0, rows; r < call->count; r += rows) {
        rows = path_point_rows(call, false, r);
        call->rows->median3(out + r, call->pointers, rows, path_column_step(call->site), n);
    }
}

const conv_path path_median3 = {
    .name = "median3",
    .op = CONV_MEDIAN,
    .batch = PATH_MAX_BATCH / 2,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .run = run,
};
