#include "lesson/window.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lesson/print.h"

const char *lesson_rule(const conv_stage *stage) {
    static const char *const ops[] = {
        [CONV_CORRELATE] = "correlate", [CONV_GRADIENT] = "gradient",
        [CONV_COMPASS] = "compass",     [CONV_LAYER] = "layer",
        [CONV_MEDIAN] = "median",       [CONV_CROP] = "crop",
        [CONV_RESIZE] = "resize",       [CONV_SUPPRESS] = "suppress",
        [CONV_CROSSINGS] = "crossings", [CONV_POOL] = "pool",
        [CONV_POINT] = "point",         [CONV_NORMALIZE] = "normalize",
        [CONV_GLOBAL] = "global",       [CONV_TURN] = "turn",
        [CONV_OTSU] = "otsu",           [CONV_LINK] = "link"};
    static const char *const points[] = {[CONV_GRAY] = "gray",
                                         [CONV_DROP_ALPHA] = "drop-alpha",
                                         [CONV_ABS] = "abs",
                                         [CONV_SCALE] = "scale",
                                         [CONV_RELU] = "relu",
                                         [CONV_THRESHOLD] = "threshold",
                                         [CONV_MARK] = "mark",
                                         [CONV_SRGB_DECODE] = "srgb-decode",
                                         [CONV_SRGB_ENCODE] = "srgb-encode",
                                         [CONV_PREMULTIPLY] = "premultiply",
                                         [CONV_UNPREMULTIPLY] = "unpremultiply",
                                         [CONV_WEIGH] = "weigh",
                                         [CONV_LEAKY] = "leaky",
                                         [CONV_SIGMOID] = "sigmoid",
                                         [CONV_TANH] = "tanh",
                                         [CONV_SOFTMAX] = "softmax",
                                         [CONV_ARGMAX] = "argmax",
                                         [CONV_NORM] = "norm",
                                         [CONV_ROOT] = "root",
                                         [CONV_STRETCH] = "stretch",
                                         [CONV_STORE] = "store"};
    static const char *const gradients[] = {[CONV_MAGNITUDE] = "magnitude",
                                            [CONV_X] = "x",
                                            [CONV_Y] = "y",
                                            [CONV_L1] = "l1",
                                            [CONV_ANGLE] = "angle",
                                            [CONV_SQUARED] = "squared"};
    static const char *const pools[] = {[CONV_POOL_MAX] = "maxpool",
                                        [CONV_POOL_MIN] = "minpool",
                                        [CONV_POOL_AVG] = "avgpool",
                                        [CONV_POOL_NEAREST] = "nearestpool"};
    return stage->op == CONV_POINT                   ? points[stage->point]
           : stage->op == CONV_GRADIENT              ? gradients[stage->gradient]
           : stage->op == CONV_POOL                  ? pools[stage->pool]
           : stage->op != CONV_CORRELATE             ? ops[stage->op]
           : stage->combine == CONV_WEIGHTED         ? "weighted"
           : stage->combine == CONV_UNSHARP          ? "unsharp"
           : stage->combine == CONV_WEIGHTED_UNSHARP ? "weighted-unsharp"
                                                     : "correlate";
}

/* ---- the window ---- */

/* What a stage reads for one output pixel. */
typedef struct window {
    int width, height;
    int first_x, first_y; /* the input position of cell 0,0; it may lie outside */
    int *from_x, *from_y; /* of each cell: the column and row it is read from; -1: the constant */
    bool *beyond;         /* outside the image */
    double *numbers;      /* room for a number of each cell */
    const conv_stage *stage;
    const float *in;
    conv_shape shape; /* the input's */
} window;

static void place(window *w, int x, int y) {
    const conv_window *own = &w->stage->window;
    w->width = own->width;
    w->height = own->height;
    w->first_x = x * own->stride_x - own->left;
    w->first_y = y * own->stride_y - own->top;
    if (w->stage->op == CONV_RESIZE) {
        const bool along = w->stage->axis == CONV_ALONG_X;
        w->width = w->height = 1;
        w->first_x = x;
        w->first_y = y;
        conv_resize_reach(w->stage, along ? w->shape.width : w->shape.height, along ? x : y,
                          along ? &w->first_x : &w->first_y, along ? &w->width : &w->height);
    }
}

