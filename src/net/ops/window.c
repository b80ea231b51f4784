#include "net/ops/window.h"

#include <string.h>

#include "base/checked.h"

/* Products of two of these fit in 64 bits. */
static const int64_t MOST = INT32_MAX;

static bool read_list(const net_node *node, const char *name, int count, int64_t least,
                      int64_t fallback, int64_t *list, ct_error *err) {
    const int64_t *ints;
    const int given = net_ints(node, name, &ints);
    if (given > 0 && given != count) {
        return ct_fail(err, "%s lists %d numbers, where %d are expected", name, given, count);
    }
    for (int i = 0; i < count; i++) {
        list[i] = given ? ints[i] : fallback;
        if (list[i] < least || list[i] > MOST) {
            return ct_fail(err, "%s lists %lld, which is out of range", name, (long long)list[i]);
        }
    }
    return true;
}

static bool read_padding(const net_node *node, net_window *w, ct_error *err) {
    const char *kind = net_text(node, "auto_pad", "NOTSET");
    int64_t pads[2 * NET_MOST_AXES] = {0};
    w->same_upper = strcmp(kind, "SAME_UPPER") == 0;
    w->same = w->same_upper || strcmp(kind, "SAME_LOWER") == 0;
    if (!w->same && strcmp(kind, "VALID") != 0) {
        if (strcmp(kind, "NOTSET") != 0) {
            return ct_fail(err, "auto_pad is '%s', which isn't known", kind);
        }
        if (!read_list(node, "pads", 2 * w->axes, 0, 0, pads, err)) {
            return false;
        }
    }
    for (int i = 0; i < w->axes; i++) {
        w->before[i] = pads[i];
        w->after[i] = pads[w->axes + i];
    }
    return true;
}

bool net_window_read(const net_node *node, int axes, const int64_t *kernel, net_window *window,
                     ct_error *err) {
    net_window w = {.axes = axes, .ceil = net_int(node, "ceil_mode", 0) != 0};
    if (axes < 1 || axes > NET_MOST_AXES) {
        return ct_fail(err, "its input has %s, where 3 to %d are expected",
                       ct_count((uint64_t)axes + 2, "dimension").text, NET_MOST_DIMENSIONS);
    }
    const int64_t *ints;
    if (!kernel && net_ints(node, "kernel_shape", &ints) == 0) {
        return ct_fail(err, "kernel_shape is missing");
    }
    if (!read_list(node, "kernel_shape", axes, 1, 1, w.kernel, err) ||
        !read_list(node, "strides", axes, 1, 1, w.stride, err) ||
        !read_list(node, "dilations", axes, 1, 1, w.dilation, err) ||
        !read_padding(node, &w, err)) {
        return false;
    }
    const bool told = net_ints(node, "kernel_shape", &ints) > 0;
    for (int i = 0; kernel && i < axes; i++) {
        if (kernel[i] == 0 || kernel[i] > MOST) {
            return ct_fail(err, "its weights have a side of %lld", (long long)kernel[i]);
        }
        if (told && kernel[i] > 0 && w.kernel[i] != kernel[i]) {
            return ct_fail(err, "kernel_shape says %lld, and its weights have a side of %lld",
                           (long long)w.kernel[i], (long long)kernel[i]);
        }
        w.kernel[i] = told ? w.kernel[i] : kernel[i];
    }
    *window = w;
    return true;
}

bool net_window_size(const net_window *w, int axis, int64_t in, net_symbols *symbols, int64_t *out,
                     ct_error *err) {
    const int64_t stride = w->stride[axis];
    const int64_t reach = (w->kernel[axis] - 1) * w->dilation[axis] + 1;
    const int64_t pads = w->before[axis] + w->after[axis];
    bool overflow = false;
    if (w->kernel[axis] < 0) {
        *out = NET_ANY_SIZE;
    } else if (w->same) {
        *out = net_size_affine(symbols, in, 1, stride - 1, stride, &overflow);
    } else if (in < 0) {
        *out = net_size_affine(symbols, in, 1, pads - reach + stride + (w->ceil ? stride - 1 : 0),
                               stride, &overflow);
    } else if (in + pads < reach) {
        return ct_fail(err, "a window of %lld doesn't fit in a side of %lld", (long long)reach,
                       (long long)(in + pads));
    } else {
        *out = (in + pads - reach + (w->ceil ? stride - 1 : 0)) / stride + 1;
        /* A window that would begin beyond the end is left out, as in PyTorch. */
        *out -= w->ceil && (*out - 1) * stride >= in + w->before[axis] ? 1 : 0;
    }
    return !overflow || ct_fail(err, "its output would be too large");
}

