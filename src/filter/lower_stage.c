#include "filter/lower_stage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "filter/coefficients.h"
#include "filter/kernels.h"
#include "filter/lower_bank.h"
#include "filter/lower_edges.h"
#include "filter/lower_geometry.h"
#include "filter/lower_window.h"

/* ---- alpha ---- */

/* Whether no weight is negative and they sum to 1: such a kernel smooths alpha too. */
static bool smooths(const conv_stage *stage) {
    const int cells = stage->window.width * stage->window.height;
    double sum = 0;
    if (!stage->weights) {
        return true; /* boxes, Gaussians and medians */
    }
    for (int i = 0; i < cells; i++) {
        if (stage->weights[i] < 0) {
            return false;
        }
        sum += stage->weights[i];
    }
    return fabs(sum - 1) < 1e-9;
}

/* Whether the only weight is a 1: whole pixels are moved, and their colour needs no weighting. */
static bool moves(const conv_stage *stage) {
    const int cells = stage->window.width * stage->window.height;
    int ones = 0, others = 0;
    for (int i = 0; stage->weights && i < cells; i++) {
        ones += stage->weights[i] == 1;
        others += stage->weights[i] != 0 && stage->weights[i] != 1;
    }
    return stage->combine == CONV_PLAIN && ones == 1 && others == 0;
}

/* Appends a stage whose window sees colour weighted by alpha, where there is alpha. */
static bool emit_weighted(lowering *l, const filter_chain *chain, const chain_stage *source,
                          conv_stage *stage) {
    if (!l->alpha || l->plain_alpha) {
        return lower_emit(l, stage);
    }
    const int colours = l->shape.channels - 1;
    const bool pool = stage->op == CONV_POOL || stage->op == CONV_GLOBAL;
    if (!pool) {
        set_alpha_fill(chain, source, &stage->window, colours, l->white);
    }
    if (!pool && stage->offset == 0.0F && moves(stage)) {
        return lower_emit(l, stage);
    }
    if (pool || (stage->combine == CONV_PLAIN && stage->offset == 0.0F && smooths(stage))) {
        return lower_point(l, CONV_PREMULTIPLY, 0, l->white) && lower_emit(l, stage) &&
               lower_point(l, CONV_UNPREMULTIPLY, 0, l->white);
    }
    stage->combine = stage->combine == CONV_UNSHARP ? CONV_WEIGHTED_UNSHARP : CONV_WEIGHTED;
    stage->b = (float)l->white;
    return lower_point(l, CONV_WEIGH, 0, l->white) && lower_emit(l, stage);
}

/* ---- values ---- */

static double number_or(const argument *a, double fallback) {
    return a->given ? a->number : fallback;
}

/* ---- kernels ---- */

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
    return emit_weighted(l, chain, stage, &s) &&
           (bias == 0 || s.window.keep || lower_point(l, CONV_SCALE, 1, bias));
}

/* Appends a correlation with s->column times s->row, of that many cells. */
static bool emit_separable(lowering *l, const filter_chain *chain, const chain_stage *stage,
                           conv_stage *s, int width, int height) {
    s->op = CONV_CORRELATE;
    s->kernels = 1;
    s->window = make_window(chain, stage, width, height, -1, -1);
    return emit_weighted(l, chain, stage, s);
}

