/* What each path for a sum over one kernel costs: cycles for each float of a computed row, measured
 * on a Zen 4 core with AVX-512 (16 floats a register) on rows that lie in its second cache.
 * Narrower registers multiply all of them about alike, so that the order stays. */
#include <math.h>

#include "conv/plan/plan.h"

double cost_taps(const plan_step *step) {
    return 0.2 + 0.12 * step->facts->cells;
}

double cost_dense(const plan_step *step) {
    return path_dense_takes(step) ? 0.2 + 0.068 * step->facts->cells : (double)INFINITY;
}

/* Whether sums that err by `errors` units in the last place of the sum of absolute products would
 * still be rounded (rows->whole) to the right multiple of the step's unit. */
static bool rounds_well(const plan_step *step, double errors) {
    const double sum = step->unit > 0 ? step->facts->absolute / step->unit * step->whole : 0;
    return errors * sum / (1 << 24) < 0.4 && sum < (1 << 22);
}

/* Summing n products, partial sums are rounded that are half of the whole on average; the factors
 * were rounded too. */
static double errors_of_sums(int n) {
    return 0.5 * n + 3;
}

/* Paths with errors round whole sums once more (window.c), and then don't round to bytes at once.
 */
static double cost_of_rounding(const plan_step *step) {
    return step->unit > 0 ? 0.4 : 0;
}

/* What a path saves that takes bytes: the conversion to floats, and the one back. With registers of
 * 16 bytes a long column widens each byte so often that nothing is left of it. */
static double saved_by_bytes(const plan_step *step) {
    if (step->rows->lanes == 4 && step->stage.window.height > ROWS_SHORT) {
        return 0;
    }
    return step->unit > 0 ? 0.1 : 0.3;
}

/* Down the column mirrored rows are added first; along the row mirrored columns. Both have loops of
 * their own for the short ones that people use: symmetric, and reaching no further than a register
 * (rows/along.inc, rows/sums.inc). */
double cost_separable(const plan_step *step) {
    enum { REACH = 16 };
    const conv_window *w = &step->stage.window;
    if (step->facts->rank != 1 || !rounds_well(step, errors_of_sums(w->width + w->height))) {
        return (double)INFINITY;
    }
    const size_t reach = (size_t)(w->width - 1) * plan_column_step(step);
    const bool is_short = w->width <= ROWS_SHORT && w->height <= ROWS_SHORT && reach <= REACH;
    const double sums =
        is_short ? 0.45 + 0.06 * (w->width + w->height) : 0.3 + 0.085 * (w->width + w->height);
    return sums + cost_of_rounding(step);
}

/* Turning as many rows as a register has floats makes every load along the row an aligned one. They
 * are always made together, also where fewer are asked for: by a step that follows, or by a low
 * image. Four aren't worth the turning. */
double cost_separable_long(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    if (!isfinite(cost_separable(step)) || !step->last || w->stride_y > 1 || w->dilation_y > 1) {
        return (double)INFINITY;
    }
    const int lanes = step->rows->lanes;
    if (lanes == 4) {
        return cost_separable(step) + 1;
    }
    const int rows = step->made.height < lanes ? step->made.height : lanes;
    return (1.2 + 0.047 * (w->width + w->height)) * lanes / rows + cost_of_rounding(step);
}

double cost_low_rank(const plan_step *step) {
    const kernel_facts *facts = step->facts;
    const int cells = facts->width + facts->height;
    const double share = facts->products / facts->absolute, lost = facts->rest / facts->absolute;
    if (facts->rank == 0 ||
        !rounds_well(step, (errors_of_sums(cells) + facts->rank) * share + lost * (1 << 24))) {
        return (double)INFINITY;
    }
    return facts->rank * (0.5 + 0.085 * cells) + cost_of_rounding(step);
}

double cost_separable_bytes(const plan_step *step) {
    return step->from_bytes && path_separable_bytes_takes(&step->stage)
               ? cost_separable(step) - saved_by_bytes(step)
               : (double)INFINITY;
}

