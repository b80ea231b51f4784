/* Any kernel: the sum over its cells. */
#include <stdio.h>
#include <stdlib.h>

#include "conv/path/cells.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"

static bool takes(const path_site *site) {
    return site->facts->weights != NULL;
}

static double cost(const path_site *site) {
    return path_rate.row + path_rate.tap * site->facts->cells;
}

static void tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "%d of %d weights are nonzero", site->facts->cells,
             site->facts->width * site->facts->height);
}

static bool make(path_site *site) {
    const conv_window *w = &site->stage.window;
    cell_list *cells = site->own = calloc(1, sizeof *cells);
    if (!cells || !cells_make(cells, site->facts->weights, w->width, w->height,
                              (int)path_column_step(site))) {
        return false;
    }
    site->pointers = cells->count;
    return true;
}

static void free_own(void *own) {
    if (own) {
        cells_free(own);
        free(own);
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    for (int r = 0; r < call->count; r++) {
        cells_sum(call, r, call->site->own, n, out[r]);
    }
}

const conv_path path_taps = {
    .name = "taps",
    .op = CONV_CORRELATE,
    .batch = 4,
    .plain = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .free = free_own,
    .run = run,
};
