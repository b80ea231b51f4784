#include "net/ops/conv_sum.h"

#include <stdlib.h>

#include "conv/rows/table.h"

typedef struct conv_sum {
    net_rows conv;
    bool relu;
} conv_sum;

static void reach(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    const conv_sum *s = rows->own;
    if (source == 0) {
        s->conv.reach(&s->conv, 0, first, end, from, to);
    } else {
        net_same_rows(rows, source, first, end, from, to);
    }
}

static void run(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                float *out, size_t stride) {
    const conv_sum *s = rows->own;
    const rows_table *kernels = rows_chosen();
    const size_t floats = (size_t)rows->out.width * (size_t)rows->out.channels;
    s->conv.run(&s->conv, worker, first, end, in, out, stride);
    for (int y = first; y < end; y++, out += stride) {
        kernels->accumulate(out, in[1].row(in[1].context, y), floats);
        if (s->relu) {
            kernels->relu(out, out, floats);
        }
    }
}

static void *enter(const net_rows *rows, void *memory) {
    const conv_sum *s = rows->own;
    return s->conv.enter(&s->conv, memory);
}

static void free_sum(net_rows *rows) {
    conv_sum *s = rows->own;
    s->conv.free(&s->conv);
    free(s);
}

bool net_conv_rows_suffice(const net_call *call) {
    const net_tensor *sum = net_in(call, NET_CONV_SUM);
    conv_shape shape;
    return !sum || net_image_shape(&sum->shape, &shape);
}

bool net_conv_layer_has_relu(const net_call *call) {
    return call->node->relu && !net_in(call, NET_CONV_SUM);
}

bool net_conv_add_rows(net_rows *rows, bool relu, ct_error *err) {
    conv_sum *s = malloc(sizeof *s);
    if (!s) {
        rows->free(rows);
        return ct_fail(err, "out of memory");
    }
    *s = (conv_sum){.conv = *rows, .relu = relu};
    rows->source_count = 2;
    rows->source[1] = NET_CONV_SUM;
    rows->in[1] = rows->out;
    rows->reach = reach;
    rows->run = run;
    rows->enter = rows->enter ? enter : NULL;
    rows->free = free_sum;
    rows->own = s;
    return true;
}
