#include "app/commands/explain_product.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where element k of the row (left) or column that the output's value is made of lies. */
static size_t factor_at(const explain_node *n, bool left, int64_t k) {
    const net_shape *shape = &n->in[left ? 0 : 1].shape;
    const int rank = shape->rank, made = n->out.shape.rank;
    const bool gemm = strcmp(n->node->type, "Gemm") == 0;
    const bool turned = gemm && net_int(n->node, left ? "transA" : "transB", 0) != 0;
    const bool other_is_vector = n->in[left ? 1 : 0].shape.rank == 1;
    int64_t place[NET_MOST_DIMENSIONS], own[NET_MOST_DIMENSIONS];
    explain_node_place(&n->out.shape, n->at, place);
    if (rank == 1) {
        return (size_t)k;
    }
    /* The last two dimensions are k, and the output's row or column; those before are the batch. */
    const int batch = made - (other_is_vector ? 1 : 2);
    const int64_t line = left ? place[made - (other_is_vector ? 1 : 2)] : place[made - 1];
    for (int i = 0; i < rank - 2; i++) {
        const int from = batch - (rank - 2) + i;
        own[i] = shape->size[i] == 1 || from < 0 ? 0 : place[from];
    }
    const bool k_last = left != turned;
    own[rank - 2] = k_last ? line : k;
    own[rank - 1] = k_last ? k : line;
    size_t at = 0;
    for (int i = 0; i < rank; i++) {
        at = at * (size_t)shape->size[i] + (size_t)own[i];
    }
    return at;
}

/* Gemm's factor of all products. */
static double alpha_of(const explain_node *n) {
    return strcmp(n->node->type, "Gemm") == 0 ? (double)net_float(n->node, "alpha", 1) : 1;
}

static void product_name(const explain_node *n, size_t k, char text[64]) {
    const double weight = net_real_at(&n->in[1], factor_at(n, false, (int64_t)k));
    char a[32], b[32];
    snprintf(text, 64, "input %zu: %s × %s", k,
             explain_number(net_real_at(&n->in[0], factor_at(n, true, (int64_t)k)), a),
             explain_number(alpha_of(n) * weight, b));
}

bool explain_node_product(const explain_node *n, ct_error *err) {
    const bool gemm = strcmp(n->node->type, "Gemm") == 0;
    const bool turned = gemm && net_int(n->node, "transA", 0) != 0;
    const net_shape *a = &n->in[0].shape;
    const int64_t depth = a->size[turned ? 0 : a->rank - 1];
    const double alpha = alpha_of(n);
    double *products = calloc((size_t)depth + 1, sizeof *products);
    double absolute = 0;
    if (!products) {
        return ct_fail(err, "out of memory");
    }
    for (int64_t k = 0; k < depth; k++) {
        products[k] = alpha * net_real_at(&n->in[0], factor_at(n, true, k)) *
                      net_real_at(&n->in[1], factor_at(n, false, k));
    }
    const bool two = n->names[0] && n->names[1]; /* neither is weights */
    fprintf(n->style->out, "   %lld products of %s and %s\n", (long long)depth,
            two ? n->names[0] : "an input", two ? n->names[1] : "its weight");
    double sum = explain_node_parts(n, products, (size_t)depth, product_name, &absolute);
    if (n->in[2].type != NET_NONE) { /* of MatMul: an Add that was fused with it */
        int64_t place[NET_MOST_DIMENSIONS];
        const net_shape *c = &n->in[2].shape;
        explain_node_place(&n->out.shape, n->at, place);
        size_t at = 0;
        for (int i = 0; i < c->rank; i++) {
            const int64_t own = place[n->out.shape.rank - c->rank + i];
            at = at * (size_t)c->size[i] + (c->size[i] == 1 ? 0 : (size_t)own);
        }
        const double bias =
            (gemm ? (double)net_float(n->node, "beta", 1) : 1) * net_real_at(&n->in[2], at);
        explain_node_line(n, "bias", bias);
        sum += bias;
        absolute += fabs(bias);
    }
    explain_node_result(n, "the sum of all", sum, absolute);
    free(products);
    return true;
}
