/* Stages as lines of Python. */
#include "app/commands/show_lines.h"

#include <math.h>

#include "app/commands/show_layers.h"

/* ---- windows ---- */

static void put_sum_of(show_code *code, const conv_stage *stage, const python *py) {
    const char *m = py->module;
    switch (stage->gradient) {
    case CONV_X:
        show_put(code, "y = gx\n");
        break;
    case CONV_Y:
        show_put(code, "y = gy\n");
        break;
    case CONV_MAGNITUDE:
        show_put(code, "y = %s.hypot(gx, gy)\n", m);
        break;
    case CONV_L1:
        show_put(code, "y = abs(gx) + abs(gy)\n");
        break;
    case CONV_ANGLE:
        show_put(code, "y = %s.arctan2(gy, gx) %% %.17g * %.9g\n", m, 2 * M_PI,
                 (double)stage->b / (2 * M_PI));
        break;
    case CONV_SQUARED:
        show_put(code, "y = gx * gx + gy * gy\n");
        break;
    }
}

static bool write_gradient(show_code *code, const python *py, const conv_stage *stage,
                           bool direct) {
    const bool x = stage->gradient != CONV_Y, y = stage->gradient != CONV_X;
    if ((x && !py->sum(code, stage, 0, "gx", direct)) ||
        (y && !py->sum(code, stage, 1, "gy", direct))) {
        return false;
    }
    put_sum_of(code, stage, py);
    return true;
}

static bool write_compass(show_code *code, const python *py, const conv_stage *stage, bool direct) {
    for (int k = 0; k < stage->kernels; k++) {
        if (!py->sum(code, stage, k, k ? "z" : "y", direct)) {
            return false;
        }
        if (k) {
            show_put(code, "y = %s.maximum(y, z)\n", py->module);
        }
    }
    return true;
}

/* The sum is y; the centre is x. */
static bool write_unsharp(show_code *code, const python *py, const conv_stage *stage) {
    const conv_window *w = &stage->window;
    if (!show_same(w)) {
        return show_cannot(code, "unsharp is written only with padding that keeps the size");
    }
    show_put(code, "d = x");
    if (py->planes && (w->stride_x > 1 || w->stride_y > 1)) {
        show_put(code, "[..., ::%d, ::%d]", w->stride_y, w->stride_x);
    } else {
        show_stride(code, w);
    }
    show_put(code, " - y\ny = y + d + ");
    show_digits(code, (double)stage->amount);
    show_put(code, " * d * (abs(d) > ");
    show_digits(code, (double)stage->threshold);
    show_put(code, ")\n");
    return true;
}

static bool write_correlation(show_code *code, const python *py, const conv_stage *stage,
                              bool direct) {
    if (!py->sum(code, stage, 0, "y", direct)) {
        return false;
    }
    if (stage->offset != 0.0F) {
        show_put(code, "y = y + ");
        show_digits(code, (double)stage->offset);
        show_put(code, "\n");
    }
    return stage->combine != CONV_UNSHARP || write_unsharp(code, py, stage);
}

/* Where the padding is `keep`, the middle of a copy is replaced. */
static void put_kept(show_code *code, const python *py, const conv_window *w) {
    const bool planes = py->planes;
    const char *any = planes ? "..., " : "";
    const int at = planes ? 2 : 0;
    show_put(code, "z = x.%s()\n", planes ? "clone" : "copy");
    show_put(code, "z[%s%d:%d + y.shape[%d], %d:%d + y.shape[%d]] = y\ny = z\n", any, w->top,
             w->top, at, w->left, w->left, at + 1);
}

static bool write_window(show_code *code, const python *py, const conv_stage *stage, int channels) {
    const conv_window *w = &stage->window;
    const bool direct = !w->keep && stage->op != CONV_LAYER && py->direct(stage);
    bool ok = true;
    if (w->border == CONV_UNEVEN) {
        return show_cannot(code, "it isn't written for padding=uneven");
    }
    if (w->keep || (!direct && show_valid(w))) {
        show_put(code, "p = x\n");
    } else if (!direct) {
        ok = py->pad(code, stage);
    }
    switch (stage->op) {
    case CONV_CORRELATE:
        ok = ok && write_correlation(code, py, stage, direct);
        break;
    case CONV_GRADIENT:
        ok = ok && write_gradient(code, py, stage, direct);
        break;
    case CONV_COMPASS:
        ok = ok && write_compass(code, py, stage, direct);
        break;
    case CONV_LAYER:
        ok = ok && show_layer(code, py, stage, channels);
        break;
    case CONV_MEDIAN:
        ok = ok && py->median(code, stage, direct);
        break;
    default:
        return show_unwritten(code);
    }
    if (ok && w->keep) {
        put_kept(code, py, w);
    }
    show_put(code, "x = y\n");
    return ok;
}