/* Where position i of n along a side is read; -1: nowhere. */
static int read_from(const conv_stage *stage, int i, int n) {
    return i >= 0 && i < n          ? i
           : stage->op == CONV_POOL ? -1
                                    : conv_border_index(stage->window.border, i, n);
}

static bool open_window(window *w, const lesson_session *s, int index, int x, int y,
                        ct_error *err) {
    *w = (window){
        .stage = &s->program.stages[index], .in = s->values[index], .shape = s->shapes[index]};
    const conv_window *own = &w->stage->window;
    const bool resize = w->stage->op == CONV_RESIZE;
    place(w, x, y);
    const size_t cells = (size_t)w->width * (size_t)w->height;
    w->from_x = calloc(cells, sizeof *w->from_x);
    w->from_y = calloc(cells, sizeof *w->from_y);
    w->beyond = calloc(cells, sizeof *w->beyond);
    w->numbers = calloc(cells, sizeof *w->numbers);
    if (!w->from_x || !w->from_y || !w->beyond || !w->numbers) {
        return ct_fail(err, "out of memory");
    }
    for (int i = 0; i < w->width * w->height; i++) {
        const int at_x = w->first_x + i % w->width * (resize ? 1 : own->dilation_x);
        const int at_y = w->first_y + i / w->width * (resize ? 1 : own->dilation_y);
        w->from_x[i] = read_from(w->stage, at_x, w->shape.width);
        w->from_y[i] = read_from(w->stage, at_y, w->shape.height);
        w->beyond[i] = at_x < 0 || at_y < 0 || at_x >= w->shape.width || at_y >= w->shape.height;
    }
    return true;
}

static void close_window(window *w) {
    free(w->from_x);
    free(w->from_y);
    free(w->beyond);
    free(w->numbers);
}

static double sample(const window *w, int cell, int channel) {
    const conv_window *own = &w->stage->window;
    if (w->from_x[cell] < 0 || w->from_y[cell] < 0) {
        return (double)(channel == own->alpha ? own->fill_alpha : own->fill);
    }
    const size_t pixel = (size_t)w->from_y[cell] * (size_t)w->shape.width + (size_t)w->from_x[cell];
    return (double)w->in[pixel * (size_t)w->shape.channels + (size_t)channel];
}

static void print_window(const window *w) {
    const conv_window *own = &w->stage->window;
    static const char *const borders[] = {
        [CONV_MIRROR] = "mirror", [CONV_SYMMETRIC] = "symmetric", [CONV_REPLICATE] = "replicate",
        [CONV_WRAP] = "wrap",     [CONV_CONSTANT] = "constant",   [CONV_UNEVEN] = "uneven"};
    const size_t cells = (size_t)w->width * (size_t)w->height;
    const bool resize = w->stage->op == CONV_RESIZE;
    lesson_print_pair("size", w->width, w->height);
    lesson_print_pair("first", w->first_x, w->first_y);
    lesson_print_pair("dilation", resize ? 1 : own->dilation_x, resize ? 1 : own->dilation_y);
    lesson_print_pair("anchor", own->anchor_x, own->anchor_y);
    lesson_print_text("border", w->stage->op == CONV_POOL ? "none" : borders[own->border]);
    lesson_print_number("fill", (double)own->fill);
    for (int axis = 0; axis < 3; axis++) {
        static const char *const names[] = {"from_x", "from_y", "beyond"};
        for (size_t i = 0; i < cells; i++) {
            w->numbers[i] = axis == 0 ? w->from_x[i] : axis == 1 ? w->from_y[i] : w->beyond[i];
        }
        lesson_print_numbers(names[axis], w->numbers, cells);
    }
}

/* ---- sums of products ---- */

static void weights_of(const window *w, int kernel, double *weights) {
    const conv_stage *stage = w->stage;
    const int cells = w->width * w->height, terms = conv_stage_terms(stage);
    for (int i = 0; i < cells; i++) {
        if (!terms) {
            weights[i] = stage->weights[kernel * cells + i];
            continue;
        }
        weights[i] = 0;
        for (int k = 0; k < terms; k++) {
            weights[i] += stage->column[k * w->height + i / w->width] *
                          stage->row[k * w->width + i % w->width];
        }
    }
}

