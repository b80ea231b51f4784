/* Facts about a kernel's weights. */
#include "conv/facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- a common unit ---- */

/* Weights come from decimal text or a division, so they are multiples of `unit` only up to a
 * double's rounding. */
static bool is_multiple(double weight, double unit) {
    const double times = weight / unit;
    return fabs(times - rint(times)) <= 1e-12 * fabs(times);
}

/* The least absolute weight, or a fraction of it as for (2, 3) / 5; 0 where none divides all
 * weights and lets a float hold their sums exactly. */
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

/* Whether what a product leaves of each weight is within float accuracy. A double's rounding error
 * where a weight is 0 doesn't count. */
static bool is_close(const kernel_facts *f, const double *left) {
    for (int i = 0; i < f->width * f->height; i++) {
        if (fabs(left[i]) > 1e-7 * fabs(f->weights[i]) + 1e-16 * f->absolute) {
            return false;
        }
    }
    return true;
}

/* Gaussian elimination with full pivoting (Golub & Van Loan, Matrix computations, 3.4.8): subtracts
 * the column through the largest weight that is left, times its row, until the rest is negligible
 * in float. Costs rank times the cells, where an SVD would cost their 1.5th power; finds whole and
 * symmetric factors where there are any; and the ranks are the SVD's or nearly so. */
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

/* ---- products that are given ---- */

static double sum_of(const double *numbers, int count, bool absolute) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += absolute ? fabs(numbers[i]) : numbers[i];
    }
    return sum;
}

static bool any_negative(const double *numbers, int count) {
    for (int i = 0; i < count; i++) {
        if (numbers[i] < 0) {
            return true;
        }
    }
    return false;
}

static double equal_of(const double *numbers, int count) {
    for (int i = 1; i < count; i++) {
        if (numbers[i] != numbers[0]) {
            return 0;
        }
    }
    return numbers[0];
}

static bool take_products(kernel_facts *f, const conv_stage *stage) {
    const size_t height = (size_t)f->height, width = (size_t)f->width;
    f->rank = conv_stage_terms(stage);
    f->columns = malloc((size_t)f->rank * height * sizeof *f->columns);
    f->rows = malloc((size_t)f->rank * width * sizeof *f->rows);
    if (!f->columns || !f->rows) {
        return false;
    }
    memcpy(f->columns, stage->column, (size_t)f->rank * height * sizeof *f->columns);
    memcpy(f->rows, stage->row, (size_t)f->rank * width * sizeof *f->rows);
    for (int k = 0; k < f->rank; k++) {
        f->products += sum_of(f->columns + k * f->height, f->height, true) *
                       sum_of(f->rows + k * f->width, f->width, true);
    }
    return true;
}

/* What is known of a kernel too large to multiply out; of several products, only bounds. */
static void count_products(kernel_facts *f) {
    f->cells = f->width * f->height;
    f->absolute = f->products;
    for (int k = 0; k < f->rank; k++) {
        const double *column = f->columns + k * f->height, *row = f->rows + k * f->width;
        f->sum += sum_of(column, f->height, false) * sum_of(row, f->width, false);
        f->least = any_negative(column, f->height) || any_negative(row, f->width) ? -1 : f->least;
    }
    f->positive = f->least < 0 ? f->absolute : f->sum;
    if (f->rank == 1) {
        f->equal = equal_of(f->columns, f->height) * equal_of(f->rows, f->width);
        f->unit = fabs(f->equal);
    }
}

/* ---- all of it ---- */

static bool count_weights(kernel_facts *f, const conv_stage *stage) {
    const size_t width = (size_t)f->width, count = width * (size_t)f->height;
    f->weights = calloc(count, sizeof *f->weights);
    if (!f->weights) {
        return false;
    }
    for (size_t i = 0; stage->weights && i < count; i++) {
        f->weights[i] = stage->weights[i];
    }
    for (size_t i = 0; i < count; i++) {
        const size_t y = i / width, x = i % width;
        for (size_t k = 0; k < (size_t)f->rank; k++) {
            f->weights[i] += f->columns[k * (size_t)f->height + y] * f->rows[k * width + x];
        }
    }
    count_cells(f);
    f->unit = find_unit(f->weights, (int)count);
    return true;
}

static bool find_products(kernel_facts *f) {
    const size_t count = (size_t)f->width * (size_t)f->height;
    f->columns = malloc(MAX_RANK * (size_t)f->height * sizeof *f->columns);
    f->rows = malloc(MAX_RANK * (size_t)f->width * sizeof *f->rows);
    double *left = malloc(count * sizeof *left);
    const bool ok = f->columns && f->rows && left;
    if (ok && f->cells > 0) {
        memcpy(left, f->weights, count * sizeof *left);
        eliminate(f, left);
    }
    free(left);
    return ok;
}

/* For long kernels of a few products. */
static bool find_cosines(kernel_facts *f) {
    enum { LONG = 24, MOST_PRODUCTS = 4 };
    if (f->rank < 1 || f->rank > MOST_PRODUCTS || (f->width < LONG && f->height < LONG)) {
        return true;
    }
    bool all = true;
    f->fits = malloc(2 * (size_t)f->rank * sizeof *f->fits);
    for (int k = 0; f->fits && all && k < f->rank; k++) {
        cosine_fit *fits = f->fits + 2 * k;
        if (!cosines_fit(f->columns + k * f->height, f->height, &fits[0]) ||
            !cosines_fit(f->rows + k * f->width, f->width, &fits[1])) {
            return false;
        }
        all = fits[0].count && fits[1].count;
    }
    if (!f->fits || all) {
        return f->fits != NULL;
    }
    free(f->fits);
    f->fits = NULL;
    return true;
}

bool kernel_facts_find(kernel_facts *f, const conv_stage *stage) {
    *f = (kernel_facts){.width = stage->window.width, .height = stage->window.height};
    if (stage->weights) {
        return count_weights(f, stage) && find_products(f) && find_cosines(f);
    }
    if (!take_products(f, stage)) {
        return false;
    }
    if (f->width > CONV_MAX_KERNEL || f->height > CONV_MAX_KERNEL) {
        count_products(f);
    } else if (!count_weights(f, stage)) {
        return false;
    }
    return find_cosines(f);
}

void kernel_facts_free(kernel_facts *f) {
    free(f->weights);
    free(f->columns);
    free(f->rows);
    free(f->fits);
}
