/* One output row of a stage with a window: picks the pointers, calls the row kernels. */
#include <math.h>
#include <string.h>

#include "conv/plan.h"

typedef struct window_call {
    const rows_table *rows;
    const plan_step *step;
    const float *const *in; /* the window's rows */
    float *scratch[SCRATCH_ROWS];
    const float **taps;
} window_call;

/* The sum over one set of taps at every column. */
static void correlate(const window_call *call, const plan_taps *taps, size_t n, float *out) {
    for (size_t t = 0; t < taps->count; t++) {
        call->taps[t] = call->in[taps->row[t]] + taps->offset[t];
    }
    call->rows->taps(out, call->taps, taps->weight, taps->count, n);
}

/* First down the columns, margins and all, then along the row. */
static void correlate_separable(const window_call *call, size_t n, float *out) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const size_t reach = (size_t)w->dilation_x * (size_t)(w->width - 1) * (size_t)step->in.channels;
    float *column = call->scratch[1];
    correlate(call, &step->taps[0], n + reach, column);
    const plan_taps *taps = &step->taps[1];
    for (size_t t = 0; t < taps->count; t++) {
        call->taps[t] = column + taps->offset[t];
    }
    call->rows->taps(out, call->taps, taps->weight, taps->count, n);
}

static void compass(const window_call *call, size_t n, float *out) {
    const plan_step *step = call->step;
    float *sum = call->scratch[1], *best = call->scratch[2], *spare = call->scratch[3];
    correlate(call, &step->taps[0], n, best);
    for (int k = 1; k < step->tap_sets; k++) {
        correlate(call, &step->taps[k], n, sum);
        call->rows->max(spare, best, sum, n);
        float *const swap = best;
        best = spare;
        spare = swap;
    }
    memcpy(out, best, n * sizeof *out);
}

static void gradient(const window_call *call, size_t n, float *out) {
    const conv_stage *stage = &call->step->stage;
    const plan_taps *taps = call->step->taps;
    if (stage->gradient == CONV_X || stage->gradient == CONV_Y) {
        correlate(call, &taps[stage->gradient == CONV_Y], n, out);
        return;
    }
    correlate(call, &taps[0], n, call->scratch[1]);
    correlate(call, &taps[1], n, call->scratch[2]);
    call->rows->gradient(out, call->scratch[1], call->scratch[2], stage->gradient, stage->b, n);
}

static void gradient3(const window_call *call, size_t n, float *out) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const ptrdiff_t left = (ptrdiff_t)w->left * step->in.channels;
    call->rows->gradient3(out, call->in[0] - left, call->in[1] - left, call->in[2] - left,
                          (size_t)w->dilation_x * (size_t)step->in.channels, step->side,
                          step->middle, step->stage.gradient, n);
}

/* ---- pooling ---- */

typedef void combine_rows(float *out, const float *a, const float *b, size_t n);

/* Combines n floats of the window's rows; what is outside is left out. */
static const float *pool_rows(const window_call *call, combine_rows *combine, ptrdiff_t left,
                              size_t n) {
    const float *sum = NULL;
    int turn = 1;
    for (int k = 0; k < call->step->stage.window.height; k++) {
        const float *row = call->in[k];
        if (row && !sum) {
            sum = row - left;
        } else if (row) {
            combine(call->scratch[turn], sum, row - left, n);
            sum = call->scratch[turn];
            turn = 3 - turn; /* 1, 2, 1, ... */
        }
    }
    return sum;
}

static void pool(const window_call *call, size_t n, float *out) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const conv_pool kind = step->stage.pool;
    combine_rows *const combine = kind == CONV_POOL_MAX   ? call->rows->max
                                  : kind == CONV_POOL_MIN ? call->rows->min
                                                          : call->rows->add;
    const size_t channels = (size_t)step->in.channels;
    const size_t column = (size_t)w->dilation_x * channels;
    const size_t reach = column * (size_t)(w->width - 1);
    const float *row = pool_rows(call, combine, (ptrdiff_t)w->left * step->in.channels, n + reach);
    const float *sum = row;
    float *const turns[2] = {out, call->scratch[3]};
    for (int k = 1; k < w->width; k++) {
        float *to = turns[(w->width - 1 - k) & 1]; /* so that the last goes to out */
        combine(to, sum, row + (size_t)k * column, n);
        sum = to;
    }
    if (sum != out) {
        memcpy(out, sum, n * sizeof *out);
    }
}

