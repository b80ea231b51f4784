/* A convolution or Gemm followed by Relu: the kernels of layers limit their sums as they write
 * them. What isn't made by these, or adds something behind them, goes through Relu once more in its
 * own step, on one thread. */
#include <string.h>

#include "net/plan/fuse_kinds.h"

static bool takes_relu(const net_node *node) {
    return !node->relu && (strcmp(node->type, "Conv") == 0 || strcmp(node->type, "Gemm") == 0);
}

bool net_fuse_relu(net_fusing *f, net_step *step, bool *done, ct_error *err) {
    const net_node *node = step->node;
    const net_step *first =
        strcmp(node->type, "Relu") == 0 ? net_fuse_only(f, node->inputs[0], NULL) : NULL;
    if (!first || !takes_relu(first->node) || net_fuse_is_full(first) || f->plan->apart ||
        node->outputs[0] < 0 || f->plan->tensors[node->outputs[0]].type != NET_FLOAT) {
        return true;
    }
    net_node *joined =
        net_fuse_join(f, step, first, first->node->inputs, first->node->input_count, err);
    if (joined) {
        joined->relu = *done = true;
    }
    return joined != NULL;
}
