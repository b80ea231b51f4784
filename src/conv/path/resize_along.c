/* Resizing along x: each output pixel with weights of its own. */
#include "conv/path/path.h"
#include "conv/path/rates.h"
#include "conv/resize.h"

static bool takes(const path_site *site) {
    return site->stage.axis == CONV_ALONG_X;
}

static double cost(const path_site *site) {
    return path_rate.row + path_rate.resize_tap * resize_most(&site->stage, site->in.width, 1);
}

/* A block of output is as long as it may be; what it reads of a row needs no scratch. */
static bool make(path_site *site) {
    enum { FLOATS = 2048 };
    const int pixels = FLOATS / site->in.channels + 1;
    site->block = pixels < site->made.width ? pixels : site->made.width;
    site->columns = 0;
    site->own = resize_table_new(&site->stage, site->in.width);
    return site->own != NULL;
}

static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const resize_table *table = site->own;
    const size_t channels = (size_t)site->in.channels;
    const rows_resize part = {.first = table->first + call->x,
                              .count = table->count + call->x,
                              .weights = table->weights + (size_t)call->x * table->most,
                              .most = table->most,
                              .channels = channels};
    for (int r = 0; r < call->count; r++) {
        call->rows->resize(out[r], call->in[r], &part, n / channels);
    }
}

const conv_path path_resize_along = {
    .name = "resize-along",
    .op = CONV_RESIZE,
    .batch = 4,
    .takes = takes,
    .cost = cost,
    .make = make,
    .free = resize_table_free,
    .run = run,
};
