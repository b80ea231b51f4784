#include "app/commands/worksheet_engine.h"

#include <stdlib.h>
#include <string.h>

/* splitmix64 (Steele, Lea & Flood, Fast splittable pseudorandom number generators, 2014). */
static uint64_t next(sheet_random *random) {
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int sheet_draw(sheet_random *random, int low, int high) {
    return low + (int)(next(random) % (uint64_t)(high - low + 1));
}

typedef struct row_source {
    const float *first;
    size_t pitch; /* in floats */
} row_source;

static const void *give_row(void *context, int y) {
    const row_source *r = context;
    return r->first + (size_t)y * r->pitch;
}

static bool run_plan(const conv_plan *plan, row_source *from, float *out, ct_error *err) {
    const conv_shape shape = conv_plan_out(plan);
    conv_worker *worker = conv_worker_new(plan, -1);
    if (!worker) {
        return ct_fail(err, "out of memory");
    }
    conv_stats stats;
    conv_stats_none(&stats);
    conv_worker_run(worker, 0, shape.height, give_row, from, out, conv_row_bytes(shape, CONV_F32),
                    &stats);
    conv_worker_free(worker);
    return true;
}

float *sheet_run(const conv_stage *stages, int count, conv_shape in, const float *values,
                 conv_shape *out, ct_error *err) {
    for (int i = 0; i < count; i++) {
        if (conv_stage_is_whole(&stages[i])) {
            ct_fail(err, "a stage needs the whole image, which isn't for working out by hand");
            return NULL;
        }
    }
    conv_plan *plan = conv_plan_new(stages, count, in, CONV_F32, CONV_F32, err);
    float *made = NULL;
    if (plan) {
        row_source from = {values, (size_t)in.width * (size_t)in.channels};
        *out = conv_plan_out(plan);
        made = malloc((size_t)out->height * conv_row_bytes(*out, CONV_F32));
        if (!made) {
            ct_fail(err, "out of memory");
        } else if (!run_plan(plan, &from, made, err)) {
            free(made);
            made = NULL;
        }
    }
    conv_plan_free(plan);
    return made;
}

conv_window sheet_plain_window(int width, int height) {
    return (conv_window){.width = width,
                         .height = height,
                         .stride_x = 1,
                         .stride_y = 1,
                         .dilation_x = 1,
                         .dilation_y = 1,
                         .alpha = -1};
}

conv_window sheet_centred_window(int width, int height) {
    conv_window w = sheet_plain_window(width, height);
    w.left = w.anchor_x = (width - 1) / 2;
    w.top = w.anchor_y = (height - 1) / 2;
    w.right = width / 2;
    w.bottom = height / 2;
    w.border = CONV_MIRROR;
    return w;
}

bool sheet_dense(const double *weights, const double *bias, int filters, int inputs, bool relu,
                 const float *in, float *out, ct_error *err) {
    const conv_stage layer = {.op = CONV_LAYER,
                              .window = sheet_plain_window(1, 1),
                              .weights = weights,
                              .filters = filters,
                              .bias = bias,
                              .relu = relu};
    conv_shape shape;
    float *made = sheet_run(&layer, 1, (conv_shape){1, 1, inputs}, in, &shape, err);
    if (made) {
        memcpy(out, made, (size_t)filters * sizeof *out);
    }
    const bool ok = made != NULL;
    free(made);
    return ok;
}

bool sheet_point(conv_point point, float in, float *out, ct_error *err) {
    const conv_stage stage = {.op = CONV_POINT, .point = point, .window = {.alpha = -1}};
    conv_shape shape;
    float *made = sheet_run(&stage, 1, (conv_shape){1, 1, 1}, &in, &shape, err);
    if (made) {
        *out = made[0];
    }
    const bool ok = made != NULL;
    free(made);
    return ok;
}

void sheet_window(const conv_window *w, conv_shape in, int x, int y, int *columns, int *rows) {
    for (int i = 0; i < w->width; i++) {
        const int at = x * w->stride_x - w->left + i * w->dilation_x;
        columns[i] = at >= 0 && at < in.width ? at : conv_border_index(w->border, at, in.width);
    }
    for (int i = 0; i < w->height; i++) {
        const int at = y * w->stride_y - w->top + i * w->dilation_y;
        rows[i] = at >= 0 && at < in.height ? at : conv_border_index(w->border, at, in.height);
    }
}
