/* Kernels most of whose cells count: each load of a sample serves several rows. */
#include <stdlib.h>

#include "conv/plan/plan.h"

bool path_dense_takes(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    return w->height > 1 && 10 * step->facts->cells >= 6 * w->width * w->height &&
           w->stride_y == 1 && w->dilation_y == 1;
}

/* The weights column by column. */
static bool make_dense(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const double *weights = step->facts->weights;
    const int cells = w->width * w->height;
    step->sum = plan_sum_of(weights, cells);
    step->dense = malloc((size_t)cells * sizeof *step->dense);
    for (int i = 0; step->dense && i < cells; i++) {
        step->dense[i % w->width * w->height + i / w->width] = (float)weights[i];
    }
    return step->dense != NULL;
}

static void columns_dense(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const void *in[CONV_MAX_KERNEL + CONV_MAX_BATCH];
    for (int k = 0; k < w->height + call->count - 1; k++) {
        in[k] = path_row(call, 0, k);
    }
    call->rows->dense(out, in, step->dense, (size_t)w->width, (size_t)w->height,
                      plan_column_step(step), call->count, n);
}

const plan_path path_dense = {
    .name = "dense", .batch = 12, .make = make_dense, .columns = columns_dense};