/* One term: cells, weights, products and their sum, of one input channel. */
static double print_term(const window *w, bool first, const char *name, int channel,
                         const double *weights) {
    const size_t cells = (size_t)w->width * (size_t)w->height;
    double sum = 0;
    fputs(first ? "{\"name\":" : ",{\"name\":", stdout);
    printf("\"%s\"", name);
    lesson_print_number("channel", channel);
    for (size_t i = 0; i < cells; i++) {
        w->numbers[i] = sample(w, (int)i, channel);
    }
    lesson_print_numbers("values", w->numbers, cells);
    if (weights) {
        lesson_print_numbers("weights", weights, cells);
        for (size_t i = 0; i < cells; i++) {
            w->numbers[i] *= weights[i];
            sum += w->numbers[i];
        }
        lesson_print_numbers("products", w->numbers, cells);
        lesson_print_number("sum", sum);
    }
    putchar('}');
    return sum;
}

/* The channel of the input that a stage mainly reads for channel c of its output. */
static int read_channel(const window *w, int c) {
    const bool weighted =
        w->stage->op == CONV_CORRELATE &&
        (w->stage->combine == CONV_WEIGHTED || w->stage->combine == CONV_WEIGHTED_UNSHARP);
    const int colours = (w->shape.channels - 1) / 2;
    return weighted ? (c == colours ? c : c + colours + 1) : c < w->shape.channels ? c : 0;
}

static void print_layer(const window *w, int f, double *weights) {
    const conv_stage *stage = w->stage;
    const int groups = conv_stage_groups(stage), inputs = w->shape.channels / groups;
    const int first = f / (stage->filters / groups) * inputs;
    for (int c = 0; c < inputs; c++) {
        weights_of(w, f * inputs + c, weights);
        print_term(w, c == 0, "channel", first + c, weights);
    }
}

static void print_terms(const window *w, int x, int y, int c, double *weights) {
    static const char *const slopes[] = {"x", "y"};
    static const char *const winds[] = {"n", "ne", "e", "se", "s", "sw", "w", "nw"};
    const conv_stage *stage = w->stage;
    const int channel = read_channel(w, c);
    /* The compass begins at north; where the kernels are turned by 180 degrees, at south. */
    const bool south = stage->op == CONV_COMPASS && stage->weights[1] < stage->weights[7];
    const int turned = south ? 4 : 0;
    fputs(",\"terms\":[", stdout);
    switch (stage->op) {
    case CONV_CORRELATE:
        weights_of(w, 0, weights);
        print_term(w, true, "sum", channel, weights);
        break;
    case CONV_GRADIENT:
        for (int k = 0; k < 2; k++) {
            const bool alone = stage->gradient == CONV_X || stage->gradient == CONV_Y;
            if (!alone || stage->gradient == (k ? CONV_Y : CONV_X)) {
                weights_of(w, k, weights);
                print_term(w, alone || k == 0, slopes[k], channel, weights);
            }
        }
        break;
    case CONV_COMPASS:
        for (int k = 0; k < stage->kernels; k++) {
            weights_of(w, k, weights);
            print_term(w, k == 0, winds[(k + turned) % 8], channel, weights);
        }
        break;
    case CONV_LAYER:
        print_layer(w, c, weights);
        break;
    case CONV_RESIZE:
        conv_resize_weights(stage, stage->axis == CONV_ALONG_X ? w->shape.width : w->shape.height,
                            stage->axis == CONV_ALONG_X ? x : y, weights);
        print_term(w, true, "sum", channel, weights);
        break;
    default: /* nothing is multiplied */
        print_term(w, true, "cells", channel, NULL);
        break;
    }
    putchar(']');
}

/* The cell whose sample pooling, or a median, took; -1: none, or all of them. */
static int chosen_cell(const window *w, int channel, double made) {
    const conv_stage *stage = w->stage;
    const int middle = (w->height - 1) / 2 * w->width + (w->width - 1) / 2;
    int chosen = -1;
    if (stage->op != CONV_MEDIAN && (stage->op != CONV_POOL || stage->pool == CONV_POOL_AVG)) {
        return -1;
    }
    for (int i = 0; i < w->width * w->height; i++) {
        const bool counts = stage->op == CONV_MEDIAN || !w->beyond[i];
        if (counts && sample(w, i, channel) == made &&
            (chosen < 0 || (stage->pool == CONV_POOL_NEAREST && i == middle))) {
            chosen = i;
        }
    }
    return chosen;
}

