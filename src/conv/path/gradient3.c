/* Sobel, Scharr, Prewitt and their like: 3x3 gradients that smooth one way and take the difference
 * the other, x and y at once. */
#include <math.h>

#include "conv/plan/plan.h"

bool path_gradient3_takes(const conv_stage *stage) {
    const conv_window *w = &stage->window;
    if (w->width != 3 || w->height != 3 || stage->gradient == CONV_ANGLE) {
        return false;
    }
    const double *x = stage->weights, *y = x + 9;
    const double s = x[2], m = x[5];
    const double expected[9] = {-s, 0, s, -m, 0, m, -s, 0, s};
    for (int i = 0; i < 9; i++) {
        if (x[i] != expected[i] || y[i / 3 + i % 3 * 3] != expected[i]) {
            return false;
        }
    }
    return true;
}

bool path_gradient3_bytes_takes(const conv_stage *stage) {
    const double side = stage->weights[2], middle = stage->weights[5];
    /* Both differences are at most 255 (2 side + middle), and their squares' sum fits 31 bits. */
    return rint(side) == side && rint(middle) == middle && 2 * fabs(side) + fabs(middle) <= 64 &&
           plan_fill_is_byte(&stage->window);
}

static bool make_gradient3(plan_step *step) {
    step->side = (float)step->stage.weights[2];
    step->middle = (float)step->stage.weights[5];
    step->direct = step->path->bytes && step->stage.gradient != CONV_SQUARED;
    return true;
}

/* The windows' rows from output row `first` on, at the left column; returns how many output rows
 * they serve: all where windows are neighbours. */
static int window_rows(const path_call *call, int first, const void *in[CONV_MAX_BATCH + 2]) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const int rows = w->stride_y == 1 && w->dilation_y == 1 ? call->count - first : 1;
    for (int k = 0; k < rows + 2; k++) {
        in[k] = step->path->bytes ? (const void *)path_byte_row(call, first, k)
                                  : path_row(call, first, k);
    }
    return rows;
}

static void columns_gradient3(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const size_t column = plan_column_step(step);
    const void *in[CONV_MAX_BATCH + 2];
    for (int r = 0, rows; r < call->count; r += rows) {
        rows = window_rows(call, r, in);
        if (step->path->bytes) {
            call->rows->gradient3_bytes(out + r, in, rows, column, (int)step->side,
                                        (int)step->middle, step->stage.gradient, n);
        } else {
            call->rows->gradient3(out + r, in, rows, column, step->side, step->middle,
                                  step->stage.gradient, n);
        }
    }
}

static void direct_gradient3(const path_call *call, size_t n, uint8_t *const *out,
                             conv_stats *stats) {
    const plan_step *step = call->step;
    const size_t column = plan_column_step(step);
    const void *in[CONV_MAX_BATCH + 2];
    for (int r = 0, rows; r < call->count; r += rows) {
        rows = window_rows(call, r, in);
        call->rows->gradient3_u8(out + r, in, rows, column, (int)step->side, (int)step->middle,
                                 step->stage.gradient, n, &stats->negative, &stats->above);
    }
}

enum { BATCH = 8 };

const plan_path path_gradient3 = {
    .name = "gradient3", .batch = BATCH, .make = make_gradient3, .columns = columns_gradient3};
const plan_path path_gradient3_bytes = {.name = "gradient3-bytes",
                                        .batch = BATCH,
                                        .make = make_gradient3,
                                        .columns = columns_gradient3,
                                        .bytes = true,
                                        .direct = direct_gradient3};
