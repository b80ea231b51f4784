/* Kernels that are a column times a row: first down the column, as far as the row reaches, then
 * along the row. */
#include <stdlib.h>
#include <string.h>

#include "conv/plan.h"

enum {
    BATCH = 8,
    BATCH_LONG = 16, /* as many rows as a register has floats are turned at once */
    BLOCK_LONG = 512,
};

static bool is_symmetric(const float *weights, int count) {
    for (int i = 0; i < count / 2; i++) {
        if (weights[i] != weights[count - 1 - i]) {
            return false;
        }
    }
    return true;
}

bool plan_make_factors(plan_step *step, int k) {
    const conv_window *w = &step->stage.window;
    const double *column = step->facts->columns + k * w->height;
    const double *row = step->facts->rows + k * w->width;
    const double unit = step->unit > 0 ? step->unit : 1;
    plan_factors *f = &step->factors[k];
    f->column = malloc((size_t)(w->width + w->height) * sizeof *f->column);
    if (!f->column) {
        return false;
    }
    f->row = f->column + w->height;
    for (int i = 0; i < w->height; i++) {
        f->column[i] = (float)(column[i] / unit);
    }
    for (int i = 0; i < w->width; i++) {
        f->row[i] = (float)row[i];
    }
    f->symmetric_column = is_symmetric(f->column, w->height);
    f->symmetric_row = is_symmetric(f->row, w->width);
    return true;
}

static bool make_separable(plan_step *step) {
    const conv_window *w = &step->stage.window;
    step->direct =
        step->path->direct != NULL && step->stage.combine == CONV_PLAIN && step->unit == 0;
    step->sum = plan_sum_of(step->facts->weights, w->width * w->height);
    return plan_make_factors(step, 0);
}

/* Those of bytes have no float of the centre to combine with. */
bool path_separable_bytes_takes(const conv_stage *stage) {
    return stage->combine == CONV_PLAIN && plan_fill_is_byte(&stage->window);
}

/* Columns of n floats of every row, into scratch rows from PATH_SCRATCH on. Rows share their loads
 * where they are neighbours. */
static float *const *run_column(const path_call *call, const plan_factors *f, size_t n) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const bool bytes = step->path->bytes;
    float *const *columns = call->scratch + PATH_SCRATCH;
    const int together = w->stride_y == 1 ? call->count : 1;
    const void *in[CONV_MAX_KERNEL + CONV_MAX_BATCH];
    for (int r = 0; r < call->count; r += together) {
        for (int k = 0; k < w->height + together - 1; k++) {
            in[k] = bytes ? (const void *)path_byte_row(call, r, k) : path_row(call, r, k);
        }
        call->rows->column(columns + r, in, bytes, f->column, (size_t)w->height,
                           f->symmetric_column, together, n);
    }
    return columns;
}

static size_t column_step(const plan_step *step) {
    return (size_t)step->stage.window.dilation_x * (size_t)step->in.channels;
}

void plan_run_factors(const path_call *call, int k, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const plan_factors *f = &step->factors[k];
    const size_t width = (size_t)step->stage.window.width, apart = column_step(step);
    float *const *columns = run_column(call, f, n + (width - 1) * apart);
    for (int r = 0; r < call->count; r++) {
        call->rows->row(out[r], columns[r], apart, f->row, width, f->symmetric_row, n);
    }
}

static void columns_separable(const path_call *call, size_t n, float *const *out) {
    plan_run_factors(call, 0, n, out);
}

static void direct_separable(const path_call *call, size_t n, uint8_t *const *out,
                             conv_stats *stats) {
    const plan_step *step = call->step;
    const plan_factors *f = &step->factors[0];
    const size_t width = (size_t)step->stage.window.width, apart = column_step(step);
    float *const *columns = run_column(call, f, n + (width - 1) * apart);
    for (int r = 0; r < call->count; r++) {
        call->rows->row_u8(out[r], columns[r], apart, f->row, width, f->symmetric_row, n,
                           &stats->negative, &stats->above);
    }
}

static void columns_long(const path_call *call, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const plan_factors *f = &step->factors[0];
    const size_t width = (size_t)step->stage.window.width, apart = column_step(step);
    float *const *columns = run_column(call, f, n + (width - 1) * apart);
    float *turned = call->scratch[PATH_SCRATCH + step->path->batch];
    const int lanes = call->rows->lanes;
    for (int r = 0; r < call->count; r += lanes) {
        const int rows = call->count - r < lanes ? call->count - r : lanes;
        call->rows->row_turned(out + r, (const float *const *)columns + r, turned, apart, f->row,
                               width, f->symmetric_row, rows, n);
    }
}

const plan_path path_separable = {.name = "separable",
                                  .batch = BATCH,
                                  .make = make_separable,
                                  .columns = columns_separable,
                                  .rounded = true};
const plan_path path_separable_bytes = {.name = "separable-bytes",
                                        .batch = BATCH,
                                        .make = make_separable,
                                        .columns = columns_separable,
                                        .rounded = true,
                                        .bytes = true,
                                        .direct = direct_separable};
const plan_path path_separable_long = {.name = "separable-long",
                                       .batch = BATCH_LONG,
                                       .block = BLOCK_LONG,
                                       .make = make_separable,
                                       .columns = columns_long,
                                       .rounded = true};
const plan_path path_separable_long_bytes = {.name = "separable-long-bytes",
                                             .batch = BATCH_LONG,
                                             .block = BLOCK_LONG,
                                             .make = make_separable,
                                             .columns = columns_long,
                                             .rounded = true,
                                             .bytes = true};
