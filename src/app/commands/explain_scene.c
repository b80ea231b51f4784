#include "app/commands/explain_scene.h"

#include <math.h>

void scene_kernel(const explain_scene *s, int k) {
    const conv_window *w = &s->stage->window;
    int cells = w->width * w->height;
    for (int i = 0; i < cells; i++) {
        s->weights[i] = s->stage->weights
                            ? s->stage->weights[k * cells + i]
                            : s->stage->column[i / w->width] * s->stage->row[i % w->width];
    }
}

double scene_value(const explain_scene *s, int cell, int channel) {
    return (double)s->window->values[cell * s->window->channels + channel];
}

explain_sum scene_sum(const explain_scene *s, int channel) {
    explain_sum total = {0};
    for (int i = 0; i < s->window->width * s->window->height; i++) {
        double product = scene_value(s, i, channel) * s->weights[i];
        total.value += product;
        total.parts += fabs(product);
    }
    return total;
}

double scene_shown(double value, double parts, double engine) {
    double slack = 1e-6 * fabs(value) + 5e-7 * parts;
    return fabs(value - engine) <= slack ? engine : fabs(value + engine) <= slack ? -engine : value;
}

void scene_line(const explain_scene *s, const char *name, double value) {
    char text[32];
    fprintf(s->style->out, "   %s = %s\n", name, explain_number(value, text));
}

void scene_result(const explain_scene *s, const char *name, double value, double parts,
                  double engine) {
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
