/* For explain: one window of a stage, and sums over it. */
#ifndef CT_APP_COMMANDS_EXPLAIN_SCENE_H
#define CT_APP_COMMANDS_EXPLAIN_SCENE_H

#include "app/commands/explain_table.h"

typedef struct explain_scene {
    const explain_style *style;
    const conv_stage *stage;
    const explain_window *window;
    double *weights;   /* one kernel at a time */
    const float *made; /* the engine's output pixel */
    bool *agrees;
} explain_scene;

/* A sum, and that of its parts' absolute values, with which rounding errors grow. */
typedef struct explain_sum {
    double value, parts;
} explain_sum;

/* Loads the stage's k-th kernel into s->weights. */
void scene_kernel(const explain_scene *s, int k);

/* The window's sample in a cell. */
double scene_value(const explain_scene *s, int cell, int channel);

/* The sum of the products with s->weights; samples whose weight is 0 don't count, whatever they
 * are. */
explain_sum scene_sum(const explain_scene *s, int channel);

/* The number to print for a sum: the engine's result, or its negative, where they differ only by
 * the rounding of floats, so that one explanation doesn't show one number in two ways. */
double scene_shown(double value, double parts, double engine);

/* Prints the window, the loaded kernel and the products of one channel; whole-number kernels keep
 * their divisor apart. */
void scene_table(const explain_scene *s, int channel);

/* Prints the window alone; the chosen cell has a star, -1: none has. */
void scene_window(const explain_scene *s, int channel, int chosen);

/* What the products' sum is, for scene_line and scene_result: the name, or where the kernel has a
 * divisor "NAME = (1·10 + 2·20 + 1·30) / 4", which stays in `text`. */
const char *scene_sum_name(const explain_scene *s, const char *name, int channel, ct_text *text);

/* Prints "  NAME = VALUE", in more lines where it is long. */
void scene_line(const explain_scene *s, const char *name, double value);

/* Prints the stage's result, and checks that the engine has the same within float precision. Where
 * a sample of the window isn't finite, the engine may have nan: some of its ways multiply such a
 * sample by a weight of 0. */
void scene_result(const explain_scene *s, const char *name, double value, double parts,
                  double engine);

#endif
