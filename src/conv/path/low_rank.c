/* Kernels that are a sum of a few columns times rows (the Laplacian of a Gaussian, differences of
 * Gaussians): a separable pass for each. */
#include "conv/plan/plan.h"

enum { BATCH = 8 };

static bool make_low_rank(plan_step *step) {
    const conv_window *w = &step->stage.window;
    step->sum = plan_sum_of(step->facts->weights, w->width * w->height);
    step->terms = step->facts->rank;
    for (int k = 0; k < step->terms; k++) {
        if (!plan_make_factors(step, k)) {
            return false;
        }
    }
    return true;
}

static void columns_low_rank(const path_call *call, size_t n, float *const *out) {
    float *const *term = call->scratch + PATH_SCRATCH + BATCH;
    plan_run_factors(call, 0, n, out);
    for (int k = 1; k < call->step->terms; k++) {
        plan_run_factors(call, k, n, term);
        for (int r = 0; r < call->count; r++) {
            call->rows->accumulate(out[r], term[r], n);
        }
    }
}

const plan_path path_low_rank = {.name = "low-rank",
                                 .batch = BATCH,
                                 .make = make_low_rank,
                                 .columns = columns_low_rank,
                                 .rounded = true};
