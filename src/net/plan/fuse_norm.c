/* Layer normalisation over the last axis, as exporters before opset 17 spell it out:
 *
 *   mean = ReduceMean(x), less = x - mean, variance = ReduceMean(less^2)
 *   less / sqrt(variance + epsilon) * factors + terms */
#include <string.h>

#include "net/plan/fuse_kinds.h"

/* Of a step with two inputs in any order, one of which is a constant row of `size` floats: the
 * other, and the constant; -1 where it isn't so. */
static int row_and(const net_fusing *f, const net_step *step, int64_t size, int *constant) {
    for (int i = 0; step && step->node->input_count == 2 && i < 2; i++) {
        const int value = step->node->inputs[i];
        const net_tensor *row = value < 0 ? NULL : &f->plan->tensors[value];
        if (row && row->data && row->type == NET_FLOAT && row->shape.rank == 1 &&
            row->shape.size[0] == size) {
            *constant = value;
            return step->node->inputs[1 - i];
        }
    }
    return -1;
}

/* The mean along the last axis, which stays as an axis of size 1: of that value; else -1. */
static int meant(const net_fusing *f, int value) {
    const net_step *step = net_fuse_maker(f, value, "ReduceMean");
    const int64_t *axes;
    if (!step || step->node->input_count != 1 || net_int(step->node, "keepdims", 1) == 0 ||
        net_ints(step->node, "axes", &axes) != 1) {
        return -1;
    }
    const int from = step->node->inputs[0];
    const int rank = f->plan->tensors[from].shape.rank;
    return rank > 0 && (axes[0] == -1 || axes[0] == rank - 1) ? from : -1;
}

/* less^2: less; else -1. */
static int squared(const net_fusing *f, int value) {
    const net_step *step = net_fuse_maker(f, value, NULL);
    double power;
    if (!step || step->node->input_count != 2) {
        return -1;
    }
    const int *in = step->node->inputs;
    const bool square =
        strcmp(step->node->type, "Pow") == 0 && net_fuse_number(f, in[1], &power) && power == 2;
    return square || (strcmp(step->node->type, "Mul") == 0 && in[0] == in[1]) ? in[0] : -1;
}

/* sqrt(mean(less^2) + epsilon): less; else -1. */
static int deviation(const net_fusing *f, int value, double *epsilon) {
    const net_step *root = net_fuse_maker(f, value, "Sqrt");
    const net_step *sum = root ? net_fuse_maker(f, root->node->inputs[0], "Add") : NULL;
    for (int i = 0; sum && i < 2; i++) {
        if (net_fuse_number(f, sum->node->inputs[1 - i], epsilon)) {
            return squared(f, meant(f, sum->node->inputs[i]));
        }
    }
    return -1;
}

static bool becomes(net_fusing *f, net_step *step, const int inputs[3], double epsilon,
                    ct_error *err) {
    const net_op *op = net_op_find("LayerNormalization", NET_NEWEST_OPSET);
    net_attribute *attribute = net_pool_get(&f->plan->pool, 1, sizeof *attribute, err);
    net_node *node = net_pool_get(&f->plan->pool, 1, sizeof *node, err);
    if (!attribute || !node || !net_fuse_replace(f, step, op, inputs, 3, err)) {
        return false;
    }
    *attribute =
        (net_attribute){.name = "epsilon", .kind = NET_ATTRIBUTE_FLOAT, .f = (float)epsilon};
    *node = *step->node;
    node->attributes = attribute;
    node->attribute_count = 1;
    step->node = node;
    return true;
}

bool net_fuse_norm(net_fusing *f, net_step *step, bool *done, ct_error *err) {
    if (strcmp(step->node->type, "Add") != 0) {
        return true;
    }
    const net_tensor *out = &f->plan->tensors[step->node->outputs[0]];
    const int64_t size = out->shape.rank > 0 ? out->shape.size[out->shape.rank - 1] : -1;
    int inputs[3];
    double epsilon;
    if (out->type != NET_FLOAT || size < 1) {
        return true;
    }
    const net_step *product = net_fuse_maker(f, row_and(f, step, size, &inputs[2]), "Mul");
    const net_step *share = net_fuse_maker(f, row_and(f, product, size, &inputs[1]), "Div");
    const int less = share ? deviation(f, share->node->inputs[1], &epsilon) : -1;
    const net_step *difference = net_fuse_maker(f, less, "Sub");
    if (!difference || share->node->inputs[0] != less) {
        return true;
    }
    inputs[0] = difference->node->inputs[0];
    if (meant(f, difference->node->inputs[1]) != inputs[0] ||
        !net_shape_equal(&f->plan->tensors[inputs[0]].shape, &out->shape)) {
        return true;
    }
    *done = true;
    return becomes(f, step, inputs, epsilon, err);
}
