/* A block of output rows of a stage with a window: what its path computes, and what is done with
 * it. */
#include "conv/plan/window.h"

#include <math.h>
#include <string.h>

#include "base/minmax.h"

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

static void combine_centre(const plan_step *step, const path_call *call, int r, size_t pixels,
                           const float *sum, float *out) {
    const conv_stage *stage = &step->site.stage;
    const conv_window *w = &stage->window;
    const size_t channels = (size_t)step->site.in.channels;
    const float *centre =
        path_row(call, r, w->anchor_y) + (size_t)w->anchor_x * path_column_step(&step->site);
    if (w->stride_x > 1) {
        call->rows->decimate(call->scratch[0], centre, channels, (size_t)w->stride_x, pixels);
        centre = call->scratch[0];
    }
    if (stage->combine == CONV_UNSHARP) {
        call->rows->unsharp(out, centre, sum, stage->amount, stage->threshold, pixels * channels);
    } else {
        combine_weighted(stage, step->sum, (channels - 1) / 2, pixels, centre, sum, out);
    }
}

static bool is_centred(const conv_stage *stage) {
    return stage->op == CONV_CORRELATE && stage->combine != CONV_PLAIN;
}

/* One row: columns -> [every stride_x-th] -> [combined with the centre] -> out. */
static void finish_row(const plan_step *step, const path_call *call, int r, size_t pixels,
                       const float *row, float *out) {
    const conv_stage *stage = &step->site.stage;
    const size_t channels = (size_t)step->site.in.channels, stride = (size_t)stage->window.stride_x;
    if (stride > 1) {
        float *to = is_centred(stage) ? call->scratch[1] : out;
        call->rows->decimate(to, row, channels, stride, pixels);
        row = to;
    }
    if (is_centred(stage)) {
        combine_centre(step, call, r, pixels, row, out);
    }
}

/* Runs the path; its sums are rounded to what they would be without errors. */
static void run_path(const plan_step *step, const path_call *call, size_t n, float *const *out) {
    const double unit = step->site.unit;
    step->path->run(call, n, out);
    for (int r = 0; r < call->count && step->path->rounded && unit > 0; r++) {
        call->rows->whole(out[r], (float)unit, n);
    }
}

/* ---- window.keep ---- */

/* Pixels first..end-1 of a block's row are those of the input. */
static void keep_pixels(const plan_step *step, const path_call *call, int r, int first, int end,
                        float *out) {
    const conv_stage *stage = &step->site.stage;
    const conv_window *w = &stage->window;
    const size_t channels = (size_t)step->site.in.channels;
    const float *centre = path_row(call, r, w->anchor_y) +
                          (size_t)w->anchor_x * path_column_step(&step->site) +
                          (size_t)first * channels;
    if (first >= end) {
        return;
    }
    if (stage->combine != CONV_WEIGHTED && stage->combine != CONV_WEIGHTED_UNSHARP) {
        memcpy(out + (size_t)first * channels, centre,
               (size_t)(end - first) * channels * sizeof *out);
        return;
    }
    const size_t n = (channels - 1) / 2;
    out += (size_t)first * (n + 1);
    for (int x = first; x < end; x++, centre += channels, out += n + 1) {
        memcpy(out, centre + n + 1, n * sizeof *out);
        out[n] = centre[n];
    }
}

static void add_offset(const plan_step *step, int pixels, float *row) {
    const conv_stage *stage = &step->site.stage;
    const bool weighted =
        stage->combine == CONV_WEIGHTED || stage->combine == CONV_WEIGHTED_UNSHARP;
    const size_t channels = (size_t)step->site.made.channels, colours = channels - weighted;
    for (int x = 0; x < pixels; x++) {
        for (size_t c = 0; c < colours; c++) {
            row[(size_t)x * channels + c] += stage->offset;
        }
    }
}

static void keep_edges(const plan_step *step, const path_call *call, int pixels,
                       float *const *out) {
    const conv_window *w = &step->site.stage.window;
    const conv_shape in = step->site.in;
    for (int r = 0; r < call->count; r++) {
        const int y = call->y + r;
        if (step->site.stage.offset != 0.0F) {
            add_offset(step, pixels, out[r]);
        }
        const bool all = y < w->top || y >= in.height - w->bottom;
        const int left = all ? pixels : ct_clamp(w->left - call->x, 0, pixels);
        const int right = ct_clamp(in.width - w->right - call->x, left, pixels);
        keep_pixels(step, call, r, 0, left, out[r]);
        keep_pixels(step, call, r, right, pixels, out[r]);
    }
}

static void run_window(const plan_step *step, const path_call *call, int pixels, float *const *out,
                       float *const *columns) {
    const path_site *site = &step->site;
    const size_t stride = (size_t)site->stage.window.stride_x;
    if (site->finished) {
        step->path->run(call, (size_t)pixels * (size_t)site->made.channels, out);
        return;
    }
    const size_t n = (((size_t)pixels - 1) * stride + 1) * (size_t)site->in.channels;
    if (stride == 1 && !is_centred(&site->stage)) {
        run_path(step, call, n, out);
        return;
    }
    run_path(step, call, n, columns);
    for (int r = 0; r < call->count; r++) {
        finish_row(step, call, r, (size_t)pixels, columns[r], out[r]);
    }
}

void window_run(const plan_step *step, const path_call *call, int pixels, float *const *out,
                float *const *columns) {
    run_window(step, call, pixels, out, columns);
    if (step->site.stage.window.keep) {
        keep_edges(step, call, pixels, out);
    }
}
