/* Resizing along y: sums of whole rows, each output row with weights of its own. */
#include "base/minmax.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"
#include "conv/resize.h"

static bool takes(const path_site *site) {
    return site->stage.axis == CONV_ALONG_Y;
}

static double cost(const path_site *site) {
    return path_rate.row + path_rate.tap * resize_most(&site->stage, site->in.height, 1);
}

static bool make(path_site *site) {
    const resize_table *table = site->own = resize_table_new(&site->stage, site->in.height);
    site->pointers = table ? table->most : 0;
    return table != NULL;
}

/* Neighbouring rows are made of nearly the same rows, of which a piece is in the L1 cache when the
 * second output row reads it. */
static void run(const path_call *call, size_t n, float *const *out) {
    enum { PIECE = 2 * ROWS_BLOCK };
    const resize_table *table = call->site->own;
    const size_t at = (size_t)call->x * (size_t)call->site->in.channels;
    const float **in = (const float **)call->pointers;
    for (size_t i = 0; i < n; i += PIECE) {
        for (int r = 0; r < call->count; r++) {
            const int y = call->y + r;
            const void *const *rows = call->in + (table->first[y] - table->first[call->y]);
            for (int k = 0; k < table->count[y]; k++) {
                in[k] = (const float *)rows[k] + at + i;
            }
            call->rows->taps(out[r] + i, in, table->weights + (size_t)y * table->most,
                             (size_t)table->count[y], n - i < PIECE ? n - i : PIECE);
        }
    }
}

const conv_path path_resize_down = {
    .name = "resize-down",
    .op = CONV_RESIZE,
    .batch = 4,
    .takes = takes,
    .cost = cost,
    .make = make,
    .free = resize_table_free,
    .run = run,
};
