/* Makes kernels, separates them into a column and a row, and frees them. */
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

/* Whether the kernel is the column through the peak times the row through it. */
static bool is_product(const filter_kernel *kernel, int peak) {
    const int width = kernel->width, peak_x = peak % width, peak_y = peak / width;
    const double *w = kernel->weights;
    for (int y = 0; y < kernel->height; y++) {
        for (int x = 0; x < width; x++) {
            const double product = w[y * width + peak_x] * w[peak_y * width + x] / w[peak];
            if (fabs(product - w[y * width + x]) > 1e-12 * fabs(w[peak])) {
                return false;
            }
        }
    }
    return true;
}

/* The smallest weight of the peak's row, as the unit: [1 2 1] rather than [0.5 1 0.5]. */
static double least_of_row(const filter_kernel *kernel, int peak) {
    const double most = fabs(kernel->weights[peak]);
    const double *row = kernel->weights + peak / kernel->width * kernel->width;
    double unit = most;
    for (int x = 0; x < kernel->width; x++) {
        const double v = fabs(row[x]);
        unit = v > 1e-12 * most && v < unit ? v : unit;
    }
    return unit;
}

/* weights = column x row, with the column scaled so that the factors stay whole numbers where they
 * can. The row is that of the largest weight. */
bool filter_kernel_separate(filter_kernel *kernel, ct_error *err) {
    const int width = kernel->width, height = kernel->height;
    const double *w = kernel->weights;
    int peak = 0;
    for (int i = 1; i < width * height; i++) {
        peak = fabs(w[i]) > fabs(w[peak]) ? i : peak;
    }
    const bool zero = w[peak] == 0; /* zeros times zeros */
    if (kernel->row || (!zero && !is_product(kernel, peak))) {
        return true;
    }
    double *row = calloc((size_t)width, sizeof *row);
    double *column = calloc((size_t)height, sizeof *column);
    if (!row || !column) {
        free(row);
        free(column);
        return ct_fail(err, "out of memory");
    }
    const double unit = least_of_row(kernel, peak);
    for (int x = 0; !zero && x < width; x++) {
        row[x] = w[peak / width * width + x] / unit;
    }
    for (int y = 0; !zero && y < height; y++) {
        column[y] = w[y * width + peak % width] * unit / w[peak];
    }
    kernel->row = row;
    kernel->column = column;
    return true;
}
