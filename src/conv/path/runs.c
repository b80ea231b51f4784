/* Kernels whose rows are a few runs of equal weights (discs, rings, bars), on 8-bit samples: the
 * change from one output to the next depends only on the runs' ends. A sum over the ends, then a
 * running sum along the row; both in whole numbers, so exact. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "conv/path/cells.h"
#include "conv/path/pairs.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"

typedef struct runs {
    cell_list cells; /* the kernel, in units: for a block's first output */
    pair_list ends;  /* what a step to the right adds and takes away */
} runs;

static bool takes(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return site->facts->weights && site->unit > 0 && site->in.channels == 1 && w->dilation_x == 1 &&
           site->facts->rises / site->unit < PAIRS_GROUP + 0.5;
}

static double cost(const path_site *site) {
    return path_rate.runs_row + path_rate.run_end * site->facts->changes;
}

static void tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "%d run ends for %d weights", site->facts->changes, site->facts->cells);
}

static bool make_lists(runs *own, path_site *site, double *weights) {
    const kernel_facts *facts = site->facts;
    const int width = facts->width, height = facts->height;
    for (int i = 0; i < width * height; i++) {
        weights[i] = rint(facts->weights[i] / site->unit);
    }
    if (!cells_make(&own->cells, weights, width, height, 1)) {
        return false;
    }
    for (int i = 0; i < (width + 1) * height; i++) {
        const double *row = facts->weights + i / (width + 1) * width;
        const int x = i % (width + 1);
        weights[i] = (x > 0 ? row[x - 1] : 0) - (x < width ? row[x] : 0);
    }
    return pairs_make(&own->ends, site, weights, width + 1, site->unit);
}

static bool make(path_site *site) {
    const size_t cells = (size_t)(site->facts->width + 1) * (size_t)site->facts->height;
    double *weights = malloc(cells * sizeof *weights);
    runs *own = site->own = calloc(1, sizeof *own);
    const bool ok = weights && own && make_lists(own, site, weights);
    free(weights);
    if (ok) {
        site->pointers = own->ends.count;
    }
    return ok;
}

static void free_own(void *own) {
    runs *r = own;
    if (r) {
        cells_free(&r->cells);
        pairs_free(&r->ends);
        free(r);
    }
}

/* Row r's first output, in units. */
static int32_t first_sum(const path_call *call, int r, const cell_list *cells) {
    int32_t sum = 0;
    for (size_t t = 0; t < cells->count; t++) {
        sum += (int32_t)cells->weight[t] * path_byte_row(call, r, cells->row[t])[cells->offset[t]];
    }
    return sum;
}

static void run(const path_call *call, size_t n, float *const *out) {
    enum { BEFORE = 64 };
    const runs *own = call->site->own;
    const pair_list *ends = &own->ends;
    int16_t *changes = (int16_t *)call->scratch[0] + BEFORE;
    for (int r = 0; r < call->count; r++) {
        const size_t pairs = pairs_point(call, r, ends, 0, ends->count);
        call->rows->sums_i16(changes, (const uint8_t *const *)call->pointers, ends->weight, pairs,
                             n);
        changes[-1] = 0;
        call->rows->run(out[r], changes, first_sum(call, r, &own->cells), ends->scale, n);
    }
}

const conv_path path_runs = {
    .name = "runs",
    .op = CONV_CORRELATE,
    .batch = 4,
    .block = 4096, /* a block's first output is summed cell by cell */
    .bytes = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .free = free_own,
    .run = run,
};
