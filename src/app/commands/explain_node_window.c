#include "app/commands/explain_node_window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The window is worked out here from the node's attributes, by itself, so that it checks what the
 * network did. */

/* On one image and channel; of one axis it is one row. */
typedef struct view {
    int width, height, stride[2], dilation[2], before[2], after[2]; /* y, x */
    int in[2], x, y; /* of the input; of the output's pixel */
    size_t image;
} view;

static int at_axis(const net_node *node, const char *name, int axes, int axis, int fallback) {
    const int64_t *ints;
    const int count = net_ints(node, name, &ints), i = axis - (2 - axes);
    return i >= 0 && i < count ? (int)ints[i] : fallback;
}

/* `kernel`: sizes y, x; 0: the whole input's. False where it has more than two axes. */
static bool look(const explain_node *n, const int kernel[2], view *v, ct_error *err) {
    const int rank = n->out.shape.rank, axes = rank - 2;
    const char *pad = net_text(n->node, "auto_pad", "NOTSET");
    int64_t place[NET_MOST_DIMENSIONS];
    if (rank != 3 && rank != 4) {
        return ct_fail(err, "'%s' has %s, and explain shows windows of one or two", n->node->name,
                       ct_count((uint64_t)axes, "axis").text);
    }
    explain_node_place(&n->out.shape, n->at, place);
    *v = (view){
        .x = (int)place[rank - 1], .y = rank == 4 ? (int)place[2] : 0, .image = (size_t)place[0]};
    for (int a = 0; a < 2; a++) {
        v->in[a] = a == 0 && rank == 3 ? 1 : (int)n->in[0].shape.size[rank - 2 + a];
        const int out = a == 0 && rank == 3 ? 1 : (int)n->out.shape.size[rank - 2 + a];
        const int size = kernel[a] > 0 ? kernel[a] : v->in[a];
        v->stride[a] = at_axis(n->node, "strides", axes, a, 1);
        v->dilation[a] = at_axis(n->node, "dilations", axes, a, 1);
        v->before[a] = at_axis(n->node, "pads", axes, a, 0);
        v->after[a] = a == 0 && axes == 1 ? 0 : at_axis(n->node, "pads", 2 * axes, a, 0);
        if (strncmp(pad, "SAME", 4) == 0) {
            const int all = (out - 1) * v->stride[a] + (size - 1) * v->dilation[a] + 1 - v->in[a];
            v->before[a] = all < 0 ? 0 : strcmp(pad, "SAME_UPPER") == 0 ? all / 2 : all - all / 2;
            v->after[a] = all < 0 ? 0 : all - v->before[a];
        }
        *(a == 0 ? &v->height : &v->width) = size;
    }
    return true;
}

static bool new_window(const view *v, explain_window *w, ct_error *err) {
    const size_t cells = (size_t)v->width * (size_t)v->height;
    const int column = v->before[1] / v->dilation[1], row = v->before[0] / v->dilation[0];
    const bool centred = v->before[1] % v->dilation[1] == 0 && column < v->width &&
                         v->before[0] % v->dilation[0] == 0 && row < v->height;
    *w = (explain_window){.width = v->width,
                          .height = v->height,
                          .channels = 1,
                          .first_x = v->x * v->stride[1] - v->before[1],
                          .first_y = v->y * v->stride[0] - v->before[0],
                          .step_x = v->dilation[1],
                          .step_y = v->dilation[0],
                          .centre = centred ? row * v->width + column : -1};
    w->values = calloc(cells, sizeof *w->values);
    w->beyond = calloc(cells, sizeof *w->beyond);
    return (w->values && w->beyond) || ct_fail(err, "out of memory");
}

/* The samples of one channel. */
static void fill(const explain_node *n, const view *v, int channel, explain_window *w) {
    const size_t plane = (size_t)v->in[0] * (size_t)v->in[1];
    const size_t channels = (size_t)n->in[0].shape.size[1];
    for (int i = 0; i < v->width * v->height; i++) {
        const int x = w->first_x + i % v->width * v->dilation[1];
        const int y = w->first_y + i / v->width * v->dilation[0];
        w->beyond[i] = x < 0 || y < 0 || x >= v->in[1] || y >= v->in[0];
        w->values[i] =
            w->beyond[i]
                ? 0
                : (float)net_real_at(&n->in[0], (v->image * channels + (size_t)channel) * plane +
                                                    (size_t)y * (size_t)v->in[1] + (size_t)x);
    }
}

static void print_window(const explain_node *n, const view *v, const explain_window *w) {
    fprintf(n->style->out, "   window %d%s%d, from column %d and row %d", v->width, n->style->times,
            v->height, w->first_x, w->first_y);
    if (v->dilation[0] > 1 || v->dilation[1] > 1) {
        fprintf(n->style->out, ", dilation %dx%d", v->dilation[1], v->dilation[0]);
    }
    fputc('\n', n->style->out);
}

/* ---- convolution ---- */

static void channel_name(const explain_node *n, size_t i, char text[64]) {
    const int64_t groups = net_int(n->node, "group", 1), filters = n->in[1].shape.size[0];
    int64_t place[NET_MOST_DIMENSIONS];
    explain_node_place(&n->out.shape, n->at, place);
    const int64_t first = place[1] / (filters / groups) * n->in[1].shape.size[1];
    snprintf(text, 64, "input channel %lld, the products' sum", (long long)(first + (int64_t)i));
}

