/* One stage by itself: its checks, and the shape that it makes. */
#include <math.h>
#include <string.h>

#include "base/checked.h"
#include "conv/conv.h"

bool conv_stage_has_window(const conv_stage *stage) {
    return stage->op != CONV_POINT && !conv_stage_is_whole(stage);
}

bool conv_stage_is_whole(const conv_stage *stage) {
    return stage->op == CONV_NORMALIZE || stage->op == CONV_GLOBAL || stage->op == CONV_TURN ||
           stage->op == CONV_OTSU || stage->op == CONV_LINK;
}

bool conv_stage_is_barrier(const conv_stage *stage) {
    const conv_window *w = &stage->window;
    return conv_stage_is_whole(stage) || (conv_stage_has_window(stage) && stage->op != CONV_POOL &&
                                          w->border == CONV_WRAP && (w->top > 0 || w->bottom > 0));
}

int conv_stage_terms(const conv_stage *stage) {
    return stage->weights || !stage->column ? 0 : stage->terms > 1 ? stage->terms : 1;
}

int conv_stage_groups(const conv_stage *stage) {
    return stage->groups ? stage->groups : 1;
}

static bool within(int value, int low, int high) {
    return value >= low && value <= high;
}

/* The most cells per side of its window. */
static int most_cells(const conv_stage *stage) {
    return stage->op == CONV_POOL        ? CONV_MAX_POOL
           : conv_stage_terms(stage) > 0 ? CONV_MAX_PRODUCT
                                         : CONV_MAX_KERNEL;
}

/* Pixels of the input can stand in only for pixels at the same place, of the same channels. */
static bool check_keep(const conv_stage *stage, ct_error *err) {
    const conv_window *w = &stage->window;
    const bool same = w->left == w->anchor_x * w->dilation_x &&
                      w->top == w->anchor_y * w->dilation_y &&
                      w->right == (w->width - 1 - w->anchor_x) * w->dilation_x &&
                      w->bottom == (w->height - 1 - w->anchor_y) * w->dilation_y;
    return (same && w->stride_x == 1 && w->stride_y == 1 && stage->op != CONV_LAYER &&
            stage->op != CONV_POOL) ||
           ct_fail(err, "padding=keep needs stride 1 and no size of its own");
}

static bool check_window(const conv_stage *stage, ct_error *err) {
    const conv_window *w = &stage->window;
    const int most = most_cells(stage);
    if (!within(w->width, 1, most) || !within(w->height, 1, most)) {
        return ct_fail(err, "a window of %dx%d cells; expected 1 to %d a side", w->width, w->height,
                       most);
    }
    if (!within(w->stride_x, 1, CONV_MAX_STEP) || !within(w->stride_y, 1, CONV_MAX_STEP)) {
        return ct_fail(err, "a stride of %dx%d; expected 1 to %d", w->stride_x, w->stride_y,
                       CONV_MAX_STEP);
    }
    if (!within(w->dilation_x, 1, CONV_MAX_STEP) || !within(w->dilation_y, 1, CONV_MAX_STEP)) {
        return ct_fail(err, "a dilation of %dx%d; expected 1 to %d", w->dilation_x, w->dilation_y,
                       CONV_MAX_STEP);
    }
    const int least = stage->op == CONV_CROP ? -CONV_MAX_SIDE : 0;
    const int reach = stage->op == CONV_CROP ? 0 : CONV_MAX_SIDE;
    if (!within(w->left, least, reach) || !within(w->right, least, reach) ||
        !within(w->top, least, reach) || !within(w->bottom, least, reach)) {
        return ct_fail(err, "padding of %d, %d, %d, %d samples; expected %d to %d", w->left,
                       w->right, w->top, w->bottom, least, reach);
    }
    if (!within(w->anchor_x, 0, w->width - 1) || !within(w->anchor_y, 0, w->height - 1)) {
        return ct_fail(err, "anchor %d,%d lies outside the %dx%d window", w->anchor_x, w->anchor_y,
                       w->width, w->height);
    }
    if (stage->offset != 0.0F && !w->keep) {
        return ct_fail(err, "an offset goes only with the window's keep");
    }
    return !w->keep || check_keep(stage, err);
}

