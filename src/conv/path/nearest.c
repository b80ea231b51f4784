/* Pooling that takes one sample of each window. */
#include <string.h>

#include "conv/path/path.h"
#include "conv/path/rates.h"

static bool takes(const path_site *site) {
    return site->stage.pool == CONV_POOL_NEAREST;
}

static double cost(const path_site *site) {
    (void)site;
    return path_rate.row;
}

/* The window's middle row, or where that lies outside the image, the nearest inside. */
static const float *middle_row(const path_call *call, int r) {
    const conv_window *w = &call->site->stage.window;
    const void *const *in = call->in + r * w->stride_y;
    const int middle = (w->height - 1) / 2;
    const float *row = NULL;
    for (int d = 0; d < w->height && !row; d++) {
        row = middle - d >= 0 ? in[middle - d] : NULL;
        row = !row && middle + d < w->height ? in[middle + d] : row;
    }
    return row;
}

/* The sample at cell ((size - 1) / 2) of each window, or the nearest inside the image. */
static void run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const conv_window *w = &site->stage.window;
    const int channels = site->in.channels;
    for (int r = 0; r < call->count; r++) {
        const float *row = middle_row(call, r);
        for (int i = 0; i < (int)n / channels; i += w->stride_x) {
            int column = call->x * w->stride_x + i - w->left + (w->width - 1) / 2;
            column = column < 0 ? 0 : column;
            column = column < site->in.width ? column : site->in.width - 1;
            memcpy(out[r] + (ptrdiff_t)i * channels, row + (ptrdiff_t)column * channels,
                   (size_t)channels * sizeof *row);
        }
    }
}

const conv_path path_nearest = {
    .name = "nearest",
    .op = CONV_POOL,
    .batch = 4,
    .takes = takes,
    .cost = cost,
    .run = run,
};