static bool reaches_beyond(const window *w) {
    bool beyond = false;
    for (int i = 0; i < w->width * w->height; i++) {
        beyond = beyond || w->beyond[i];
    }
    return beyond;
}

static bool print_windowed(const lesson_session *s, int index, int x, int y, int c, double made,
                           ct_error *err) {
    window w;
    bool ok = open_window(&w, s, index, x, y, err);
    double *weights = ok ? calloc((size_t)w.width * (size_t)w.height, sizeof *weights) : NULL;
    if (ok && weights) {
        const conv_stage *stage = w.stage;
        print_window(&w);
        print_terms(&w, x, y, c, weights);
        lesson_print_number("chosen", chosen_cell(&w, read_channel(&w, c), made));
        lesson_print_number("kept", stage->window.keep && reaches_beyond(&w));
        lesson_print_number("offset", (double)stage->offset);
        lesson_print_number("amount", (double)stage->amount);
        lesson_print_number("limit", (double)stage->threshold);
        if (stage->op == CONV_LAYER) {
            lesson_print_number("bias", stage->bias ? stage->bias[c] : 0);
            lesson_print_number("relu", stage->relu);
        }
    }
    ok = ok && (weights || ct_fail(err, "out of memory"));
    free(weights);
    close_window(&w);
    return ok;
}

/* ---- what a whole image decides ---- */

static bool print_otsu(const lesson_session *s, int index, ct_error *err) {
    const conv_stage *otsu = &s->program.stages[index];
    const conv_samples known =
        conv_samples_after(s->program.stages, index, conv_samples_of(flow_type_of(s->info.sample)));
    const conv_image whole = {s->shapes[index], CONV_F32,
                              conv_row_bytes(s->shapes[index], CONV_F32), s->values[index]};
    double threshold;
    if (!conv_otsu(&whole, otsu->window.alpha, conv_otsu_is_absolute(otsu),
                   known.whole && known.noise == 0, &threshold)) {
        return ct_fail(err, "out of memory");
    }
    lesson_print_number("threshold", threshold);
    lesson_print_number("marks", conv_otsu_stage(otsu, threshold).point == CONV_MARK);
    return true;
}

/* ---- one number ---- */

static size_t pixel_of(conv_shape shape, int x, int y) {
    return ((size_t)y * (size_t)shape.width + (size_t)x) * (size_t)shape.channels;
}

bool lesson_explain(const lesson_session *s, int index, int x, int y, int c, ct_error *err) {
    if (!s->values || index < 0 || index >= s->program.count) {
        return ct_fail(err, "there is no stage %d", index);
    }
    const conv_shape in = s->shapes[index], out = s->shapes[index + 1];
    if (x < 0 || y < 0 || c < 0 || x >= out.width || y >= out.height || c >= out.channels) {
        return ct_fail(err, "%d,%d, channel %d: the image is %dx%d with %d channels here", x, y, c,
                       out.width, out.height, out.channels);
    }
    const conv_stage *stage = &s->program.stages[index];
    const float *made = s->values[index + 1] + pixel_of(out, x, y);
    printf("{\"stage\":%d", index);
    lesson_print_text("rule", lesson_rule(stage));
    lesson_print_pair("at", x, y);
    lesson_print_number("channel", c);
    lesson_print_number("made", (double)made[c]);
    lesson_print_number("a", (double)stage->a);
    lesson_print_number("b", (double)stage->b);
    bool ok = stage->op != CONV_OTSU || print_otsu(s, index, err);
    if (stage->op == CONV_TURN) {
        conv_turn_from(stage, in, &x, &y);
        lesson_print_pair("source", x, y);
    }
    if (ok && conv_stage_has_window(stage)) {
        ok = print_windowed(s, index, x, y, c, (double)made[c], err);
    } else if (stage->op != CONV_GLOBAL) {
        lesson_print_floats("from", s->values[index] + pixel_of(in, x, y), (size_t)in.channels);
        lesson_print_floats("to", made, (size_t)out.channels);
    }
    putchar('}');
    return ok;
}
