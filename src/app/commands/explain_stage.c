/* The arithmetic of one stage at one pixel, redone in double precision and compared with the
 * engine's result. */
#include "app/commands/explain_stage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/commands/explain_edges.h"
#include "app/commands/explain_layer.h"
#include "app/commands/explain_pick.h"
#include "app/commands/explain_place.h"
#include "app/commands/explain_scene.h"
#include "app/commands/stage_kernels.h"

static double centre_value(const explain_scene *s, int channel) {
    const conv_window *w = &s->stage->window;
    return scene_value(s, w->anchor_y * w->width + w->anchor_x, channel);
}

/* ---- correlation ---- */

static void unsharp(const explain_scene *s, double centre, double blurred, double parts,
                    double engine) {
    double d = centre - blurred, threshold = (double)s->stage->threshold;
    double amount = (double)s->stage->amount;
    bool over = fabs(d) > threshold;
    /* Right at the threshold either answer is correct: the engine's is taken. */
    if (fabs(fabs(d) - threshold) <= 1e-5 * (parts + fabs(centre)) + 1e-6) {
        over = fabs(centre + amount * d - engine) < fabs(centre - engine);
    }
    scene_line(s, "difference from the centre", d);
    char name[128] = "difference within threshold: centre", a[32], b[32], c[32];
    if (over) {
        snprintf(name, sizeof name, "centre + amount %s difference = %s + %s %s %s",
                 s->style->times, explain_number(centre, a), explain_number(amount, b),
                 s->style->times, explain_term(scene_shown(d, parts, engine), c));
    }
    scene_result(s, name, over ? centre + amount * d : centre,
                 parts * (1 + fabs(amount)) + fabs(centre), engine);
}

/* Pixels as CONV_WEIGH makes them: colour times alpha, alpha, colour. */
static void weighted(const explain_scene *s, int channel, explain_sum colour) {
    int n = (s->window->channels - 1) / 2;
    double white = (double)s->stage->b, centre = centre_value(s, n + 1 + channel), total = 0;
    explain_sum alpha = scene_sum(s, n);
    for (int i = 0; i < s->window->width * s->window->height; i++) {
        total += s->weights[i];
    }
    double engine = (double)s->made[channel];
    fputs("   (values are colour times alpha)\n", s->style->out);
    char name[96];
    snprintf(name, sizeof name, "sum of weight %s alpha / white", s->style->times);
    scene_line(s, name, alpha.value / white);
    scene_line(s, "centre's colour", centre);
    if (s->stage->combine == CONV_WEIGHTED) {
        const double offset = (double)s->stage->offset;
        snprintf(name, sizeof name, "centre %s (sum of weights - that) + sum%s", s->style->times,
                 offset != 0 ? " + bias" : "");
        scene_result(s, name, centre * (total - alpha.value / white) + colour.value + offset,
                     colour.parts + fabs(centre) * (fabs(total) + alpha.parts / white) +
                         fabs(offset),
                     engine);
    } else if (alpha.value == 0 || engine == centre) {
        scene_result(s, "nothing opaque nearby, or within threshold: centre", engine, 0, engine);
    } else {
        unsharp(s, centre, colour.value * white / alpha.value,
                colour.parts * white / fabs(alpha.value), engine);
    }
}

static void correlate(const explain_scene *s, int channel) {
    scene_kernel(s, 0);
    bool is_weighted =
        s->stage->combine == CONV_WEIGHTED || s->stage->combine == CONV_WEIGHTED_UNSHARP;
    if (is_weighted && channel == (s->window->channels - 1) / 2) {
        scene_result(s, "alpha, unchanged", centre_value(s, channel), 0, (double)s->made[channel]);
        return;
    }
    scene_table(s, channel);
    explain_sum total = scene_sum(s, channel);
    const double offset = (double)s->stage->offset, engine = (double)s->made[channel];
    ct_text text = {0};
    if (s->stage->combine == CONV_PLAIN && offset != 0) {
        char name[64];
        snprintf(name, sizeof name, "sum of the products + %.10g", offset);
        scene_result(s, name, total.value + offset, total.parts + fabs(offset), engine);
        return;
    }
    const char *name = scene_sum_name(s, "sum of the products", channel, &text);
    if (s->stage->combine == CONV_PLAIN) {
        scene_result(s, name, total.value, total.parts, engine);
        ct_text_free(&text);
        return;
    }
    scene_line(s, name, scene_shown(total.value, total.parts, engine));
    ct_text_free(&text);
    if (is_weighted) {
        weighted(s, channel, total);
    } else {
        unsharp(s, centre_value(s, channel), total.value, total.parts, (double)s->made[channel]);
    }
}

