#include "app/commands/explain_window.h"

#include <stdlib.h>

static int clamped(int i, int n) {
    return i < 0 ? 0 : i >= n ? n - 1 : i;
}

void explain_centre(const explain_image *image, int stage, int *x, int *y) {
    const conv_stage *s = &image->program.stages[stage];
    conv_shape in = image->shapes[stage];
    if (s->op == CONV_TURN) {
        conv_turn_from(s, in, x, y);
    } else if (s->op == CONV_RESIZE) {
        const explain_window window = explain_window_place(image, stage, *x, *y);
        *x = window.first_x + window.width / 2;
        *y = window.first_y + window.height / 2;
    }
    if (!conv_stage_has_window(s) || s->op == CONV_RESIZE) {
        return;
    }
    bool pool = s->op == CONV_POOL;
    int at_x = *x * s->window.stride_x - s->window.left +
               (pool ? 0 : s->window.anchor_x * s->window.dilation_x);
    int at_y = *y * s->window.stride_y - s->window.top +
               (pool ? 0 : s->window.anchor_y * s->window.dilation_y);
    int in_x = pool ? -1 : conv_border_index(s->window.border, at_x, in.width);
    int in_y = pool ? -1 : conv_border_index(s->window.border, at_y, in.height);
    *x = in_x >= 0 ? in_x : clamped(at_x, in.width);
    *y = in_y >= 0 ? in_y : clamped(at_y, in.height);
}

static float fill_of(const conv_stage *stage, int channel) {
    return channel == stage->window.alpha ? stage->window.fill_alpha : stage->window.fill;
}

/* One row of the window from one row of the stage's input; NULL: the constant. */
static void fill_row(const conv_stage *stage, conv_shape in, const float *row, int ky,
                     explain_window *window) {
    const conv_window *w = &stage->window;
    for (int kx = 0; kx < window->width; kx++) {
        int at = window->first_x + kx * w->dilation_x;
        bool inside = at >= 0 && at < in.width;
        int from = inside                   ? at
                   : stage->op == CONV_POOL ? -1
                                            : conv_border_index(w->border, at, in.width);
        size_t cell = (size_t)ky * (size_t)window->width + (size_t)kx;
        window->beyond[cell] = window->beyond[cell] || !inside;
        for (int c = 0; c < window->channels; c++) {
            window->values[cell * (size_t)window->channels + (size_t)c] =
                row && from >= 0 ? row[(size_t)from * (size_t)in.channels + (size_t)c]
                                 : fill_of(stage, c);
        }
    }
}

explain_window explain_window_place(const explain_image *image, int stage, int x, int y) {
    const conv_stage *s = &image->program.stages[stage];
    const conv_window *w = &s->window;
    conv_shape in = image->shapes[stage];
    explain_window window = {.width = w->width,
                             .height = w->height,
                             .channels = in.channels,
                             .first_x = x * w->stride_x - w->left,
                             .first_y = y * w->stride_y - w->top,
                             .step_x = w->dilation_x > 0 ? w->dilation_x : 1,
                             .step_y = w->dilation_y > 0 ? w->dilation_y : 1,
                             .centre = -1,
                             .unfilled = s->op == CONV_POOL};
    if (s->op != CONV_POOL && s->op != CONV_RESIZE && s->op != CONV_CROP) {
        window.centre = w->anchor_y * w->width + w->anchor_x;
    }
    if (s->op == CONV_RESIZE && s->axis == CONV_ALONG_X) {
        conv_resize_reach(s, in.width, x, &window.first_x, &window.width);
    } else if (s->op == CONV_RESIZE) {
        conv_resize_reach(s, in.height, y, &window.first_y, &window.height);
    }
    return window;
}

bool explain_window_read(explain_image *image, int stage, int x, int y, explain_window *window,
                         ct_error *err) {
    const conv_stage *s = &image->program.stages[stage];
    const conv_window *w = &s->window;
    conv_shape in = image->shapes[stage];
    *window = explain_window_place(image, stage, x, y);
    size_t cells = (size_t)window->width * (size_t)window->height, channels = (size_t)in.channels;
    window->values = calloc(cells * channels, sizeof *window->values);
    window->beyond = calloc(cells, sizeof *window->beyond);
    float *row = malloc((size_t)in.width * channels * sizeof *row);
    bool ok = window->values && window->beyond && row;
    if (!ok) {
        ct_fail(err, "out of memory");
    }
    for (int ky = 0; ok && ky < window->height; ky++) {
        int at = window->first_y + ky * w->dilation_y;
        bool inside = at >= 0 && at < in.height;
        int from = inside               ? at
                   : s->op == CONV_POOL ? -1
                                        : conv_border_index(w->border, at, in.height);
        for (int kx = 0; kx < window->width; kx++) {
            window->beyond[(size_t)ky * (size_t)window->width + (size_t)kx] = !inside;
        }
        ok = from < 0 || explain_row(image, stage, CONV_F32, from, row, err);
        if (ok) {
            fill_row(s, in, from < 0 ? NULL : row, ky, window);
        }
    }
    free(row);
    if (!ok) {
        explain_window_free(window);
    }
    return ok;
}

void explain_window_free(explain_window *window) {
    free(window->values);
    free(window->beyond);
    *window = (explain_window){0};
}
