/* ConvTranspose by rows: of one or two axes, one group, constant weights.
 *
 * Between two samples of the input lie stride - 1 of the output. Output samples at the same place
 * between two of the input (a phase) are a convolution of the input with those cells of the kernel
 * that fall on samples there. A layer of the engine makes all phases of a row at once, as so many
 * times the filters side by side: just as pixels and their channels lie in the row. For each phase
 * along y there is a layer of its own. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "net/ops/convolve.h"
#include "net/ops/local.h"

enum { MOST_PHASES = 16 };

typedef struct phases {
    int count;                     /* along y */
    conv_plan *plans[MOST_PHASES]; /* of each */
    int low, high;                 /* rows of the input from the one at the same place */
    size_t room;                   /* floats of a row that they make, which may go on beyond the
                                    * output's */
} phases;

static void free_phases(net_rows *rows) {
    phases *p = rows->own;
    for (int i = 0; i < p->count; i++) {
        conv_plan_free(p->plans[i]);
    }
    free(p);
}

/* ---- running ---- */

typedef struct worker {
    int count;
    conv_worker *workers[MOST_PHASES];
    float *row; /* NULL: rows go straight to the output */
} worker;

static void leave(void *state) {
    worker *w = state;
    for (int i = 0; i < w->count; i++) {
        conv_worker_free(w->workers[i]);
    }
    free(w);
}

/* Bytes of a row of one's own; 0: rows go straight to the output. */
static size_t row_bytes(const net_rows *rows) {
    const phases *p = rows->own;
    const bool fits = p->room == (size_t)rows->out.width * (size_t)rows->out.channels;
    return fits ? 0 : ct_round_up(p->room * sizeof(float), 64);
}

/* A phase's worker is done before the next one's begins: all use the same memory, behind the row.
 */
static void *enter(const net_rows *rows, void *memory) {
    const phases *p = rows->own;
    worker *w = calloc(1, sizeof *w);
    if (!w) {
        return NULL;
    }
    const size_t row = row_bytes(rows);
    bool ok = true;
    for (w->count = 0; ok && w->count < p->count; w->count++) {
        w->workers[w->count] = conv_worker_new_in(p->plans[w->count], -1, (char *)memory + row);
        ok = w->workers[w->count] != NULL;
    }
    if (!ok) {
        leave(w);
        return NULL;
    }
    w->row = row > 0 ? memory : NULL;
    return w;
}

/* The rows [first, end) of a phase that lie among the output's rows [from, to). */
static void phase_rows(const phases *p, int phase, int from, int to, int *first, int *end) {
    *first = (from - phase + p->count - 1) / p->count;
    *end = to > phase ? (to - 1 - phase) / p->count + 1 : 0;
}

/* What all phases see, so that the bounds never go back. */
static void reach(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    (void)source;
    const phases *p = rows->own;
    const int height = rows->in[0].height;
    *from = ct_clamp(first / p->count + p->low, 0, height);
    *to = first < end ? ct_clamp((end - 1) / p->count + p->high + 1, *from, height) : *from;
}

static void run(const net_rows *rows, void *state, int first, int end, const net_source *in,
                float *out, size_t stride) {
    const phases *p = rows->own;
    worker *w = state;
    const size_t floats = (size_t)rows->out.width * (size_t)rows->out.channels;
    for (int i = 0; i < p->count; i++) {
        int y, last;
        phase_rows(p, i, first, end, &y, &last);
        float *to = out + (size_t)(y * p->count + i - first) * stride;
        conv_worker_restart(w->workers[i]);
        if (y < last && !w->row) {
            conv_worker_run(w->workers[i], y, last, in[0].row, in[0].context, to,
                            (size_t)p->count * stride * sizeof *out, NULL);
        }
        for (; y < last && w->row; y++, to += (size_t)p->count * stride) {
            conv_worker_run(w->workers[i], y, y + 1, in[0].row, in[0].context, w->row,
                            p->room * sizeof *out, NULL);
            memcpy(to, w->row, floats * sizeof *out);
        }
    }
}

/* ---- making ---- */

/* One axis. Output sample Q stride + r sees input sample Q + e with cell k, where
 * e = (r + before - k dilation) / stride, if that is whole. */
typedef struct axis {
    int kernel, stride, dilation, before, in, out;
    int low, cells; /* e goes from low to low + cells - 1 */
    int rows;       /* values of Q */
} axis;

static bool lands(const axis *a, int phase, int cell, int *e) {
    const int at = phase + a->before - cell * a->dilation;
    *e = at >= 0 ? at / a->stride : -((-at + a->stride - 1) / a->stride);
    return at % a->stride == 0;
}

/* The cells of phases [first, end), and so many more (zeros) that the layer's padding isn't
 * negative. */
static void span(axis *a, int first, int end) {
    int low = 0, high = 0;
    for (int r = first; r < end; r++) {
        for (int k = 0, e; k < a->kernel; k++) {
            if (lands(a, r, k, &e)) {
                low = ct_min(low, e);
                high = ct_max(high, e);
            }
        }
    }
    a->rows = ct_div_up(a->out, a->stride);
    high = ct_max(high, a->in - a->rows);
    a->low = low;
    a->cells = high - low + 1;
}

static bool make_axis(const net_convolution *conv, int i, axis *a) {
    const net_window *w = &conv->window;
    if (w->kernel[i] > CONV_MAX_KERNEL || w->stride[i] > MOST_PHASES ||
        w->dilation[i] > CONV_MAX_STEP || w->before[i] > CONV_MAX_STEP || conv->out[i] < 1 ||
        conv->out[i] > CONV_MAX_SIDE) {
        return false;
    }
    *a = (axis){.kernel = (int)w->kernel[i],
                .stride = (int)w->stride[i],
                .dilation = (int)w->dilation[i],
                .before = (int)w->before[i],
                .in = (int)conv->in[i],
                .out = (int)conv->out[i]};
    return true;
}

