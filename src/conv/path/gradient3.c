#include "conv/path/gradient3_shape.h"

#include <stdlib.h>

#include "conv/path/rates.h"

typedef struct gradient3 {
    float side, middle;
    float flat; /* the most that rounding can leave of a gradient that is 0 */
} gradient3;

static bool takes(const path_site *site) {
    gradient3_weights ignored;
    return gradient3_find(&site->stage, &ignored);
}

static double cost(const path_site *site) {
    return path_rate.gradient * (site->stage.gradient == CONV_ANGLE ? 2 : 1);
}

static bool make(path_site *site) {
    gradient3_weights weights = {0};
    gradient3 *own = site->own = malloc(sizeof *own);
    if (!own || !gradient3_find(&site->stage, &weights)) {
        return false;
    }
    const double absolute = 4 * (weights.side < 0 ? -weights.side : weights.side) +
                            2 * (weights.middle < 0 ? -weights.middle : weights.middle);
    *own = (gradient3){.side = (float)weights.side,
                       .middle = (float)weights.middle,
                       .flat = (float)(2 * absolute * site->samples.noise)};
    site->pointers = PATH_MAX_BATCH + 2;
    return true;
}

/* x and y separately, which are exactly 0 where the differences are, then their angle. */
static void run_angle(const path_call *call, int r, int rows, size_t n, float *const *out) {
    const gradient3 *own = call->site->own;
    const size_t column = path_column_step(call->site);
    float *const *x = call->scratch + PATH_SCRATCH, *const *y = x + PATH_MAX_BATCH / 2;
    call->rows->gradient3(x, call->pointers, rows, column, own->side, own->middle, CONV_X, n);
    call->rows->gradient3(y, call->pointers, rows, column, own->side, own->middle, CONV_Y, n);
    for (int i = 0; i < rows; i++) {
        if (own->flat > 0) {
            call->rows->flatten(x[i], own->flat, n);
            call->rows->flatten(y[i], own->flat, n);
        }
        call->rows->gradient(out[r + i], x[i], y[i], CONV_ANGLE, call->site->stage.b, n);
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    const gradient3 *own = call->site->own;
    const conv_gradient mode = call->site->stage.gradient;
    for (int r = 0, rows; r < call->count; r += rows) {
        rows = path_point_rows(call, false, r);
        if (mode == CONV_ANGLE) {
            run_angle(call, r, rows, n, out);
        } else {
            call->rows->gradient3(out + r, call->pointers, rows, path_column_step(call->site),
                                  own->side, own->middle, mode, n);
        }
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
