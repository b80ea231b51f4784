#include "conv/cosine_fit.h"

#include <math.h>
#include <stdlib.h>

/* The upper half of a window's weights; all but the middle one count twice. */
typedef struct half {
    const double *weights;
    int count;
    int every; /* the fit uses one in so many: smooth weights need no more */
    double at; /* the first one's distance from the middle: 0 or 1/2 */
    int cells; /* of the whole window */
} half;

/* The fit's error as a share of the sum of absolute weights. */
static double error_of(const half *h, const cosine_fit *fit, double turn) {
    double error = 0, sum = 0;
    for (int m = 0; m < h->count; m++) {
        const double at = h->at + m, weight = h->weights[m];
        double value = 0;
        for (int k = 0; k < fit->count; k++) {
            value += fit->amplitude[k] * cos(turn * k * at);
        }
        const double twice = at == 0 ? 1 : 2;
        error += twice * fabs(value - weight);
        sum += twice * fabs(weight);
    }
    return error / sum;
}

/* Makes column c of the rows x columns matrix `a` 0 below the diagonal by a Householder reflection,
 * which is applied to the columns after it (Golub & Van Loan, Matrix computations, 5.2.1). */
static void reflect(double *a, int rows, int columns, int c) {
    double length = 0;
    for (int i = c; i < rows; i++) {
        length += a[i * columns + c] * a[i * columns + c];
    }
    const double top = a[c * columns + c], norm = copysign(sqrt(length), top);
    const double scale = norm * (norm + top);
    if (scale == 0) {
        return;
    }
    a[c * columns + c] += norm;
    for (int k = c + 1; k < columns; k++) {
        double dot = 0;
        for (int i = c; i < rows; i++) {
            dot += a[i * columns + c] * a[i * columns + k];
        }
        for (int i = c; i < rows; i++) {
            a[i * columns + k] -= dot / scale * a[i * columns + c];
        }
    }
    a[c * columns + c] = -norm;
}

/* The amplitudes of fit->count waves by least squares with Householder reflections: cosines of less
 * than half a turn are too nearly alike for the normal equations. `a`: room for the matrix. */
static void solve(const half *h, cosine_fit *fit, double turn, double *a) {
    const int n = fit->count, columns = n + 1, rows = (h->count + h->every - 1) / h->every;
    for (int i = 0; i < rows; i++) {
        const int m = i * h->every;
        const double at = h->at + m, weight = at == 0 ? 1 : sqrt(2.0);
        for (int k = 0; k < n; k++) {
            a[i * columns + k] = weight * cos(turn * k * at);
        }
        a[i * columns + n] = weight * h->weights[m];
    }
    for (int c = 0; c < n; c++) {
        reflect(a, rows, columns, c);
    }
    for (int k = n; k-- > 0;) {
        double value = a[k * columns + n];
        for (int j = k + 1; j < n; j++) {
            value -= a[k * columns + j] * fit->amplitude[j];
        }
        fit->amplitude[k] = value / a[k * columns + k];
    }
}

static bool is_symmetric(const double *weights, int count) {
    for (int i = 0; i < count / 2; i++) {
        if (fabs(weights[i] - weights[count - 1 - i]) > 1e-12 * fabs(weights[i])) {
            return false;
        }
    }
    return true;
}

static bool is_flat(const double *weights, int count) {
    for (int i = 1; i < count; i++) {
        if (weights[i] != weights[0]) {
            return false;
        }
    }
    return true;
}

/* The best fit by waves of nearly one turn over the window, or less. */
static double fit_waves(const half *h, cosine_fit *fit, double *a) {
    double least = INFINITY;
    for (int i = 0; i < 6; i++) {
        cosine_fit one = {.count = fit->count, .turns = 1 / (1.02 + 0.06 * i)};
        const double turn = 2 * acos(-1.0) * one.turns / h->cells;
        solve(h, &one, turn, a);
        const double error = error_of(h, &one, turn);
        if (error < least) {
            least = error;
            *fit = one;
        }
    }
    return least;
}

bool cosines_fit(const double *weights, int count, cosine_fit *fit) {
    static const int counts[] = {6, 8, COSINES_MOST};
    const double enough = 1e-5;
    *fit = (cosine_fit){0};
    if (is_flat(weights, count)) {
        *fit = (cosine_fit){.count = 1, .amplitude = {weights[0]}};
        return true;
    }
    if (count < 2 * COSINES_MOST || !is_symmetric(weights, count)) {
        return true;
    }
    enum { ENOUGH_ROWS = 256 };
    const half h = {.weights = weights + count / 2,
                    .count = (count + 1) / 2,
                    .every = (count + 1) / 2 / ENOUGH_ROWS + 1,
                    .at = count % 2 ? 0 : 0.5,
                    .cells = count};
    double *a = malloc((size_t)h.count * (COSINES_MOST + 1) * sizeof *a);
    if (!a) {
        return false;
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        fit->count = counts[i];
        if (fit_waves(&h, fit, a) <= enough) {
            break;
        }
        fit->count = 0;
    }
    free(a);
    return true;
}
