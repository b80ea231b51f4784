#include "net/plan/fuse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

net_step *net_fuse_maker(const net_fusing *f, int value, const char *type) {
    const int at = value < 0 ? -1 : f->maker[value];
    net_step *step = at < 0 ? NULL : &f->plan->steps[at];
    return step && (!type || strcmp(step->node->type, type) == 0) ? step : NULL;
}

net_step *net_fuse_only(const net_fusing *f, int value, const char *type) {
    return value >= 0 && f->users[value] == 1 ? net_fuse_maker(f, value, type) : NULL;
}

bool net_fuse_number(const net_fusing *f, int value, double *number) {
    const net_tensor *tensor = value < 0 ? NULL : &f->plan->tensors[value];
    size_t count;
    if (!tensor || !tensor->data || !net_shape_count(&tensor->shape, &count) || count != 1) {
        return false;
    }
    *number = net_real_at(tensor, 0);
    return true;
}

int net_fuse_other(const net_fusing *f, const net_step *step, double number) {
    for (int i = 0; i < 2 && step->node->input_count == 2; i++) {
        double found;
        if (net_fuse_number(f, step->node->inputs[i], &found) &&
            fabs(found - number) <= 1e-6 * fabs(number)) {
            return step->node->inputs[1 - i];
        }
    }
    return -1;
}

void net_fuse_count(net_fusing *f, const net_step *step, int by) {
    const net_node *node = step->node;
    for (int k = 0; k < node->input_count; k++) {
        if (node->inputs[k] >= 0) {
            f->users[node->inputs[k]] += by;
        }
    }
    for (int k = 0; k < node->captured_count; k++) {
        f->users[node->captured[k]] += by;
    }
}

bool net_fuse_replace(net_fusing *f, net_step *at, const net_op *op, const int *inputs, int count,
                      ct_error *err) {
    net_pool *pool = &f->plan->pool;
    net_node *node = net_pool_get(pool, 1, sizeof *node, err);
    int *own = net_pool_get(pool, (size_t)count, sizeof *own, err);
    if (!node || !own) {
        return false;
    }
    memcpy(own, inputs, (size_t)count * sizeof *own);
    *node = *at->node;
    node->op = op;
    node->type = op->name;
    node->inputs = own;
    node->input_count = count;
    node->attributes = NULL;
    node->attribute_count = 0;
    net_fuse_count(f, at, -1);
    at->node = node;
    net_fuse_count(f, at, 1);
    return true;
}

bool net_fuse_is_full(const net_step *step) {
    return step->with[NET_MOST_JOINED - 1] != NULL;
}

net_node *net_fuse_join(net_fusing *f, net_step *at, const net_step *first, const int *inputs,
                        int count, ct_error *err) {
    const net_node *before = first->node;
    const char *type = at->node->type;
    net_node *node = net_pool_get(&f->plan->pool, 1, sizeof *node, err);
    if (!node || !net_fuse_replace(f, at, before->op, inputs, count, err)) {
        return NULL;
    }
    *node = *at->node;
    node->attributes = before->attributes;
    node->attribute_count = before->attribute_count;
    node->opset = before->opset;
    at->node = node;
    memcpy(at->with, first->with, sizeof at->with);
    size_t i = 0;
    while (at->with[i]) {
        i++;
    }
    at->with[i] = type;
    return node;
}

int net_fuse_constant(net_fusing *f, net_type type, const net_shape *shape, ct_error *err) {
    net_plan *plan = f->plan;
    net_tensor tensor = {.type = type, .shape = *shape};
    size_t bytes;
    if (plan->value_count == plan->value_room || !net_bytes(&tensor, &bytes)) {
        ct_fail(err, "it has too many constants");
        return -1;
    }
    tensor.data = net_pool_get(&plan->pool, bytes > 0 ? bytes : 1, 1, err);
    plan->tensors[plan->value_count] = tensor;
    return tensor.data ? plan->value_count++ : -1;
}
