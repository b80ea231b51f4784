#include "conv/path/gradient3.h"

#include <stdlib.h>

#include "conv/path/paths.h"
#include "conv/path/rates.h"

typedef struct gradient3 {
    float side, middle;
} gradient3;

static bool takes(const path_site *site) {
    gradient3_weights ignored;
    return gradient3_find(&site->stage, &ignored) && site->stage.gradient != CONV_ANGLE;
}

static double cost(const path_site *site) {
    (void)site;
    return path_rate.gradient;
}

static bool make(path_site *site) {
    gradient3_weights weights = {0};
    gradient3 *own = site->own = malloc(sizeof *own);
    if (!own || !gradient3_find(&site->stage, &weights)) {
        return false;
    }
    *own = (gradient3){(float)weights.side, (float)weights.middle};
    site->pointers = PATH_MAX_BATCH + 2;
    return true;
}

static void run(const path_call *call, size_t n, float *const *out) {
    const gradient3 *own = call->site->own;
    for (int r = 0, rows; r < call->count; r += rows) {
        rows = gradient3_point(call, false, r);
        call->rows->gradient3(out + r, call->pointers, rows, path_column_step(call->site),
                              own->side, own->middle, call->site->stage.gradient, n);
    }
}

const conv_path path_gradient3 = {
    .name = "gradient3",
    .op = CONV_GRADIENT,
    .batch = PATH_MAX_BATCH / 2,
    .takes = takes,
    .cost = cost,
    .make = make,
    .run = run,
};
