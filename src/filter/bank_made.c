/* The weights of the banks that have a name; their sources are in banks.c. */
#include "filter/bank_made.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/coefficients.h"
#include "filter/kernels.h"

/* ---- kernels of the catalogue ---- */

/* Those of the names PREFIX-SUFFIX, called SUFFIX; all are 3x3. */
static filter_bank *of_kernels(const char *prefix, const char *const *suffixes, int count) {
    filter_bank *bank = bank_new(count, 1, 3, 3, true);
    for (int f = 0; bank && f < count; f++) {
        char name[64];
        snprintf(name, sizeof name, "%s-%s", prefix, suffixes[f]);
        const named_kernel *kernel = named_kernel_find(name);
        for (int i = 0; i < 9; i++) {
            bank->weights[9 * f + i] = kernel->numbers[i] / kernel->divisor;
        }
        snprintf(bank->names[f], BANK_NAME, "%s", suffixes[f]);
    }
    return bank;
}

filter_bank *bank_edges8(const bank_wish *wish) {
    static const char *const directions[] = {"n", "ne", "e", "se", "s", "sw", "w", "nw"};
    (void)wish;
    return of_kernels("robinson", directions, 8);
}

filter_bank *bank_sobel2(const bank_wish *wish) {
    static const char *const axes[] = {"x", "y"};
    (void)wish;
    return of_kernels("sobel", axes, 2);
}

/* ---- several sizes: the smaller ones in the middle of the largest's cells ---- */

/* Cell (x, y) from the centre. */
static double *cell(filter_bank *bank, int filter, int x, int y) {
    const int cells = bank->width * bank->height;
    return bank->weights + filter * cells + (y + bank->height / 2) * bank->width + x +
           bank->width / 2;
}

/* sigma times frequency for filters that pass one octave, up to half of their peak: 1 / pi
 * sqrt(ln(2) / 2) (2^b + 1) / (2^b - 1) for b = 1. */
static double octave(void) {
    return sqrt(log(2) / 2) * 3 / acos(-1);
}

static int gabor_reach(double sigma) {
    return (int)ceil(3 * sigma);
}

static void fill_gabor(filter_bank *bank, int filter, double frequency, double angle) {
    const double pi = acos(-1), sigma = octave() / frequency;
    const int reach = gabor_reach(sigma);
    for (int y = -reach; y <= reach; y++) {
        for (int x = -reach; x <= reach; x++) {
            const double bell = exp(-(x * x + y * y) / (2 * sigma * sigma));
            const double u = x * cos(angle) + y * sin(angle);
            *cell(bank, filter, x, y) =
                bell / (2 * pi * sigma * sigma) * cos(2 * pi * frequency * u);
        }
    }
}

filter_bank *bank_gabor(const bank_wish *wish) {
    const double lowest = ldexp(0.25, 1 - wish->scales);
    const int size = 2 * gabor_reach(octave() / lowest) + 1;
    filter_bank *bank = bank_new(wish->scales * wish->orientations, 1, size, size, true);
    for (int f = 0; bank && f < bank->filters; f++) {
        const int scale = f / wish->orientations, turn = f % wish->orientations;
        const double share = (double)turn / wish->orientations;
        fill_gabor(bank, f, ldexp(0.25, -scale), share * acos(-1));
        snprintf(bank->names[f], BANK_NAME, "gabor %d %.4g", scale, share * 180);
    }
    return bank;
}

static bool fill_dog(filter_bank *bank, int filter, double sigma) {
    const int size = dog_size(sigma * DOG_RATIO), reach = size / 2;
    double *own = malloc((size_t)size * (size_t)size * sizeof *own);
    if (!own) {
        return false;
    }
    dog_kernel(own, size, sigma, sigma * DOG_RATIO);
    for (int i = 0; i < size * size; i++) {
        *cell(bank, filter, i % size - reach, i / size - reach) = own[i];
    }
    free(own);
    return true;
}

filter_bank *bank_dog(const bank_wish *wish) {
    const int size = dog_size(ldexp(1, wish->scales - 1) * DOG_RATIO);
    filter_bank *bank = bank_new(wish->scales, 1, size, size, true);
    for (int f = 0; bank && f < wish->scales; f++) {
        const double sigma = ldexp(1, f);
        snprintf(bank->names[f], BANK_NAME, "dog %g", sigma);
        if (!fill_dog(bank, f, sigma)) {
            bank_free(bank);
            bank = NULL;
        }
    }
    return bank;
}

/* ---- columns times rows ---- */

/* All pairs of `count` rows of `size` numbers, times `factor`. */
static filter_bank *of_products(const double *rows, int count, int size, double factor) {
    filter_bank *bank = bank_new(count * count, 1, size, size, true);
    for (int f = 0; bank && f < bank->filters; f++) {
        const double *column = rows + f / count * size, *row = rows + f % count * size;
        for (int i = 0; i < size * size; i++) {
            bank->weights[f * size * size + i] = factor * column[i / size] * row[i % size];
        }
    }
    return bank;
}

filter_bank *bank_haar(const bank_wish *wish) {
    static const double rows[] = {1, 1, 1, -1};
    static const char *const names[] = {"average", "vertical", "horizontal", "diagonal"};
    (void)wish;
    filter_bank *bank = of_products(rows, 2, 2, 0.5);
    for (int f = 0; bank && f < 4; f++) {
        strcpy(bank->names[f], names[f]);
    }
    return bank;
}

filter_bank *bank_laws(const bank_wish *wish) {
    /* clang-format off */
    static const double rows[] = {
         1,  4, 6,  4,  1,
        -1, -2, 0,  2,  1,
        -1,  0, 2,  0, -1,
        -1,  2, 0, -2,  1,
         1, -4, 6, -4,  1,
    };
    /* clang-format on */
    static const char letters[] = "leswr";
    (void)wish;
    filter_bank *bank = of_products(rows, 5, 5, 1);
    for (int f = 0; bank && f < 25; f++) {
        snprintf(bank->names[f], BANK_NAME, "%c5%c5", letters[f / 5], letters[f % 5]);
    }
    return bank;
}

/* ---- random ---- */

/* splitmix64 (Steele, Lea & Flood, Fast splittable pseudorandom number generators, 2014): above 0,
 * up to 1. */
static double uniform(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    z ^= z >> 31;
    return ((double)(z >> 11) + 1) * 0x1p-53;
}

/* Box and Muller, A note on the generation of random normal deviates, 1958. */
static double normal(uint64_t *state) {
    const double length = sqrt(-2 * log(uniform(state)));
    return length * cos(2 * acos(-1) * uniform(state));
}

filter_bank *bank_random(const bank_wish *wish) {
    filter_bank *bank = bank_new(wish->filters, wish->channels, wish->width, wish->height, true);
    const int inputs = wish->channels * wish->width * wish->height;
    const double deviation = sqrt(2.0 / inputs);
    uint64_t state = (uint64_t)wish->seed;
    for (int f = 0; bank && f < wish->filters; f++) {
        double *weights = bank->weights + (size_t)f * (size_t)inputs;
        for (int i = 0; i < inputs; i++) {
            weights[i] = deviation * normal(&state);
        }
        snprintf(bank->names[f], BANK_NAME, "random %d", f);
    }
    return bank;
}
