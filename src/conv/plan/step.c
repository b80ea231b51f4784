/* Compiles one stage with a window: its path, and the geometry of its ring. */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conv/plan/plan.h"

static int larger(int a, int b) {
    return a > b ? a : b;
}

float plan_sum_of(const double *weights, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += weights[i];
    }
    return (float)sum;
}

bool plan_sums_fit(const double *weights, int count, double times) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        if (weights[i] < 0) {
            return false;
        }
        sum += weights[i];
    }
    return sum * times <= 1.001;
}

bool plan_fill_is_byte(const conv_window *w) {
    const float fills[2] = {w->fill, w->alpha >= 0 ? w->fill_alpha : 0.0F};
    for (int i = 0; i < 2 && w->border == CONV_CONSTANT; i++) {
        if (!(fills[i] >= 0 && fills[i] <= 255 && rintf(fills[i]) == fills[i])) {
            return false;
        }
    }
    return true;
}

/* ---- which path ---- */

/* The paths for a sum over one kernel, and what each costs. */
static const struct candidate {
    const plan_path *path;
    double (*cost)(const plan_step *step);
} sums[] = {
    {&path_taps, cost_taps},                       /* any kernel */
    {&path_dense, cost_dense},                     /* where most cells count */
    {&path_bytes, cost_bytes},                     /* small whole weights, on 8-bit samples */
    {&path_separable, cost_separable},             /* a column times a row */
    {&path_separable_bytes, cost_separable_bytes}, /* on 8-bit samples */
    {&path_separable_long, cost_separable_long},   /* of many columns */
    {&path_separable_long_bytes, cost_separable_long_bytes},
    {&path_low_rank, cost_low_rank},   /* a sum of columns times rows */
    {&path_box, cost_box},             /* equal weights */
    {&path_box_bytes, cost_box_bytes}, /* equal weights, on 8-bit samples */
    {&path_runs, cost_runs},           /* rows of few runs of equal weights, on 8-bit samples */
    {&path_fft, cost_fft},             /* any large kernel */
};

enum { SUMS = sizeof sums / sizeof sums[0] };

static _Atomic(const struct candidate *) preferred;

const char *conv_path_name(size_t i) {
    return i < SUMS ? sums[i].path->name : NULL;
}

bool conv_path_prefer(const char *name, ct_error *err) {
    char names[256] = "";
    atomic_store_explicit(&preferred, NULL, memory_order_relaxed);
    for (size_t i = 0; name && i < SUMS; i++) {
        if (strcmp(sums[i].path->name, name) == 0) {
            atomic_store_explicit(&preferred, &sums[i], memory_order_relaxed);
            return true;
        }
        strncat(names, i ? ", " : "", sizeof names - strlen(names) - 1);
        strncat(names, sums[i].path->name, sizeof names - strlen(names) - 1);
    }
    return !name || ct_fail(err, "no path '%s'; there are %s", name, names);
}

static const struct candidate *cheapest(const plan_step *step) {
    const struct candidate *best = atomic_load_explicit(&preferred, memory_order_relaxed);
    if (best && isfinite(best->cost(step))) {
        return best;
    }
    best = &sums[0];
    for (size_t i = 1; i < SUMS; i++) {
        best = sums[i].cost(step) < best->cost(step) ? &sums[i] : best;
    }
    return best;
}

/* What makes the path possible, in words. */
static void tell_why(const plan_step *step, const plan_path *path, char *why, size_t size) {
    const kernel_facts *f = step->facts;
    const int cells = f->width * f->height;
    if (path == &path_fft) {
        snprintf(why, size, "tiles of %zu x %zu", fft_tile_size(step), fft_tile_size(step));
    } else if (path == &path_runs) {
        snprintf(why, size, "%d ends of runs for %d weights", f->changes, f->cells);
    } else if (path == &path_low_rank) {
        snprintf(why, size, "rank %d of %d", f->rank, f->width < f->height ? f->width : f->height);
    } else if (path == &path_box || path == &path_box_bytes) {
        snprintf(why, size, "%d equal weights", cells);
    } else if (path == &path_taps || path == &path_dense || path == &path_bytes) {
        snprintf(why, size, "%d of %d weights aren't 0", f->cells, cells);
    } else {
        snprintf(why, size, "a column of %d times a row of %d", f->height, f->width);
    }
}

/* For a sum over one kernel: the cheapest, and why. */
static const plan_path *choose_sum(plan_step *step) {
    const struct candidate *best = cheapest(step);
    step->choice.cost = best->cost(step);
    step->choice.direct = fmin(cost_taps(step), cost_dense(step));
    tell_why(step, best->path, step->choice.why, sizeof step->choice.why);
    return best->path;
}

/* The one place that says which path a stage takes. */
static const plan_path *choose_path(plan_step *step) {
    const conv_stage *stage = &step->stage;
    switch (stage->op) {
    case CONV_POOL:
        return stage->pool == CONV_POOL_NEAREST ? &path_nearest : &path_pool;
    case CONV_LAYER:
        return &path_layer;
    case CONV_COMPASS:
        return path_compass3_takes(stage) ? &path_compass3 : &path_compass;
    case CONV_GRADIENT:
        if (!path_gradient3_takes(stage)) {
            return &path_gradient;
        }
        return step->from_bytes && path_gradient3_bytes_takes(stage) ? &path_gradient3_bytes
                                                                     : &path_gradient3;
    default:
        return choose_sum(step);
    }
}

/* ---- the ring ---- */