/* ---- gradients ---- */

static void angle(const explain_scene *s, explain_sum x, explain_sum y, double engine) {
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
        char shown[96], a[32], b[32];
        snprintf(shown, sizeof shown, "atan2(%s, %s), from 0 to 360 degrees",
                 explain_number(y.value, a), explain_number(x.value, b));
        scene_line(s, shown, value * 360 / turn);
        snprintf(name, sizeof name, "that %s %.10g / 360", s->style->times, turn);
    }
    scene_result(s, name, value, turn * 10, engine);
}

static void gradient(const explain_scene *s, int channel) {
    explain_sum sums[2];
    conv_gradient mode = s->stage->gradient;
    double engine = (double)s->made[channel];
    for (int k = 0; k < 2; k++) {
        scene_kernel(s, k);
        sums[k] = scene_sum(s, channel);
        if (mode == (k ? CONV_X : CONV_Y)) {
            continue; /* the other direction isn't asked for */
        }
        fprintf(s->style->out, "   %s:\n", k ? "y" : "x");
        scene_table(s, channel);
        ct_text text = {0};
        const char *name = scene_sum_name(
            s, k ? "y, the sum of the products" : "x, the sum of the products", channel, &text);
        scene_line(s, name, scene_shown(sums[k].value, sums[k].parts, engine));
        ct_text_free(&text);
    }
    char a[32], b[32], formula[160];
    const char *squared = s->style->squared;
    double x = sums[0].value, y = sums[1].value, parts = sums[0].parts + sums[1].parts;
    explain_term(scene_shown(x, sums[0].parts, engine), a);
    explain_term(scene_shown(y, sums[1].parts, engine), b);
    switch (mode) {
    case CONV_X:
        scene_result(s, "result x", x, parts, engine);
        return;
    case CONV_Y:
        scene_result(s, "result y", y, parts, engine);
        return;
    case CONV_MAGNITUDE:
        snprintf(formula, sizeof formula, "magnitude = sqrt(%s%s + %s%s)", a, squared, b, squared);
        scene_result(s, formula, hypot(x, y), parts, engine);
        return;
    case CONV_L1:
        snprintf(formula, sizeof formula, "|x| + |y| = |%s| + |%s|",
                 explain_number(scene_shown(x, sums[0].parts, engine), a),
                 explain_number(scene_shown(y, sums[1].parts, engine), b));
        scene_result(s, formula, fabs(x) + fabs(y), parts, engine);
        return;
    case CONV_ANGLE:
        angle(s, sums[0], sums[1], engine);
        return;
    case CONV_SQUARED:
        snprintf(formula, sizeof formula, "%s%s + %s%s", a, squared, b, squared);
        scene_result(s, formula, x * x + y * y, parts * parts, engine);
        return;
    }
}

static void compass(const explain_scene *s, int channel) {
    int best = 0;
    explain_sum most = {0};
    double engine = (double)s->made[channel];
    for (int k = 0; k < s->stage->kernels; k++) {
        char text[32];
        scene_kernel(s, k);
        explain_sum total = scene_sum(s, channel);
        fprintf(s->style->out, "   kernel %d (%s): %s\n", k + 1, stage_kernel_name(s->stage, k),
                explain_number(scene_shown(total.value, total.parts, engine), text));
        if (k == 0 || total.value > most.value || (isnan(most.value) && !isnan(total.value))) {
            most = total;
            best = k;
        }
    }
    scene_kernel(s, best);
    fprintf(s->style->out, "   kernel %d (%s) has the largest sum:\n", best + 1,
            stage_kernel_name(s->stage, best));
    scene_table(s, channel);
    scene_result(s, "the largest sum", most.value, most.parts, engine);
}

