#include "net/ops/point_conv.h"

#include <stdlib.h>

#include "conv/matrix.h"
#include "net/ops/conv_sum.h"

/* Products of one or two rows have other last digits, which would depend on the threads. */
enum { LEAST_WIDTH = 3 };

static void free_matrix(net_rows *rows) {
    conv_matrix_free(rows->own);
    free(rows->own);
}

/* How many of the rows [y, end) lie one behind the other. */
static int rows_together(const net_source *in, const float *from, int y, int end, size_t floats) {
    int count = 1;
    while (y + count < end && in->row(in->context, y + count) == from + (size_t)count * floats) {
        count++;
    }
    return count;
}

static void run(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                float *out, size_t stride) {
    const conv_matrix *matrix = rows->own;
    const size_t width = (size_t)rows->out.width, channels = (size_t)rows->in[0].channels;
    const size_t filters = (size_t)rows->out.channels;
    (void)worker;
    for (int y = first, count; y < end; y += count, out += (size_t)count * stride) {
        const float *from = in[0].row(in[0].context, y);
        count = stride == width * filters ? rows_together(in, from, y, end, width * channels) : 1;
        conv_matrix_multiply(matrix, out, filters, from, channels, (size_t)count * width, 0,
                             matrix->panels);
    }
}

static bool is_point(const net_call *call, const net_convolution *conv, const conv_window *w,
                     conv_shape in) {
    return w->width == 1 && w->height == 1 && w->stride_x == 1 && w->stride_y == 1 &&
           w->left == 0 && w->right == 0 && w->top == 0 && w->bottom == 0 && conv->groups == 1 &&
           in.width >= LEAST_WIDTH && call->in[1]->type == NET_FLOAT && net_count(call->in[1]) > 0;
}

bool net_point_conv(const net_call *call, const net_convolution *conv, const conv_window *window,
                    net_rows *out, ct_error *err) {
    const conv_shape in = out->in[0];
    const net_tensor *bias = net_in(call, 2);
    const size_t channels = (size_t)in.channels;
    if (!is_point(call, conv, window, in)) {
        return true;
    }
    conv_matrix *matrix = malloc(sizeof *matrix);
    if (!matrix || !conv_matrix_new(matrix, channels, (size_t)conv->out_channels)) {
        free(matrix);
        return ct_fail(err, "out of memory");
    }
    conv_matrix_pack(matrix, call->in[1]->data, 1, channels, 1);
    conv_matrix_bias(matrix, bias ? bias->data : NULL, 1, 1);
    matrix->relu = net_conv_layer_has_relu(call);
    *out = (net_rows){.out = {in.width, in.height, (int)conv->out_channels},
                      .source_count = 1,
                      .in = {in},
                      .reach = net_same_rows,
                      .run = run,
                      .free = free_matrix,
                      .own = matrix};
    return true;
}
