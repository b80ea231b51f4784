/* The path of gradient3.c on 8-bit samples, with small whole weights: sums of 16 bits. */
#include <math.h>
#include <stdlib.h>

#include "conv/path/gradient3_shape.h"
#include "conv/path/rates.h"

typedef struct gradient3_bytes {
    int side, middle;
} gradient3_bytes;

/* Both differences are at most 255 (2 side + middle), and their squares' sum fits 31 bits. */
static bool takes(const path_site *site) {
    gradient3_weights w;
    return gradient3_find(&site->stage, &w) && site->stage.gradient != CONV_ANGLE &&
           rint(w.side) == w.side && rint(w.middle) == w.middle &&
           2 * fabs(w.side) + fabs(w.middle) <= 64;
}

static double cost(const path_site *site) {
    (void)site;
    return path_rate.gradient_bytes;
}

static bool make(path_site *site) {
    gradient3_weights weights = {0};
    gradient3_bytes *own = site->own = malloc(sizeof *own);
    if (!own || !gradient3_find(&site->stage, &weights)) {
        return false;
    }
    *own = (gradient3_bytes){(int)weights.side, (int)weights.middle};
    site->pointers = PATH_MAX_BATCH + 2;
    site->direct = site->stage.gradient != CONV_SQUARED;
    return true;
}

static void run(const path_call *call, size_t n, float *const *out) {
    const gradient3_bytes *own = call->site->own;
    for (int r = 0, rows; r < call->count; r += rows) {
        rows = path_point_rows(call, true, r);
        call->rows->gradient3_bytes(out + r, call->pointers, rows, path_column_step(call->site),
                                    own->side, own->middle, call->site->stage.gradient, n);
    }
}

static void direct(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    const gradient3_bytes *own = call->site->own;
    for (int r = 0, rows; r < call->count; r += rows) {
        rows = path_point_rows(call, true, r);
        call->rows->gradient3_u8(out + r, call->pointers, rows, path_column_step(call->site),
                                 own->side, own->middle, call->site->stage.gradient, n,
                                 &stats->negative, &stats->above);
    }
}

const conv_path path_gradient3_bytes = {
    .name = "gradient3-bytes",
    .op = CONV_GRADIENT,
    .batch = PATH_MAX_BATCH / 2,
    .bytes = true,
    .takes = takes,
    .cost = cost,
    .make = make,
    .run = run,
    .direct = direct,
};
