#include <string.h>

#include "net/ops/ops.h"

static const net_op *const families[] = {
    net_ops_arg,       net_ops_arithmetic,     net_ops_batch_norm,     net_ops_cast,
    net_ops_clip,      net_ops_compare,        net_ops_concat,         net_ops_constant,
    net_ops_conv,      net_ops_conv_transpose, net_ops_einsum,         net_ops_gather,
    net_ops_gemm,      net_ops_global_pool,    net_ops_grid_sample,    net_ops_group_norm,
    net_ops_if,        net_ops_integer_conv,   net_ops_integer_matmul, net_ops_layer_norm,
    net_ops_logic,     net_ops_loop,           net_ops_made,           net_ops_matmul,
    net_ops_max_pool,  net_ops_max_unpool,     net_ops_mean_pool,      net_ops_other_norm,
    net_ops_pad,       net_ops_power,          net_ops_quantize,       net_ops_rearrange,
    net_ops_reduce,    net_ops_reshape,        net_ops_resize,         net_ops_rnn,
    net_ops_running,   net_ops_scan,           net_ops_scatter,        net_ops_select,
    net_ops_several,   net_ops_slice,          net_ops_softmax,        net_ops_top,
    net_ops_transpose, net_ops_unary,          net_ops_where,
};

const net_op *net_op_at(size_t i) {
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        for (const net_op *op = families[f]; op->name; op++) {
            if (i-- == 0) {
                return op;
            }
        }
    }
    return NULL;
}

const net_op *net_op_find(const char *name, int opset) {
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        for (const net_op *op = families[f]; op->name; op++) {
            if (strcmp(op->name, name) == 0 && opset >= op->since &&
                (op->until == 0 || opset <= op->until)) {
                return op;
            }
        }
    }
    return NULL;
}
