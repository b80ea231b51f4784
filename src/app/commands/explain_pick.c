#include "app/commands/explain_pick.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- medians ---- */

static int compare_values(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many of the samples are the median: any of them could be the one in the middle. */
static int median_cells(const double *samples, int count) {
    int equal = 0;
    for (int i = 0; i < count; i++) {
        equal += samples[i] == samples[count / 2];
    }
    return equal;
}

/* The weights' room holds the sorted samples. */
void explain_median(const explain_scene *s, int channel) {
    const int count = s->window->width * s->window->height;
    const double engine = (double)s->made[channel];
    int chosen = 0, nans = 0;
    for (int i = 0; i < count; i++) {
        s->weights[i] = scene_value(s, i, channel);
        nans += isnan(s->weights[i]);
    }
    if (nans) {
        scene_window(s, channel, -1);
        scene_result(s, "nan has no place by size: one of these", engine, 0, engine);
        return;
    }
    qsort(s->weights, (size_t)count, sizeof *s->weights, compare_values);
    while (chosen < count - 1 && scene_value(s, chosen, channel) != s->weights[count / 2]) {
        chosen++;
    }
    explain_table(
        s->style,
        &(explain_cells){.window = s->window, .channel = channel, .chosen = chosen, .alike = true});
    char name[64];
    const int equal = median_cells(s->weights, count);
    if (equal == 1) {
        snprintf(name, sizeof name, "number %d of %d by size (*)", count / 2 + 1, count);
    } else {
        snprintf(name, sizeof name, "number %d of %d by size, in %d cells (*)", count / 2 + 1,
                 count, equal);
    }
    scene_result(s, name, s->weights[count / 2], 0, engine);
}

/* ---- pooling ---- */

static bool better(conv_pool kind, double value, double best) {
    return kind == CONV_POOL_MIN ? value < best : value > best;
}

/* The cells that count in a mean: PyTorch's rule, as the engine's pool_cells has it. */
static int mean_cells(const explain_scene *s, int inside, conv_shape in) {
    const conv_window *w = &s->stage->window;
    if (!s->stage->count_padding) {
        return inside;
    }
    int end_x = s->window->first_x + w->width, end_y = s->window->first_y + w->height;
    int most_x = in.width + w->right, most_y = in.height + w->bottom;
    return ((end_x < most_x ? end_x : most_x) - s->window->first_x) *
           ((end_y < most_y ? end_y : most_y) - s->window->first_y);
}

void explain_pool(const explain_scene *s, int channel, conv_shape in) {
    int chosen = -1, inside = 0;
    explain_sum total = {0};
    conv_pool kind = s->stage->pool;
    double engine = (double)s->made[channel];
    int middle = (s->window->height - 1) / 2 * s->window->width + (s->window->width - 1) / 2;
    for (int i = 0; i < s->window->width * s->window->height; i++) {
        if (s->window->beyond[i]) {
            continue;
        }
        double value = scene_value(s, i, channel);
        total.value += value;
        total.parts += fabs(value);
        inside++;
        /* nearestpool's middle cell is inside except at the edges, where the nearest cell replaces
         * it: that one is found by its value. */
        bool takes = kind == CONV_POOL_NEAREST
                         ? value == engine && (chosen < 0 || i == middle)
                         : chosen < 0 || better(kind, value, scene_value(s, chosen, channel));
        chosen = takes ? i : chosen;
    }
    scene_window(s, channel, kind == CONV_POOL_AVG ? -1 : chosen);
    if (kind == CONV_POOL_AVG) {
        int count = mean_cells(s, inside, in);
        char name[64], text[32];
        const double sum = scene_shown(total.value, total.parts, engine);
        scene_line(s, "sum", sum);
        snprintf(name, sizeof name, "mean of %d cells = %s / %d", count, explain_term(sum, text),
                 count);
        scene_result(s, name, total.value / count, total.parts / count, engine);
    } else {
        static const char *const names[] = {"largest (*)", "smallest (*)", "", "centre (*)"};
        scene_result(s, names[kind], chosen < 0 ? NAN : scene_value(s, chosen, channel), 0, engine);
    }
}
