/* Kernels made from a formula. Internal to src/filter. */
#ifndef CT_FILTER_COEFFICIENTS_H
#define CT_FILTER_COEFFICIENTS_H

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
