/* Kernels made from a formula. Internal to src/filter. */
#ifndef CT_FILTER_COEFFICIENTS_H
#define CT_FILTER_COEFFICIENTS_H

/* A row of `size` weights exp(-x^2 / (2 sigma^2)) that sum to 1; size is odd. */
void gaussian_row(double *row, int size, double sigma);

/* Rounds a symmetric row that sums to 1, size odd, to multiples of 2^-bits that sum to 1, each
 * error added to the next weight and what is left to the centre: the weights of OpenCV's
 * GaussianBlur for whole numbers (getGaussianKernelFixedPoint_ED in its smooth.dispatch.cpp). */
void fix_row(double *row, int size, int bits);

/* A row of `size` equal weights, but those of the first and last `edge` times the others; they sum
 * to 1. Rows of 1 and 2 have equal weights. */
void box_row(double *row, int size, double edge);

/* The kernels of Sobel's gradient along x, then along y, of size x size whole numbers, size odd and
 * at least 3: binomial smoothing times the difference of two binomials, as OpenCV's getDerivKernels
 * makes them. */
void sobel_kernels(double *weights, int size);

/* size x size samples of the Laplacian of a Gaussian, minus their mean, so that they sum to 0: (r^2
 * - 2 sigma^2) / sigma^4 times the normalised Gaussian (Marr & Hildreth, Theory of edge detection,
 * 1980; positive outside, like the Laplacian). */
void log_kernel(double *weights, int size, double sigma);

/* The normalised Gaussian of sigma2 (the wider) minus that of sigma; sums to 0, and has the sign of
 * the Laplacian. */
void dog_kernel(double *weights, int size, double sigma, double sigma2);

/* The ratio of sigmas that approximates the Laplacian of a Gaussian best (Marr & Hildreth 1980),
 * and the kernel's size for the wider one: it reaches 3 sigma2, as Gaussians do. */
#define DOG_RATIO 1.6
int dog_size(double sigma2);

/* The same two, of any size, as columns times rows: LOG_TERMS and DOG_TERMS of `size` numbers each.
 */
enum { LOG_TERMS = 3, DOG_TERMS = 2 };
void log_products(double *columns, double *rows, int size, double sigma);
void dog_products(double *columns, double *rows, int size, double sigma, double sigma2);

#endif
