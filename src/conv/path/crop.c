/* Part of each row, of some of the rows. Crops before any other stage with a window cost not even
 * that: see plan/make.c. */
#include <string.h>

#include "conv/path/path.h"
#include "conv/path/rates.h"

static double cost(const path_site *site) {
    (void)site;
    return path_rate.row;
}

static bool make(path_site *site) {
    site->finished = site->exact = true;
    site->columns = 0;
    return true;
}

static void run(const path_call *call, size_t n, float *const *out) {
    for (int r = 0; r < call->count; r++) {
        memcpy(out[r], path_row(call, r, 0), n * sizeof *out[r]);
    }
}

const conv_path path_crop = {
    .name = "crop",
    .op = CONV_CROP,
    .batch = 4,
    .cost = cost,
    .make = make,
    .run = run,
};
