/* The sum of a convolution and another tensor of its shape, as at the end of a residual block: the
 * convolution adds it to its rows while they are in the caches. */
#include <string.h>

#include "net/plan/fuse_kinds.h"

/* Not one of a batch of more: the convolution makes the images of a batch one by one, and would add
 * them on one thread. */
static bool may_be_one_image(const net_tensor *tensor) {
    const net_shape *shape = &tensor->shape;
    bool known =
        !tensor->data && tensor->type == NET_FLOAT && (shape->rank == 3 || shape->rank == 4);
    for (int i = 0; known && i < shape->rank; i++) {
        known = shape->size[i] != NET_ANY_SIZE;
    }
    return known && shape->size[0] <= 1;
}

bool net_fuse_sum(net_fusing *f, net_step *step, bool *done, ct_error *err) {
    const net_node *node = step->node;
    for (int i = 0; strcmp(node->type, "Add") == 0 && !f->plan->apart && i < 2; i++) {
        const int value = node->inputs[i], other = node->inputs[1 - i];
        const net_step *first = net_fuse_only(f, value, "Conv");
        const net_tensor *of = f->plan->tensors;
        /* What comes last of the two: the earlier one would need its input for longer. */
        if (!first || net_fuse_is_full(first) || f->maker[other] > f->maker[value] ||
            first->node->relu || first->node->input_count > 3 || !may_be_one_image(&of[value]) ||
            !may_be_one_image(&of[other]) || !net_shape_equal(&of[value].shape, &of[other].shape)) {
            continue;
        }
        const net_node *conv = first->node;
        const int bias = conv->input_count > 2 ? conv->inputs[2] : -1;
        const int inputs[] = {conv->inputs[0], conv->inputs[1], bias, other};
        *done = net_fuse_join(f, step, first, inputs, 4, err) != NULL;
        return *done;
    }
    return true;
}
