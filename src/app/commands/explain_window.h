/* For explain: the window that a stage reads for one output pixel. */
#ifndef CT_APP_COMMANDS_EXPLAIN_WINDOW_H
#define CT_APP_COMMANDS_EXPLAIN_WINDOW_H

#include "app/commands/explain_values.h"

/* What a stage reads for one output pixel. */
typedef struct explain_window {
    int width, height, channels;
    int first_x, first_y; /* the input position of cell 0,0; it may lie outside */
    int step_x, step_y;   /* from one cell to the next, in the input */
    int centre;           /* the cell that lies on the output pixel; -1: none does */
    bool unfilled;        /* cells beyond the edge have no values */
    float *values;        /* height x width x channels */
    bool *beyond;         /* height x width: outside the image */
} explain_window;

/* Where a stage's window lies for output pixel x, y; no values. */
explain_window explain_window_place(const explain_image *image, int stage, int x, int y);

bool explain_window_read(explain_image *image, int stage, int x, int y, explain_window *window,
                         ct_error *err);
void explain_window_free(explain_window *window);

/* The input pixel that a stage's output pixel x, y mainly depends on: the anchor's, for pooling
 * the first inside, for resizing the one in the middle. */
void explain_centre(const explain_image *image, int stage, int *x, int *y);

#endif
