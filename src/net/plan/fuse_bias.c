/* A product with a constant matrix, and a term for each of its columns. */
#include <string.h>

#include "net/plan/fuse_kinds.h"

/* Whether the product is one of floats with a constant matrix of so many columns. */
static bool is_product(const net_fusing *f, const net_node *node, int64_t columns) {
    const net_tensor *right = &f->plan->tensors[node->inputs[1]];
    return node->input_count == 2 && right->type == NET_FLOAT && right->data &&
           right->shape.rank == 2 && right->shape.size[1] == columns;
}

bool net_fuse_bias(net_fusing *f, net_step *step, bool *done, ct_error *err) {
    for (int i = 0; strcmp(step->node->type, "Add") == 0 && i < 2; i++) {
        const int value = step->node->inputs[i], term = step->node->inputs[1 - i];
        const net_step *product = net_fuse_only(f, value, "MatMul");
        const net_tensor *terms = &f->plan->tensors[term];
        if (!product || !terms->data || terms->type != NET_FLOAT || terms->shape.rank != 1 ||
            !is_product(f, product->node, terms->shape.size[0])) {
            continue;
        }
        const int inputs[] = {product->node->inputs[0], product->node->inputs[1], term};
        if (!net_fuse_replace(f, step, net_op_find("MatMul", NET_NEWEST_OPSET), inputs, 3, err)) {
            return false;
        }
        step->with[0] = "Add";
        *done = true;
        return true;
    }
    return true;
}