static bool check_pool(const conv_stage *stage, ct_error *err) {
    const conv_window *w = &stage->window;
    if (w->dilation_x != 1 || w->dilation_y != 1) { /* all cells might lie outside the image */
        return ct_fail(err, "a dilation of %dx%d; pooling has none", w->dilation_x, w->dilation_y);
    }
    if (2 * w->left > w->width || 2 * w->right > w->width || 2 * w->top > w->height ||
        2 * w->bottom > w->height) {
        return ct_fail(err, "padding is more than half the %dx%d pooling window", w->width,
                       w->height);
    }
    return true;
}

/* Crops and resizes look at no cell but one, or at those that a formula says. */
static bool check_one_cell(const conv_stage *stage, ct_error *err) {
    const conv_window *w = &stage->window;
    if (w->width != 1 || w->height != 1 || w->stride_x != 1 || w->stride_y != 1) {
        return ct_fail(err, "a window of %dx%d cells and a stride of %dx%d; expected 1x1 of both",
                       w->width, w->height, w->stride_x, w->stride_y);
    }
    if (stage->op == CONV_RESIZE && !within(stage->size, 1, CONV_MAX_SIDE)) {
        return ct_fail(err, "a size of %d samples; expected 1 to %d", stage->size, CONV_MAX_SIDE);
    }
    return stage->op == CONV_CROP || (w->left | w->right | w->top | w->bottom) == 0 ||
           ct_fail(err, "padding of %d, %d, %d, %d samples; a resize has none", w->left, w->right,
                   w->top, w->bottom);
}

static bool check_numbers(const double *numbers, size_t count, const char *what, ct_error *err) {
    for (size_t i = 0; numbers && i < count; i++) {
        if (!isfinite((float)numbers[i])) {
            return ct_fail(err, "the %s's number %g is too large", what, numbers[i]);
        }
    }
    return true;
}

static bool check_layer(const conv_stage *stage, int channels, ct_error *err) {
    const conv_window *w = &stage->window;
    size_t count = (size_t)w->width * (size_t)w->height;
    if (!stage->weights) {
        return ct_fail(err, "the layer has no weights");
    }
    if (!within(stage->filters, 1, CONV_MAX_CHANNELS)) {
        return ct_fail(err, "a layer of %d filters; expected 1 to %d", stage->filters,
                       CONV_MAX_CHANNELS);
    }
    const int groups = conv_stage_groups(stage);
    if (!within(groups, 1, CONV_MAX_CHANNELS) || channels % groups || stage->filters % groups) {
        return ct_fail(err, "%d groups; expected a number that divides %d channels and %d filters",
                       groups, channels, stage->filters);
    }
    if (!ct_mul(count, (size_t)(channels / groups), &count) ||
        !ct_mul(count, (size_t)stage->filters, &count)) {
        return ct_fail(err, "the layer has too many weights");
    }
    return check_numbers(stage->weights, count, "layer", err) &&
           check_numbers(stage->bias, (size_t)stage->filters, "bias", err);
}

static bool check_weights(const conv_stage *stage, ct_error *err) {
    const conv_window *w = &stage->window;
    const bool two_factors = stage->column && stage->row;
    if (!stage->weights && !(stage->op == CONV_CORRELATE && two_factors)) {
        return ct_fail(err, "the stage has no weights");
    }
    if (conv_stage_terms(stage) > CONV_MAX_TERMS) {
        return ct_fail(err, "a kernel of %d products; the limit is %d", conv_stage_terms(stage),
                       CONV_MAX_TERMS);
    }
    const size_t terms = (size_t)conv_stage_terms(stage);
    const int wanted = stage->op == CONV_CORRELATE ? 1 : stage->op == CONV_GRADIENT ? 2 : 0;
    if (stage->kernels < 1 || (wanted && stage->kernels != wanted)) {
        return ct_fail(err, "the stage has %d kernels", stage->kernels);
    }
    const size_t width = (size_t)w->width, height = (size_t)w->height;
    return stage->weights ? check_numbers(stage->weights, width * height * (size_t)stage->kernels,
                                          "kernel", err)
                          : check_numbers(stage->column, terms * height, "column", err) &&
                                check_numbers(stage->row, terms * width, "row", err);
}

