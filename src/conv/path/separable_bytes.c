/* Kernels that are a column times a row, on 8-bit samples: the column reads bytes. */
#include "conv/path/factors.h"
#include "conv/path/path.h"
#include "conv/path/rounding.h"

static double cost(const path_site *site) {
    return factors_cost(site) + path_rounding_cost(site) - path_saved_by_bytes(site);
}

static bool make(path_site *site) {
    site->direct = site->unit == 0;
    return factors_make(site);
}

static void run(const path_call *call, size_t n, float *const *out) {
    const factor_set *set = call->site->own;
    factors_run(call, &set->term[0], true, n, out);
}

static void direct(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    const factor_set *set = call->site->own;
    const rows_factors *f = &set->term[0];
    float *const *columns = factors_down(call, f, true, n + (f->width - 1) * f->step);
    for (int r = 0; r < call->count; r++) {
        call->rows->row_u8(out[r], columns[r], f->step, f->row, f->width, f->symmetric_row, n,
                           set->fits ? NULL : &stats->negative, &stats->above);
    }
}

const conv_path path_separable_bytes = {
    .name = "separable-bytes",
    .op = CONV_CORRELATE,
    .batch = 8,
    .bytes = true,
    .rounded = true,
    .takes = factors_take,
    .cost = cost,
    .tell = factors_tell,
    .make = make,
    .free = factors_free,
    .run = run,
    .direct = direct,
};
