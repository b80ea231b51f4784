/* MatMul, as NumPy's matmul (the ONNX operator specification, opsets 1, 9, 13). Plans may give it a
 * third input, which files can't: a term for each column, with a constant matrix. */
#include <stdlib.h>

#include "net/ops/matrix_shape.h"
#include "net/ops/ops.h"
#include "net/ops/product.h"

static bool matmul_shape(const net_call *call, ct_error *err) {
    const net_tensor *a = call->in[0], *b = call->in[1];
    if (!net_want_number(call, 0, err) || !net_want_type(call, 1, a->type, err) ||
        !net_want_rank(call, 0, 1, NET_MOST_DIMENSIONS, err) ||
        !net_want_rank(call, 1, 1, NET_MOST_DIMENSIONS, err)) {
        return false;
    }
    net_shape out = {.rank = -1};
    if (a->shape.rank > 0 && b->shape.rank > 0 &&
        !net_matmul_shape(&a->shape, &b->shape, &out, err)) {
        return false;
    }
    net_give(call, 0, a->type != NET_NONE ? a->type : b->type, &out);
    return true;
}

static net_product product_of(const net_call *call) {
    const net_shape a = net_matrix_of(&call->in[0]->shape, true);
    const net_shape b = net_matrix_of(&call->in[1]->shape, false);
    const size_t depth = (size_t)a.size[a.rank - 1], columns = (size_t)b.size[b.rank - 1];
    net_product p = {.type = call->in[0]->type,
                     .rows = (size_t)a.size[a.rank - 2],
                     .depth = depth,
                     .columns = columns,
                     .a_row = depth,
                     .a_column = 1,
                     .b_row = columns,
                     .b_column = 1};
    p.axes = (a.rank > b.rank ? a.rank : b.rank) - 2;
    size_t a_step = p.rows * depth, b_step = depth * columns, b_matrices = 1;
    for (int i = 1; i <= p.axes; i++) { /* from the last axis of the batch on */
        const size_t x = i <= a.rank - 2 ? (size_t)a.size[a.rank - 2 - i] : 1;
        const size_t y = i <= b.rank - 2 ? (size_t)b.size[b.rank - 2 - i] : 1;
        const int at = p.axes - i;
        p.size[at] = x == 1 ? y : x;
        p.a_step[at] = x == 1 ? 0 : a_step;
        p.b_step[at] = y == 1 ? 0 : b_step;
        a_step *= x;
        b_step *= y;
        b_matrices *= y;
    }
    if (b_matrices == 1) { /* one matrix on the right: all rows on the left are one matrix's */
        for (; p.axes > 0; p.axes--) {
            p.rows *= p.size[p.axes - 1];
        }
    }
    return p;
}

/* ---- what is made once: a constant matrix on the right is packed ---- */

typedef struct prepared {
    net_product product;
    size_t count; /* of packed matrices */
    conv_matrix all[];
} prepared;

static void matmul_free(void *own) {
    prepared *of = own;
    for (size_t i = 0; i < of->count; i++) {
        conv_matrix_free(&of->all[i]);
    }
    free(of);
}

static bool matmul_make(const net_call *call, void **own, ct_error *err) {
    const net_tensor *b = call->in[1];
    const net_product p = product_of(call);
    const bool packs = b->type == NET_FLOAT && b->data && net_count(b) > 0;
    const size_t count = packs ? net_count(b) / (p.depth * p.columns) : 0;
    prepared *made = calloc(1, sizeof *made + count * sizeof *made->all);
    if (!made) {
        return ct_fail(err, "out of memory");
    }
    made->product = p;
    for (; made->count < count; made->count++) {
        conv_matrix *to = &made->all[made->count];
        if (!conv_matrix_new(to, p.depth, p.columns)) {
            matmul_free(made);
            return ct_fail(err, "out of memory");
        }
        conv_matrix_pack(to, (const float *)b->data + made->count * p.depth * p.columns, p.b_row,
                         p.b_column, 1);
        if (net_in(call, 2)) {
            conv_matrix_bias(to, call->in[2]->data, 1, 1);
        }
    }
    *own = made;
    return true;
}

static bool matmul_run(const net_call *call, ct_error *err) {
    const prepared *own = call->own;
    net_product p = own ? own->product : product_of(call);
    p.packed = own && own->count > 0 ? own->all : NULL;
    float *out = call->out[0]->data;
    if (!net_product_run(&p, call->team, call->in[0]->data, call->in[1]->data, out, err)) {
        return false;
    }
    const float *terms = net_in(call, 2) && !p.packed ? call->in[2]->data : NULL;
    for (size_t i = 0; terms && i < net_count(call->out[0]); i++) {
        out[i] += terms[i % p.columns];
    }
    return true;
}

const net_op net_ops_matmul[] = {
    {.name = "MatMul",
     .since = 1,
     .least = 2,
     .most = 2,
     .outputs = 1,
     .weights = NET_INPUT(0) | NET_INPUT(1) | NET_INPUT(2), /* the last is a bias, fused with it */
     .shape = matmul_shape,
     .run = matmul_run,
     .make = matmul_make,
     .free = matmul_free},
    {0},
};