void net_window_fix(net_window *w, const int64_t *in) {
    for (int i = 0; w->same && i < w->axes; i++) {
        const int64_t reach = (w->kernel[i] - 1) * w->dilation[i] + 1;
        const int64_t out = (in[i] + w->stride[i] - 1) / w->stride[i];
        const int64_t pads = (out - 1) * w->stride[i] + reach - in[i];
        const int64_t less = pads > 0 ? pads / 2 : 0, more = pads > 0 ? pads - less : 0;
        w->before[i] = w->same_upper ? less : more;
        w->after[i] = w->same_upper ? more : less;
    }
}

/* Numbers that the engine's windows can hold. */
static bool fits(const net_window *w) {
    for (int i = 0; i < w->axes; i++) {
        if (w->kernel[i] > CONV_MAX_KERNEL || w->stride[i] > CONV_MAX_STEP ||
            w->dilation[i] > CONV_MAX_STEP || w->before[i] > CONV_MAX_SIDE ||
            w->after[i] > CONV_MAX_SIDE) {
            return false;
        }
    }
    return w->axes <= 2;
}

bool net_window_engine(const net_window *w, conv_window *window) {
    if (!fits(w)) {
        return false;
    }
    const int x = w->axes - 1;
    *window = (conv_window){.width = (int)w->kernel[x],
                            .height = 1,
                            .stride_x = (int)w->stride[x],
                            .stride_y = 1,
                            .dilation_x = (int)w->dilation[x],
                            .dilation_y = 1,
                            .left = (int)w->before[x],
                            .right = (int)w->after[x],
                            .border = CONV_CONSTANT,
                            .alpha = -1};
    if (x > 0) {
        window->height = (int)w->kernel[0];
        window->stride_y = (int)w->stride[0];
        window->dilation_y = (int)w->dilation[0];
        window->top = (int)w->before[0];
        window->bottom = (int)w->after[0];
    }
    return true;
}

size_t net_window_cells(const net_window *w) {
    size_t cells = 1;
    for (int i = 0; i < w->axes; i++) {
        if (!ct_mul(cells, (size_t)w->kernel[i], &cells)) {
            return SIZE_MAX;
        }
    }
    return cells;
}

bool net_next_cell(const net_window *w, int64_t *cell) {
    for (int i = w->axes - 1; i >= 0; i--) {
        if (++cell[i] < w->kernel[i]) {
            return true;
        }
        cell[i] = 0;
    }
    return false;
}

/* The coarse points [*first, *end) from which the cell lies within the fine grid. */
static void find_range(const net_grids *g, int axis, int64_t shift, int64_t *first, int64_t *end) {
    const int64_t stride = g->window->stride[axis];
    *first = shift < 0 ? (-shift + stride - 1) / stride : 0;
    *end = shift < g->fine[axis] ? (g->fine[axis] - 1 - shift) / stride + 1 : 0;
    *end = *end < g->coarse[axis] ? *end : g->coarse[axis];
}

void net_walk_cell(const net_grids *g, const int64_t *cell, net_line *line, void *argument) {
    const net_window *w = g->window;
    const int last = w->axes - 1;
    int64_t first[NET_MOST_AXES], end[NET_MOST_AXES], shift[NET_MOST_AXES], at[NET_MOST_AXES];
    for (int i = 0; i <= last; i++) {
        shift[i] = cell[i] * w->dilation[i] - w->before[i];
        find_range(g, i, shift[i], &first[i], &end[i]);
        if (first[i] >= end[i]) {
            return;
        }
        at[i] = first[i];
    }
    for (;;) {
        size_t coarse = 0, fine = 0;
        for (int i = 0; i <= last; i++) {
            coarse = coarse * (size_t)g->coarse[i] + (size_t)at[i];
            fine = fine * (size_t)g->fine[i] + (size_t)(at[i] * w->stride[i] + shift[i]);
        }
        line(argument, coarse, fine, (size_t)w->stride[last], (size_t)(end[last] - first[last]));
        int i = last - 1;
        while (i >= 0 && ++at[i] >= end[i]) {
            at[i] = first[i];
            i--;
        }
        if (i < 0) {
            return;
        }
    }
}
