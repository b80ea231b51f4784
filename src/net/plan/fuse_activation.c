/* Activations that exporters spell out, made one operator again. */
#include <math.h>
#include <string.h>

#include "net/plan/fuse_kinds.h"

/* Adds the name of the operator that it was, once. */
static bool becomes(net_fusing *f, net_step *step, const char *name, int input, bool *done,
                    ct_error *err) {
    const net_op *op = net_op_find(name, NET_NEWEST_OPSET);
    if (!op) {
        return true;
    }
    *done = true;
    return net_fuse_replace(f, step, op, &input, 1, err);
}

static bool limits(const net_fusing *f, const net_step *clip, double *low, double *high) {
    const net_node *node = clip->node;
    if (node->input_count >= 3) {
        return net_fuse_number(f, node->inputs[1], low) &&
               net_fuse_number(f, node->inputs[2], high);
    }
    *low = (double)net_float(node, "min", -INFINITY);
    *high = (double)net_float(node, "max", INFINITY);
    return node->input_count == 1;
}

/* clip(x + 3, 0, 6): x; else -1. */
static int hinge(const net_fusing *f, int value) {
    const net_step *clip = net_fuse_maker(f, value, "Clip");
    double low, high;
    if (!clip || !limits(f, clip, &low, &high) || low != 0 || high != 6) {
        return -1;
    }
    const net_step *sum = net_fuse_maker(f, clip->node->inputs[0], "Add");
    return sum ? net_fuse_other(f, sum, 3) : -1;
}

/* The sixth of a value, by Div or Mul: that value; else -1. */
static int sixth(const net_fusing *f, int value) {
    const net_step *step = net_fuse_maker(f, value, NULL);
    double by;
    if (!step || step->node->input_count != 2) {
        return -1;
    }
    if (strcmp(step->node->type, "Div") == 0) {
        return net_fuse_number(f, step->node->inputs[1], &by) && by == 6 ? step->node->inputs[0]
                                                                         : -1;
    }
    return strcmp(step->node->type, "Mul") == 0 ? net_fuse_other(f, step, 1 / 6.0) : -1;
}

/* x times hinge(x), in either order: x; else -1. */
static int hinged(const net_fusing *f, const net_step *product) {
    for (int i = 0; product && i < 2; i++) {
        const int x = product->node->inputs[i];
        if (x >= 0 && hinge(f, product->node->inputs[1 - i]) == x) {
            return x;
        }
    }
    return -1;
}

/* x hinge(x) / 6, x (hinge(x) / 6), or x HardSigmoid(x) with a slope of 1/6. */
static int hard_swish(const net_fusing *f, int value) {
    const int whole = sixth(f, value);
    const net_step *product = net_fuse_maker(f, value, "Mul");
    int x = whole < 0 ? -1 : hinged(f, net_fuse_maker(f, whole, "Mul"));
    for (int i = 0; x < 0 && product && product->node->input_count == 2 && i < 2; i++) {
        const int one = product->node->inputs[i], other = product->node->inputs[1 - i];
        const net_step *hard = net_fuse_maker(f, other, "HardSigmoid");
        const int part = sixth(f, other);
        if (one >= 0 && part >= 0 && hinge(f, part) == one) {
            x = one;
        } else if (hard && hard->node->inputs[0] == one &&
                   fabsf(net_float(hard->node, "alpha", 0.2F) - 1 / 6.0F) < 1e-6F &&
                   net_float(hard->node, "beta", 0.5F) == 0.5F) {
            x = one;
        }
    }
    return x;
}

/* 1 + erf(x / sqrt 2): x; else -1. */
static int gate(const net_fusing *f, int value) {
    const net_step *sum = net_fuse_maker(f, value, "Add");
    const int erf_value = sum ? net_fuse_other(f, sum, 1) : -1;
    const net_step *erf_step = net_fuse_maker(f, erf_value, "Erf");
    const net_step *scaled = erf_step ? net_fuse_maker(f, erf_step->node->inputs[0], NULL) : NULL;
    double by;
    if (!scaled || scaled->node->input_count != 2) {
        return -1;
    }
    if (strcmp(scaled->node->type, "Div") == 0) {
        return net_fuse_number(f, scaled->node->inputs[1], &by) && fabs(by - M_SQRT2) < 1e-5
                   ? scaled->node->inputs[0]
                   : -1;
    }
    return strcmp(scaled->node->type, "Mul") == 0 ? net_fuse_other(f, scaled, M_SQRT1_2) : -1;
}

/* x gate(x) / 2, the half at any place. */
static int gelu(const net_fusing *f, int value) {
    const net_step *outer = net_fuse_maker(f, value, "Mul");
    if (!outer || outer->node->input_count != 2) {
        return -1;
    }
    const int whole = net_fuse_other(f, outer, 0.5);
    const net_step *inner = whole < 0 ? NULL : net_fuse_maker(f, whole, "Mul");
    for (int i = 0; i < 2; i++) {
        if (inner && inner->node->input_count == 2 &&
            gate(f, inner->node->inputs[1 - i]) == inner->node->inputs[i]) {
            return inner->node->inputs[i];
        }
        const int x = gate(f, outer->node->inputs[1 - i]);
        const net_step *half = net_fuse_maker(f, outer->node->inputs[i], "Mul");
        if (x >= 0 && half && net_fuse_other(f, half, 0.5) == x) {
            return x;
        }
    }
    return -1;
}

/* x tanh(softplus(x)) */
static int mish(const net_fusing *f, int value) {
    const net_step *product = net_fuse_maker(f, value, "Mul");
    for (int i = 0; product && product->node->input_count == 2 && i < 2; i++) {
        const net_step *tanh_step = net_fuse_maker(f, product->node->inputs[1 - i], "Tanh");
        const net_step *soft =
            tanh_step ? net_fuse_maker(f, tanh_step->node->inputs[0], "Softplus") : NULL;
        if (soft && soft->node->inputs[0] == product->node->inputs[i]) {
            return product->node->inputs[i];
        }
    }
    return -1;
}

/* To add one: a row here. */
static const struct {
    const char *name;
    int (*find)(const net_fusing *f, int value);
} patterns[] = {{"HardSwish", hard_swish}, {"Gelu", gelu}, {"Mish", mish}};

bool net_fuse_activation(net_fusing *f, net_step *step, bool *done, ct_error *err) {
    if (step->node->output_count != 1 || step->node->outputs[0] < 0 ||
        f->plan->tensors[step->node->outputs[0]].type != NET_FLOAT) {
        return true;
    }
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        const int x = patterns[i].find(f, step->node->outputs[0]);
        if (x >= 0 && net_shape_equal(&f->plan->tensors[x].shape,
                                      &f->plan->tensors[step->node->outputs[0]].shape)) {
            return becomes(f, step, patterns[i].name, x, done, err);
        }
    }
    return true;
}
