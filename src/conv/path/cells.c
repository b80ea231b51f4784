#include "conv/path/cells.h"

#include <stdlib.h>

bool cells_make(cell_list *cells, const double *weights, int width, int height, int step) {
    const size_t most = (size_t)width * (size_t)height;
    cells->row = malloc(most * sizeof *cells->row);
    cells->offset = malloc(most * sizeof *cells->offset);
    cells->weight = malloc(most * sizeof *cells->weight);
    if (!cells->row || !cells->offset || !cells->weight) {
        return false;
    }
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const float w = (float)weights[y * width + x];
            if (w != 0.0F) {
                cells->row[cells->count] = y;
                cells->offset[cells->count] = x * step;
                cells->weight[cells->count++] = w;
            }
        }
    }
    return true;
}

void cells_free(cell_list *cells) {
    free(cells->row);
    free(cells->offset);
    free(cells->weight);
}

void cells_sum(const path_call *call, int r, const cell_list *cells, size_t n, float *out) {
    const float **in = (const float **)call->pointers;
    for (size_t t = 0; t < cells->count; t++) {
        in[t] = path_row(call, r, cells->row[t]) + cells->offset[t];
    }
    call->rows->taps(out, in, cells->weight, cells->count, n);
}
