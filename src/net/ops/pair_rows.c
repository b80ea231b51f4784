/* Add, Sub, Mul, Div and PRelu by rows: of two images of one shape, or of an image and numbers that
 * are the same all over it (one, or one for each channel), or for all channels of a pixel. */
#include <stdlib.h>
#include <string.h>

#include "net/ops/kernels.h"
#include "net/ops/local.h"

/* out[i] = f(a[i], b[i]); out may be a or b. */
typedef void pair_kernel(float *out, const float *a, const float *b, size_t n);

#define KERNEL(name, value)                                                                        \
    static void name(float *out, const float *a, const float *b, size_t n) {                       \
        NET_INDEPENDENT                                                                            \
        for (size_t i = 0; i < n; i++) {                                                           \
            out[i] = (value);                                                                      \
        }                                                                                          \
    }
KERNEL(add, a[i] + b[i])
KERNEL(subtract, a[i] - b[i])
KERNEL(subtract_from, b[i] - a[i])
KERNEL(multiply, a[i] * b[i])
KERNEL(divide, a[i] / b[i])
KERNEL(divide_by, b[i] / a[i])
KERNEL(slope, a[i] < 0 ? a[i] * b[i] : a[i])

/* To add one: a row here, and net_pair_rows in its row of the table of operators. */
static const struct {
    const char *type;
    pair_kernel *run, *swapped;
} kernels[] = {
    {"Add", add, add},          {"Sub", subtract, subtract_from}, {"Mul", multiply, multiply},
    {"Div", divide, divide_by}, {"PRelu", slope, NULL},
};

typedef enum pair_kind {
    WHOLE,    /* another image of the shape */
    CHANNELS, /* an image of one pixel, with as many channels, or one */
    PIXELS,   /* an image of one channel */
    CONSTANT, /* numbers for the channels */
} pair_kind;

typedef struct pair {
    pair_kernel *run;
    pair_kind kind;
    size_t period; /* floats: all channels, a few times over */
    float *repeated;
} pair;

static void free_pair(net_rows *rows) {
    pair *p = rows->own;
    free(p->repeated);
    free(p);
}

/* `count` numbers, over and over. */
static void repeat(float *to, size_t period, const float *numbers, size_t count) {
    for (size_t i = 0; i < period; i++) {
        to[i] = numbers[i % count];
    }
}

static void reach(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    const pair *p = rows->own;
    *from = source == 1 && p->kind == CHANNELS ? 0 : first;
    *to = source == 1 && p->kind == CHANNELS ? first < end : end;
}

static void run_period(const pair *p, float *out, const float *a, const float *b, size_t n) {
    for (size_t i = 0; i < n; i += p->period) {
        p->run(out + i, a + i, b, n - i < p->period ? n - i : p->period);
    }
}

static void run(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                float *out, size_t stride) {
    const pair *p = rows->own;
    const size_t channels = (size_t)rows->out.channels, width = (size_t)rows->out.width;
    float *own = worker;
    if (p->kind == CHANNELS && first < end) {
        repeat(own, p->period, in[1].row(in[1].context, 0), (size_t)rows->in[1].channels);
    }
    for (int y = first; y < end; y++, out += stride) {
        const float *a = in[0].row(in[0].context, y);
        if (p->kind == WHOLE) {
            p->run(out, a, in[1].row(in[1].context, y), width * channels);
        } else if (p->kind == PIXELS) {
            const float *b = in[1].row(in[1].context, y);
            for (size_t x = 0; x < width; x++) {
                repeat(own, channels, b + x, 1);
                p->run(out + x * channels, a + x * channels, own, channels);
            }
        } else {
            run_period(p, out, a, p->kind == CONSTANT ? p->repeated : own, width * channels);
        }
    }
}

/* ---- making ---- */

/* A tensor's sizes behind those that stretching puts in front. */
static bool as_image(const net_shape *shape, int rank, conv_shape *image) {
    net_shape long_one = {.rank = rank};
    const int more = rank - shape->rank;
    if (shape->rank < 0 || more < 0) {
        return false;
    }
    for (int i = 0; i < rank; i++) {
        long_one.size[i] = i < more ? 1 : shape->size[i - more];
    }
    return net_image_shape(&long_one, image);
}

/* What the second operand is to the first; false: neither of these. */
static bool find_kind(const net_tensor *b, conv_shape first, conv_shape second, pair_kind *kind) {
    const bool all = second.channels == first.channels;
    const bool same = second.width == first.width && second.height == first.height;
    if (second.width == 1 && second.height == 1 && (all || second.channels == 1)) {
        *kind = b->data ? CONSTANT : CHANNELS;
        return true;
    }
    *kind = all ? WHOLE : PIXELS;
    return same && !b->data && (all || second.channels == 1);
}

static bool fill(const net_tensor *constant, conv_shape shape, pair *p, ct_error *err) {
    enum { FLOATS = 256 };
    const size_t channels = (size_t)shape.channels;
    p->period = (FLOATS + channels - 1) / channels * channels;
    if (p->kind == CONSTANT) {
        p->repeated = malloc(p->period * sizeof *p->repeated);
        if (!p->repeated) {
            return ct_fail(err, "out of memory");
        }
        repeat(p->repeated, p->period, constant->data, net_count(constant));
    }
    return true;
}

/* The first operand is the image that the output is like. */
static bool make(const net_call *call, pair_kernel *kernel, bool swapped, net_rows *out, bool *done,
                 ct_error *err) {
    const net_tensor *a = call->in[swapped], *b = call->in[!swapped];
    conv_shape shape, second;
    pair_kind kind;
    *done = false;
    if (!kernel || a->type != NET_FLOAT || b->type != NET_FLOAT || a->data ||
        a->shape.rank < b->shape.rank || !net_image_shape(&a->shape, &shape) ||
        !as_image(&b->shape, a->shape.rank, &second) || !find_kind(b, shape, second, &kind)) {
        return true;
    }
    pair *p = calloc(1, sizeof *p);
    net_rows rows = {.out = shape,
                     .source_count = kind == CONSTANT ? 1 : 2,
                     .source = {swapped, !swapped},
                     .in = {shape, second},
                     .reach = reach,
                     .run = run,
                     .free = free_pair,
                     .own = p,
                     .pointwise = true,
                     .over_any = kind == WHOLE};
    if (!p) {
        return ct_fail(err, "out of memory");
    }
    p->run = kernel;
    p->kind = kind;
    if (!fill(b, shape, p, err)) {
        free_pair(&rows);
        return false;
    }
    if (kind == CHANNELS || kind == PIXELS) {
        rows.enter = net_enter_memory;
        rows.leave = net_leave_memory;
        rows.worker_bytes = p->period * sizeof(float);
    }
    *out = rows;
    *done = true;
    return true;
}

bool net_pair_rows(const net_call *call, net_rows *out, ct_error *err) {
    bool done = false;
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        if (strcmp(kernels[i].type, call->node->type) == 0) {
            return make(call, kernels[i].run, false, out, &done, err) &&
                   (done || make(call, kernels[i].swapped, true, out, &done, err));
        }
    }
    return true;
}