/* ---- single pixels ---- */

static void put_store(show_code *code, const python *py, const conv_stage *stage) {
    const char *m = py->module;
    show_put(code, "x = %s.clip(x, 0, %.9g)\n", m, (double)stage->a);
    switch ((conv_rounding)stage->b) {
    case CONV_TO_EVEN:
        show_put(code, "x = %s.round(x)\n", m);
        break;
    case CONV_HALF_UP:
        show_put(code, "x = %s.floor(x + 0.5)\n", m);
        break;
    case CONV_DOWN:
        show_put(code, "x = %s.floor(x + %.9g)\n", m, (double)stage->a * 0x1p-20);
        break;
    }
}

static bool write_point(show_code *code, const python *py, const conv_stage *stage) {
    switch (stage->point) {
    case CONV_GRAY:
        show_put(code, "x = %s\n", py->gray);
        break;
    case CONV_ABS:
        show_put(code, "x = abs(x)\n");
        break;
    case CONV_SCALE:
        show_put(code, "x = x * ");
        show_digits(code, (double)stage->a);
        show_put(code, " + ");
        show_digits(code, (double)stage->b);
        show_put(code, "\n");
        break;
    case CONV_RELU:
        show_put(code, "x = x * (x > 0)\n");
        break;
    case CONV_THRESHOLD:
        show_put(code, "x = (x >= ");
        show_digits(code, (double)stage->a);
        show_put(code, ") * %.9g\n", (double)stage->b);
        break;
    case CONV_LEAKY:
        show_put(code, "x = %s.where(x > 0, x, ", py->module);
        show_digits(code, (double)stage->a);
        show_put(code, " * x)\n");
        break;
    case CONV_SIGMOID:
        show_put(code, "x = 1 / (1 + %s.exp(-x))\n", py->module);
        break;
    case CONV_TANH:
        show_put(code, "x = %s.tanh(x)\n", py->module);
        break;
    case CONV_SOFTMAX:
    case CONV_ARGMAX:
    case CONV_NORM:
        return show_over_channels(code, py, stage);
    case CONV_STORE:
        put_store(code, py, stage);
        break;
    default:
        return show_unwritten(code);
    }
    return true;
}

static void put_normalize(show_code *code, const conv_stage *stage) {
    show_put(code, "x = ");
    show_digits(code, (double)stage->a);
    show_put(code, " + (x - x.min()) * (");
    show_digits(code, (double)stage->b - (double)stage->a);
    show_put(code, " / ((x.max() - x.min()) or 1))\n");
}

/* ---- the whole ---- */

bool show_lines(show_code *code, const python *py, const conv_stage *stages, int count) {
    show_put(code, "%s", py->head);
    conv_shape shape = {code->side, code->side, 3};
    bool ok = true;
    for (int i = 0; ok && i < count; i++) {
        const conv_shape in = shape;
        code->stage = i;
        if (stages[i].op == CONV_POINT) {
            ok = write_point(code, py, &stages[i]);
        } else if (stages[i].op == CONV_NORMALIZE) {
            put_normalize(code, &stages[i]);
        } else if (stages[i].op == CONV_POOL) {
            ok = py->pool(code, &stages[i]);
        } else if (stages[i].op == CONV_CROP) {
            show_crop(code, py, &stages[i], in);
        } else if (stages[i].op == CONV_RESIZE) {
            ok = show_resize(code, py, &stages[i]);
        } else if (stages[i].op == CONV_TURN) {
            show_turn(code, py, &stages[i]);
        } else {
            ok = write_window(code, py, &stages[i], in.channels);
        }
        ok = ok && conv_stage_shape(&stages[i], shape, &shape, code->err);
    }
    show_put(code, "%s", py->tail);
    return ok;
}
