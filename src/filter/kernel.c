/* A kernel: made, taken apart into a column and a row, and freed. */
#include "filter/kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

filter_kernel *filter_kernel_new(const char *name, int width, int height) {
    filter_kernel *kernel = calloc(1, sizeof *kernel);
    if (!kernel) {
        return NULL;
    }
    *kernel = (filter_kernel){
        .width = width, .height = height, .anchor_x = -1, .anchor_y = -1, .divisor = 1};
    strncpy(kernel->name, name, sizeof kernel->name - 1);
    kernel->weights = calloc((size_t)width * (size_t)height, sizeof *kernel->weights);
    if (!kernel->weights) {
        free(kernel);
        return NULL;
    }
    return kernel;
}

void filter_kernel_free(filter_kernel *kernel) {
    if (kernel) {
        free(kernel->weights);
        free(kernel->row);
        free(kernel->column);
        free(kernel);
    }
}

/* weights = column x row, with the column scaled so that the factors stay whole numbers where they
 * can. The row is that of the largest weight. */
bool filter_kernel_separate(filter_kernel *kernel) {
    const int width = kernel->width, height = kernel->height;
    const double *w = kernel->weights;
    int peak = 0;
    for (int i = 1; i < width * height; i++) {
        peak = fabs(w[i]) > fabs(w[peak]) ? i : peak;
    }
    if (w[peak] == 0 || kernel->row) {
        return kernel->row != NULL;
    }
    const int peak_x = peak % width, peak_y = peak / width;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const double product = w[y * width + peak_x] * w[peak_y * width + x] / w[peak];
            if (fabs(product - w[y * width + x]) > 1e-12 * fabs(w[peak])) {
                return false;
            }
        }
    }
    /* The smallest entry of the peak's row, as the unit: [1 2 1] rather than [0.5 1 0.5]. */
    double unit = fabs(w[peak]);
    for (int x = 0; x < width; x++) {
        const double v = fabs(w[peak_y * width + x]);
        unit = v > 1e-12 * fabs(w[peak]) && v < unit ? v : unit;
    }
    kernel->row = malloc((size_t)width * sizeof *kernel->row);
    kernel->column = malloc((size_t)height * sizeof *kernel->column);
    if (!kernel->row || !kernel->column) {
        free(kernel->row);
        free(kernel->column);
        kernel->row = kernel->column = NULL;
        return false;
    }
    for (int x = 0; x < width; x++) {
        kernel->row[x] = w[peak_y * width + x] / unit;
    }
    for (int y = 0; y < height; y++) {
        kernel->column[y] = w[y * width + peak_x] * unit / w[peak];
    }
    return true;
}
