/* Any two kernels, x and y: the sums over the cells of each, combined. */
#include <math.h>
#include <stdlib.h>

#include "conv/path/cells.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"

typedef struct gradient {
    cell_list xy[2];
    float flat; /* the most that rounding can leave of a gradient that is 0 */
} gradient;

static double cost(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return 2 * (path_rate.row + path_rate.tap * w->width * w->height) + path_rate.magnitude;
}

static bool make(path_site *site) {
    const conv_window *w = &site->stage.window;
    const int cells = w->width * w->height, step = (int)path_column_step(site);
    const double *weights = site->stage.weights;
    gradient *own = site->own = calloc(1, sizeof *own);
    if (!own || !cells_make(&own->xy[0], weights, w->width, w->height, step) ||
        !cells_make(&own->xy[1], weights + cells, w->width, w->height, step)) {
        return false;
    }
    double absolute = 0;
    for (int i = 0; i < 2 * cells; i++) {
        absolute += fabs(weights[i]);
    }
    own->flat = (float)(2 * absolute * site->samples.noise);
    const size_t x = own->xy[0].count, y = own->xy[1].count;
    site->pointers = x > y ? x : y;
    return true;
}

static void free_own(void *own) {
    gradient *g = own;
    if (g) {
        cells_free(&g->xy[0]);
        cells_free(&g->xy[1]);
        free(g);
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    const gradient *own = call->site->own;
    const conv_gradient mode = call->site->stage.gradient;
    float *x = call->scratch[0], *y = call->scratch[1];
    for (int r = 0; r < call->count; r++) {
        if (mode == CONV_X || mode == CONV_Y) {
            cells_sum(call, r, &own->xy[mode == CONV_Y], n, out[r]);
            continue;
        }
        cells_sum(call, r, &own->xy[0], n, x);
        cells_sum(call, r, &own->xy[1], n, y);
        if (mode == CONV_ANGLE && own->flat > 0) {
            call->rows->flatten(x, own->flat, n);
            call->rows->flatten(y, own->flat, n);
        }
        call->rows->gradient(out[r], x, y, mode, call->site->stage.b, n);
    }
}

const conv_path path_gradient = {
    .name = "gradient",
    .op = CONV_GRADIENT,
    .batch = 4,
    .cost = cost,
    .make = make,
    .free = free_own,
    .run = run,
};
