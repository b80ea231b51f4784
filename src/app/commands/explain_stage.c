/* The arithmetic of one stage at one pixel, redone in double precision and compared with the
 * engine's result. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/commands/explain_stage.h"

/* What the functions below need to know of the stage. */
typedef struct scene {
    const explain_style *style;
    const conv_stage *stage;
    const explain_window *window;
    double *weights;   /* one kernel at a time */
    const float *made; /* the engine's output pixel */
    bool *agrees;
} scene;

/* A sum, and that of its parts' absolute values, with which rounding errors grow. */
typedef struct sum {
    double value, parts;
} sum;

static void load_kernel(const scene *s, int k) {
    const conv_window *w = &s->stage->window;
    int cells = w->width * w->height;
    for (int i = 0; i < cells; i++) {
        s->weights[i] = s->stage->weights
                            ? s->stage->weights[k * cells + i]
                            : s->stage->column[i / w->width] * s->stage->row[i % w->width];
    }
}

static double value_at(const scene *s, int cell, int channel) {
    return (double)s->window->values[cell * s->window->channels + channel];
}

static double centre_value(const scene *s, int channel) {
    const conv_window *w = &s->stage->window;
    return value_at(s, w->anchor_y * w->width + w->anchor_x, channel);
}

static sum add_up(const scene *s, int channel) {
    sum total = {0};
    for (int i = 0; i < s->window->width * s->window->height; i++) {
        double product = value_at(s, i, channel) * s->weights[i];
        total.value += product;
        total.parts += fabs(product);
    }
    return total;
}

/* The number to print for a sum: the engine's result, or its negative, where they differ only by
 * the rounding of floats, so that one explanation doesn't show one number in two ways. */
static double shown(double value, double parts, double engine) {
    double slack = 1e-6 * fabs(value) + 5e-7 * parts;
    return fabs(value - engine) <= slack ? engine : fabs(value + engine) <= slack ? -engine : value;
}

/* Prints "  NAME = VALUE". */
static void line(const scene *s, const char *name, double value) {
    char text[32];
    fprintf(s->style->out, "   %s = %s\n", name, explain_number(value, text));
}

/* Prints the stage's result, and checks that the engine has the same within float precision. */
static void result(const scene *s, const char *name, double value, double parts, double engine) {
    char a[32], b[32];
    double cells = (double)(s->window ? s->window->width * s->window->height : 1);
    double tolerance = 1e-5 * fmax(1, cells / 1000) * (fabs(parts) + fabs(engine)) + 1e-6;
    bool same = fabs(value - engine) <= tolerance || explain_same_float(value, engine);
    fprintf(s->style->out, "   %s = %s%s%s", name, s->style->strong, explain_number(engine, a),
            s->style->plain);
    if (!same) {
        fprintf(s->style->out, " (by the arithmetic shown: %s)", explain_number(value, b));
        *s->agrees = false;
    }
    fputc('\n', s->style->out);
}

/* ---- correlation ---- */

static void unsharp(const scene *s, double centre, double blurred, double parts, double engine) {
    double d = centre - blurred, threshold = (double)s->stage->threshold;
    double amount = (double)s->stage->amount;
    bool over = fabs(d) > threshold;
    /* Right at the threshold either answer is correct: the engine's is taken. */
    if (fabs(fabs(d) - threshold) <= 1e-5 * (parts + fabs(centre)) + 1e-6) {
        over = fabs(centre + amount * d - engine) < fabs(centre - engine);
    }
    line(s, "difference from the centre", d);
    result(s, over ? "centre + amount x difference" : "difference within threshold: centre",
           over ? centre + amount * d : centre, parts * (1 + fabs(amount)) + fabs(centre), engine);
}

/* Pixels as CONV_WEIGH makes them: colour times alpha, alpha, colour. */
static void weighted(const scene *s, int channel, sum colour) {
    int n = (s->window->channels - 1) / 2;
    double white = (double)s->stage->b, centre = centre_value(s, n + 1 + channel), total = 0;
    sum alpha = add_up(s, n);
    for (int i = 0; i < s->window->width * s->window->height; i++) {
        total += s->weights[i];
    }
    double engine = (double)s->made[channel];
    fputs("   (values are colour times alpha)\n", s->style->out);
    line(s, "sum of weight x alpha / white", alpha.value / white);
    line(s, "centre's colour", centre);
    if (s->stage->combine == CONV_WEIGHTED) {
        result(s, "centre x (sum of weights - that) + sum",
               centre * (total - alpha.value / white) + colour.value,
               colour.parts + fabs(centre) * (fabs(total) + alpha.parts / white), engine);
    } else if (alpha.value == 0 || engine == centre) {
        result(s, "nothing opaque nearby, or within threshold: centre", engine, 0, engine);
    } else {
        unsharp(s, centre, colour.value * white / alpha.value,
                colour.parts * white / fabs(alpha.value), engine);
    }
}

