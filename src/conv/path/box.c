/* Boxes, that is kernels whose weights are all equal: sums down the columns, made of smaller sums
 * that neighbouring rows share, then the same along the row. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "conv/path/path.h"
#include "conv/path/rates.h"

enum { GROUP = 16 }; /* rows whose windows share their sums, at most */

/* The rows from each multiple of this on form a group. */
static int group_of(const path_site *site) {
    const int height = site->stage.window.height;
    return height >= 16 ? 16 : height >= 8 ? 8 : height >= 4 ? 4 : height >= 2 ? 2 : 1;
}

static bool takes(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return site->facts->equal != 0 && w->stride_y == 1 && w->dilation_y == 1;
}

/* Down the column a batch shares most of its sums; along the row, a sum of 2 n columns is made from
 * two of n. */
static double cost(const path_site *site) {
    const conv_window *w = &site->stage.window;
    return path_rate.box_row + path_rate.box_height * w->height +
           path_rate.box_double * log2(w->width);
}

static void tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "%d equal weights", site->facts->cells);
}

static bool make(path_site *site) {
    float *weight = site->own = malloc(sizeof *weight);
    if (!weight) {
        return false;
    }
    *weight = (float)site->facts->equal;
    site->pointers = (size_t)site->stage.window.height + GROUP;
    return true;
}

/* The call's rows from `row` on: windows first..end-1 of one group. */
typedef struct box_group {
    int row, first, end;
} box_group;

static void run_group(const path_call *call, box_group g, size_t n, float *const *out) {
    const conv_window *w = &call->site->stage.window;
    const size_t step = path_column_step(call->site);
    const float **in = (const float **)call->pointers, *weight = call->site->own;
    float *sums[GROUP] = {0};
    for (int k = g.first; k < g.end - 1 + w->height; k++) {
        in[k] = path_row(call, g.row - g.first, k);
    }
    for (int r = g.first; r < g.end; r++) {
        sums[r] = call->scratch[PATH_SCRATCH + g.row + r - g.first];
    }
    call->rows->box_columns(sums, in, (size_t)w->height, (size_t)group_of(call->site),
                            (size_t)g.first, (size_t)g.end, n + (size_t)(w->width - 1) * step);
    for (int r = g.first; r < g.end; r++) {
        call->rows->box_row(out[r - g.first], call->scratch[0], sums[r], (size_t)w->width, step,
                            *weight, n);
    }
}

/* Every group that the call's rows belong to. */
static void run(const path_call *call, size_t n, float *const *out) {
    const int size = group_of(call->site);
    for (int r = 0; r < call->count;) {
        const int first = (call->y + r) % size;
        const int left = call->count - r, end = size - first < left ? size : first + left;
        run_group(call, (box_group){r, first, end}, n, out + r);
        r += end - first;
    }
}

const conv_path path_box = {
    .name = "box",
    .op = CONV_CORRELATE,
    .batch = GROUP,
    .in_batches = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .run = run,
};