static bool make_margins(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const int width = step->in.width;
    const bool pool = step->stage.op == CONV_POOL;
    step->margin = malloc(((size_t)step->left + (size_t)step->right + 1) * sizeof *step->margin);
    if (!step->margin) {
        return false;
    }
    for (int i = 0; i < step->left + step->right; i++) {
        const int column = i < step->left ? i - step->left : width + i - step->left;
        step->margin[i] = pool ? -1 : conv_border_index(w->border, column, width);
    }
    return true;
}

size_t plan_window_rows(const plan_step *step, int count) {
    const conv_window *w = &step->stage.window;
    return ((size_t)count - 1) * (size_t)w->stride_y + (size_t)w->height;
}

/* Rows of the input from the first to the last that a batch looks at. */
static int64_t batch_extent(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    return (int64_t)w->dilation_y * (w->height - 1) + 1 +
           (int64_t)(larger(step->batch, step->align) - 1) * w->stride_y;
}

/* Several rows at once share what they read; with dilation their windows have little in common, and
 * the ring would have to be long. */
static void choose_batch(plan_step *step) {
    enum { RING_BYTES = 256 * 1024 };
    const conv_window *w = &step->stage.window;
    step->batch = w->dilation_y > 1 || w->stride_y > w->height ? 1 : step->path->batch;
    step->batch = step->batch < step->made.height ? step->batch : step->made.height;
    /* Pooling gains nothing from a batch but shorter calls: its ring stays in the second cache. */
    const int64_t row = (int64_t)step->in.width * step->in.channels * (int64_t)sizeof(float);
    while (step->stage.op == CONV_POOL && step->batch > 1 &&
           batch_extent(step) * row > RING_BYTES) {
        step->batch--;
    }
}

/* So many samples of input a row, but enough that the columns that two blocks both look at are a
 * small share. Floats of a block's rows stay in the caches; paths of bytes look at little more than
 * the bytes, and memory is fastest from one end to the other. (What they sum in floats may fill 4
 * MB where rows are as long as that.) */
static void choose_block(plan_step *step) {
    enum { FLOATS = 2048, BYTES = 16384 };
    const conv_window *w = &step->stage.window;
    const int64_t reach = (int64_t)w->dilation_x * (w->width - 1);
    const int usual = step->path->bytes ? BYTES : FLOATS;
    int64_t columns = (step->path->block ? step->path->block : usual) / step->in.channels;
    columns = columns > 8 * reach ? columns : 8 * reach;
    const int64_t pixels = columns / w->stride_x;
    step->block = pixels < 1 ? 1 : pixels < step->made.width ? (int)pixels : step->made.width;
    step->columns = (int64_t)(step->block - 1) * w->stride_x + 1 + reach;
}

static bool make_ring(plan_step *step) {
    const conv_window *w = &step->stage.window;
    const size_t channels = (size_t)step->in.channels;
    const int reach = w->dilation_x * (w->width - 1);
    const int last = (step->made.width - 1) * w->stride_x - w->left + reach;
    step->left = w->left;
    step->right = larger(0, last - (step->in.width - 1));
    step->start = plan_rounded_up((size_t)step->left * channels, 64 / step->sample);
    /* Room for the last block that starts within the last computed column. An odd number of cache
     * lines: rows at multiples of 4 kB would share the same few places of the first cache. */
    const size_t line = 64 / step->sample;
    step->pitch = plan_rounded_up(
        step->start + ((size_t)step->in.width + (size_t)step->right) * channels + ROWS_BLOCK, line);
    step->pitch += step->pitch / line % 2 ? 0 : line;
    const int64_t extent = batch_extent(step);
    const bool comes_round = w->border == CONV_WRAP && step->stage.op != CONV_POOL;
    step->ring_rows = extent < step->in.height || comes_round ? (int)extent : step->in.height;
    return make_margins(step);
}

/* Sums of whole numbers that a float holds exactly. */
static double find_unit(const plan_step *step, const kernel_facts *facts) {
    const double exact = 1 << 24;
    const bool whole = facts->unit > 0 && step->whole > 0;
    return whole && facts->absolute / facts->unit * step->whole < exact ? facts->unit : 0;
}

bool plan_make_step(plan_step *step, const conv_stage *stage) {
    kernel_facts facts = {0};
    step->stage = *stage;
    bool ok = stage->op != CONV_CORRELATE || kernel_facts_find(&facts, stage);
    if (ok) {
        step->facts = &facts;
        step->whole = whole_in_window(&stage->window, step->whole);
        step->unit = find_unit(step, &facts);
        step->path = choose_path(step);
        step->choice.path = step->path->name;
        step->sample = step->path->bytes ? 1 : sizeof(float);
        choose_batch(step);
        choose_block(step);
        ok = (!step->path->make || step->path->make(step)) && make_ring(step);
        step->facts = NULL;
    }
    kernel_facts_free(&facts);
    return ok;
}

void plan_free_step(plan_step *step) {
    for (int k = 0; k < step->tap_sets && step->taps; k++) {
        free(step->taps[k].row);
        free(step->taps[k].offset);
        free(step->taps[k].weight);
    }
    free(step->taps);
    free(step->panels);
    for (int k = 0; k < MAX_RANK; k++) {
        free((float *)step->factors[k].column);
    }
    free(step->dense);
    free(step->bytes.row);
    free(step->bytes.offset);
    free(step->bytes.weight);
    free(step->counts);
    free(step->fft_factors);
    free(step->fft_spectrum);
    free(step->margin);
}