/* The sample at cell ((size - 1) / 2) of each window; beyond the image its nearest. */
static void pool_nearest(const window_call *call, float *out) {
    const plan_step *step = call->step;
    const conv_window *w = &step->stage.window;
    const int channels = step->in.channels;
    const int middle = (w->height - 1) / 2;
    const float *row = NULL;
    for (int d = 0; d < w->height && !row; d++) {
        row = middle - d >= 0 ? call->in[middle - d] : NULL;
        row = !row && middle + d < w->height ? call->in[middle + d] : row;
    }
    for (int x = 0; x < step->made.width; x++) {
        int column = x * w->stride_x - w->left + (w->width - 1) / 2 * w->dilation_x;
        column = column < 0 ? 0 : column;
        column = column < step->in.width ? column : step->in.width - 1;
        memcpy(out + (size_t)x * (size_t)channels, row + (ptrdiff_t)column * channels,
               (size_t)channels * sizeof *out);
    }
}

/* ---- combining with the centre ---- */

/* Pixels of `n` colours: `sum` and `centre` are laid out as CONV_WEIGH makes them. */
static void combine_weighted(const conv_stage *stage, float kernel_sum, size_t n, size_t pixels,
                             const float *centre, const float *sum, float *out) {
    const float white = stage->b;
    for (size_t x = 0; x < pixels; x++, centre += 2 * n + 1, sum += 2 * n + 1, out += n + 1) {
        const float alpha = sum[n];
        for (size_t c = 0; c < n; c++) {
            const float own = centre[n + 1 + c];
            if (stage->combine == CONV_WEIGHTED) {
                out[c] = own * (kernel_sum - alpha / white) + sum[c];
            } else {
                const float d = alpha != 0.0F ? own - sum[c] * white / alpha : 0.0F;
                out[c] = fabsf(d) > stage->threshold ? own + stage->amount * d : own;
            }
        }
        out[n] = centre[n];
    }
}

static void combine_centre(const window_call *call, const float *sum, float *out) {
    const plan_step *step = call->step;
    const conv_stage *stage = &step->stage;
    const conv_window *w = &stage->window;
    const size_t channels = (size_t)step->in.channels, pixels = (size_t)step->made.width;
    const float *centre = call->in[w->anchor_y] +
                          (ptrdiff_t)(w->anchor_x * w->dilation_x - w->left) * step->in.channels;
    if (w->stride_x > 1) {
        call->rows->decimate(call->scratch[3], centre, channels, (size_t)w->stride_x, pixels);
        centre = call->scratch[3];
    }
    if (stage->combine == CONV_UNSHARP) {
        call->rows->unsharp(out, centre, sum, stage->amount, stage->threshold, pixels * channels);
    } else {
        combine_weighted(stage, step->sum, (channels - 1) / 2, pixels, centre, sum, out);
    }
}

/* ---- the row ---- */

/* Every column's result before stride_x is applied. */
static void run_columns(const window_call *call, size_t n, float *out) {
    switch (call->step->path) {
    case PATH_TAPS:
        correlate(call, &call->step->taps[0], n, out);
        break;
    case PATH_SEPARABLE:
        correlate_separable(call, n, out);
        break;
    case PATH_GRADIENT3:
        gradient3(call, n, out);
        break;
    case PATH_GRADIENT:
        gradient(call, n, out);
        break;
    case PATH_COMPASS:
        compass(call, n, out);
        break;
    case PATH_POOL:
        pool(call, n, out);
        break;
    }
}

void window_run(const conv_plan *plan, const plan_step *step, const float *const *rows, int y,
                float *out, float *scratch, const float **taps) {
    window_call call = {.rows = plan->rows, .step = step, .in = rows, .taps = taps};
    for (size_t i = 0; i < SCRATCH_ROWS; i++) {
        call.scratch[i] = scratch + i * plan->scratch;
    }
    const conv_stage *stage = &step->stage;
    const conv_window *w = &stage->window;
    const size_t channels = (size_t)step->in.channels, pixels = (size_t)step->made.width;
    if (step->path == PATH_POOL && stage->pool == CONV_POOL_NEAREST) {
        pool_nearest(&call, out);
        return;
    }
    const bool average = step->path == PATH_POOL && stage->pool == CONV_POOL_AVG;
    const bool centred = stage->op == CONV_CORRELATE && stage->combine != CONV_PLAIN;
    const bool strided = w->stride_x > 1;
    /* columns -> [every stride_x-th] -> [mean, or combined with the centre] -> out */
    float *row = strided || average || centred ? call.scratch[0] : out;
    run_columns(&call, (size_t)step->full_width * channels, row);
    if (strided) {
        float *to = average || centred ? call.scratch[2] : out;
        plan->rows->decimate(to, row, channels, (size_t)w->stride_x, pixels);
        row = to;
    }
    if (average) {
        plan->rows->divide(out, row, step->counts, (float)plan_pool_rows(step, y),
                           pixels * channels);
    } else if (centred) {
        combine_centre(&call, row, out);
    }
}
