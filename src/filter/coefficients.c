#include "filter/coefficients.h"

#include <math.h>

#include "conv/conv.h"

static double gaussian(double r2, double sigma) {
    return exp(-r2 / (2 * sigma * sigma));
}

void gaussian_row(double *row, int size, double sigma) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
        const double x = i - (size - 1) / 2.0;
        row[i] = gaussian(x * x, sigma);
        sum += row[i];
    }
    for (int i = 0; i < size; i++) {
        row[i] /= sum;
    }
}

void fix_row(double *row, int size, int bits) {
    const double one = 1 << bits;
    double error = 0, sum = 0;
    for (int i = 0; i < size / 2; i++) {
        const double wanted = row[i] * one + error, whole = rint(wanted);
        error = wanted - whole;
        sum += 2 * whole;
        row[i] = row[size - 1 - i] = whole / one;
    }
    row[size / 2] = (one - sum) / one;
}

void box_row(double *row, int size, double edge) {
    const double width = size > 2 ? size - 2 + 2 * edge : size;
    for (int i = 0; i < size; i++) {
        const bool outermost = size > 2 && (i == 0 || i == size - 1);
        row[i] = (outermost ? edge : 1) / width;
    }
}

/* Convolves the first `count` numbers of a row, which has room for one more, with (before, 1). */
static void convolve(double *row, int count, double before) {
    row[count] = row[count - 1];
    for (int i = count - 1; i > 0; i--) {
        row[i] = row[i - 1] + before * row[i];
    }
    row[0] *= before;
}

void sobel_kernels(double *weights, int size) {
    double smooth[CONV_MAX_KERNEL] = {1}, slope[CONV_MAX_KERNEL] = {1};
    for (int count = 1; count < size; count++) {
        convolve(smooth, count, 1);
        convolve(slope, count, count == 1 ? -1 : 1);
    }
    for (int i = 0; i < size * size; i++) {
        weights[i] = smooth[i / size] * slope[i % size];
        weights[size * size + i] = slope[i / size] * smooth[i % size];
    }
}

/* Makes the weights sum to 0 by subtracting their mean from each. */
static void centre(double *weights, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += weights[i];
    }
    for (int i = 0; i < count; i++) {
        weights[i] -= sum / count;
    }
}

void log_kernel(double *weights, int size, double sigma) {
    const int radius = size / 2;
    double sum = 0;
    for (int i = 0; i < size * size; i++) {
        const double x = i % size - radius, y = i / size - radius;
        sum += gaussian(x * x + y * y, sigma);
    }
    for (int i = 0; i < size * size; i++) {
        const double x = i % size - radius, y = i / size - radius, r2 = x * x + y * y;
        weights[i] = (r2 - 2 * sigma * sigma) / pow(sigma, 4) * gaussian(r2, sigma) / sum;
    }
    centre(weights, size * size);
}

void log_products(double *columns, double *rows, int size, double sigma) {
    double *bell = columns, *curved = columns + size, *flat = columns + 2 * size, sum = 0;
    gaussian_row(bell, size, sigma);
    for (int i = 0; i < size; i++) {
        const double x = i - (size - 1) / 2.0;
        curved[i] = (x * x - sigma * sigma) / pow(sigma, 4) * bell[i];
        sum += curved[i];
    }
    for (int i = 0; i < size; i++) { /* minus the mean of the other two's sum */
        flat[i] = -2 * sum / size / size;
        rows[i] = curved[i];
        rows[size + i] = bell[i];
        rows[2 * size + i] = 1;
    }
}

void dog_products(double *columns, double *rows, int size, double sigma, double sigma2) {
    double *wide = rows, *narrow = rows + size;
    gaussian_row(wide, size, sigma2);
    gaussian_row(narrow, size, sigma);
    for (int i = 0; i < size; i++) {
        columns[i] = wide[i];
        columns[size + i] = -narrow[i];
    }
}

int dog_size(double sigma2) {
    return 2 * (int)floor(3 * sigma2 + 0.5) + 1;
}

void dog_kernel(double *weights, int size, double sigma, double sigma2) {
    double columns[DOG_TERMS * CONV_MAX_KERNEL], rows[DOG_TERMS * CONV_MAX_KERNEL];
    dog_products(columns, rows, size, sigma, sigma2);
    for (int i = 0; i < size * size; i++) {
        const int y = i / size, x = i % size;
        weights[i] = columns[y] * rows[x] + columns[size + y] * rows[size + x];
    }
    centre(weights, size * size);
}
