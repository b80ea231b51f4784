/* Sobel gradients larger than 3x3: a binomial blur of all but two cells a side, then the 3x3
 * gradient of what it makes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "conv/path/path.h"
#include "conv/path/rates.h"

enum { MOST_CELLS = 31 }; /* a side: of more, a double doesn't hold the whole weights */

/* Gradient rows made at once, and rows blurred for them: the scratch rows hold those twice. */
enum { BATCH = PATH_MAX_BATCH - 2, BLURRED = BATCH + 2 };

typedef struct gradient_wide {
    int blur; /* cells a side */
    float binomial[MOST_CELLS];
    float sign; /* -1: the kernels are turned by 180 degrees */
    float flat; /* the most that rounding can leave of a gradient that is 0 */
} gradient_wide;

/* The binomials of `cells` cells: 1; 1 1; 1 2 1; ... */
static void make_binomials(double *row, int cells) {
    row[0] = 1;
    for (int count = 1; count < cells; count++) {
        row[count] = 1;
        for (int i = count - 1; i > 0; i--) {
            row[i] += row[i - 1];
        }
    }
}

/* The cell of a kernel that smooths over `size` cells one way: binomials; and takes a difference
 * the other: the difference of binomials of one cell less. */
static double expected(const double *smooth, const double *narrow, int size, int along,
                       int across) {
    const double after = along > 0 ? narrow[along - 1] : 0;
    const double before = along < size - 1 ? narrow[along] : 0;
    return smooth[across] * (after - before);
}

/* The sign of a pair of Sobel kernels; 0 where they aren't that. */
static int sobel_sign(const conv_stage *stage) {
    const int size = stage->window.width;
    if (size != stage->window.height || size < 5 || size > MOST_CELLS || size % 2 == 0) {
        return 0;
    }
    const double *x = stage->weights, *y = x + size * size;
    double smooth[MOST_CELLS], narrow[MOST_CELLS];
    make_binomials(smooth, size);
    make_binomials(narrow, size - 1);
    const int sign = x[0] < 0 ? 1 : -1;
    for (int i = 0; i < size * size; i++) {
        const int column = i % size, row = i / size;
        if (x[i] != sign * expected(smooth, narrow, size, column, row) ||
            y[i] != sign * expected(smooth, narrow, size, row, column)) {
            return 0;
        }
    }
    return sign;
}

static bool takes(const path_site *site) {
    return sobel_sign(&site->stage) != 0;
}

/* Two more rows are blurred than a batch has. */
static double cost(const path_site *site) {
    const int cells = site->stage.window.width - 2;
    const double blur = cells <= ROWS_SHORT
                            ? path_rate.short_row + 2 * path_rate.short_weight * cells
                            : path_rate.apart_row + 2 * path_rate.apart_weight * cells;
    return blur * BLURRED / BATCH +
           path_rate.gradient * (site->stage.gradient == CONV_ANGLE ? 2 : 1);
}

static void tell(const path_site *site, char *why, size_t size) {
    const int cells = site->stage.window.width - 2;
    snprintf(why, size, "3x3 after a binomial blur of %dx%d", cells, cells);
}

static bool make(path_site *site) {
    gradient_wide *own = site->own = calloc(1, sizeof *own);
    if (!own) {
        return false;
    }
    double binomial[MOST_CELLS];
    own->blur = site->stage.window.width - 2;
    make_binomials(binomial, own->blur);
    for (int i = 0; i < own->blur; i++) {
        own->binomial[i] = (float)binomial[i];
    }
    own->sign = (float)sobel_sign(&site->stage);
    const double gain = ldexp(1, 2 * own->blur - 2); /* the blur's */
    own->flat = (float)(2 * 8 * gain * site->samples.noise);
    site->pointers = PATH_MAX_BATCH + MOST_CELLS;
    return true;
}

/* Blurs `count` rows of n floats from the window's row `first` of output row r on. */
static void blur_rows(const path_call *call, int r, int count, size_t n, float *const *out) {
    const gradient_wide *own = call->site->own;
    float *const *columns = out + BLURRED;
    const size_t step = path_column_step(call->site), cells = (size_t)own->blur;
    for (int k = 0; k < count + own->blur - 1; k++) {
        call->pointers[k] = path_row(call, r, k);
    }
    call->rows->column(columns, call->pointers, false, own->binomial, cells, true, count,
                       n + (cells - 1) * step);
    for (int i = 0; i < count; i++) {
        call->rows->row(out[i], columns[i], step, own->binomial, cells, true, n);
    }
}

/* x and y separately, which are exactly 0 where the differences are, then their angle. */
static void make_angle(const path_call *call, int rows, size_t n, float *const *out) {
    const gradient_wide *own = call->site->own;
    const size_t step = path_column_step(call->site);
    float *x = call->scratch[BLURRED], *y = call->scratch[BLURRED + 1];
    for (int i = 0; i < rows; i++) {
        call->rows->gradient3(&x, call->pointers + i, 1, step, own->sign, 2 * own->sign, CONV_X, n);
        call->rows->gradient3(&y, call->pointers + i, 1, step, own->sign, 2 * own->sign, CONV_Y, n);
        if (own->flat > 0) {
            call->rows->flatten(x, own->flat, n);
            call->rows->flatten(y, own->flat, n);
        }
        call->rows->gradient(out[i], x, y, CONV_ANGLE, call->site->stage.b, n);
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    const gradient_wide *own = call->site->own;
    const conv_window *w = &call->site->stage.window;
    const conv_gradient mode = call->site->stage.gradient;
    const size_t step = path_column_step(call->site);
    float *const *blurred = call->scratch;
    const int together = w->stride_y == 1 ? call->count : 1; /* rows whose windows are adjacent */
    for (int r = 0; r < call->count; r += together) {
        blur_rows(call, r, together + 2, n + 2 * step, blurred);
        for (int i = 0; i < together + 2; i++) {
            call->pointers[i] = blurred[i];
        }
        if (mode == CONV_ANGLE) {
            make_angle(call, together, n, out + r);
        } else {
            call->rows->gradient3(out + r, call->pointers, together, step, own->sign, 2 * own->sign,
                                  mode, n);
        }
    }
}

const conv_path path_gradient_wide = {
    .name = "gradient-wide",
    .op = CONV_GRADIENT,
    .batch = BATCH,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .run = run,
};
