/* What a kernel's weights are like. */
#include "conv/facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- a common unit ---- */

/* Weights are read from decimal text or made by a division: within some units of a double's last
 * place, a multiple of `unit`. */
static bool is_multiple(double weight, double unit) {
    const double times = weight / unit;
    return fabs(times - rint(times)) <= 1e-12 * fabs(times);
}

/* The least absolute weight, or a fraction of it, as in (2, 3) / 5: as small a one as makes whole
 * sums that a float could still hold. */
static double find_unit(const double *weights, int count) {
    enum { MOST_PARTS = 1024, MOST_WHOLE = 1 << 24 };
    double least = INFINITY, absolute = 0;
    for (int i = 0; i < count; i++) {
        least = weights[i] != 0 ? fmin(least, fabs(weights[i])) : least;
        absolute += fabs(weights[i]);
    }
    for (int parts = 1;
         isfinite(least) && parts <= MOST_PARTS && absolute / least * parts < MOST_WHOLE; parts++) {
        int i = 0;
        while (i < count && is_multiple(weights[i], least / parts)) {
            i++;
        }
        if (i == count) {
            return least / parts;
        }
    }
    return 0;
}

static void count_cells(kernel_facts *f) {
    f->equal = f->least = f->weights[0];
    for (int y = 0; y < f->height; y++) {
        double before = 0;
        for (int x = 0; x <= f->width; x++) {
            const double w = x < f->width ? f->weights[y * f->width + x] : 0;
            f->cells += w != 0;
            f->changes += w != before;
            f->rises += fmax(w - before, 0);
            f->absolute += fabs(w);
            f->positive += fmax(w, 0);
            f->sum += w;
            f->least = x < f->width ? fmin(f->least, w) : f->least;
            f->equal = x < f->width && w != f->equal ? 0 : f->equal;
            before = w;
        }
    }
}

/* ---- rank ---- */

static int largest(const double *values, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
        best = fabs(values[i]) > fabs(values[best]) ? i : best;
    }
    return best;
}

/* Whether a product stands for each weight to a float's accuracy. What a double's rounding leaves
 * where a weight is 0 doesn't count. */
static bool is_close(const kernel_facts *f, const double *left) {
    for (int i = 0; i < f->width * f->height; i++) {
        if (fabs(left[i]) > 1e-7 * fabs(f->weights[i]) + 1e-16 * f->absolute) {
            return false;
        }
    }
    return true;
}

/* Gaussian elimination with full pivoting (Golub & Van Loan, Matrix computations, 3.4.8): takes the
 * column through the largest weight that is left, times its row, until what's left is nothing to a
 * float. Costs rank times the cells, where an SVD would cost their 1.5th power; finds whole numbers
 * and symmetric factors where they are; and the ranks are the SVD's or nearly so. */
static void eliminate(kernel_facts *f, double *left) {
    const int width = f->width, height = f->height;
    const double enough = 2e-6 * f->absolute;
    f->rest = f->absolute;
    for (int rank = 0; rank < MAX_RANK; rank++) {
        const int at = largest(left, width * height);
        double *column = f->columns + rank * height, *row = f->rows + rank * width;
        memcpy(row, left + at / width * width, (size_t)width * sizeof *row);
        for (int y = 0; y < height; y++) {
            column[y] = left[y * width + at % width] / left[at];
        }
        f->rest = 0;
        for (int i = 0; i < width * height; i++) {
            const double product = column[i / width] * row[i % width];
            left[i] -= product;
            f->products += fabs(product);
            f->rest += fabs(left[i]);
        }
        if (rank == 0 ? is_close(f, left) : f->rest <= enough) {
            f->rank = rank + 1;
            return;
        }
    }
}

bool kernel_facts_find(kernel_facts *f, const conv_stage *stage) {
    const int width = stage->window.width, height = stage->window.height;
    const size_t count = (size_t)width * (size_t)height;
    *f = (kernel_facts){.width = width, .height = height};
    f->weights = calloc(count, sizeof *f->weights);
    f->columns = malloc(MAX_RANK * (size_t)height * sizeof *f->columns);
    f->rows = malloc(MAX_RANK * (size_t)width * sizeof *f->rows);
    double *left = malloc(count * sizeof *left);
    const bool ok = f->weights && f->columns && f->rows && left;
    if (ok) {
        for (size_t i = 0; i < count; i++) {
            f->weights[i] = stage->weights
                                ? stage->weights[i]
                                : stage->column[i / (size_t)width] * stage->row[i % (size_t)width];
        }
        count_cells(f);
        f->unit = find_unit(f->weights, (int)count);
        if (!stage->weights) {
            f->rank = 1;
            f->products = f->absolute;
            memcpy(f->columns, stage->column, (size_t)height * sizeof *f->columns);
            memcpy(f->rows, stage->row, (size_t)width * sizeof *f->rows);
        } else if (f->cells > 0) {
            memcpy(left, f->weights, count * sizeof *left);
            eliminate(f, left);
        }
    }
    free(left);
    return ok;
}

void kernel_facts_free(kernel_facts *f) {
    free(f->weights);
    free(f->columns);
    free(f->rows);
}
