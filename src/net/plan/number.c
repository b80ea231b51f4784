/* Numbers the steps of a finished plan, so that nobody has to count them. */
#include "net/plan/plan.h"

bool net_step_is_told(const net_step *step) {
    return step->node->op->name[0] != '(';
}

bool net_plan_number(net_plan *plan, ct_error *err) {
    plan->told = net_pool_get(&plan->pool, (size_t)plan->step_count, sizeof *plan->told, err);
    plan->unturned =
        net_pool_get(&plan->pool, (size_t)plan->value_count, sizeof *plan->unturned, err);
    if (!plan->told || !plan->unturned) {
        return false;
    }
    for (int v = 0; v < plan->value_count; v++) {
        plan->unturned[v] = v;
    }
    for (int i = 0; i < plan->step_count; i++) {
        net_step *step = &plan->steps[i];
        step->told = plan->told_count;
        if (net_step_is_told(step)) {
            plan->told[plan->told_count++] = i;
        } else { /* what it's made of comes before it */
            plan->unturned[step->node->outputs[0]] = plan->unturned[step->node->inputs[0]];
        }
    }
    return true;
}
