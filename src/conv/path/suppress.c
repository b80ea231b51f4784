/* Sobel's gradients, and of them the greatest along their directions: three rows of lengths are
 * alive, and the middle row's x and y. */
#include <math.h>

#include "conv/path/path.h"
#include "conv/path/rates.h"

static double cost(const path_site *site) {
    (void)site;
    return path_rate.gradient + path_rate.suppress;
}

/* Row g of the gradients of a call, from the column before the call's first on. */
typedef struct slope_row {
    float *x, *y, *length;
} slope_row;

static slope_row slope_at(const path_call *call, int g) {
    float *const *rows = call->scratch + g % 3 * 3;
    return (slope_row){rows[0], rows[1], rows[2]};
}

/* Gradient row g lies at output row y - 1 + g. */
static void make_slopes(const path_call *call, int g, size_t n) {
    const float *in[3];
    for (int k = 0; k < 3; k++) {
        in[k] = path_row(call, g, k);
    }
    const slope_row to = slope_at(call, g);
    call->rows->slopes(to.x, to.y, to.length, in, path_column_step(call->site), n);
}

static void negate(float *out, const float *length, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = -length[i];
    }
}

/* The image's first and last column have no maxima. */
static void clear_sides(const path_call *call, size_t n, float *out) {
    const size_t channels = (size_t)call->site->in.channels;
    const size_t last = (size_t)(call->site->in.width - 1 - call->x) * channels;
    for (size_t c = 0; c < channels; c++) {
        if (call->x == 0) {
            out[c] = -fabsf(out[c]);
        }
        if (last + c < n) {
            out[last + c] = -fabsf(out[last + c]);
        }
    }
}

static void suppress_row(const path_call *call, int r, size_t n, float *out) {
    const size_t step = path_column_step(call->site);
    const int y = call->y + r;
    const slope_row here = slope_at(call, r + 1);
    if (y == 0 || y == call->site->in.height - 1) {
        negate(out, here.length + step, n);
        return;
    }
    const float *const length[3] = {slope_at(call, r).length, here.length,
                                    slope_at(call, r + 2).length};
    call->rows->suppress(out, here.x + step, here.y + step, length, step, call->site->stage.a, n);
    clear_sides(call, n, out);
}

static void run(const path_call *call, size_t n, float *const *out) {
    const size_t all = n + 2 * path_column_step(call->site);
    make_slopes(call, 0, all);
    make_slopes(call, 1, all);
    for (int r = 0; r < call->count; r++) {
        make_slopes(call, r + 2, all);
        suppress_row(call, r, n, out[r]);
    }
}

const conv_path path_suppress = {
    .name = "suppress",
    .op = CONV_SUPPRESS,
    .batch = PATH_MAX_BATCH,
    .block = 1024,
    .cost = cost,
    .run = run,
};
