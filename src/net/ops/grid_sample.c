/* GridSample: ONNX operator specification, opset 16: pixels at places that a grid names, from -1 to
 * 1 across the image. */
#include <math.h>
#include <string.h>

#include "net/ops/ops.h"

typedef enum sampling { BILINEAR, NEAREST, BICUBIC } sampling;
typedef enum padding { ZEROS, BORDER, REFLECTION } padding;

static bool read_modes(const net_node *node, sampling *mode, padding *pad, ct_error *err) {
    static const char *const modes[] = {"bilinear", "nearest", "bicubic"};
    static const char *const pads[] = {"zeros", "border", "reflection"};
    const char *m = net_text(node, "mode", "bilinear");
    const char *p = net_text(node, "padding_mode", "zeros");
    int i = 0, k = 0;
    while (i < 3 && strcmp(m, modes[i]) != 0) {
        i++;
    }
    while (k < 3 && strcmp(p, pads[k]) != 0) {
        k++;
    }
    *mode = (sampling)i;
    *pad = (padding)k;
    return (i < 3 || ct_fail(err, "mode is '%s', which isn't known", m)) &&
           (k < 3 || ct_fail(err, "padding_mode is '%s', which isn't known", p));
}

static bool grid_shape(const net_call *call, ct_error *err) {
    const net_shape *x = &call->in[0]->shape, *g = &call->in[1]->shape;
    sampling mode;
    padding pad;
    if (!read_modes(call->node, &mode, &pad, err) || !net_want_real(call, 0, err) ||
        !net_want_real(call, 1, err) || !net_want_rank(call, 0, 4, 4, err) ||
        !net_want_rank(call, 1, 4, 4, err)) {
        return false;
    }
    net_shape made = {.rank = -1};
    if (x->rank == 4 && g->rank == 4) {
        made = (net_shape){4, {x->size[0], x->size[1], g->size[1], g->size[2]}};
        if (g->size[3] >= 0 && g->size[3] != 2) {
            return ct_fail(err, "its grid has %lld numbers for a place, where 2 are expected",
                           (long long)g->size[3]);
        }
        if (x->size[0] >= 0 && g->size[0] >= 0 && x->size[0] != g->size[0]) {
            return ct_fail(err, "it has %lld images and %lld grids", (long long)x->size[0],
                           (long long)g->size[0]);
        }
        if (net_shape_is_known(&made) && net_shape_product(&made, 0, 4) > 0 &&
            x->size[2] * x->size[3] == 0) {
            return ct_fail(err, "its input has empty maps");
        }
    }
    net_give(call, 0, call->in[0]->type, &made);
    return true;
}

typedef struct work {
    const net_call *call;
    sampling mode;
    padding pad;
    bool corners;
    int64_t width, height;
    size_t places; /* of an image */
} work;

/* From -1..1 to samples: the centres of the outer ones, or their outer edges. */
static double place(const work *w, double at, int64_t size) {
    return w->corners ? (at + 1) / 2 * (double)(size - 1) : ((at + 1) * (double)size - 1) / 2;
}

/* Folded back between low and high, as often as needed. */
static double reflect(double x, double low, double high) {
    const double span = high - low;
    if (span <= 0) {
        return low;
    }
    const double off = fmod(fabs(x - low), 2 * span);
    return low + (off > span ? 2 * span - off : off);
}

/* Beyond all samples, but where arithmetic is still safe; NaN is beyond, too. */
static double limit(double x) {
    return x > -1e9 && x < 1e9 ? x : -1e9;
}

static double pad_place(const work *w, double x, int64_t size) {
    const double last = (double)(size - 1);
    if (w->pad == REFLECTION) {
        x = w->corners ? reflect(x, 0, last) : reflect(x, -0.5, last + 0.5);
    }
    if (w->pad != ZEROS) {
        x = x > 0 ? x < last ? x : last : 0;
    }
    return limit(x);
}

static double sample(const work *w, const net_tensor *x, size_t map, int64_t row, int64_t column) {
    if (w->pad != ZEROS) {
        row = (int64_t)pad_place(w, (double)row, w->height);
        column = (int64_t)pad_place(w, (double)column, w->width);
    }
    if (row < 0 || row >= w->height || column < 0 || column >= w->width) {
        return 0;
    }
    return net_real_at(x, map + (size_t)(row * w->width + column));
}

/* Keys' cubic with a = -3/4, as in PyTorch. */
static void cubic(double t, double *weight) {
    const double a = -0.75;
    for (int k = 0; k < 4; k++) {
        const double d = fabs(t - (k - 1));
        weight[k] = d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1
                           : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
    }
}

/* The weighted sum of some samples from (row, column) on. */
static double weighted(const work *w, size_t map, double x, double y, int count) {
    const net_tensor *from = w->call->in[0];
    const double left = floor(x), top = floor(y), along = x - left, down = y - top;
    double columns[4] = {1 - along, along}, rows[4] = {1 - down, down}, sum = 0;
    const int before = count == 4 ? 1 : 0;
    if (count == 4) {
        cubic(along, columns);
        cubic(down, rows);
    }
    for (int r = 0; r < count; r++) {
        double line = 0;
        for (int c = 0; c < count; c++) {
            line += columns[c] *
                    sample(w, from, map, (int64_t)top + r - before, (int64_t)left + c - before);
        }
        sum += rows[r] * line;
    }
    return sum;
}

static void make_map(void *argument, int i) {
    const work *w = argument;
    const net_tensor *x = w->call->in[0], *grid = w->call->in[1], *out = w->call->out[0];
    const size_t channels = (size_t)x->shape.size[1], image = (size_t)i / channels;
    const size_t map = (size_t)i * (size_t)(w->width * w->height);
    for (size_t k = 0; k < w->places; k++) {
        const size_t at = (image * w->places + k) * 2, to = (size_t)i * w->places + k;
        double column = place(w, net_real_at(grid, at), w->width);
        double row = place(w, net_real_at(grid, at + 1), w->height), made;
        if (w->mode == BICUBIC) {
            made = weighted(w, map, limit(column), limit(row), 4);
        } else {
            column = pad_place(w, column, w->width);
            row = pad_place(w, row, w->height);
            made = w->mode == NEAREST ? sample(w, x, map, (int64_t)rint(row), (int64_t)rint(column))
                                      : weighted(w, map, column, row, 2);
        }
        if (out->type == NET_DOUBLE) {
            ((double *)out->data)[to] = made;
        } else {
            ((float *)out->data)[to] = (float)made;
        }
    }
}

static bool grid_run(const net_call *call, ct_error *err) {
    const net_shape *made = &call->out[0]->shape;
    const size_t maps = net_shape_product(made, 0, 2);
    work w = {.call = call,
              .corners = net_int(call->node, "align_corners", 0) != 0,
              .width = call->in[0]->shape.size[3],
              .height = call->in[0]->shape.size[2],
              .places = net_shape_product(made, 2, 4)};
    if (!read_modes(call->node, &w.mode, &w.pad, err)) {
        return false;
    }
    if (w.places > 0 && maps > INT32_MAX) {
        return ct_fail(err, "it has too many channels");
    }
    enum { EACH = 16 /* operations for a place */ };
    net_each_of(call->team, (double)w.places * (double)maps * EACH, w.places > 0 ? (int)maps : 0,
                make_map, &w);
    return true;
}

const net_op net_ops_grid_sample[] = {
    {.name = "GridSample",
     .since = 16,
     .least = 2,
     .most = 2,
     .outputs = 1,
     .shape = grid_shape,
     .run = grid_run},
    {0},
};
