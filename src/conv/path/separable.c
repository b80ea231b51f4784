/* Kernels that are a column times a row: first down the column, as far as the row reaches, then
 * along the row. */
#include <stdlib.h>
#include <string.h>

#include "conv/plan/plan.h"

enum {
    BATCH = 8,
    BATCH_LONG = 16,  /* as many rows as a register has floats are turned at once */
    BLOCK_LONG = 480, /* whole strips of 1, 2 and 3 channels */
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
    float *both = malloc((size_t)(w->width + w->height) * sizeof *both);
    if (!both) {
        return false;
    }
    for (int i = 0; i < w->height; i++) {
        both[i] = (float)(column[i] / unit);
    }
    for (int i = 0; i < w->width; i++) {
        both[w->height + i] = (float)row[i];
    }
    step->factors[k] = (rows_factors){.column = both,
                                      .row = both + w->height,
                                      .height = (size_t)w->height,
                                      .width = (size_t)w->width,
                                      .step = plan_column_step(step),
                                      .symmetric_column = is_symmetric(both, w->height),
                                      .symmetric_row = is_symmetric(both + w->height, w->width)};
    return true;
}

static bool make_separable(plan_step *step) {
    const conv_window *w = &step->stage.window;
    step->direct =
        step->path->direct != NULL && step->stage.combine == CONV_PLAIN && step->unit == 0;
    step->sum = plan_sum_of(step->facts->weights, w->width * w->height);
    step->fits = plan_sums_fit(step->facts->weights, w->width * w->height, 1);
    return plan_make_factors(step, 0);
}

static bool make_separable_long(plan_step *step) {
    const bool ok = make_separable(step);
    step->direct &= step->fits;
    return ok;
}

/* Those of bytes have no float of the centre to combine with. */
bool path_separable_bytes_takes(const conv_stage *stage) {
    return stage->combine == CONV_PLAIN && plan_fill_is_byte(&stage->window);
}

/* Columns of n floats of every row, into scratch rows from PATH_SCRATCH on. Rows share their loads
 * where they are neighbours. */
static float *const *run_column(const path_call *call, const rows_factors *f, size_t n) {
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

void plan_run_factors(const path_call *call, int k, size_t n, float *const *out) {
    const plan_step *step = call->step;
    const rows_factors *f = &step->factors[k];
    const size_t width = (size_t)step->stage.window.width, apart = plan_column_step(step);
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
    const rows_factors *f = &step->factors[0];
    const size_t width = (size_t)step->stage.window.width, apart = plan_column_step(step);
    float *const *columns = run_column(call, f, n + (width - 1) * apart);
    for (int r = 0; r < call->count; r++) {
        call->rows->row_u8(out[r], columns[r], apart, f->row, width, f->symmetric_row, n,
                           step->fits ? NULL : &stats->negative, &stats->above);
    }
}

/* As many rows at once as a register has floats. */
static void run_long(const path_call *call, size_t n, float *const *out, uint8_t *const *bytes) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const int lanes = call->rows->lanes, last = call->count + w->height - 2;
    const void *in[CONV_MAX_KERNEL + CONV_MAX_BATCH];
    for (int r = 0; r < call->count; r += lanes) {
        for (int k = 0; k < w->height + lanes - 1; k++) { /* below the last row it again */
            const int row = r + k < last ? r + k : last;
            in[k] = step->path->bytes ? (const void *)path_byte_row(call, 0, row)
                                      : path_row(call, 0, row);
        }
        call->rows->separable_long(&step->factors[0], out ? out + r : NULL,
                                   bytes ? bytes + r : NULL, in, step->path->bytes,
                                   call->scratch[PATH_SCRATCH],
                                   call->count - r < lanes ? call->count - r : lanes, n);
    }
}

static void columns_long(const path_call *call, size_t n, float *const *out) {
    run_long(call, n, out, NULL);
}

static void direct_long(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    (void)stats; /* nothing is clipped */
    run_long(call, n, NULL, out);
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
                                             .make = make_separable_long,
                                             .columns = columns_long,
                                             .rounded = true,
                                             .bytes = true,
                                             .direct = direct_long};
