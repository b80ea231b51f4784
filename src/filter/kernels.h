/* The table of named kernels, and kernels made from a formula. Internal to src/filter. */
#ifndef CT_FILTER_KERNELS_H
#define CT_FILTER_KERNELS_H

#include "filter/filter.h"

typedef struct named_kernel {
    const char *name;
    int width, height;
    double divisor;
    const double *numbers; /* height x width */
    const char *summary;
} named_kernel;

const named_kernel *named_kernel_at(size_t i); /* NULL past the last */
const named_kernel *named_kernel_find(const char *name);

/* The numbers of the catalogue's two-kernel and eight-kernel filters are looked up by name too. */

/* An empty kernel of zeros; NULL when memory is out. */
filter_kernel *filter_kernel_new(const char *name, int width, int height);

/* A row of `size` weights exp(-x^2 / (2 sigma^2)) that sum to 1; size is odd. */
void gaussian_row(double *row, int size, double sigma);

/* size x size samples of the Laplacian of a Gaussian, minus their mean, so that they sum to 0:
 * (r^2 - 2 sigma^2) / sigma^4 times the normalised Gaussian (Marr & Hildreth, Theory of edge
 * detection, 1980; positive outside as the Laplacian is). */
void log_kernel(double *weights, int size, double sigma);

/* The difference of the normalised Gaussians of sigma2 (the wider) and sigma; sums to 0, and has
 * the sign of the Laplacian. */
void dog_kernel(double *weights, int size, double sigma, double sigma2);

#endif