/* ---- resizing ---- */

static void resize(const explain_scene *s, int channel, conv_shape in, int x, int y) {
    const bool along = s->stage->axis == CONV_ALONG_X;
    conv_resize_weights(s->stage, along ? in.width : in.height, along ? x : y, s->weights);
    explain_window listed = *s->window; /* one below the other, so that all are shown */
    listed.height *= listed.width;
    listed.width = 1;
    explain_table(s->style, &(explain_cells){.window = &listed,
                                             .channel = channel,
                                             .weights = s->weights,
                                             .chosen = -1,
                                             .unplaced = true});
    const explain_sum total = scene_sum(s, channel);
    scene_result(s, "sum of the products", total.value, total.parts, (double)s->made[channel]);
}

/* ---- pixels at the edge that are kept ---- */

static bool is_kept(const explain_scene *s) {
    bool beyond = false;
    for (int i = 0; i < s->window->width * s->window->height; i++) {
        beyond = beyond || s->window->beyond[i];
    }
    return s->stage->window.keep && beyond;
}

static void kept(const explain_scene *s, int channel) {
    const int n = (s->window->channels - 1) / 2;
    const bool weighted = s->stage->combine == CONV_WEIGHTED && channel != n;
    scene_result(s, "the window reaches beyond the image: the input's own value",
                 centre_value(s, weighted ? n + 1 + channel : channel), 0,
                 (double)s->made[channel]);
}

bool explain_window_stage(const explain_style *style, explain_image *image, int index, int x, int y,
                          int channel, const float *made, bool *agrees, ct_error *err) {
    const conv_stage *stage = &image->program.stages[index];
    explain_window window;
    if (!explain_window_read(image, index, x, y, &window, err)) {
        return false;
    }
    explain_scene s = {style, stage, &window, NULL, made, agrees};
    explain_beyond_line(style, image, index, &window);
    s.weights = calloc((size_t)window.width * (size_t)window.height, sizeof *s.weights);
    int channels = image->shapes[index + 1].channels;
    for (int c = 0; s.weights && c < channels; c++) {
        if (channel >= 0 && c != channel && channel < channels) {
            continue;
        }
        if (channels > 1) {
            ct_text name = {0};
            const bool named = explain_channel_name(&name, " (", image, index + 1, c);
            const bool any = named && name.length > 0;
            fprintf(style->out, "   channel %d%s%s:\n", c, any ? name.bytes : "", any ? ")" : "");
            ct_text_free(&name);
        }
        if (is_kept(&s)) {
            kept(&s, c);
            continue;
        }
        switch (stage->op) {
        case CONV_CORRELATE:
            correlate(&s, c);
            break;
        case CONV_GRADIENT:
            gradient(&s, c);
            break;
        case CONV_SUPPRESS:
            explain_maximum(style, stage, &window, c, (double)made[c], agrees);
            break;
        case CONV_CROSSINGS:
            explain_crossing(style, stage, &window, c, (double)made[c], agrees);
            break;
        case CONV_COMPASS:
            compass(&s, c);
            break;
        case CONV_LAYER:
            explain_layer(&s, c, channel >= 0);
            break;
        case CONV_MEDIAN:
            explain_median(&s, c);
            break;
        case CONV_RESIZE:
            resize(&s, c, image->shapes[index], x, y);
            break;
        case CONV_CROP:
            scene_result(&s, "the sample there", scene_value(&s, 0, c), 0, (double)made[c]);
            break;
        default:
            explain_pool(&s, c, image->shapes[index]);
            break;
        }
    }
    bool ok = s.weights || ct_fail(err, "out of memory");
    free(s.weights);
    explain_window_free(&window);
    return ok;
}
