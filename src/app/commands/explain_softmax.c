#include "app/commands/explain_softmax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The numbers that the output's value is a share of: `count` of them, `step` apart. */
typedef struct group {
    size_t first, step, count;
} group;

/* ONNX operator specification: until opset 12 all dimensions from the axis on count as one. */
static group find_group(const explain_node *n) {
    const net_shape *shape = &n->out.shape;
    const bool flat = n->node->opset < 13;
    int64_t axis = net_int(n->node, "axis", flat ? 1 : -1);
    axis += axis < 0 ? shape->rank : 0;
    group g = {.step = 1, .count = 1};
    for (int i = (int)axis; i < shape->rank; i++) {
        *(flat || i == axis ? &g.count : &g.step) *= (size_t)shape->size[i];
    }
    g.first = n->at - n->at / g.step % g.count * g.step;
    return g;
}

enum { SHOWN = 16 }; /* all powers are, up to so many */

static void part_name(const explain_node *n, size_t i, char text[64]) {
    const group g = find_group(n);
    char number[32];
    snprintf(text, 64, "number %zu: exp(%s - m)", i,
             explain_number(net_real_at(&n->in[0], g.first + i * g.step), number));
}

/* The greatest number is taken off each before, as the network does: else the powers of large
 * numbers are too large to be stored. */
bool explain_node_softmax(const explain_node *n, ct_error *err) {
    const bool is_log = strcmp(n->node->type, "LogSoftmax") == 0;
    const group g = find_group(n);
    const double own = net_real_at(&n->in[0], n->at);
    double *powers = malloc(g.count * sizeof *powers);
    double most = net_real_at(&n->in[0], g.first), absolute = 0;
    char number[32], name[64];
    if (!powers) {
        return ct_fail(err, "out of memory");
    }
    for (size_t i = 1; i < g.count; i++) {
        most = fmax(most, net_real_at(&n->in[0], g.first + i * g.step));
    }
    for (size_t i = 0; i < g.count; i++) {
        powers[i] = exp(net_real_at(&n->in[0], g.first + i * g.step) - most);
    }
    snprintf(name, sizeof name, "m, the greatest of %zu numbers", g.count);
    explain_node_line(n, name, most);
    explain_node shown = *n;
    shown.all = n->all || g.count <= SHOWN;
    const double sum = explain_node_parts(&shown, powers, g.count, part_name, &absolute);
    explain_node_line(n, "the sum of all", sum);
    snprintf(name, sizeof name, is_log ? "%s - m - log(sum)" : "exp(%s - m) / sum",
             explain_number(own, number));
    const double made = is_log ? own - most - log(sum) : exp(own - most) / sum;
    explain_node_result(n, name, made, is_log ? fabs(own - most) + log(sum) : made);
    free(powers);
    return true;
}
