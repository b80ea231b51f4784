/* Types and shapes of all values, step by step; steps whose inputs are constant are run at once and
 * taken out of the plan. */
#include <stdlib.h>
#include <string.h>

#include "net/plan/plan.h"

/* Folded constants larger than what they are made of are made when the network runs: a few bytes of
 * a file could fill the memory (ConstantOfShape, Expand). */
enum { FOLD_MOST = 1 << 20 };

static bool is_foldable(const net_plan *plan, const net_node *node) {
    if (node->op->fickle) {
        return false;
    }
    size_t from = 0;
    for (int i = 0; i < node->input_count; i++) {
        const net_tensor *in = node->inputs[i] < 0 ? NULL : &plan->tensors[node->inputs[i]];
        size_t bytes;
        if (in && (!in->data || !net_bytes(in, &bytes))) {
            return false;
        }
        from += in ? bytes : 0;
    }
    size_t to = 0;
    for (int i = 0; i < node->output_count; i++) {
        const net_tensor *out = node->outputs[i] < 0 ? NULL : &plan->tensors[node->outputs[i]];
        size_t bytes;
        if (out && !net_bytes(out, &bytes)) {
            return false;
        }
        to += out ? bytes : 0;
    }
    return to <= FOLD_MOST || to <= 2 * from || node->input_count == 0;
}

/* Numbers that lie in the model already, or NULL. */
static void *in_model(const net_node *node) {
    const net_tensor *tensor =
        strcmp(node->type, "Constant") == 0 ? net_tensor_of(node, "value") : NULL;
    return tensor ? tensor->data : NULL;
}

static bool fold(net_plan *plan, const net_call *call, ct_error *err) {
    if (in_model(call->node) && call->out[0]) {
        call->out[0]->data = in_model(call->node);
        return true;
    }
    for (int i = 0; i < call->node->output_count; i++) {
        size_t bytes;
        net_tensor *out = call->out[i];
        if (out && (!net_bytes(out, &bytes) ||
                    !(out->data = net_pool_get(&plan->pool, bytes > 0 ? bytes : 1, 1, err)))) {
            return false;
        }
    }
    return net_call_run(call, err);
}

static bool check_outputs(const net_call *call, ct_error *err) {
    for (int i = 0; i < call->node->output_count; i++) {
        size_t bytes;
        const net_tensor *out = call->out[i];
        if (out && net_shape_is_known(&out->shape) && out->type != NET_NONE &&
            !net_bytes(out, &bytes)) {
            return ct_fail(err, "its output has more elements than fit in memory");
        }
    }
    return true;
}

/* Shape's output is known where its input's shape is, whatever the data. */
static bool knows_without_data(const net_call *call) {
    const char *type = call->node->type;
    return (strcmp(type, "Shape") == 0 || strcmp(type, "Size") == 0) &&
           net_shape_is_known(&call->in[0]->shape);
}

static bool infer_step(net_plan *plan, net_step *step, bool *folded, ct_error *err) {
    const net_node *node = step->node;
    const net_tensor **in = malloc(((size_t)node->input_count + 1) * sizeof *in);
    net_tensor **out = malloc(((size_t)node->output_count + 1) * sizeof *out);
    net_budget budget = {.most = plan->memory};
    net_runner around = {.plan = plan, .tensors = plan->tensors, .budget = &budget};
    const net_call call = {.node = node,
                           .in = in,
                           .out = out,
                           .symbols = plan->symbols,
                           .bodies = plan->bodies,
                           .runner = &around};
    bool ok = in && out ? true : ct_fail(err, "out of memory");
    for (int i = 0; ok && i < node->input_count; i++) {
        in[i] = node->inputs[i] < 0 ? NULL : &plan->tensors[node->inputs[i]];
    }
    for (int i = 0; ok && i < node->output_count; i++) {
        out[i] = node->outputs[i] < 0 ? NULL : &plan->tensors[node->outputs[i]];
        if (out[i]) {
            *out[i] = (net_tensor){.shape = {.rank = -1}};
        }
    }
    for (int i = 0; ok && i < node->op->least; i++) {
        ok = in[i] || ct_fail(err, "input %d is missing", i + 1);
    }
    ok = ok && net_call_shape(&call, err) && check_outputs(&call, err);
    *folded = ok && (is_foldable(plan, node) || knows_without_data(&call));
    if (*folded) {
        ok = fold(plan, &call, err);
    }
    free(in);
    free(out);
    return ok || ct_fail_at(err, "node '%s' (%s): ", node->name, node->type);
}

bool net_plan_infer(net_plan *plan, ct_error *err) {
    int kept = 0;
    for (int i = 0; i < plan->step_count; i++) {
        bool folded;
        if (!infer_step(plan, &plan->steps[i], &folded, err)) {
            return false;
        }
        if (!folded) {
            plan->steps[kept++] = plan->steps[i];
        }
    }
    plan->step_count = kept;
    return true;
}
