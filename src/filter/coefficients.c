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

/* Makes the weights sum to 0 by taking their mean from each. */
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

void dog_kernel(double *weights, int size, double sigma, double sigma2) {
    double narrow[CONV_MAX_KERNEL], wide[CONV_MAX_KERNEL];
    gaussian_row(narrow, size, sigma);
    gaussian_row(wide, size, sigma2);
    for (int i = 0; i < size * size; i++) {
        weights[i] = wide[i / size] * wide[i % size] - narrow[i / size] * narrow[i % size];
    }
    centre(weights, size * size);
}
