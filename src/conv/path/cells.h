/* The cells of a kernel that aren't zero, as a list. */
#ifndef CT_CONV_PATH_CELLS_H
#define CT_CONV_PATH_CELLS_H

#include "conv/path/path.h"

typedef struct cell_list {
    size_t count;
    int *row;    /* of the window */
    int *offset; /* samples from the window's left column */
    float *weight;
} cell_list;

/* Those of a width x height kernel, `step` samples from one column to the next; false when memory
 * is out. The list is to be freed in any case. */
bool cells_make(cell_list *cells, const double *weights, int width, int height, int step);
void cells_free(cell_list *cells);

/* n floats of the sum over the cells, for row r of a call that has a pointer for each (padded). */
void cells_sum(const path_call *call, int r, const cell_list *cells, size_t n, float *out);

#endif
