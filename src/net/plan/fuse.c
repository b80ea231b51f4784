/* Fusing: fewer and larger steps. To add a kind: a function, and a line in the table. */
#include "net/plan/fuse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static net_fuse *const kinds[] = {net_fuse_activation, net_fuse_scale};

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

static void count_uses(net_fusing *f, const net_step *step, int by) {
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
    count_uses(f, at, -1);
    at->node = node;
    count_uses(f, at, 1);
    return true;
}

static bool begin(net_fusing *f, ct_error *err) {
    const net_plan *plan = f->plan;
    const size_t room = (size_t)plan->value_room + 1;
    f->maker = malloc(room * sizeof *f->maker);
    f->users = calloc(room, sizeof *f->users);
    if (!f->maker || !f->users) {
        return ct_fail(err, "out of memory");
    }
    for (size_t v = 0; v < room; v++) {
        f->maker[v] = -1;
    }
    for (int i = 0; i < plan->step_count; i++) {
        const net_node *node = plan->steps[i].node;
        count_uses(f, &plan->steps[i], 1);
        for (int k = 0; k < node->output_count; k++) {
            if (node->outputs[k] >= 0) {
                f->maker[node->outputs[k]] = i;
            }
        }
    }
    for (int i = 0; i < plan->output_count; i++) {
        f->users[plan->outputs[i]]++;
    }
    return true;
}

/* Takes out the steps whose outputs nobody uses, from the last to the first. */
static void sweep(net_fusing *f) {
    net_plan *plan = f->plan;
    for (int i = plan->step_count; i-- > 0;) {
        const net_node *node = plan->steps[i].node;
        bool used = false;
        for (int k = 0; k < node->output_count; k++) {
            used = used || (node->outputs[k] >= 0 && f->users[node->outputs[k]] > 0 &&
                            f->maker[node->outputs[k]] == i);
        }
        if (!used) {
            count_uses(f, &plan->steps[i], -1);
            plan->steps[i].node = NULL;
        }
    }
    int kept = 0;
    for (int i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].node) {
            plan->steps[kept++] = plan->steps[i];
        }
    }
    plan->step_count = kept;
}

bool net_plan_fuse(net_plan *plan, ct_error *err) {
    net_fusing f = {.plan = plan};
    bool ok = begin(&f, err);
    for (int i = 0; ok && i < plan->step_count; i++) {
        for (size_t k = 0; ok && k < sizeof kinds / sizeof *kinds; k++) {
            bool done = false;
            ok = kinds[k](&f, &plan->steps[i], &done, err);
            if (done) {
                k = (size_t)-1; /* what it became may fuse further */
            }
        }
    }
    if (ok) {
        sweep(&f);
    }
    free(f.maker);
    free(f.users);
    return ok;
}
