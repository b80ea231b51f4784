/* Kernels that are a sum of a few columns times rows (the Laplacian of a Gaussian, differences of
 * Gaussians): a separable pass for each. */
#include <stdio.h>

#include "conv/path/factors.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"
#include "conv/path/rounding.h"

enum { BATCH = 8 };

static bool takes(const path_site *site) {
    const kernel_facts *facts = site->facts;
    if (facts->rank == 0) {
        return false;
    }
    const double share = facts->products / facts->absolute, lost = facts->rest / facts->absolute;
    const double errors = path_errors_of(facts->width + facts->height) + facts->rank;
    return path_rounds_well(site, errors * share + lost * (1 << 24));
}

static double cost(const path_site *site) {
    const kernel_facts *facts = site->facts;
    const int weights = facts->width + facts->height;
    return facts->rank * (path_rate.term_row + path_rate.apart_weight * weights) +
           path_rounding_cost(site);
}

static void tell(const path_site *site, char *why, size_t size) {
    const kernel_facts *f = site->facts;
    snprintf(why, size, "rank %d of %d", f->rank, f->width < f->height ? f->width : f->height);
}

static void run(const path_call *call, size_t n, float *const *out) {
    const factor_set *set = call->site->own;
    float *const *term = call->scratch + PATH_SCRATCH + BATCH;
    factors_run(call, &set->term[0], false, n, out);
    for (int k = 1; k < set->terms; k++) {
        factors_run(call, &set->term[k], false, n, term);
        for (int r = 0; r < call->count; r++) {
            call->rows->accumulate(out[r], term[r], n);
        }
    }
}

const conv_path path_low_rank = {
    .name = "low-rank",
    .op = CONV_CORRELATE,
    .batch = BATCH,
    .rounded = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = factors_make,
    .free = factors_free,
    .run = run,
};
