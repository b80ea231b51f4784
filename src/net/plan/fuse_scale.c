/* A convolution followed by a factor and a term for each channel (batch normalisation, or Mul and
 * Add with constants) is a convolution with other weights. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/plan/fuse_kinds.h"

typedef struct change {
    double *factor, *term; /* of each output channel */
    size_t channels;
} change;

/* Element c of a constant that has one number, or one for each channel along axis 1 of `rank`. */
static bool per_channel(const net_tensor *constant, size_t channels, int rank) {
    size_t count;
    if (!constant->data || constant->type != NET_FLOAT ||
        !net_shape_count(&constant->shape, &count)) {
        return false;
    }
    const int axis = constant->shape.rank - (rank - 1);
    return count == 1 ||
           (count == channels && axis >= 0 && constant->shape.size[axis] == (int64_t)channels);
}

static double number_at(const net_tensor *constant, size_t c) {
    return net_real_at(constant, net_count(constant) == 1 ? 0 : c);
}

static bool of_normalization(const net_fusing *f, const net_node *node, change *to) {
    const net_tensor *t[5];
    for (int i = 1; i < 5; i++) {
        t[i] = node->input_count == 5 && node->inputs[i] >= 0 ? &f->plan->tensors[node->inputs[i]]
                                                              : NULL;
        if (!t[i] || !t[i]->data || t[i]->type != NET_FLOAT || net_count(t[i]) != to->channels) {
            return false;
        }
    }
    if (node->output_count != 1 || net_int(node, "training_mode", 0) != 0) {
        return false;
    }
    const double epsilon = (double)net_float(node, "epsilon", 1e-5F);
    for (size_t c = 0; c < to->channels; c++) {
        to->factor[c] = net_real_at(t[1], c) / sqrt(net_real_at(t[4], c) + epsilon);
        to->term[c] = net_real_at(t[2], c) - net_real_at(t[3], c) * to->factor[c];
    }
    return true;
}

static bool of_arithmetic(const net_fusing *f, const net_node *node, int value, change *to) {
    const char op = strcmp(node->type, "Mul") == 0   ? '*'
                    : strcmp(node->type, "Add") == 0 ? '+'
                    : strcmp(node->type, "Sub") == 0 ? '-'
                    : strcmp(node->type, "Div") == 0 ? '/'
                                                     : 0;
    const int at = node->input_count == 2 && node->inputs[0] == value ? 1 : 0;
    if (!op || node->input_count != 2 || node->inputs[1 - at] != value ||
        (at == 0 && (op == '-' || op == '/'))) {
        return false;
    }
    const net_tensor *constant = &f->plan->tensors[node->inputs[at]];
    const int rank = f->plan->tensors[value].shape.rank;
    if (constant->shape.rank > rank || !per_channel(constant, to->channels, rank)) {
        return false;
    }
    for (size_t c = 0; c < to->channels; c++) {
        const double number = number_at(constant, c);
        to->factor[c] = op == '*' ? number : op == '/' ? 1 / number : 1;
        to->term[c] = op == '+' ? number : op == '-' ? -number : 0;
    }
    return true;
}

/* NULL: it's left out. */
static const net_tensor *bias_of(const net_plan *plan, const net_node *conv) {
    return conv->input_count > 2 && conv->inputs[2] >= 0 ? &plan->tensors[conv->inputs[2]] : NULL;
}

/* The output channels of a convolution with constant weights; 0: it isn't one. */
static size_t channels_of(const net_fusing *f, const net_node *conv, bool *transposed) {
    *transposed = strcmp(conv->type, "ConvTranspose") == 0;
    if ((!*transposed && strcmp(conv->type, "Conv") != 0) || conv->input_count < 2 ||
        conv->input_count > 3 || conv->relu) {
        return 0;
    }
    const net_tensor *weights = &f->plan->tensors[conv->inputs[1]];
    const net_tensor *bias = bias_of(f->plan, conv);
    if (!weights->data || weights->type != NET_FLOAT || weights->shape.rank < 3 ||
        net_count(weights) == 0 || (bias && (!bias->data || bias->type != NET_FLOAT))) {
        return 0;
    }
    return (size_t)weights->shape.size[*transposed] *
           (*transposed ? (size_t)net_int(conv, "group", 1) : 1);
}

static void scale_weights(const net_tensor *weights, bool transposed, const change *by, float *to) {
    const size_t count = net_count(weights), own = (size_t)weights->shape.size[transposed];
    const size_t cells = net_shape_product(&weights->shape, 2, weights->shape.rank);
    const size_t inputs = (size_t)weights->shape.size[!transposed];
    const size_t groups = by->channels / own; /* 1 unless transposed */
    for (size_t i = 0; i < count; i++) {
        /* (out, in, cells...), or transposed, (in, out of its group, cells...) */
        const size_t channel = transposed
                                   ? i / cells / own / (inputs / groups) * own + i / cells % own
                                   : i / (count / own);
        to[i] = (float)((double)((const float *)weights->data)[i] * by->factor[channel]);
    }
}

static void move_bias(const net_tensor *old, const change *by, float *to) {
    for (size_t c = 0; c < by->channels; c++) {
        to[c] = (float)((old ? net_real_at(old, c) : 0) * by->factor[c] + by->term[c]);
    }
}

static bool change_conv(net_fusing *f, net_step *step, const net_step *conv, bool transposed,
                        const change *by, ct_error *err) {
    net_plan *plan = f->plan;
    const net_node *old = conv->node;
    const net_tensor weights = plan->tensors[old->inputs[1]];
    const net_shape list = {.rank = 1, .size = {(int64_t)by->channels}};
    const int w =
        plan->only_told ? old->inputs[1] : net_fuse_constant(f, NET_FLOAT, &weights.shape, err);
    const int b = w < 0 ? -1 : net_fuse_constant(f, NET_FLOAT, &list, err);
    if (b < 0) {
        return false;
    }
    if (!plan->only_told) {
        scale_weights(&weights, transposed, by, plan->tensors[w].data);
        move_bias(bias_of(plan, old), by, plan->tensors[b].data);
    }
    return net_fuse_join(f, step, conv, (const int[]){old->inputs[0], w, b}, 3, err) != NULL;
}

bool net_fuse_scale(net_fusing *f, net_step *step, bool *done, ct_error *err) {
    for (int i = 0; i < step->node->input_count && i < 2; i++) {
        const int value = step->node->inputs[i];
        const net_step *conv = net_fuse_only(f, value, NULL);
        bool transposed;
        change by = {.channels = conv && !net_fuse_is_full(conv)
                                     ? channels_of(f, conv->node, &transposed)
                                     : 0};
        if (by.channels == 0) {
            continue;
        }
        by.factor = malloc(by.channels * sizeof *by.factor);
        by.term = malloc(by.channels * sizeof *by.term);
        bool ok = (by.factor && by.term) || ct_fail(err, "out of memory");
        if (ok && (strcmp(step->node->type, "BatchNormalization") == 0
                       ? i == 0 && of_normalization(f, step->node, &by)
                       : of_arithmetic(f, step->node, value, &by))) {
            ok = change_conv(f, step, conv, transposed, &by, err);
            *done = ok;
        }
        free(by.factor);
        free(by.term);
        if (!ok || *done) {
            return ok;
        }
    }
    return true;
}
