/* Shapes of transposed convolutions. */
#include "net/ops/convolve.h"

typedef struct extras {
    int64_t output_padding[NET_MOST_AXES];
    int64_t output_shape[NET_MOST_AXES]; /* -1: not given */
} extras;

static bool read_extras(const net_node *node, int axes, extras *e, ct_error *err) {
    const int64_t *padding, *shape;
    const int paddings = net_ints(node, "output_padding", &padding);
    const int sizes = net_ints(node, "output_shape", &shape);
    if ((paddings && paddings != axes) || (sizes && sizes != axes && sizes != axes + 2)) {
        return ct_fail(err, "%s lists %d numbers, where %d are expected",
                       paddings && paddings != axes ? "output_padding" : "output_shape",
                       paddings && paddings != axes ? paddings : sizes, axes);
    }
    for (int i = 0; i < axes; i++) {
        e->output_padding[i] = paddings ? padding[i] : 0;
        e->output_shape[i] = sizes ? shape[sizes - axes + i] : -1;
        if (e->output_padding[i] < 0 || e->output_padding[i] > INT32_MAX) {
            return ct_fail(err, "output_padding lists %lld, which is out of range",
                           (long long)e->output_padding[i]);
        }
        if (sizes && (e->output_shape[i] < 0 || e->output_shape[i] > INT32_MAX)) {
            return ct_fail(err, "output_shape lists %lld, which is out of range",
                           (long long)e->output_shape[i]);
        }
    }
    return true;
}

/* The size is given, or a multiple of the input's (auto_pad): what is more is cut off, in halves at
 * both sides. */
static void cut_to(net_window *w, int i, int64_t whole, int64_t wanted) {
    const int64_t more = whole > wanted ? whole - wanted : 0;
    w->before[i] = w->same_upper ? more / 2 : more - more / 2;
    w->after[i] = more - w->before[i];
}

static bool axis_size(const net_call *call, net_window *w, const extras *e, int i, int64_t in,
                      int64_t *out, ct_error *err) {
    const int64_t reach = (w->kernel[i] - 1) * w->dilation[i] + 1;
    const int64_t more = e->output_padding[i] + reach - w->stride[i];
    bool overflow = false;
    if (in < 0 || w->kernel[i] < 0) {
        *out = e->output_shape[i] >= 0 ? e->output_shape[i]
               : w->kernel[i] < 0      ? NET_ANY_SIZE
               : w->same ? net_size_affine(call->symbols, in, w->stride[i], 0, 1, &overflow)
                         : net_size_affine(call->symbols, in, w->stride[i],
                                           more - w->before[i] - w->after[i], 1, &overflow);
        return !overflow || ct_fail(err, "its output would be too large");
    }
    if (in > INT32_MAX) {
        return ct_fail(err, "its input has a side of %lld", (long long)in);
    }
    const int64_t whole = in > 0 ? in * w->stride[i] + more : 0;
    if (e->output_shape[i] >= 0 || w->same) {
        *out = e->output_shape[i] >= 0 ? e->output_shape[i] : in * w->stride[i];
        cut_to(w, i, whole, *out);
        return true;
    }
    *out = whole - w->before[i] - w->after[i];
    return *out >= 0 || ct_fail(err, "its padding is larger than its output");
}

bool net_conv_transpose_describe(const net_call *call, net_convolution *conv, net_shape *made,
                                 ct_error *err) {
    const net_shape *x = &call->in[0]->shape, *w = &call->in[1]->shape;
    *made = (net_shape){.rank = -1};
    int axes;
    extras more;
    if (!net_conv_check(call, true, &axes, err)) {
        return false;
    }
    if (axes == 0) {
        return true;
    }
    *conv = (net_convolution){.batch = x->size[0],
                              .groups = net_int(call->node, "group", 1),
                              .in_channels = x->size[1],
                              .transposed = true};
    if (!net_window_read(call->node, axes, w->size + 2, &conv->window, err) ||
        !read_extras(call->node, axes, &more, err)) {
        return false;
    }
    if (w->size[1] > INT32_MAX / conv->groups) {
        return ct_fail(err, "it has too many channels");
    }
    conv->out_channels = w->size[1] < 0 ? NET_ANY_SIZE : w->size[1] * conv->groups;
    *made = (net_shape){.rank = x->rank, .size = {x->size[0], conv->out_channels}};
    for (int i = 0; i < axes; i++) {
        conv->in[i] = x->size[2 + i];
        if (!axis_size(call, &conv->window, &more, i, conv->in[i], &made->size[2 + i], err)) {
            return false;
        }
        conv->out[i] = made->size[2 + i];
    }
    return true;
}
