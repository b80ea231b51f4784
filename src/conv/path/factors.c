#include "conv/path/factors.h"

#include <stdio.h>
#include <stdlib.h>

#include "conv/path/rates.h"
#include "conv/path/rounding.h"

static bool is_symmetric(const float *weights, int count) {
    for (int i = 0; i < count / 2; i++) {
        if (weights[i] != weights[count - 1 - i]) {
            return false;
        }
    }
    return true;
}

static rows_factors term_of(const path_site *site, int k, float *both) {
    const conv_window *w = &site->stage.window;
    const double *column = site->facts->columns + k * w->height;
    const double *row = site->facts->rows + k * w->width;
    const double unit = site->unit > 0 ? site->unit : 1;
    for (int i = 0; i < w->height; i++) {
        both[i] = (float)(column[i] / unit);
    }
    for (int i = 0; i < w->width; i++) {
        both[w->height + i] = (float)row[i];
    }
    return (rows_factors){.column = both,
                          .row = both + w->height,
                          .height = (size_t)w->height,
                          .width = (size_t)w->width,
                          .step = path_column_step(site),
                          .symmetric_column = is_symmetric(both, w->height),
                          .symmetric_row = is_symmetric(both + w->height, w->width)};
}

bool factors_make(path_site *site) {
    const conv_window *w = &site->stage.window;
    const size_t terms = (size_t)site->facts->rank, each = (size_t)(w->width + w->height);
    factor_set *set = site->own = calloc(1, sizeof *set);
    if (!set) {
        return false;
    }
    set->terms = site->facts->rank;
    set->fits = path_sums_fit(site->facts);
    set->term = malloc(terms * sizeof *set->term);
    set->weights = malloc(terms * each * sizeof *set->weights);
    if (!set->term || !set->weights) {
        return false;
    }
    for (size_t k = 0; k < terms; k++) {
        set->term[k] = term_of(site, (int)k, set->weights + k * each);
    }
    site->pointers = (size_t)w->height + PATH_MAX_BATCH;
    return true;
}

void factors_free(void *own) {
    factor_set *set = own;
    if (set) {
        free(set->term);
        free(set->weights);
        free(set);
    }
}

/* Rows share loads where they are adjacent. */
float *const *factors_down(const path_call *call, const rows_factors *f, bool bytes, size_t n) {
    const conv_window *w = &call->site->stage.window;
    float *const *columns = call->scratch + PATH_SCRATCH;
    const int together = w->stride_y == 1 ? call->count : 1;
    for (int r = 0; r < call->count; r += together) {
        for (int k = 0; k < w->height + together - 1; k++) {
            call->pointers[k] = path_any_row(call, bytes, r, k);
        }
        call->rows->column(columns + r, call->pointers, bytes, f->column, f->height,
                           f->symmetric_column, together, n);
    }
    return columns;
}

void factors_run(const path_call *call, const rows_factors *f, bool bytes, size_t n,
                 float *const *out) {
    float *const *columns = factors_down(call, f, bytes, n + (f->width - 1) * f->step);
    for (int r = 0; r < call->count; r++) {
        call->rows->row(out[r], columns[r], f->step, f->row, f->width, f->symmetric_row, n);
    }
}

/* As many rows at once as a register has floats. */
void factors_run_long(const path_call *call, const rows_factors *f, bool bytes, size_t n,
                      float *const *out, uint8_t *const *out_bytes) {
    const int height = (int)f->height, lanes = call->rows->lanes;
    const int last = call->count + height - 2;
    for (int r = 0; r < call->count; r += lanes) {
        for (int k = 0; k < height + lanes - 1; k++) { /* past the last row, that row again */
            const int row = r + k < last ? r + k : last;
            call->pointers[k] = path_any_row(call, bytes, 0, row);
        }
        call->rows->separable_long(f, out ? out + r : NULL, out_bytes ? out_bytes + r : NULL,
                                   call->pointers, bytes, call->scratch[PATH_SCRATCH],
                                   call->count - r < lanes ? call->count - r : lanes, n);
    }
}

/* ---- whether, and for what ---- */

bool factors_take(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return site->facts->rank == 1 && path_rounds_well(site, path_errors_of(w->width + w->height));
}

/* Transposed rows are always made a register's worth at once, even where a following step asks for
 * fewer. */
bool factors_take_long(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return factors_take(site) && site->last && w->stride_y == 1 && w->dilation_y == 1;
}

/* Mirrored rows are added before they're multiplied, and so are mirrored columns. Both passes have
 * loops of their own for the usual short kernels: symmetric, reaching no further than a
 * register. */
double factors_cost(const path_site *site) {
    enum { REACH = 16 };
    const conv_window *w = &site->stage.window;
    const size_t reach = (size_t)(w->width - 1) * path_column_step(site);
    const bool is_short = w->width <= ROWS_SHORT && w->height <= ROWS_SHORT && reach <= REACH;
    const int weights = w->width + w->height;
    return is_short ? path_rate.short_row + path_rate.short_weight * weights
                    : path_rate.apart_row + path_rate.apart_weight * weights;
}

/* Transposing makes every load along the row an aligned one. With four lanes it doesn't pay, and an
 * image of fewer rows than lanes wastes the rest. */
double factors_cost_long(const path_site *site) {
    const conv_window *w = &site->stage.window;
    const int lanes = site->rows->lanes;
    if (lanes == 4) {
        return factors_cost(site) + 1;
    }
    const int rows = site->made.height < lanes ? site->made.height : lanes;
    return (path_rate.turned_row + path_rate.turned_weight * (w->width + w->height)) * lanes / rows;
}

void factors_tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "a column of %d times a row of %d", site->stage.window.height,
             site->stage.window.width);
}
