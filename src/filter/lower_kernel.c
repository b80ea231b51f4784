#include "filter/lower_kernel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "filter/coefficients.h"
#include "filter/kernels.h"
#include "filter/lower_edges.h"
#include "filter/lower_weighted.h"
#include "filter/lower_window.h"

/* A kernel's cells, which the program owns. */
typedef struct kernel_cells {
    double *weights; /* height x width */
    int width, height;
    int anchor_x, anchor_y; /* -1: the default */
} kernel_cells;

/* Appends a correlation, and a bias. Kept pixels get none, so there the window adds it. */
static bool emit_kernel(lowering *l, const filter_chain *chain, const chain_stage *stage,
                        kernel_cells k, double bias) {
    turn_if_flipped(chain, stage, k.weights, 1, k.width * k.height);
    conv_stage s = {.op = CONV_CORRELATE, .kernels = 1, .weights = k.weights};
    s.window = make_window(chain, stage, k.width, k.height, k.anchor_x, k.anchor_y);
    s.offset = s.window.keep ? (float)bias : 0.0F;
    if (stage->def->edge) {
        return lower_edge_input(l) && lower_emit(l, &s);
    }
    return lower_weighted(l, chain, stage, &s) &&
           (bias == 0 || s.window.keep || lower_point(l, CONV_SCALE, 1, bias));
}

/* Appends a correlation with s->column times s->row, of that many cells. */
static bool emit_separable(lowering *l, const filter_chain *chain, const chain_stage *stage,
                           conv_stage *s, int width, int height) {
    s->op = CONV_CORRELATE;
    s->kernels = 1;
    s->window = make_window(chain, stage, width, height, -1, -1);
    return lower_weighted(l, chain, stage, s);
}

bool lower_conv(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const filter_kernel *k = stage->kernel;
    const size_t count = (size_t)k->width * (size_t)k->height;
    double *weights = lower_numbers(l, count);
    if (!weights) {
        return false;
    }
    memcpy(weights, k->weights, count * sizeof *weights);
    const kernel_cells cells = {weights, k->width, k->height, k->anchor_x, k->anchor_y};
    const double bias = lower_number(&stage->own[1], 0);
    return emit_kernel(l, chain, stage, cells, bias);
}

/* The catalogue's kernel NAME or NAME-SUFFIX. */
static const named_kernel *named(const char *name, const char *suffix) {
    char full[64];
    snprintf(full, sizeof full, "%s%s", name, suffix);
    return named_kernel_find(full);
}

static double *copy_named(lowering *l, const named_kernel *const *kernels, size_t count) {
    const size_t cells = (size_t)kernels[0]->width * (size_t)kernels[0]->height;
    double *weights = lower_numbers(l, cells * count);
    for (size_t k = 0; weights && k < count; k++) {
        for (size_t i = 0; i < cells; i++) {
            weights[k * cells + i] = kernels[k]->numbers[i] / kernels[k]->divisor;
        }
    }
    return weights;
}

static bool emit_named(lowering *l, const filter_chain *chain, const chain_stage *stage,
                       const named_kernel *kernel) {
    double *weights = copy_named(l, &kernel, 1);
    const kernel_cells k = {weights, kernel->width, kernel->height, -1, -1};
    return weights && emit_kernel(l, chain, stage, k, 0);
}

bool lower_named(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    return emit_named(l, chain, stage, named_kernel_find(stage->def->name));
}

bool lower_laplacian(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    return emit_named(l, chain, stage, named("laplacian", stage->own[0].choice ? "8" : "4"));
}

/* Appends `count` kernels of one size at once. */
static bool emit_set(lowering *l, const filter_chain *chain, const chain_stage *stage,
                     kernel_cells k, conv_op op, int count) {
    turn_if_flipped(chain, stage, k.weights, count, k.width * k.height);
    conv_stage s = {.op = op, .kernels = count, .weights = k.weights};
    s.window = make_window(chain, stage, k.width, k.height, k.anchor_x, k.anchor_y);
    if (op == CONV_GRADIENT) {
        s.gradient = (conv_gradient)stage->own[0].choice; /* the choices are in its order */
        s.b = (float)l->white;
    }
    return lower_edge_input(l) && lower_emit(l, &s);
}

/* Several kernels of the catalogue: gradients and compasses. */
static bool emit_named_set(lowering *l, const filter_chain *chain, const chain_stage *stage,
                           conv_op op, const char *const *suffixes, size_t count) {
    const named_kernel *kernels[8];
    for (size_t k = 0; k < count; k++) {
        kernels[k] = named(stage->def->name, suffixes[k]);
    }
    const int width = kernels[0]->width, height = kernels[0]->height;
    double *weights = copy_named(l, kernels, count);
    if (!weights) {
        return false;
    }
    return emit_set(l, chain, stage, (kernel_cells){weights, width, height, -1, -1}, op,
                    (int)count);
}

bool lower_compass(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    static const char *const directions[] = {"-n", "-ne", "-e", "-se", "-s", "-sw", "-w", "-nw"};
    return emit_named_set(l, chain, stage, CONV_COMPASS, directions, 8);
}