static bool lower_conv(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const filter_kernel *k = stage->kernel;
    const size_t count = (size_t)k->width * (size_t)k->height;
    double *weights = lower_numbers(l, count);
    if (!weights) {
        return false;
    }
    memcpy(weights, k->weights, count * sizeof *weights);
    const kernel_cells cells = {weights, k->width, k->height, k->anchor_x, k->anchor_y};
    const double bias = number_or(&stage->own[1], 0);
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

static bool lower_named(lowering *l, const filter_chain *chain, const chain_stage *stage,
                        const named_kernel *kernel) {
    double *weights = copy_named(l, &kernel, 1);
    const kernel_cells k = {weights, kernel->width, kernel->height, -1, -1};
    return weights && emit_kernel(l, chain, stage, k, 0);
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
static bool lower_set(lowering *l, const filter_chain *chain, const chain_stage *stage, conv_op op,
                      const char *const *suffixes, size_t count) {
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

/* A Sobel gradient of kernels larger than the catalogue's. */
static bool lower_wide_gradient(lowering *l, const filter_chain *chain, const chain_stage *stage,
                                int size) {
    double *weights = lower_numbers(l, 2 * (size_t)size * (size_t)size);
    if (!weights) {
        return false;
    }
    sobel_kernels(weights, size);
    return emit_set(l, chain, stage, (kernel_cells){weights, size, size, -1, -1}, CONV_GRADIENT, 2);
}

static bool lower_gradient(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    static const char *const xy[] = {"-x", "-y"};
    const argument *size = &stage->own[1];
    return size->given && size->x > 3 ? lower_wide_gradient(l, chain, stage, size->x)
                                      : lower_set(l, chain, stage, CONV_GRADIENT, xy, 2);
}

/* The odd size that reaches `reach` to both sides. */
static int size_for(double reach) {
    return 2 * (int)reach + 1;
}

/* In the image's own numbers. */
static double level_or(const lowering *l, const argument *a, double fallback) {
    return a->given && a->percent ? a->number * l->white : number_or(a, fallback);
}

/* Radius floor(3 sigma + 0.5), as in SciPy's gaussian_filter with truncate=3. */
static int gaussian_size(const argument *size, int cells, double sigma) {
    return size->given && cells ? cells : size_for(floor(3 * sigma + 0.5));
}

/* Weights of OpenCV's GaussianBlur have 8 bits for images of 8 bits, else 16. */
static int fixed_bits(const lowering *l) {
    return l->white > 255 ? 16 : 8;
}

static bool lower_gaussian(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const bool unsharp = stage->def->kind == STAGE_UNSHARP;
    const bool fixed = !unsharp && stage->own[2].choice == 1 && !l->real;
    const double sigma = number_or(&stage->own[0], 1);
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
        s.amount = (float)number_or(&stage->own[1], 1);
        s.threshold = (float)number_or(&stage->own[2], 0);
    }
    return emit_separable(l, chain, stage, &s, width, height);
}

static bool lower_box(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const int width = stage->own[0].given ? stage->own[0].x : 3;
    const int height = stage->own[0].given ? stage->own[0].y : 3;
    double *row = lower_numbers(l, (size_t)width), *column = lower_numbers(l, (size_t)height);
    if (!row || !column) {
        return false;
    }
    const double edge = number_or(&stage->own[1], 1);
    box_row(row, width, edge);
    box_row(column, height, edge);
    conv_stage s = {.combine = CONV_PLAIN, .row = row, .column = column};
    return emit_separable(l, chain, stage, &s, width, height);
}

static bool lower_median(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const argument *size = &stage->own[0];
    conv_stage s = {.op = CONV_MEDIAN};
    s.window =
        make_window(chain, stage, size->given ? size->x : 3, size->given ? size->y : 3, -1, -1);
    return emit_weighted(l, chain, stage, &s);
}

/* Too large for all its cells: columns times rows, which are symmetric, so --flip changes
 * nothing. */
static bool lower_large_blob(lowering *l, const filter_chain *chain, const chain_stage *stage,
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
static bool lower_blob(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const bool dog = stage->def->kind == STAGE_DOG;
    const double sigma = number_or(&stage->own[0], 1);
    const double sigma2 = dog ? number_or(&stage->own[1], DOG_RATIO * sigma) : sigma;
    if (dog && sigma2 <= sigma) {
        return ct_fail(l->err, "sigma2 must be greater than sigma (%g), got %g", sigma, sigma2);
    }
    const int size = dog ? dog_size(sigma2) : size_for(ceil(4 * sigma));
    if (size > CONV_MAX_KERNEL) {
        return lower_large_blob(l, chain, stage, size, sigma, sigma2);
    }
    double *weights = lower_numbers(l, (size_t)size * (size_t)size);
    if (!weights) {
        return false;
    }
    dog ? dog_kernel(weights, size, sigma, sigma2) : log_kernel(weights, size, sigma);
    return emit_kernel(l, chain, stage, (kernel_cells){weights, size, size, -1, -1}, 0);
}

/* Of the whole image; a window has nothing else to say then. */
static bool lower_global(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    for (int i = 1; stage->def->arguments[i].kind; i++) {
        if (stage->own[i].given) {
            return ct_fail(l->err, "size 'all' is the whole image: '%s' doesn't go with it",
                           stage->def->arguments[i].name);
        }
    }
    conv_stage s = {.op = CONV_GLOBAL, .pool = stage->def->pool, .window.alpha = -1};
    return emit_weighted(l, chain, stage, &s);
}

static bool lower_pool(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const argument *size = &stage->own[0], *stride = &stage->own[1], *padding = &stage->own[2];
    conv_window w = {.dilation_x = 1, .dilation_y = 1, .alpha = -1};
    if (size->given && size->x == 0) {
        return lower_global(l, chain, stage);
    }
    w.width = size->given ? size->x : 2;
    w.height = size->given ? size->y : 2;
    w.stride_x = stride->given ? stride->x : w.width;
    w.stride_y = stride->given ? stride->y : w.height;
    w.left = w.right = padding->x;
    w.top = w.bottom = padding->y;
    w.anchor_x = (w.width - 1) / 2;
    w.anchor_y = (w.height - 1) / 2;
    w.ceil = stage->own[3].choice == 1;
    conv_stage s = {.op = CONV_POOL, .window = w, .pool = stage->def->pool};
    s.count_padding = !stage->own[4].given || stage->own[4].choice == 1;
    /* It takes one whole pixel, whose colour needs no weighting. */
    return stage->def->pool == CONV_POOL_NEAREST ? lower_emit(l, &s)
                                                 : emit_weighted(l, chain, stage, &s);
}

static bool lower_threshold(lowering *l, const chain_stage *stage) {
    const argument *value = &stage->own[0];
    if (!value->word) {
        return lower_point(l, CONV_THRESHOLD, level_or(l, value, 0), l->white);
    }
    const conv_stage otsu = {.op = CONV_OTSU,
                             .point = CONV_THRESHOLD,
                             .b = (float)l->white,
                             .window.alpha = l->alpha ? l->shape.channels - 1 : -1};
    return lower_emit(l, &otsu);
}

/* The background becomes 0 for the product with alpha, then itself again. */
static bool lower_flatten(lowering *l, const chain_stage *stage) {
    const double background = level_or(l, &stage->own[0], l->white);
    if (!l->alpha) {
        return true;
    }
    if ((background != 0 && !lower_point(l, CONV_SCALE, 1, -background)) ||
        !lower_point(l, CONV_PREMULTIPLY, 0, l->white) ||
        (background != 0 && !lower_point(l, CONV_SCALE, 1, background)) ||
        !lower_point(l, CONV_DROP_ALPHA, 0, 0)) {
        return false;
    }
    l->alpha = false;
    return true;
}

/* What an image file would make of the numbers; files of floats keep them. */
static bool lower_store(lowering *l, const chain_stage *stage) {
    const double bias = number_or(&stage->own[1], 0);
    return l->real || ((bias == 0 || lower_point(l, CONV_SCALE, 1, bias)) &&
                       lower_point(l, CONV_STORE, l->white, stage->own[0].choice));
}

/* ---- every kind ---- */

bool lower_stage(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    static const char *const compass[] = {"-n", "-ne", "-e", "-se", "-s", "-sw", "-w", "-nw"};
    const argument *own = stage->own;
    switch (stage->def->kind) {
    case STAGE_CONV:
        return lower_conv(l, chain, stage);
    case STAGE_NAMED:
        return lower_named(l, chain, stage, named_kernel_find(stage->def->name));
    case STAGE_LAPLACIAN:
        return lower_named(l, chain, stage, named("laplacian", own[0].choice ? "8" : "4"));
    case STAGE_GRADIENT:
        return lower_gradient(l, chain, stage);
    case STAGE_COMPASS:
        return lower_set(l, chain, stage, CONV_COMPASS, compass, 8);
    case STAGE_LOG:
    case STAGE_DOG:
        return lower_blob(l, chain, stage);
    case STAGE_CANNY:
        return lower_canny(l, chain, stage);
    case STAGE_CROSSINGS:
        return lower_crossings(l, chain, stage);
    case STAGE_UNSHARP:
    case STAGE_GAUSSIAN:
        return lower_gaussian(l, chain, stage);
    case STAGE_BOX:
        return lower_box(l, chain, stage);
    case STAGE_MEDIAN:
        return lower_median(l, chain, stage);
    case STAGE_BANK:
        return lower_bank(l, chain, stage);
    case STAGE_POOL:
        return lower_pool(l, chain, stage);
    case STAGE_GRAY:
        return lower_gray(l);
    case STAGE_FLATTEN:
        return lower_flatten(l, stage);
    case STAGE_ABS:
        return lower_point(l, CONV_ABS, 0, 0);
    case STAGE_INVERT:
        return lower_point(l, CONV_SCALE, -1, l->white);
    case STAGE_RELU:
        return lower_point(l, CONV_RELU, 0, 0);
    case STAGE_LEAKY:
        return lower_point(l, CONV_LEAKY, number_or(&own[0], 0.01), 0);
    case STAGE_SIGMOID:
        return lower_point(l, CONV_SIGMOID, 0, 0);
    case STAGE_TANH:
        return lower_point(l, CONV_TANH, 0, 0);
    case STAGE_SOFTMAX:
        return lower_point(l, CONV_SOFTMAX, 0, 0);
    case STAGE_ARGMAX:
        return lower_point(l, CONV_ARGMAX, 0, 0);
    case STAGE_NORM: /* in the order of norm_choices */
        return lower_point(l, CONV_NORM,
                           own[0].choice == 0   ? 2
                           : own[0].choice == 1 ? 1
                                                : INFINITY,
                           0);
    case STAGE_STORE:
        return lower_store(l, stage);
    case STAGE_SCALE:
        return lower_point(l, CONV_SCALE, number_or(&own[0], 1), number_or(&own[1], 0));
    case STAGE_THRESHOLD:
        return lower_threshold(l, stage);
    case STAGE_NORMALIZE: {
        conv_stage s = {.op = CONV_NORMALIZE,
                        .window.alpha = l->alpha ? l->shape.channels - 1 : -1};
        s.a = (float)level_or(l, &own[0], 0);
        s.b = (float)level_or(l, &own[1], l->white);
        return lower_emit(l, &s);
    }
    case STAGE_RESIZE:
        return lower_resize(l, stage);
    case STAGE_CROP:
        return lower_crop(l, stage);
    case STAGE_ROTATE:
        return lower_rotate(l, stage);
    }
    return false;
}
