/* Which samples of its inputs a local operator's output is made of. */
#include "net/fields.h"

#include <math.h>
#include <string.h>

#include "base/minmax.h"
#include "net/ops/conv_sum.h"
#include "net/ops/local.h"
#include "net/ops/resize_describe.h"
#include "net/ops/window.h"

static const net_sight same = {.rate = 1};

static bool is_one_of(const char *type, const char *const *names) {
    while (*names && strcmp(type, *names) != 0) {
        names++;
    }
    return *names != NULL;
}

/* ---- windows ---- */

/* A side that every stride goes into, for padding that depends on the size. */
enum { SOME_SIZE = 1 << 10 };

/* `place`: which input has them; -1: none does. */
static bool read_window(const net_call *call, int place, net_window *w) {
    ct_error err;
    const net_shape *in = &call->in[0]->shape;
    const net_tensor *weights = place < 0 ? NULL : net_in(call, place);
    int64_t sizes[NET_MOST_AXES];
    if ((in->rank != 3 && in->rank != 4) || (weights && weights->shape.rank != in->rank) ||
        net_attribute_find(call->node, "output_shape") ||
        !net_window_read(call->node, in->rank - 2, weights ? weights->shape.size + 2 : NULL, w,
                         &err)) {
        return false;
    }
    for (int i = 0; i < w->axes; i++) {
        sizes[i] = in->size[2 + i] >= 0 ? in->size[2 + i] : SOME_SIZE * w->stride[i];
        if (w->kernel[i] < 1) {
            return false;
        }
    }
    net_window_fix(w, sizes);
    return true;
}

static net_sight through(const net_window *w, int axis) {
    const double low = -(double)w->before[axis];
    return (net_sight){(double)w->stride[axis], low,
                       low + (double)(w->kernel[axis] - 1) * (double)w->dilation[axis]};
}

/* Output o is made of the inputs i for which stride i + dilation k - before = o. */
static net_sight back_through(const net_window *w, int axis) {
    const double stride = (double)w->stride[axis], before = (double)w->before[axis];
    const double reach = (double)(w->kernel[axis] - 1) * (double)w->dilation[axis];
    return (net_sight){1 / stride, (before - reach) / stride, before / stride};
}

static bool see_window(const net_call *call, int place,
                       net_sight (*sight)(const net_window *w, int axis), net_sight *x,
                       net_sight *y) {
    net_window w;
    if (!read_window(call, place, &w)) {
        return false;
    }
    *x = sight(&w, w.axes - 1);
    *y = w.axes > 1 ? sight(&w, 0) : same;
    return true;
}

/* ---- sizes that change ---- */

/* Of samples in the middle; sizes that aren't known are some size. */
static bool see_taps(const net_resize *r, int axis, int64_t in, net_sight *out) {
    const net_resampling *how = &r->how[axis];
    net_taps taps;
    if (!r->resampled[axis] || in == r->made.size[axis]) {
        *out = same;
        return true;
    }
    const double made = (double)r->made.size[axis];
    const double rate = how->coordinates == NET_ALIGN_CORNERS && made > 1
                            ? (double)(in - 1) / (made - 1)
                            : 1 / (double)how->scale;
    bool ok = made >= 1 && how->coordinates != NET_CROP_AND_RESIZE &&
              net_taps_make(how, in, r->made.size[axis], &taps);
    if (!ok) {
        return false;
    }
    *out = (net_sight){rate, INFINITY, -INFINITY};
    for (int64_t o = taps.out / 3; o <= taps.out - 1 - taps.out / 3; o++) {
        for (int k = 0; k < taps.count; k++) {
            const size_t at = (size_t)o * (size_t)taps.count + (size_t)k;
            if (taps.weight[at] != 0) {
                const double off = (double)taps.index[at] - rate * (double)o;
                out->low = fmin(out->low, off);
                out->high = fmax(out->high, off);
            }
        }
    }
    net_taps_free(&taps);
    return out->low <= out->high;
}

static bool see_resized(const net_call *call, net_sight *x, net_sight *y) {
    ct_error err;
    net_resize r;
    net_tensor known = *call->in[0];
    const net_tensor *in[8];
    const int rank = known.shape.rank, count = call->node->input_count;
    if ((rank != 3 && rank != 4) || count > 8) {
        return false;
    }
    memcpy(in, call->in, (size_t)count * sizeof(const net_tensor *));
    in[0] = &known;
    for (int i = 0; i < rank; i++) {
        known.shape.size[i] = known.shape.size[i] > 0 ? known.shape.size[i] : i > 1 ? 240 : 1;
    }
    const net_call fixed = {.node = call->node, .in = in, .out = call->out};
    if (!net_resize_describe(&fixed, &r, &err) || r.made.rank != rank ||
        !net_shape_is_known(&r.made) || r.made.size[1] != known.shape.size[1]) {
        return false;
    }
    *y = same;
    return see_taps(&r, rank - 1, known.shape.size[rank - 1], x) &&
           (rank < 4 || see_taps(&r, 2, known.shape.size[2], y));
}