/* A Sobel gradient of kernels larger than the catalogue's. */
static bool emit_wide_gradient(lowering *l, const filter_chain *chain, const chain_stage *stage,
                               int size) {
    double *weights = lower_numbers(l, 2 * (size_t)size * (size_t)size);
    if (!weights) {
        return false;
    }
    sobel_kernels(weights, size);
    return emit_set(l, chain, stage, (kernel_cells){weights, size, size, -1, -1}, CONV_GRADIENT, 2);
}

bool lower_gradient(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    static const char *const xy[] = {"-x", "-y"};
    const argument *size = &stage->own[1];
    return size->given && size->x > 3 ? emit_wide_gradient(l, chain, stage, size->x)
                                      : emit_named_set(l, chain, stage, CONV_GRADIENT, xy, 2);
}

/* The odd size that reaches `reach` to both sides. */
static int size_for(double reach) {
    return 2 * (int)reach + 1;
}

/* Radius floor(3 sigma + 0.5), as in SciPy's gaussian_filter with truncate=3. */
static int gaussian_size(const argument *size, int cells, double sigma) {
    return size->given && cells ? cells : size_for(floor(3 * sigma + 0.5));
}

/* Weights of OpenCV's GaussianBlur have 8 bits for images of 8 bits, else 16. */
static int fixed_bits(const lowering *l) {
    return l->white > 255 ? 16 : 8;
}

bool lower_gaussian(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const bool unsharp = stage->def->kind == STAGE_UNSHARP;
    const bool fixed = !unsharp && stage->own[2].choice == 1 && !l->real;
    const double sigma = lower_number(&stage->own[0], 1);
    const argument *size = &stage->own[unsharp ? 3 : 1];
    const int width = gaussian_size(size, size->x, sigma);
    const int height = gaussian_size(size, size->y, sigma);
    double *row = lower_numbers(l, (size_t)width), *column = lower_numbers(l, (size_t)height);
    if (!row || !column) {
        return false;
    }
    gaussian_row(row, width, sigma);
    gaussian_row(column, height, sigma);
    if (fixed) {
        fix_row(row, width, fixed_bits(l));
        fix_row(column, height, fixed_bits(l));
    }
    conv_stage s = {.combine = unsharp ? CONV_UNSHARP : CONV_PLAIN, .row = row, .column = column};
    if (unsharp) {
        s.amount = (float)lower_number(&stage->own[1], 1);
        s.threshold = (float)lower_number(&stage->own[2], 0);
    }
    return emit_separable(l, chain, stage, &s, width, height);
}

bool lower_box(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const int width = stage->own[0].given ? stage->own[0].x : 3;
    const int height = stage->own[0].given ? stage->own[0].y : 3;
    double *row = lower_numbers(l, (size_t)width), *column = lower_numbers(l, (size_t)height);
    if (!row || !column) {
        return false;
    }
    const double edge = lower_number(&stage->own[1], 1);
    box_row(row, width, edge);
    box_row(column, height, edge);
    conv_stage s = {.combine = CONV_PLAIN, .row = row, .column = column};
    return emit_separable(l, chain, stage, &s, width, height);
}

bool lower_median(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const argument *size = &stage->own[0];
    conv_stage s = {.op = CONV_MEDIAN};
    s.window =
        make_window(chain, stage, size->given ? size->x : 3, size->given ? size->y : 3, -1, -1);
    return lower_weighted(l, chain, stage, &s);
}

/* Too large for all its cells: columns times rows, which are symmetric, so --flip changes
 * nothing. */
static bool emit_large_blob(lowering *l, const filter_chain *chain, const chain_stage *stage,
                            int size, double sigma, double sigma2) {
    const bool dog = stage->def->kind == STAGE_DOG;
    const size_t terms = dog ? DOG_TERMS : LOG_TERMS;
    double *columns = lower_numbers(l, terms * (size_t)size);
    double *rows = lower_numbers(l, terms * (size_t)size);
    if (!columns || !rows) {
        return false;
    }
    if (dog) {
        dog_products(columns, rows, size, sigma, sigma2);
    } else {
        log_products(columns, rows, size, sigma);
    }
    conv_stage s = {
        .op = CONV_CORRELATE, .kernels = 1, .terms = (int)terms, .column = columns, .row = rows};
    s.window = make_window(chain, stage, size, size, -1, -1);
    return lower_edge_input(l) && lower_emit(l, &s);
}

/* LoG reaches ceil(4 sigma), where its tail is below 1/400 of the peak; DoG as far as its wider
 * Gaussian. */
bool lower_blob(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const bool dog = stage->def->kind == STAGE_DOG;
    const double sigma = lower_number(&stage->own[0], 1);
    const double sigma2 = dog ? lower_number(&stage->own[1], DOG_RATIO * sigma) : sigma;
    if (dog && sigma2 <= sigma) {
        return ct_fail(l->err, "sigma2 must be greater than sigma (%g), got %g", sigma, sigma2);
    }
    const int size = dog ? dog_size(sigma2) : size_for(ceil(4 * sigma));
    if (size > CONV_MAX_KERNEL) {
        return emit_large_blob(l, chain, stage, size, sigma, sigma2);
    }
    double *weights = lower_numbers(l, (size_t)size * (size_t)size);
    if (!weights) {
        return false;
    }
    dog ? dog_kernel(weights, size, sigma, sigma2) : log_kernel(weights, size, sigma);
    return emit_kernel(l, chain, stage, (kernel_cells){weights, size, size, -1, -1}, 0);
}
