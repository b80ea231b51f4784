/* A list of a kernel's nonzero cells. */
#ifndef CT_CONV_PATH_CELLS_H
#define CT_CONV_PATH_CELLS_H

#include "conv/path/path.h"

typedef struct cell_list {
    size_t count;
    int *row;    /* of the window */
    int *offset; /* samples from the window's left column */
    float *weight;
} cell_list;

/* Lists those of a width x height kernel, `step` samples from one column to the next; false when
 * out of memory. Free the list in any case. */
bool cells_make(cell_list *cells, const double *weights, int width, int height, int step);
void cells_free(cell_list *cells);

/* Writes n floats (padded) of the sum over the cells, for row r of a call with a pointer for
 * each. */
void cells_sum(const path_call *call, int r, const cell_list *cells, size_t n, float *out);

#endif