static bool see_blocks(const net_call *call, bool deeper, net_sight *x, net_sight *y) {
    const double size = (double)net_int(call->node, "blocksize", 0);
    if (call->in[0]->shape.rank != 4 || size < 1) {
        return false;
    }
    *x = *y = deeper ? (net_sight){size, 0, size - 1} : (net_sight){1 / size, 1 / size - 1, 0};
    return true;
}

/* Only moves; where it is cut, the move is the other way round. */
static bool see_padded(const net_call *call, net_sight *x, net_sight *y) {
    ct_error err;
    net_list pads;
    net_listed found;
    const int rank = call->in[0]->shape.rank;
    if (call->node->input_count > 3 || (rank != 3 && rank != 4) ||
        !net_list_of(call, "pads", 1, &pads, &found, &err) || found != NET_LIST_KNOWN ||
        pads.count != 2 * rank || pads.at[1] != 0 || pads.at[rank + 1] != 0) {
        return false;
    }
    const double left = (double)pads.at[rank - 1], top = (double)pads.at[2];
    *x = (net_sight){1, -left, -left};
    *y = rank == 4 ? (net_sight){1, -top, -top} : same;
    return true;
}

/* ---- pixel by pixel ---- */

static bool is_over_channels(const net_call *call, int64_t fallback) {
    const int64_t axis = net_int(call->node, "axis", fallback);
    return axis == 1 || axis == 1 - call->in[0]->shape.rank;
}

static bool is_pixel_by_pixel(const net_call *call) {
    static const char *const always[] = {
        "BatchNormalization", "LRN", "Dropout", "Identity", "Cast", "Not", "QuantizeLinear",
        "DequantizeLinear",   NULL};
    static const char *const paired[] = {"Add",
                                         "Sub",
                                         "Mul",
                                         "Div",
                                         "Pow",
                                         "PRelu",
                                         "Max",
                                         "Min",
                                         "Mean",
                                         "Sum",
                                         "Mod",
                                         "And",
                                         "Or",
                                         "Xor",
                                         "Equal",
                                         "Less",
                                         "Greater",
                                         "LessOrEqual",
                                         "GreaterOrEqual",
                                         "Where",
                                         NULL};
    static const char *const channels[] = {"Softmax", "LogSoftmax", "Hardmax", NULL};
    const char *type = call->node->op->name;
    return call->node->op->rows == net_unary_rows || is_one_of(type, always) ||
           is_one_of(type, paired) ||
           (call->node->opset >= 13 && is_one_of(type, channels) && is_over_channels(call, -1)) ||
           (strcmp(type, "Split") == 0 && is_over_channels(call, 0)) ||
           (strcmp(type, "Concat") == 0 && is_over_channels(call, 0));
}

/* Whether the output's image is the input's: nothing is stretched over it. */
static bool same_image(const net_call *call, int i) {
    const net_shape *in = &call->in[i]->shape, *out = &call->out[0]->shape;
    bool is = in->rank == out->rank && (in->rank == 3 || in->rank == 4);
    for (int k = 2; is && k < in->rank; k++) {
        is = in->size[k] == out->size[k] && in->size[k] != NET_ANY_SIZE;
    }
    return is;
}

typedef bool seer(const net_call *call, net_sight *x, net_sight *y);

static bool see_conv(const net_call *call, net_sight *x, net_sight *y) {
    return see_window(call, 1, through, x, y);
}

static bool see_quantized(const net_call *call, net_sight *x, net_sight *y) {
    return see_window(call, 3, through, x, y);
}

static bool see_pool(const net_call *call, net_sight *x, net_sight *y) {
    return see_window(call, -1, through, x, y);
}

static bool see_transposed(const net_call *call, net_sight *x, net_sight *y) {
    return see_window(call, 1, back_through, x, y);
}

static bool see_depth(const net_call *call, net_sight *x, net_sight *y) {
    return see_blocks(call, false, x, y);
}

static bool see_space(const net_call *call, net_sight *x, net_sight *y) {
    return see_blocks(call, true, x, y);
}

/* Operators whose first input has the image. To add one: a row. */
static const struct {
    const char *type;
    seer *see;
} seers[] = {
    {"Conv", see_conv},
    {"ConvInteger", see_conv},
    {"QLinearConv", see_quantized},
    {"ConvTranspose", see_transposed},
    {"MaxPool", see_pool},
    {"AveragePool", see_pool},
    {"LpPool", see_pool},
    {"Resize", see_resized},
    {"Upsample", see_resized},
    {"DepthToSpace", see_depth},
    {"SpaceToDepth", see_space},
    {"Pad", see_padded},
};

bool net_op_sight(const net_call *call, int i, net_sight *x, net_sight *y) {
    if (!call->in[i] || !call->out[0]) {
        return false;
    }
    const bool adds = i == NET_CONV_SUM && strcmp(call->node->op->name, "Conv") == 0;
    if (adds || is_pixel_by_pixel(call)) {
        *x = *y = same;
        return same_image(call, i);
    }
    for (size_t k = 0; i == 0 && k < sizeof seers / sizeof *seers; k++) {
        if (strcmp(seers[k].type, call->node->op->name) == 0) {
            return seers[k].see(call, x, y);
        }
    }
    return false;
}
