/* Gemm: alpha A B + beta C, A and B turned or not (the ONNX operator specification, opsets 1 to
 * 13). */
#include <stdlib.h>

#include "net/ops/ops.h"
#include "net/ops/product.h"
#include "net/unary.h"

static bool gemm_shape(const net_call *call, ct_error *err) {
    const net_tensor *a = call->in[0], *b = call->in[1], *c = net_in(call, 2);
    if (!net_want_number(call, 0, err) || !net_want_type(call, 1, a->type, err) ||
        !net_want_type(call, 2, a->type, err) || !net_want_rank(call, 0, 2, 2, err) ||
        !net_want_rank(call, 1, 2, 2, err) || !net_want_rank(call, 2, 0, 2, err)) {
        return false;
    }
    const bool turn_a = net_int(call->node, "transA", 0) != 0;
    const bool turn_b = net_int(call->node, "transB", 0) != 0;
    net_shape out = {.rank = 2, .size = {NET_ANY_SIZE, NET_ANY_SIZE}};
    if (a->shape.rank == 2 && b->shape.rank == 2) {
        const int64_t depth = a->shape.size[!turn_a], rows = b->shape.size[turn_b];
        if (depth >= 0 && rows >= 0 && depth != rows) {
            return ct_fail(err, "a matrix of %lld columns can't be multiplied by one of %lld rows",
                           (long long)depth, (long long)rows);
        }
    }
    out.size[0] = a->shape.rank == 2 ? a->shape.size[turn_a] : NET_ANY_SIZE;
    out.size[1] = b->shape.rank == 2 ? b->shape.size[!turn_b] : NET_ANY_SIZE;
    for (int i = 1; c && i <= c->shape.rank; i++) {
        const int64_t size = c->shape.size[c->shape.rank - i], whole = out.size[2 - i];
        if (size >= 0 && whole >= 0 && size != 1 && size != whole) {
            return ct_fail(err, "the term's size %lld along axis %d can't be stretched to %lld",
                           (long long)size, c->shape.rank - i, (long long)whole);
        }
    }
    net_give(call, 0, a->type != NET_NONE ? a->type : b->type, &out);
    return true;
}

static net_product product_of(const net_call *call) {
    const net_shape *a = &call->in[0]->shape, *b = &call->in[1]->shape;
    const bool turn_a = net_int(call->node, "transA", 0) != 0;
    const bool turn_b = net_int(call->node, "transB", 0) != 0;
    const size_t a_width = (size_t)a->size[1], b_width = (size_t)b->size[1];
    return (net_product){.type = call->in[0]->type,
                         .rows = (size_t)a->size[turn_a],
                         .depth = (size_t)a->size[!turn_a],
                         .columns = (size_t)b->size[!turn_b],
                         .a_row = turn_a ? 1 : a_width,
                         .a_column = turn_a ? a_width : 1,
                         .b_row = turn_b ? 1 : b_width,
                         .b_column = turn_b ? b_width : 1};
}

/* ---- constants ---- */

typedef struct packed {
    net_product product;
    conv_matrix b; /* times alpha */
    bool with_c;   /* its biases are beta C */
} packed;

static void gemm_free(void *own) {
    packed *of = own;
    conv_matrix_free(&of->b);
    free(of);
}

/* One term for each column, or one for all. */
static bool is_bias(const net_tensor *c, size_t columns) {
    const net_shape *shape = &c->shape;
    const size_t count = net_count(c);
    return c->type == NET_FLOAT && c->data &&
           (count == 1 || (count == columns && shape->size[shape->rank - 1] == (int64_t)columns));
}

static bool gemm_make(const net_call *call, void **own, ct_error *err) {
    const net_tensor *b = call->in[1], *c = net_in(call, 2);
    if (b->type != NET_FLOAT || !b->data) {
        return true;
    }
    const net_product p = product_of(call);
    packed *made = calloc(1, sizeof *made);
    if (made) {
        made->product = p;
    }
    if (!made || !conv_matrix_new(&made->b, p.depth, p.columns)) {
        free(made);
        return ct_fail(err, "out of memory");
    }
    conv_matrix_pack(&made->b, b->data, p.b_row, p.b_column, net_float(call->node, "alpha", 1));
    if (c && is_bias(c, p.columns)) {
        conv_matrix_bias(&made->b, c->data, net_count(c) > 1, net_float(call->node, "beta", 1));
        made->with_c = true;
    }
    made->b.relu = call->node->relu && (made->with_c || !c);
    *own = made;
    return true;
}

/* ---- running ---- */

