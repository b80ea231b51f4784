#include "app/commands/explain_scene.h"

#include <math.h>
#include <string.h>

#include "app/commands/stage_kernels.h"

void scene_kernel(const explain_scene *s, int k) {
    stage_kernel(s->stage, k, s->weights);
}

double scene_value(const explain_scene *s, int cell, int channel) {
    return (double)s->window->values[cell * s->window->channels + channel];
}

explain_sum scene_sum(const explain_scene *s, int channel) {
    explain_sum total = {0};
    for (int i = 0; i < s->window->width * s->window->height; i++) {
        /* A weight of 0 leaves a sample out, even one that isn't a number. */
        double product = s->weights[i] != 0 ? scene_value(s, i, channel) * s->weights[i] : 0;
        total.value += product;
        total.parts += fabs(product);
    }
    return total;
}

double scene_shown(double value, double parts, double engine) {
    double slack = 1e-6 * fabs(value) + 5e-7 * parts;
    return fabs(value - engine) <= slack ? engine : fabs(value + engine) <= slack ? -engine : value;
}

static double scene_divisor(const explain_scene *s) {
    return explain_divisor(s->weights, s->window->width * s->window->height);
}

void scene_table(const explain_scene *s, int channel) {
    const explain_cells cells = {.window = s->window,
                                 .channel = channel,
                                 .weights = s->weights,
                                 .divisor = scene_divisor(s),
                                 .chosen = -1};
    explain_table(s->style, &cells);
}

void scene_window(const explain_scene *s, int channel, int chosen) {
    explain_table(s->style,
                  &(explain_cells){.window = s->window, .channel = channel, .chosen = chosen});
}

/* Terms that are still read with pleasure. */
enum { MOST_TERMS = 9 };

const char *scene_sum_name(const explain_scene *s, const char *name, int channel, ct_text *text) {
    const double divisor = scene_divisor(s);
    const int cells = s->window->width * s->window->height;
    int terms = 0;
    for (int i = 0; i < cells; i++) {
        terms += s->weights[i] != 0;
    }
    bool ok = divisor != 1 && ct_text_print(text, "%s = ", name);
    if (ok && terms > MOST_TERMS) {
        const explain_sum sum = scene_sum(s, channel);
        char number[32];
        ok = ct_text_print(text, "%s / %.0f", explain_term(sum.value * divisor, number), divisor);
    } else if (ok) {
        bool first = true;
        for (int i = 0; ok && i < cells; i++) {
            const double weight = rint(s->weights[i] * divisor);
            char number[32];
            if (weight == 0) {
                continue;
            }
            ok = ct_text_print(text, "%s%.0f%s%s",
                               first        ? weight < 0 ? "(-" : "("
                               : weight < 0 ? " - "
                                            : " + ",
                               fabs(weight), s->style->dot,
                               explain_term(scene_value(s, i, channel), number));
            first = false;
        }
        ok = ok && ct_text_print(text, ") / %.0f", divisor);
    }
    return ok ? text->bytes : name; /* without memory the sum is only named */
}

void scene_line(const explain_scene *s, const char *name, double value) {
    char text[32];
    explain_number(value, text);
    explain_wrap(s->style, name, (int)strlen(text) + 3);
    fprintf(s->style->out, " = %s\n", text);
}

/* Whether a sample of the window is infinite or not a number. */
static bool is_endless(const explain_scene *s) {
    bool endless = false;
    const int values = s->window ? s->window->width * s->window->height * s->window->channels : 0;
    for (int i = 0; i < values && !endless; i++) {
        endless = !isfinite(s->window->values[i]);
    }
    return endless;
}

void scene_result(const explain_scene *s, const char *name, double value, double parts,
                  double engine) {
    char a[32], b[32];
    double cells = (double)(s->window ? s->window->width * s->window->height : 1);
    double tolerance = 1e-5 * fmax(1, cells / 1000) * (fabs(parts) + fabs(engine)) + 1e-6;
    bool same = fabs(value - engine) <= tolerance || explain_same_float(value, engine);
    explain_number(engine, a);
    explain_wrap(s->style, name, (int)strlen(a) + 3);
    fprintf(s->style->out, " = %s%s%s", s->style->strong, a, s->style->plain);
    if (!same && isnan(engine) && is_endless(s)) {
        /* Some ways to compute multiply weights of 0 too, and 0 times nan or inf is nan. */
        fprintf(s->style->out, " (nan spreads; by the products shown: %s)",
                explain_number(value, b));
    } else if (!same) {
        fprintf(s->style->out, " (by the arithmetic shown: %s)", explain_number(value, b));
        *s->agrees = false;
    }
    fputc('\n', s->style->out);
}
