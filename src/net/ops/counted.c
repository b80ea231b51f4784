/* How many products operators take. */
#include <string.h>

#include "base/checked.h"
#include "net/fields.h"

/* A size, or 1 where it is the batch's; -1: not known. */
static int64_t known(int64_t size, int64_t batch) {
    return size >= 0 ? size : batch < 0 && size == batch ? 1 : -1;
}

/* The product of the sizes [first, end); false where one isn't known, or it doesn't fit. */
static bool count(const net_shape *shape, int first, int end, int64_t batch, size_t *out) {
    for (int i = first; i < end; i++) {
        const int64_t size = known(shape->size[i], batch);
        if (size < 0 || !ct_mul(*out, (size_t)size, out)) {
            return false;
        }
    }
    return shape->rank >= 0;
}

/* Each output is the sum of a filter's products; in a transposed one each input goes into so many
 * outputs. Either is a row of the weights, behind their first axis. */
static bool count_conv(const net_call *call, int64_t batch, int weights, bool transposed,
                       size_t *out) {
    const net_tensor *w = net_in(call, weights);
    const net_tensor *over = transposed ? call->in[0] : call->out[0];
    return w && over && count(&over->shape, 0, over->shape.rank, batch, out) &&
           count(&w->shape, 1, w->shape.rank, batch, out);
}

/* Each output is the sum of a row times a column. */
static bool count_product(const net_call *call, int64_t batch, bool turned, size_t *out) {
    const net_tensor *a = call->in[0], *made = call->out[0];
    const int depth = turned ? 0 : a->shape.rank - 1;
    return made && a->shape.rank > 0 && count(&made->shape, 0, made->shape.rank, batch, out) &&
           count(&a->shape, depth, depth + 1, batch, out);
}

/* Every step of every sequence takes all weights of all directions. */
static bool count_recurrent(const net_call *call, int64_t batch, size_t *out) {
    const net_tensor *x = call->in[0], *w = call->in[1], *r = call->in[2];
    size_t in = 1, back = 1, all;
    return x->shape.rank == 3 && count(&w->shape, 0, w->shape.rank, batch, &in) &&
           count(&r->shape, 0, r->shape.rank, batch, &back) && ct_add(in, back, &all) &&
           count(&x->shape, 0, 2, batch, out) && ct_mul(*out, all, out);
}

bool net_op_products(const net_call *call, int64_t batch, uint64_t *products) {
    const char *type = call->node->op->name;
    size_t made = 1;
    bool ok = true;
    if (strcmp(type, "Conv") == 0 || strcmp(type, "ConvInteger") == 0) {
        ok = count_conv(call, batch, 1, false, &made);
    } else if (strcmp(type, "QLinearConv") == 0) {
        ok = count_conv(call, batch, 3, false, &made);
    } else if (strcmp(type, "ConvTranspose") == 0) {
        ok = count_conv(call, batch, 1, true, &made);
    } else if (strcmp(type, "Gemm") == 0) {
        ok = count_product(call, batch, net_int(call->node, "transA", 0) != 0, &made);
    } else if (strcmp(type, "MatMul") == 0 || strcmp(type, "MatMulInteger") == 0 ||
               strcmp(type, "QLinearMatMul") == 0) {
        ok = count_product(call, batch, false, &made);
    } else if (strcmp(type, "RNN") == 0 || strcmp(type, "GRU") == 0 || strcmp(type, "LSTM") == 0) {
        ok = count_recurrent(call, batch, &made);
    } else {
        /* What an equation, a body or a sum over another axis takes isn't counted. */
        ok = strcmp(type, "Einsum") != 0 && strcmp(type, "If") != 0 && strcmp(type, "Loop") != 0;
        made = 0;
    }
    *products = ok ? made : 0;
    return ok;
}