static bool check_suppress(const conv_stage *stage, ct_error *err) {
    const conv_window *w = &stage->window;
    if (w->width != 5 || w->height != 5 || w->stride_x != 1 || w->stride_y != 1 ||
        w->dilation_x != 1 || w->dilation_y != 1 || w->left != 2 || w->right != 2 || w->top != 2 ||
        w->bottom != 2 || w->border != CONV_REPLICATE) {
        return ct_fail(err, "maxima of gradients need a window of 5x5, replicated beyond the edge");
    }
    return true;
}

static bool check_crossings(const conv_stage *stage, ct_error *err) {
    const conv_window *w = &stage->window;
    return (w->width == 3 && w->height == 3 && w->anchor_x == 1 && w->anchor_y == 1) ||
           ct_fail(err, "zero crossings need a window of 3x3 and its centre");
}

/* Checks what only the stage's operation has: numbers, or pooling's padding. */
static bool check_operation(const conv_stage *stage, int channels, ct_error *err) {
    switch (stage->op) {
    case CONV_POOL:
        return check_pool(stage, err);
    case CONV_LAYER:
        return check_layer(stage, channels, err);
    case CONV_MEDIAN:
        return true;
    case CONV_CROP:
    case CONV_RESIZE:
        return check_one_cell(stage, err);
    case CONV_SUPPRESS:
        return check_suppress(stage, err);
    case CONV_CROSSINGS:
        return check_crossings(stage, err);
    default:
        return check_weights(stage, err);
    }
}

/* The output's samples along one axis; 0 or less where the window doesn't fit. With `ceil_mode` the
 * last window may begin inside and end outside, even if it's the only one: a window of 2 on one
 * sample. */
static int64_t window_output(int64_t in, int64_t cells, int64_t stride, int64_t dilation,
                             int64_t before, int64_t after, bool ceil_mode) {
    const int64_t room = in + before + after - dilation * (cells - 1) - 1;
    if (!ceil_mode) {
        return room < 0 ? 0 : room / stride + 1;
    }
    const int64_t above = room + stride - 1;
    const int64_t out = above < 0 ? 0 : above / stride + 1;
    /* The last window must begin inside the image or the padding before it. */
    return (out - 1) * stride >= in + before ? out - 1 : out;
}

static bool point_channels(const conv_stage *stage, int in, int *out, ct_error *err) {
    switch (stage->point) {
    case CONV_GRAY:
        if (in != 3 && in != 4) {
            return ct_fail(err, "gray needs 3 or 4 channels, not %d", in);
        }
        *out = in - 2;
        return true;
    case CONV_DROP_ALPHA:
    case CONV_PREMULTIPLY:
    case CONV_UNPREMULTIPLY:
    case CONV_WEIGH:
        if (in < 2) {
            return ct_fail(err, "a step on alpha needs 2 or more channels, not %d", in);
        }
        *out = stage->point == CONV_WEIGH        ? 2 * in - 1
               : stage->point == CONV_DROP_ALPHA ? in - 1
                                                 : in;
        return true;
    case CONV_SOFTMAX:
    case CONV_ARGMAX:
    case CONV_NORM: {
        const bool alpha = stage->window.alpha >= 0;
        if (alpha && (in < 2 || stage->window.alpha != in - 1)) {
            return ct_fail(err, "a step on all colours needs alpha, if any, as the last of %d", in);
        }
        *out = stage->point == CONV_SOFTMAX ? in : 1 + alpha;
        return true;
    }
    default:
        *out = in;
        return true;
    }
}

static bool is_weighted(const conv_stage *stage) {
    return stage->op == CONV_CORRELATE &&
           (stage->combine == CONV_WEIGHTED || stage->combine == CONV_WEIGHTED_UNSHARP);
}