double cost_separable_long_bytes(const plan_step *step) {
    return step->from_bytes && path_separable_bytes_takes(&step->stage)
               ? cost_separable_long(step) - saved_by_bytes(step)
               : (double)INFINITY;
}

/* Registers of 16 bytes don't multiply bytes: they are widened for each pair of taps. */
double cost_bytes(const plan_step *step) {
    const double tap = step->rows->lanes == 4 ? 0.13 : 0.02;
    return step->from_bytes && path_bytes_takes(&step->stage) ? 0.1 + tap * step->facts->cells
                                                              : (double)INFINITY;
}

/* Down the column a batch shares most of its sums; along the row, a sum of 2 n columns is made of
 * two of n. */
double cost_box(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    if (!path_box_takes(step)) {
        return (double)INFINITY;
    }
    return 0.5 + 0.066 * w->height + 0.1 * log2(w->width);
}

/* Along the row a running sum, whatever the width, or where the window's columns are far apart,
 * sums of sums. */
double cost_box_bytes(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    if (!path_box_bytes_takes(step)) {
        return (double)INFINITY;
    }
    const size_t apart = plan_column_step(step);
    return 0.4 + 0.008 * w->height +
           (apart == 1   ? 0
            : apart <= 4 ? 0.3
                         : 0.4 + 0.25 * log2(w->width));
}

/* Sums of 16 bits over the runs' ends, then a running sum. */
double cost_runs(const plan_step *step) {
    return path_runs_takes(step) ? 0.9 + 0.05 * step->facts->changes : (double)INFINITY;
}

/* ---- Fourier transforms ---- */

/* Tiles of 64, 128, 256 and 512; a larger tile wastes less at its edges, but leaves the second
 * cache (1 MB). cycles: for two tiles, divided by size^2 log2(size). */
static const struct tile {
    int size;
    double cycles;
} tiles[] = {
    {64, 1.35},
    {128, 1.42},
    {256, 1.72},
    {512, 2.64},
};
enum { TILES = sizeof tiles / sizeof tiles[0] };

int fft_block_rows(int size, int kernel_height) {
    const int rows = size - kernel_height + 1;
    return rows >= 16 ? rows - rows % 16 : rows;
}

/* Cycles for each result; INFINITY where the tile is smaller than the kernel, or the rows that a
 * row of tiles needs are too many. */
static double cost_of_tile(const plan_step *step, const struct tile *tile) {
    const conv_window *w = &step->stage.window;
    const double most_floats = 64 << 20;
    const int columns = tile->size - w->width + 1;
    const int rows = fft_block_rows(tile->size, w->height);
    const double channels = step->in.channels, width = step->made.width, height = step->made.height;
    if (columns < 1 || rows < 1 ||
        (double)(tile->size + rows) * (step->in.width + w->width) * channels > most_floats) {
        return (double)INFINITY;
    }
    const double count = ceil(width / columns) * channels * ceil(height / rows);
    const double cycles = tile->cycles * tile->size * tile->size * log2(tile->size);
    return count / 2 * cycles / (width * height * channels);
}

static const struct tile *cheapest_tile(const plan_step *step) {
    const struct tile *best = &tiles[0];
    for (size_t i = 1; i < TILES; i++) {
        best = cost_of_tile(step, &tiles[i]) < cost_of_tile(step, best) ? &tiles[i] : best;
    }
    return best;
}

size_t fft_tile_size(const plan_step *step) {
    return (size_t)cheapest_tile(step)->size;
}

/* The errors are of the size of the tile's brightest samples, not of those under the kernel: fine
 * where all samples are whole numbers of a known range, but not for floats of any kind. */
double cost_fft(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    const double errors = 16; /* three times the largest that was seen */
    if (w->stride_x > 1 || w->stride_y > 1 || w->dilation_x > 1 || w->dilation_y > 1 ||
        !step->bounded || !rounds_well(step, errors)) {
        return (double)INFINITY;
    }
    return cost_of_tile(step, cheapest_tile(step)) + cost_of_rounding(step);
}