static void correlate(const scene *s, int channel) {
    load_kernel(s, 0);
    bool is_weighted =
        s->stage->combine == CONV_WEIGHTED || s->stage->combine == CONV_WEIGHTED_UNSHARP;
    if (is_weighted && channel == (s->window->channels - 1) / 2) {
        result(s, "alpha, unchanged", centre_value(s, channel), 0, (double)s->made[channel]);
        return;
    }
    explain_table(s->style, s->window, channel, s->weights, -1);
    sum total = add_up(s, channel);
    if (s->stage->combine == CONV_PLAIN) {
        result(s, "sum of the products", total.value, total.parts, (double)s->made[channel]);
        return;
    }
    line(s, "sum of the products", shown(total.value, total.parts, (double)s->made[channel]));
    if (is_weighted) {
        weighted(s, channel, total);
    } else {
        unsharp(s, centre_value(s, channel), total.value, total.parts, (double)s->made[channel]);
    }
}

/* ---- gradients ---- */

static void angle(const scene *s, sum x, sum y, double engine) {
    double turn = (double)s->stage->b, radians = atan2(y.value, x.value);
    double value = (radians < 0 ? radians + 2 * M_PI : radians) * turn / (2 * M_PI);
    /* Where both sums are 0 the angle is 0. Where they nearly are, the engine's rounding decides
     * what is left of them. And a full turn is none. */
    bool none = x.value == 0 && y.value == 0;
    bool nearly = fabs(x.value) + fabs(y.value) <= 1e-4 * (x.parts + y.parts);
    if (none) {
        value = 0;
    } else if (nearly || fabs(fabs(value - engine) - turn) <= 1e-4 * turn) {
        value = engine;
    }
    char name[64] = "no gradient: the angle is 0";
    if (!none && !(nearly && engine == 0)) {
        line(s, "atan2(y, x), from 0 to 360 degrees", value * 360 / turn);
        snprintf(name, sizeof name, "that x %.10g / 360", turn);
    }
    result(s, name, value, turn * 10, engine);
}

static void gradient(const scene *s, int channel) {
    sum sums[2];
    conv_gradient mode = s->stage->gradient;
    double engine = (double)s->made[channel];
    for (int k = 0; k < 2; k++) {
        load_kernel(s, k);
        sums[k] = add_up(s, channel);
        if (mode == (k ? CONV_X : CONV_Y)) {
            continue; /* the other direction isn't asked for */
        }
        fprintf(s->style->out, "   %s:\n", k ? "y" : "x");
        explain_table(s->style, s->window, channel, s->weights, -1);
        line(s, k ? "y, the sum of the products" : "x, the sum of the products",
             shown(sums[k].value, sums[k].parts, engine));
    }
    double x = sums[0].value, y = sums[1].value, parts = sums[0].parts + sums[1].parts;
    switch (mode) {
    case CONV_X:
        result(s, "result x", x, parts, engine);
        return;
    case CONV_Y:
        result(s, "result y", y, parts, engine);
        return;
    case CONV_MAGNITUDE:
        result(s, "magnitude, sqrt(x*x + y*y)", hypot(x, y), parts, engine);
        return;
    case CONV_L1:
        result(s, "|x| + |y|", fabs(x) + fabs(y), parts, engine);
        return;
    case CONV_ANGLE:
        angle(s, sums[0], sums[1], engine);
        return;
    case CONV_SQUARED:
        result(s, "x*x + y*y", x * x + y * y, parts * parts, engine);
        return;
    }
}

/* Where it gets brighter for the k-th kernel of a compass. They begin at north and go round by
 * east; with --flip they begin at south. */
static const char *direction(const scene *s, int k) {
    static const char *const names[] = {"n", "ne", "e", "se", "s", "sw", "w", "nw"};
    const double *first = s->stage->weights;
    return names[(k + (first[1] < first[7] ? 4 : 0)) % 8];
}

static void compass(const scene *s, int channel) {
    int best = 0;
    sum most = {0};
    double engine = (double)s->made[channel];
    for (int k = 0; k < s->stage->kernels; k++) {
        char text[32];
        load_kernel(s, k);
        sum total = add_up(s, channel);
        fprintf(s->style->out, "   kernel %d (%s): %s\n", k + 1, direction(s, k),
                explain_number(shown(total.value, total.parts, engine), text));
        if (k == 0 || total.value > most.value) {
            most = total;
            best = k;
        }
    }
    load_kernel(s, best);
    fprintf(s->style->out, "   kernel %d (%s) has the largest sum:\n", best + 1,
            direction(s, best));
    explain_table(s->style, s->window, channel, s->weights, -1);
    result(s, "the largest sum", most.value, most.parts, engine);
}

/* ---- resizing ---- */

