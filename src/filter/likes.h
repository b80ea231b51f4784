/* The table of --like: what another library's function does, said in the grammar of chains.
 * Internal to src/filter. */
#ifndef CT_FILTER_LIKES_H
#define CT_FILTER_LIKES_H

#include "filter/stage_def.h"

/* Bits: the arguments of windows, besides padding, that the function has too. */
enum {
    LIKE_PAD = 1 << WINDOW_PAD,
    LIKE_STRIDE = 1 << WINDOW_STRIDE,
    LIKE_DILATION = 1 << WINDOW_DILATION,
    LIKE_ANCHOR = 1 << WINDOW_ANCHOR,
    LIKE_FLIP = 1 << WINDOW_FLIP,
};

typedef struct like_def {
    const char *library;
    const char *stage; /* ours */

    /* What the stage's arguments must be, as words separated by blanks: NAME=VALUE or NAME=A|B for
     * an argument, `square` and `odd` for the window's size,
     * `whole` and `by_sum` for a kernel's numbers, `3|5` for square ones of 3 or 5 cells
     * a side. "": anything. Of several rows for one stage the first that fits is taken. */
    const char *when;

    /* The stages that it becomes. {NAME} stands for the value of the stage's argument, or for one
     * of those in like_fill.c. NULL: it is already the same. */
    const char *becomes;

    /* The paddings that the function has, its default first, separated by blanks. */
    const char *paddings;
    unsigned window; /* LIKE_... */

    const char *function; /* theirs */
} like_def;

const like_def *like_def_at(size_t i); /* NULL past the last */

#endif