static bool turn_shape(const conv_stage *stage, conv_shape *s, ct_error *err) {
    if (!within(stage->turns, 1, 3)) {
        return ct_fail(err, "%d quarter turns; expected 1 to 3", stage->turns);
    }
    if (stage->turns % 2) {
        const int width = s->width;
        s->width = s->height;
        s->height = width;
    }
    return true;
}

bool conv_stage_shape(const conv_stage *stage, conv_shape in, conv_shape *out, ct_error *err) {
    if (!within(in.width, 1, CONV_MAX_SIDE) || !within(in.height, 1, CONV_MAX_SIDE) ||
        !within(in.channels, 1, CONV_MAX_CHANNELS)) {
        return ct_fail(err,
                       "%dx%d samples of %d channels; expected 1 to %d a side, 1 to %d channels",
                       in.width, in.height, in.channels, CONV_MAX_SIDE, CONV_MAX_CHANNELS);
    }
    conv_shape s = in;
    if ((stage->op == CONV_POINT && !point_channels(stage, in.channels, &s.channels, err)) ||
        (stage->op == CONV_TURN && !turn_shape(stage, &s, err))) {
        return false;
    }
    if (stage->op == CONV_GLOBAL) {
        if (stage->pool == CONV_POOL_NEAREST) {
            return ct_fail(err, "the whole image has no nearest sample");
        }
        s.width = s.height = 1;
    }
    if (conv_stage_has_window(stage)) {
        const conv_window *w = &stage->window;
        if (!check_window(stage, err) || !check_operation(stage, in.channels, err)) {
            return false;
        }
        const int64_t row = ((int64_t)in.width + w->left + w->right) * in.channels;
        if (row > CONV_MAX_ROW) {
            return ct_fail(err, "a padded row of %lld samples; the limit is %d", (long long)row,
                           CONV_MAX_ROW);
        }
        const int64_t width = window_output(in.width, w->width, w->stride_x, w->dilation_x, w->left,
                                            w->right, w->ceil);
        const int64_t height = window_output(in.height, w->height, w->stride_y, w->dilation_y,
                                             w->top, w->bottom, w->ceil);
        if (width < 1 || height < 1) {
            const long long reach_x = 1 + (long long)w->dilation_x * (w->width - 1);
            const long long reach_y = 1 + (long long)w->dilation_y * (w->height - 1);
            return ct_fail(err, "the image is %dx%d here, smaller than the %lldx%lld window",
                           in.width, in.height, reach_x, reach_y);
        }
        if (width > CONV_MAX_SIDE || height > CONV_MAX_SIDE) {
            return ct_fail(err, "the result would be larger than %d samples a side", CONV_MAX_SIDE);
        }
        s.width = (int)width;
        s.height = (int)height;
        if (stage->op == CONV_RESIZE) {
            *(stage->axis == CONV_ALONG_X ? &s.width : &s.height) = stage->size;
        } else if (stage->op == CONV_LAYER) {
            s.channels = stage->filters;
        } else if (is_weighted(stage)) {
            if (in.channels < 3 || in.channels % 2 == 0) {
                return ct_fail(err, "a weighted sum needs 3, 5, 7, ... channels, not %d",
                               in.channels);
            }
            s.channels = (in.channels + 1) / 2;
        }
    }
    if (s.channels > CONV_MAX_CHANNELS) {
        return ct_fail(err, "%d channels; the limit is %d", s.channels, CONV_MAX_CHANNELS);
    }
    *out = s;
    return true;
}

void conv_turn_from(const conv_stage *turn, conv_shape in, int *x, int *y) {
    const int across = *x, down = *y;
    switch (turn->turns) {
    case 1:
        *x = down;
        *y = in.height - 1 - across;
        break;
    case 2:
        *x = in.width - 1 - across;
        *y = in.height - 1 - down;
        break;
    default:
        *x = in.width - 1 - down;
        *y = across;
        break;
    }
}
