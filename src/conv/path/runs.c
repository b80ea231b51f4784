/* Kernels whose rows are a few runs of equal weights (discs, rings, bars), on 8-bit samples: what
 * changes from one output to the next depends on the runs' ends alone. A sum over the ends, then a
 * running sum along the row; both of whole numbers, and exact. */
#include <math.h>
#include <stdlib.h>

#include "conv/plan/plan.h"

enum { BATCH = 4, BLOCK = 4096 }; /* a block's first output is summed cell by cell */

bool path_runs_takes(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    return step->from_bytes && step->unit > 0 && step->in.channels == 1 && w->dilation_x == 1 &&
           step->facts->rises / step->unit < BYTES_GROUP + 0.5 &&
           step->stage.combine == CONV_PLAIN && plan_fill_is_byte(w);
}

static bool make_runs(plan_step *step) {
    const kernel_facts *facts = step->facts;
    const int width = facts->width, height = facts->height;
    double *weights = calloc((size_t)(width + 1) * (size_t)height, sizeof *weights);
    step->taps = calloc(1, sizeof *step->taps);
    step->tap_sets = 1;
    bool ok = weights && step->taps;
    for (int i = 0; ok && i < width * height; i++) {
        weights[i] = rint(facts->weights[i] / step->unit);
    }
    ok = ok && plan_make_taps(&step->taps[0], weights, width, height, 1);
    for (int i = 0; ok && i < (width + 1) * height; i++) {
        const double *row = facts->weights + i / (width + 1) * width;
        const int x = i % (width + 1);
        weights[i] = (x > 0 ? row[x - 1] : 0) - (x < width ? row[x] : 0);
    }
    ok = ok && plan_make_bytes(step, weights, width + 1, step->unit);
    free(weights);
    return ok;
}

/* Row r's first output, in units. */
static int32_t first_sum(const path_call *call, int r) {
    const plan_taps *taps = &call->step->taps[0];
    int32_t sum = 0;
    for (size_t t = 0; t < taps->count; t++) {
        sum += (int32_t)taps->weight[t] * path_byte_row(call, r, taps->row[t])[taps->offset[t]];
    }
    return sum;
}

static void columns_runs(const path_call *call, size_t n, float *const *out) {
    enum { BEFORE = 64 };
    const plan_bytes *b = &call->step->bytes;
    int16_t *changes = (int16_t *)call->scratch[0] + BEFORE;
    for (int r = 0; r < call->count; r++) {
        const size_t pairs = plan_point_bytes(call, r, 0, b->taps);
        call->rows->sums_i16(changes, (const uint8_t *const *)call->taps, b->weight, pairs, n);
        changes[-1] = 0;
        call->rows->run(out[r], changes, first_sum(call, r), b->scale, n);
    }
}

const plan_path path_runs = {.name = "runs",
                             .batch = BATCH,
                             .block = BLOCK,
                             .make = make_runs,
                             .columns = columns_runs,
                             .bytes = true};