/* The layer's weights: (phase along x, filter) x channel x row x column. */
static double *weights_of(const net_tensor *w, const axis *down, const axis *along, int phase,
                          size_t channels, size_t filters) {
    const size_t cells = (size_t)down->cells * (size_t)along->cells;
    size_t count;
    if (!ct_mul(cells, channels * filters * (size_t)along->stride, &count)) {
        return NULL;
    }
    double *made = calloc(count + 1, sizeof *made);
    const size_t area = (size_t)down->kernel * (size_t)along->kernel;
    for (size_t i = 0; made && i < area * (size_t)along->stride; i++) {
        const int k = (int)(i % area), r = (int)(i / area);
        int y, x;
        if (!lands(down, phase, k / along->kernel, &y) || !lands(along, r, k % along->kernel, &x)) {
            continue;
        }
        const size_t cell =
            (size_t)(y - down->low) * (size_t)along->cells + (size_t)(x - along->low);
        for (size_t c = 0; c < channels; c++) {
            for (size_t f = 0; f < filters; f++) {
                made[(((size_t)r * filters + f) * channels + c) * cells + cell] +=
                    net_real_at(w, (c * filters + f) * area + (size_t)k);
            }
        }
    }
    return made;
}

static double *biases_of(const net_tensor *bias, size_t filters, size_t phases_along) {
    double *made = calloc(filters * phases_along + 1, sizeof *made);
    for (size_t i = 0; made && bias && i < filters * phases_along; i++) {
        made[i] = net_real_at(bias, i % filters);
    }
    return made;
}

/* *plan is NULL where the engine doesn't take the layer. False with an error: out of memory. */
static bool make_phase(const net_call *call, axis down, const axis *along, int phase, conv_shape in,
                       int filters, conv_plan **plan, ct_error *err) {
    span(&down, phase, phase + 1);
    if (down.cells > CONV_MAX_KERNEL) {
        return true;
    }
    const int rows = (down.out - phase + down.stride - 1) / down.stride;
    double *weights =
        weights_of(call->in[1], &down, along, phase, (size_t)in.channels, (size_t)filters);
    double *biases = biases_of(net_in(call, 2), (size_t)filters, (size_t)along->stride);
    const conv_stage stage = {
        .op = CONV_LAYER,
        .window = {.width = along->cells,
                   .height = down.cells,
                   .stride_x = 1,
                   .stride_y = 1,
                   .dilation_x = 1,
                   .dilation_y = 1,
                   .left = -along->low,
                   .right = along->rows - along->in + along->low + along->cells - 1,
                   .top = -down.low,
                   .bottom = ct_max(0, rows - down.in + down.low + down.cells - 1),
                   .border = CONV_CONSTANT,
                   .alpha = -1},
        .weights = weights,
        .bias = biases,
        .filters = filters * along->stride};
    conv_shape made;
    bool ok = (weights && biases) || ct_fail(err, "out of memory");
    if (ok && conv_stage_shape(&stage, in, &made, err)) {
        *plan = conv_plan_new(&stage, 1, in, CONV_F32, CONV_F32, err);
        ok = *plan != NULL;
    }
    free(weights);
    free(biases);
    return ok;
}

bool net_conv_transpose_rows(const net_call *call, net_rows *out, ct_error *err) {
    const net_tensor *bias = net_in(call, 2);
    net_convolution conv;
    net_shape made;
    axis down = {.kernel = 1, .stride = 1, .dilation = 1, .in = 1, .out = 1}, along;
    conv_shape in, shape;
    if (call->in[0]->type != NET_FLOAT || !net_image_shape(&call->in[0]->shape, &in) ||
        !call->in[1]->data || (bias && !bias->data)) {
        return true;
    }
    if (!net_conv_transpose_describe(call, &conv, &made, err)) {
        return false;
    }
    if (conv.groups != 1 || !net_image_shape(&made, &shape) ||
        !make_axis(&conv, conv.window.axes - 1, &along) ||
        (conv.window.axes == 2 && !make_axis(&conv, 0, &down))) {
        return true;
    }
    span(&along, 0, along.stride);
    if (along.cells > CONV_MAX_KERNEL ||
        (int64_t)shape.channels * along.stride > CONV_MAX_CHANNELS) {
        return true;
    }
    phases *p = calloc(1, sizeof *p);
    if (!p) {
        return ct_fail(err, "out of memory");
    }
    net_rows rows = {.out = shape,
                     .source_count = 1,
                     .in = {in},
                     .reach = reach,
                     .run = run,
                     .enter = enter,
                     .leave = leave,
                     .free = free_phases,
                     .own = p};
    bool ok = true, takes = true;
    p->room = (size_t)along.rows * (size_t)along.stride * (size_t)shape.channels;
    for (int i = 0; ok && takes && i < ct_min(down.stride, down.out); i++) {
        ok = make_phase(call, down, &along, i, in, shape.channels, &p->plans[i], err);
        takes = p->plans[i] != NULL;
        span(&down, i, i + 1);
        p->low = ct_min(p->low, down.low);
        p->high = ct_max(p->high, down.low + down.cells - 1);
        p->count += takes;
        const size_t bytes = takes ? conv_plan_worker_size(p->plans[i]) : 0;
        rows.worker_bytes = ct_max_size(rows.worker_bytes, bytes);
    }
    if (!ok || !takes) {
        free_phases(&rows);
        return ok;
    }
    rows.worker_bytes += row_bytes(&rows);
    *out = rows;
    return true;
}
