/* Paths that are sums over a kernel's cells: any kernel, gradients, compasses. */
#include <stdlib.h>
#include <string.h>

#include "conv/plan/plan.h"

/* ---- taps ---- */

bool plan_make_taps(plan_taps *taps, const double *weights, int width, int height, int step) {
    const size_t cells = (size_t)width * (size_t)height;
    taps->row = malloc(cells * sizeof *taps->row);
    taps->offset = malloc(cells * sizeof *taps->offset);
    taps->weight = malloc(cells * sizeof *taps->weight);
    if (!taps->row || !taps->offset || !taps->weight) {
        return false;
    }
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const float w = (float)weights[y * width + x];
            if (w != 0.0F) {
                taps->row[taps->count] = y;
                taps->offset[taps->count] = x * step;
                taps->weight[taps->count++] = w;
            }
        }
    }
    return true;
}

static bool make_sets(plan_step *step, int sets) {
    step->tap_sets = sets;
    step->taps = calloc((size_t)sets, sizeof *step->taps);
    return step->taps != NULL;
}

static bool make_kernels(plan_step *step) {
    const conv_stage *stage = &step->stage;
    const conv_window *w = &stage->window;
    const int cells = w->width * w->height, columns = w->dilation_x * step->in.channels;
    if (!make_sets(step, stage->kernels)) {
        return false;
    }
    const double *weights = step->facts->weights ? step->facts->weights : stage->weights;
    step->sum = plan_sum_of(weights, cells);
    for (int k = 0; k < step->tap_sets; k++) {
        if (!plan_make_taps(&step->taps[k], weights + (size_t)k * (size_t)cells, w->width,
                            w->height, columns)) {
            return false;
        }
    }
    return true;
}

/* ---- sums ---- */

/* The sum over one set of taps for row r. */
static void correlate(const path_call *call, int r, const plan_taps *taps, size_t n, float *out) {
    for (size_t t = 0; t < taps->count; t++) {
        call->taps[t] = path_row(call, r, taps->row[t]) + taps->offset[t];
    }
    call->rows->taps(out, call->taps, taps->weight, taps->count, n);
}

static void columns_taps(const path_call *call, size_t n, float *const *out) {
    for (int r = 0; r < call->count; r++) {
        correlate(call, r, &call->step->taps[0], n, out[r]);
    }
}

static void columns_compass(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    for (int r = 0; r < call->count; r++) {
        float *sum = call->scratch[0], *best = call->scratch[1], *spare = call->scratch[2];
        correlate(call, r, &step->taps[0], n, best);
        for (int k = 1; k < step->tap_sets; k++) {
            correlate(call, r, &step->taps[k], n, sum);
            call->rows->max(spare, best, sum, n);
            float *const swap = best;
            best = spare;
            spare = swap;
        }
        memcpy(out[r], best, n * sizeof *best);
    }
}

bool path_compass3_takes(const conv_stage *stage) {
    return stage->window.width == 3 && stage->window.height == 3 && stage->kernels <= ROWS_COMPASS;
}

/* Their weights, kernel after kernel. */
static bool make_compass3(plan_step *step) {
    const size_t count = (size_t)step->stage.kernels * 9;
    step->dense = malloc(count * sizeof *step->dense);
    for (size_t i = 0; step->dense && i < count; i++) {
        step->dense[i] = (float)step->stage.weights[i];
    }
    return step->dense != NULL;
}

static void columns_compass3(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const float *in[9];
    for (int r = 0; r < call->count; r++) {
        for (int c = 0; c < 9; c++) {
            in[c] = path_row(call, r, c / 3) + (size_t)(c % 3) * plan_column_step(step);
        }
        call->rows->compass3(out[r], in, step->dense, (size_t)step->stage.kernels, n);
    }
}

static void columns_gradient(const path_call *call, size_t n, float *const *out) {
    const conv_stage *stage = &call->step->stage;
    const plan_taps *taps = call->step->taps;
    for (int r = 0; r < call->count; r++) {
        if (stage->gradient == CONV_X || stage->gradient == CONV_Y) {
            correlate(call, r, &taps[stage->gradient == CONV_Y], n, out[r]);
            continue;
        }
        correlate(call, r, &taps[0], n, call->scratch[0]);
        correlate(call, r, &taps[1], n, call->scratch[1]);
        call->rows->gradient(out[r], call->scratch[0], call->scratch[1], stage->gradient, stage->b,
                             n);
    }
}

enum { BATCH = 4 };

const plan_path path_taps = {
    .name = "taps", .batch = BATCH, .make = make_kernels, .columns = columns_taps};
const plan_path path_gradient = {
    .name = "gradient", .batch = BATCH, .make = make_kernels, .columns = columns_gradient};
const plan_path path_compass = {.name = "compass",
                                .batch = BATCH,
                                .block = 1024, /* rows of all kernels lie in the first cache */
                                .make = make_kernels,
                                .columns = columns_compass};
const plan_path path_compass3 = {
    .name = "compass3", .batch = BATCH, .make = make_compass3, .columns = columns_compass3};