/* out = factor out + beta C, with C's steps from row to row and from column to column. */
#define FINISH(name, type, wide)                                                                   \
    static void name(void *to, const net_product *p, float alpha, const void *term, size_t down,   \
                     size_t along, float beta) {                                                   \
        type *restrict out = to;                                                                   \
        for (size_t i = 0; i < p->rows; i++, out += p->columns) {                                  \
            for (size_t j = 0; alpha != 1 && j < p->columns; j++) {                                \
                out[j] = (type)((wide)alpha * (wide)out[j]);                                       \
            }                                                                                      \
            const type *restrict c = term ? (const type *)term + i * down : NULL;                  \
            for (size_t j = 0; c && beta == 1 && j < p->columns; j++) {                            \
                out[j] = (type)((wide)out[j] + (wide)c[j * along]);                                \
            }                                                                                      \
            for (size_t j = 0; c && beta != 1 && j < p->columns; j++) {                            \
                out[j] = (type)((wide)out[j] + (wide)beta * (wide)c[j * along]);                   \
            }                                                                                      \
        }                                                                                          \
    }
FINISH(finish_floats, float, float)
FINISH(finish_doubles, double, double)
#undef FINISH

/* Whole numbers: the same, through doubles, and wrapping. */
static uint64_t whole(double x) {
    return x >= 9.2233720368547758e18   ? (uint64_t)INT64_MAX
           : x > -9.2233720368547758e18 ? (uint64_t)(int64_t)x
                                        : (uint64_t)INT64_MIN;
}

static void finish_whole(net_tensor *to, const net_product *p, float alpha, const net_tensor *term,
                         size_t down, size_t along, float beta) {
    for (size_t i = 0; i < p->rows * p->columns; i++) {
        uint64_t sum = (uint64_t)net_whole_at(to, i);
        if (alpha != 1) {
            sum = whole((double)alpha * net_real_at(to, i));
        }
        if (term) {
            const size_t at = i / p->columns * down + i % p->columns * along;
            sum += beta == 1 ? (uint64_t)net_whole_at(term, at)
                             : whole((double)beta * net_real_at(term, at));
        }
        switch (net_type_size(to->type)) {
        case 1:
            ((uint8_t *)to->data)[i] = (uint8_t)sum;
            break;
        case 2:
            ((uint16_t *)to->data)[i] = (uint16_t)sum;
            break;
        case 4:
            ((uint32_t *)to->data)[i] = (uint32_t)sum;
            break;
        default:
            ((uint64_t *)to->data)[i] = sum;
            break;
        }
    }
}

static bool multiply(const net_call *call, ct_error *err) {
    const packed *own = call->own;
    const net_tensor *c = own && own->with_c ? NULL : net_in(call, 2);
    net_tensor *out = call->out[0];
    net_product p = own ? own->product : product_of(call);
    p.packed = own ? &own->b : NULL;
    if (!net_product_run(&p, call->team, call->in[0]->data, call->in[1]->data, out->data, err)) {
        return false;
    }
    if (own && !c) {
        return true;
    }
    const float alpha = own ? 1 : net_float(call->node, "alpha", 1);
    const float beta = net_float(call->node, "beta", 1);
    const int rank = c ? c->shape.rank : 0;
    const size_t along = rank > 0 && c->shape.size[rank - 1] != 1;
    const size_t down = rank == 2 && c->shape.size[0] != 1 ? (size_t)c->shape.size[1] : 0;
    if (!c && alpha == 1) {
        return true;
    }
    const void *term = c ? c->data : NULL;
    if (p.type == NET_FLOAT) {
        finish_floats(out->data, &p, alpha, term, down, along, beta);
    } else if (p.type == NET_DOUBLE) {
        finish_doubles(out->data, &p, alpha, term, down, along, beta);
    } else {
        finish_whole(out, &p, alpha, c, down, along, beta);
    }
    return true;
}

static bool gemm_run(const net_call *call, ct_error *err) {
    const packed *own = call->own;
    const bool ok = multiply(call, err);
    if (ok && call->node->relu && !(own && own->b.relu)) {
        net_relu(call->out[0]);
    }
    return ok;
}

const net_op net_ops_gemm[] = {
    {.name = "Gemm",
     .since = 1,
     .least = 2,
     .most = 3,
     .outputs = 1,
     .weights = NET_INPUT(0) | NET_INPUT(1) | NET_INPUT(2),
     .shape = gemm_shape,
     .run = gemm_run,
     .make = gemm_make,
     .free = gemm_free},
    {0},
};
