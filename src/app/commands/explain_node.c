#include "app/commands/explain_node.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands/explain_node_window.h"
#include "app/commands/explain_product.h"
#include "app/commands/explain_softmax.h"
#include "net/unary.h"

/* ---- number by number ---- */

static const net_unary *unary_of(const explain_node *n, double numbers[2]) {
    const net_tensor *in[EXPLAIN_NODE_INPUTS];
    for (int i = 0; i < EXPLAIN_NODE_INPUTS; i++) {
        in[i] = n->in[i].type == NET_NONE ? NULL : &n->in[i];
    }
    return net_unary_of(n->node, in, numbers);
}

static bool explain_unary(const explain_node *n, ct_error *err) {
    double numbers[2] = {0}, made;
    const net_unary *f = unary_of(n, numbers);
    if (!f) {
        return ct_fail(err, "the limits of '%s' aren't known", n->node->name);
    }
    const double value = net_real_at(&n->in[0], n->at);
    net_unary_doubles(f, numbers, &made, &value, 1);
    if (!explain_node_input(n, "from", 0, value, err)) {
        return false;
    }
    explain_node_result(n, n->node->type, made, fabs(value));
    return true;
}

/* The value that is stretched to the output's place. */
static double stretched(const explain_node *n, int input) {
    const net_shape *shape = &n->in[input].shape;
    const int less = n->out.shape.rank - shape->rank;
    int64_t place[NET_MOST_DIMENSIONS];
    size_t at = 0;
    explain_node_place(&n->out.shape, n->at, place);
    for (int i = 0; i < shape->rank; i++) {
        at = at * (size_t)shape->size[i] + (shape->size[i] == 1 ? 0 : (size_t)place[less + i]);
    }
    return net_real_at(&n->in[input], at);
}

static bool explain_pair(const explain_node *n, ct_error *err) {
    const char *type = n->node->type;
    const double a = stretched(n, 0), b = stretched(n, 1);
    const double value = strcmp(type, "Add") == 0   ? a + b
                         : strcmp(type, "Sub") == 0 ? a - b
                         : strcmp(type, "Mul") == 0 ? a * b
                         : strcmp(type, "Div") == 0 ? a / b
                                                    : (a < 0 ? a * b : a);
    if (!explain_node_input(n, "from", 0, a, err) || !explain_node_input(n, "and", 1, b, err)) {
        return false;
    }
    explain_node_result(n, type, value, fabs(a) + fabs(b));
    return true;
}

/* ---- all ---- */

/* To add one: a row, and its name in explain_node_names. */
static const struct {
    const char *type;
    bool (*print)(const explain_node *n, ct_error *err);
} explanations[] = {
    {"Conv", explain_node_conv},
    {"MaxPool", explain_node_pool},
    {"AveragePool", explain_node_pool},
    {"GlobalMaxPool", explain_node_pool},
    {"GlobalAveragePool", explain_node_pool},
    {"Gemm", explain_node_product},
    {"MatMul", explain_node_product},
    {"Softmax", explain_node_softmax},
    {"LogSoftmax", explain_node_softmax},
    {"Add", explain_pair},
    {"Sub", explain_pair},
    {"Mul", explain_pair},
    {"Div", explain_pair},
    {"PRelu", explain_pair},
};

const char *explain_node_names(void) {
    return "Conv, pooling, Gemm, MatMul, Softmax, Add, Sub, Mul, Div, and functions of one number, "
           "as "
           "Relu";
}

bool explain_node_is_unary(const net_node *node) {
    return net_unary_find(node->type) != NULL;
}

static size_t find(const net_node *node) {
    size_t i = 0;
    while (i < sizeof explanations / sizeof *explanations &&
           strcmp(explanations[i].type, node->type) != 0) {
        i++;
    }
    return i;
}

bool explain_node_known(const net_node *node) {
    return node->input_count <= EXPLAIN_NODE_INPUTS &&
           (find(node) < sizeof explanations / sizeof *explanations || explain_node_is_unary(node));
}

bool explain_node_print(const explain_node *n, ct_error *err) {
    const size_t i = find(n->node);
    return i < sizeof explanations / sizeof *explanations ? explanations[i].print(n, err)
                                                          : explain_unary(n, err);
}
