/* Fusing: fewer and larger steps. To add a kind: a function, and a line in the table. */
#include <stdlib.h>

#include "net/plan/fuse.h"
#include "net/plan/fuse_kinds.h"

static net_fuse *const kinds[] = {net_fuse_activation, net_fuse_scale, net_fuse_norm,
                                  net_fuse_bias,       net_fuse_sum,   net_fuse_relu};

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
        net_fuse_count(f, &plan->steps[i], 1);
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
            net_fuse_count(f, &plan->steps[i], -1);
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
