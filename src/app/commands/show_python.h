/* What the Python libraries of show --as have in common. Internal to show. */
#ifndef CT_APP_COMMANDS_SHOW_PYTHON_H
#define CT_APP_COMMANDS_SHOW_PYTHON_H

#include "app/commands/show_code.h"

/* A library's way to say things. The image is `x`, what is computed from it `y`; a window's input
 * is `p`, which is `x` with its padding. */
typedef struct python {
    const char *head, *tail; /* lines that make x of `image`, and `result` of x */
    const char *gray;        /* an expression of x */
    const char *module;      /* with hypot, abs, maximum, where, ... */
    bool planes;             /* x is (channels, 1, height, width); else the channels come last */
    bool reversed;           /* and are blue, green, red */

    /* Whether it takes windows whose padding keeps the size from x itself, without p. */
    bool (*direct)(const conv_stage *stage);
    /* Writes the line that makes p. */
    bool (*pad)(show_code *code, const conv_stage *stage);
    /* Writes `TO = ` the sums with kernel k, strides included; `direct`: from x, else p. */
    bool (*sum)(show_code *code, const conv_stage *stage, int k, const char *to, bool direct);
    bool (*median)(show_code *code, const conv_stage *stage, bool direct);
    bool (*pool)(show_code *code, const conv_stage *stage);
} python;

/* "[[1, 2], [3, 4]]": kernel k with the gaps of its dilation, or without. */
void show_rows(show_code *code, const conv_stage *stage, int k, bool spread);

/* "[1, 2]": `count` numbers, `step` apart with zeros between. */
void show_list(show_code *code, const double *numbers, int count, int step);

/* "[::2, ::3]", or nothing for stride 1. */
void show_stride(show_code *code, const conv_window *w);

/* Whether the stage is a mean over its window. */
bool show_is_mean(const conv_stage *stage);

/* Whether it's a sum whose kernel is one product of a column and a row. */
bool show_is_product(const conv_stage *stage);

/* ---- images that are arrays of (height, width) or (height, width, 3) ---- */

/* The line that makes `result` of x. */
extern const char show_array_tail[];

/* Makes x the pool of x. */
bool show_array_pool(show_code *code, const conv_stage *stage);

/* Ends a line: what was made from p is cut to where the window lies inside, unless it's `direct`;
 * then come the strides. */
void show_array_crop(show_code *code, const conv_window *w, bool direct);

#endif
