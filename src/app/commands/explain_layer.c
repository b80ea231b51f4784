#include "app/commands/explain_layer.h"

#include <math.h>

/* So many tables are readable without being asked for. */
enum { MOST_TABLES = 32 };

/* The sum over one channel of the input. */
static explain_sum explain_input(const explain_scene *s, int channel, bool alone, bool table) {
    char text[32];
    const explain_sum sum = scene_sum(s, channel);
    FILE *out = s->style->out;
    if (!table) {
        fprintf(out, "   input channel %d: the products' sum is %s\n", channel,
                explain_number(sum.value, text));
        return sum;
    }
    if (!alone) {
        fprintf(out, "   input channel %d:\n", channel);
    }
    scene_table(s, channel);
    if (!alone) {
        scene_line(s, "sum of the products", sum.value);
    }
    return sum;
}

void explain_layer(const explain_scene *s, int f, bool wanted) {
    const conv_stage *stage = s->stage;
    const int groups = conv_stage_groups(stage), inputs = s->window->channels / groups;
    const int first = f / (stage->filters / groups) * inputs;
    const bool table = wanted || stage->filters * inputs <= MOST_TABLES;
    const double bias = stage->bias ? stage->bias[f] : 0;
    const bool alone = inputs == 1 && !stage->bias && !stage->relu;
    explain_sum all = {bias, fabs(bias)};
    for (int c = 0; c < inputs; c++) {
        scene_kernel(s, f * inputs + c);
        const explain_sum one = explain_input(s, first + c, alone, table);
        all.value += one.value;
        all.parts += one.parts;
    }
    if (stage->bias) {
        scene_line(s, "bias", bias);
    }
    const double value = stage->relu && all.value < 0 ? 0 : all.value;
    scene_result(s,
                 alone         ? "sum of the products"
                 : stage->bias ? inputs > 1 ? "the sums and the bias" : "the sum and the bias"
                 : stage->relu ? "the sum, negative values become 0"
                               : "the sum of the sums",
                 value, all.parts, (double)s->made[f]);
    if (!table && f == stage->filters - 1) {
        fputs("   (--channel N shows every product of one channel)\n", s->style->out);
    }
}