static void resize(const scene *s, int channel, conv_shape in, int x, int y) {
    const bool along = s->stage->axis == CONV_ALONG_X;
    conv_resize_weights(s->stage, along ? in.width : in.height, along ? x : y, s->weights);
    explain_window listed = *s->window; /* one below the other, so that all are shown */
    listed.height *= listed.width;
    listed.width = 1;
    explain_table(s->style, &listed, channel, s->weights, -1);
    const sum total = add_up(s, channel);
    result(s, "sum of the products", total.value, total.parts, (double)s->made[channel]);
}

/* ---- medians ---- */

static int compare_values(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The weights' room holds the sorted samples. */
static void median(const scene *s, int channel) {
    const int count = s->window->width * s->window->height;
    int chosen = 0;
    for (int i = 0; i < count; i++) {
        s->weights[i] = value_at(s, i, channel);
    }
    qsort(s->weights, (size_t)count, sizeof *s->weights, compare_values);
    while (chosen < count - 1 && value_at(s, chosen, channel) != s->weights[count / 2]) {
        chosen++;
    }
    explain_table(s->style, s->window, channel, NULL, chosen);
    char name[64];
    snprintf(name, sizeof name, "number %d of %d by size (*)", count / 2 + 1, count);
    result(s, name, s->weights[count / 2], 0, (double)s->made[channel]);
}

/* ---- pooling ---- */

static bool better(conv_pool kind, double value, double best) {
    return kind == CONV_POOL_MIN ? value < best : value > best;
}

/* The cells that count in a mean: PyTorch's rule, as the engine's pool_cells has it. */
static int mean_cells(const scene *s, int inside, conv_shape in) {
    const conv_window *w = &s->stage->window;
    if (!s->stage->count_padding) {
        return inside;
    }
    int end_x = s->window->first_x + w->width, end_y = s->window->first_y + w->height;
    int most_x = in.width + w->right, most_y = in.height + w->bottom;
    return ((end_x < most_x ? end_x : most_x) - s->window->first_x) *
           ((end_y < most_y ? end_y : most_y) - s->window->first_y);
}

static void pool(const scene *s, int channel, conv_shape in) {
    int chosen = -1, inside = 0;
    sum total = {0};
    conv_pool kind = s->stage->pool;
    double engine = (double)s->made[channel];
    int middle = (s->window->height - 1) / 2 * s->window->width + (s->window->width - 1) / 2;
    for (int i = 0; i < s->window->width * s->window->height; i++) {
        if (s->window->beyond[i]) {
            continue;
        }
        double value = value_at(s, i, channel);
        total.value += value;
        total.parts += fabs(value);
        inside++;
        /* nearestpool's middle cell is inside except at the edges, where the nearest cell replaces
         * it: that one is found by its value. */
        bool takes = kind == CONV_POOL_NEAREST
                         ? value == engine && (chosen < 0 || i == middle)
                         : chosen < 0 || better(kind, value, value_at(s, chosen, channel));
        chosen = takes ? i : chosen;
    }
    explain_table(s->style, s->window, channel, NULL, kind == CONV_POOL_AVG ? -1 : chosen);
    if (kind == CONV_POOL_AVG) {
        int count = mean_cells(s, inside, in);
        line(s, "sum", shown(total.value, total.parts, engine));
        line(s, "cells", count);
        result(s, "mean", total.value / count, total.parts / count, engine);
    } else {
        static const char *const names[] = {"largest (*)", "smallest (*)", "", "centre (*)"};
        result(s, names[kind], chosen < 0 ? NAN : value_at(s, chosen, channel), 0, engine);
    }
}

bool explain_window_stage(const explain_style *style, explain_image *image, int index, int x, int y,
                          int channel, const float *made, bool *agrees, ct_error *err) {
    const conv_stage *stage = &image->program.stages[index];
    explain_window window;
    if (!explain_window_read(image, index, x, y, &window, err)) {
        return false;
    }
    scene s = {style, stage, &window, NULL, made, agrees};
    s.weights = calloc((size_t)window.width * (size_t)window.height, sizeof *s.weights);
    int channels = image->shapes[index + 1].channels;
    for (int c = 0; s.weights && c < channels; c++) {
        if (channel >= 0 && c != channel && channel < channels) {
            continue;
        }
        if (channels > 1) {
            fprintf(style->out, "  channel %d\n", c);
        }
        switch (stage->op) {
        case CONV_CORRELATE:
            correlate(&s, c);
            break;
        case CONV_GRADIENT:
            gradient(&s, c);
            break;
        case CONV_COMPASS:
            compass(&s, c);
            break;
        case CONV_MEDIAN:
            median(&s, c);
            break;
        case CONV_RESIZE:
            resize(&s, c, image->shapes[index], x, y);
            break;
        case CONV_CROP:
            result(&s, "the sample there", value_at(&s, 0, c), 0, (double)made[c]);
            break;
        default:
            pool(&s, c, image->shapes[index]);
            break;
        }
    }
    bool ok = s.weights || ct_fail(err, "out of memory");
    free(s.weights);
    explain_window_free(&window);
    return ok;
}