typedef struct filter {
    int first, inputs; /* channels that it sees */
    double *weights;   /* inputs x height x width */
    double *sums;      /* of each input */
} filter;

/* Shows the products of the channel with the greatest sum (or of all), then the sums. */
static void print_conv(const explain_node *n, const view *v, const filter *f, explain_window *w) {
    enum { READABLE = 3 };
    const size_t cells = (size_t)v->width * (size_t)v->height;
    const size_t greatest = explain_node_greatest(f->sums, (size_t)f->inputs);
    double absolute = 0;
    print_window(n, v, w);
    for (int c = 0; c < f->inputs; c++) {
        if (f->inputs <= READABLE || n->all || (size_t)c == greatest) {
            fill(n, v, f->first + c, w);
            fprintf(n->style->out, "   input channel %d%s:\n", f->first + c,
                    f->inputs <= READABLE || n->all ? "" : ", which adds most");
            explain_table(n->style, &(explain_cells){.window = w,
                                                     .weights = f->weights + (size_t)c * cells,
                                                     .chosen = -1});
        }
    }
    double sum = explain_node_parts(n, f->sums, (size_t)f->inputs, channel_name, &absolute);
    if (n->in[2].type != NET_NONE) {
        int64_t place[NET_MOST_DIMENSIONS];
        explain_node_place(&n->out.shape, n->at, place);
        const double bias = net_real_at(&n->in[2], (size_t)place[1]);
        explain_node_line(n, "bias", bias);
        sum += bias;
        absolute += fabs(bias);
    }
    explain_node_result(
        n, n->in[2].type != NET_NONE ? "the sum of all, and the bias" : "the sum of all", sum,
        absolute);
}

bool explain_node_conv(const explain_node *n, ct_error *err) {
    const net_shape *shape = &n->in[1].shape;
    const int kernel[] = {shape->rank == 4 ? (int)shape->size[2] : 1,
                          (int)shape->size[shape->rank - 1]};
    int64_t place[NET_MOST_DIMENSIONS];
    view v;
    explain_window w = {0};
    if (!look(n, kernel, &v, err)) {
        return false;
    }
    explain_node_place(&n->out.shape, n->at, place);
    const int groups = (int)net_int(n->node, "group", 1);
    filter f = {.inputs = (int)shape->size[1]};
    f.first = (int)place[1] / ((int)shape->size[0] / groups) * f.inputs;
    const size_t cells = (size_t)v.width * (size_t)v.height, count = cells * (size_t)f.inputs;
    f.weights = calloc(count + 1, sizeof *f.weights);
    f.sums = calloc((size_t)f.inputs + 1, sizeof *f.sums);
    bool ok = f.weights && f.sums ? new_window(&v, &w, err) : ct_fail(err, "out of memory");
    for (size_t i = 0; ok && i < count; i++) {
        f.weights[i] = net_real_at(&n->in[1], (size_t)place[1] * count + i);
    }
    for (int c = 0; ok && c < f.inputs; c++) {
        fill(n, &v, f.first + c, &w);
        for (size_t i = 0; i < cells; i++) {
            f.sums[c] += f.weights[(size_t)c * cells + i] * (double)w.values[i];
        }
    }
    if (ok) {
        print_conv(n, &v, &f, &w);
    }
    free(f.weights);
    free(f.sums);
    explain_window_free(&w);
    return ok;
}

/* ---- pooling ---- */

bool explain_node_pool(const explain_node *n, ct_error *err) {
    enum { READABLE = 1024 /* cells */ };
    const int axes = n->out.shape.rank - 2;
    const bool global = strncmp(n->node->type, "Global", 6) == 0;
    const bool mean = strstr(n->node->type, "Average") != NULL;
    const int kernel[] = {global ? 0 : at_axis(n->node, "kernel_shape", axes, 0, 1),
                          global ? 0 : at_axis(n->node, "kernel_shape", axes, 1, 1)};
    int64_t place[NET_MOST_DIMENSIONS];
    view v;
    explain_window w;
    if (!look(n, kernel, &v, err) || !new_window(&v, &w, err)) {
        return false;
    }
    explain_node_place(&n->out.shape, n->at, place);
    fill(n, &v, (int)place[1], &w);
    const bool outside = net_int(n->node, "count_include_pad", 0) != 0;
    int chosen = -1, count = 0;
    double sum = 0, absolute = 0;
    for (int i = 0; i < v.width * v.height; i++) {
        const double value = (double)w.values[i];
        if (!w.beyond[i]) {
            chosen = chosen < 0 || value > (double)w.values[chosen] ? i : chosen;
            sum += value;
            absolute += fabs(value);
        }
        /* Rounding up may make windows that go on beyond the padding; that part never counts. */
        const int x = w.first_x + i % v.width * v.dilation[1];
        const int y = w.first_y + i / v.width * v.dilation[0];
        const bool padded = x < v.in[1] + v.after[1] && y < v.in[0] + v.after[0];
        count += !w.beyond[i] || (outside && padded);
    }
    print_window(n, &v, &w);
    if (v.width * v.height <= READABLE) {
        explain_table(n->style, &(explain_cells){.window = &w, .chosen = mean ? -1 : chosen});
    }
    if (mean) {
        explain_node_line(n, "sum", sum);
        explain_node_line(n, "divided by", count);
        explain_node_result(n, "the mean", sum / count, absolute / count);
    } else {
        explain_node_result(n, "the greatest", chosen < 0 ? -INFINITY : (double)w.values[chosen],
                            0);
    }
    explain_window_free(&w);
    return true;
}
