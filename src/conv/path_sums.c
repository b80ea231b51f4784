/* Paths that are sums over a kernel's cells: any kernel, separable ones, gradients, compasses. */
#include <stdlib.h>
#include <string.h>

#include "conv/plan.h"

/* ---- taps ---- */

bool plan_make_taps(plan_taps *taps, const double *weights, double unit, int width, int height,
                    int step) {
    const size_t cells = (size_t)width * (size_t)height;
    taps->row = malloc(cells * sizeof *taps->row);
    taps->offset = malloc(cells * sizeof *taps->offset);
    taps->weight = malloc(cells * sizeof *taps->weight);
    if (!taps->row || !taps->offset || !taps->weight) {
        return false;
    }
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const float w = (float)(weights[y * width + x] / unit);
            if (w != 0.0F) {
                taps->row[taps->count] = y;
                taps->offset[taps->count] = x * step;
                taps->weight[taps->count++] = w;
            }
        }
    }
    return true;
}

static float sum_of(const double *weights, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += weights[i];
    }
    return (float)sum;
}

static bool make_sets(plan_step *step, int sets) {
    step->tap_sets = sets;
    step->taps = calloc((size_t)sets, sizeof *step->taps);
    return step->taps != NULL;
}

static bool make_kernels(plan_step *step) {
    const conv_stage *stage = &step->stage;
    const conv_window *w = &stage->window;
    const double *weights = step->facts->weights ? step->facts->weights : stage->weights;
    const int cells = w->width * w->height, columns = w->dilation_x * step->in.channels;
    if (!make_sets(step, stage->kernels)) {
        return false;
    }
    step->sum = sum_of(weights, cells);
    for (int k = 0; k < step->tap_sets; k++) {
        if (!plan_make_taps(&step->taps[k], weights + (size_t)k * (size_t)cells, 1, w->width,
                            w->height, columns)) {
            return false;
        }
    }
    return true;
}

static bool make_separable(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const kernel_facts *facts = step->facts;
    step->sum = sum_of(facts->columns, w->height) * sum_of(facts->rows, w->width);
    return make_sets(step, 2) &&
           plan_make_taps(&step->taps[0], facts->columns, step->unit > 0 ? step->unit : 1, 1,
                          w->height, 0) &&
           plan_make_taps(&step->taps[1], facts->rows, 1, w->width, 1,
                          w->dilation_x * step->in.channels);
}

static bool make_gradient3(plan_step *step) {
    step->side = (float)step->stage.weights[2];
    step->middle = (float)step->stage.weights[5];
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

/* First down the columns, as far as the row needs them, then along the row. */
static void columns_separable(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const size_t reach = (size_t)w->dilation_x * (size_t)(w->width - 1) * (size_t)step->in.channels;
    const plan_taps *taps = &step->taps[1];
    float *column = call->scratch[0];
    for (int r = 0; r < call->count; r++) {
        correlate(call, r, &step->taps[0], n + reach, column);
        for (size_t t = 0; t < taps->count; t++) {
            call->taps[t] = column + taps->offset[t];
        }
        call->rows->taps(out[r], call->taps, taps->weight, taps->count, n);
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

static void columns_gradient3(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    for (int r = 0; r < call->count; r++) {
        call->rows->gradient3(out[r], path_row(call, r, 0), path_row(call, r, 1),
                              path_row(call, r, 2),
                              (size_t)w->dilation_x * (size_t)step->in.channels, step->side,
                              step->middle, step->stage.gradient, n);
    }
}

enum { BATCH = 4 };

const plan_path path_taps = {
    .name = "taps", .batch = BATCH, .make = make_kernels, .columns = columns_taps};
const plan_path path_separable = {.name = "separable",
                                  .batch = BATCH,
                                  .make = make_separable,
                                  .columns = columns_separable,
                                  .rounded = true};
const plan_path path_gradient = {
    .name = "gradient", .batch = BATCH, .make = make_kernels, .columns = columns_gradient};
const plan_path path_gradient3 = {
    .name = "gradient3", .batch = BATCH, .make = make_gradient3, .columns = columns_gradient3};
const plan_path path_compass = {
    .name = "compass", .batch = BATCH, .make = make_kernels, .columns = columns_compass};
