/* The bodies of If and Loop: graphs of their own, each with a plan that is kept while the shapes of
 * what it gets stay the same. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "net/plan/plan.h"

/* Inputs and captured values, side by side. */
static int all_of(const net_graph *body) {
    return body->input_count + body->capture_count;
}

static net_tensor *gather(const net_runner *around, const net_graph *body, const net_tensor *in,
                          ct_error *err) {
    net_tensor *all = malloc(((size_t)all_of(body) + 1) * sizeof *all);
    if (!all) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    for (int i = 0; i < body->input_count; i++) {
        all[i] = in[i];
    }
    for (int i = 0; i < body->capture_count; i++) {
        all[body->input_count + i] = around->tensors[body->outer[i]];
    }
    return all;
}

/* While a plan is made, its bodies' plans share its names of sizes. A plan that runs may serve
 * several threads, and stays as it is. */
static net_plan *plan_for(const net_plan *around, net_symbols *symbols, const net_graph *body,
                          const net_tensor *all, uint64_t memory, bool only_shapes, ct_error *err) {
    return net_plan_graph(&(net_planning){.graph = body,
                                          .symbols = symbols,
                                          .model_symbols = around->symbols,
                                          .in = all,
                                          .captured = all + body->input_count,
                                          .outputs = body->outputs,
                                          .output_count = body->output_count,
                                          .memory = memory,
                                          .only_shapes = only_shapes,
                                          .bodies = around->bodies},
                          err);
}

/* Only what is constant in the graph around it may be folded into a body's plan. */
static void forget_data(const net_runner *around, const net_graph *body, net_tensor *all) {
    for (int i = 0; i < body->input_count; i++) {
        all[i].data = NULL;
    }
    for (int i = 0; i < body->capture_count; i++) {
        all[body->input_count + i].data = around->plan->tensors[body->outer[i]].data;
    }
}

static bool serves(const net_kept *kept, const net_graph *body, const net_tensor *all) {
    bool same = kept->body == body;
    for (int i = 0; same && i < all_of(body); i++) {
        same =
            kept->in[i].type == all[i].type && net_shape_equal(&kept->in[i].shape, &all[i].shape);
    }
    return same;
}

static net_kept *keep(net_runner *around, const net_graph *body, const net_tensor *all,
                      ct_error *err) {
    net_kept *kept = calloc(1, sizeof *kept);
    if (!kept || !(kept->in = malloc(((size_t)all_of(body) + 1) * sizeof *kept->in))) {
        net_kept_free(kept);
        ct_fail(err, "out of memory");
        return NULL;
    }
    memcpy(kept->in, all, (size_t)all_of(body) * sizeof *kept->in);
    forget_data(around, body, kept->in);
    kept->body = body;
    kept->plan =
        plan_for(around->plan, NULL, body, kept->in, net_budget_left(around->budget), false, err);
    if (kept->plan && net_budget_claim(around->budget, kept->plan->pool.bytes, err)) {
        kept->budget = around->budget;
        kept->plan_bytes = kept->plan->pool.bytes;
        kept->runner = net_runner_within(kept->plan, around, err);
    }
    if (!kept->runner) {
        net_kept_free(kept);
        return NULL;
    }
    return kept;
}

/* The kept plan that serves; else a new one, in the place of one for other shapes. */
static net_kept *find(net_runner *around, const net_graph *body, const net_tensor *all,
                      ct_error *err) {
    for (net_kept **at = &around->kept; *at; at = &(*at)->next) {
        if (serves(*at, body, all)) {
            return *at;
        }
        if ((*at)->body == body) {
            net_kept *old = *at;
            *at = old->next;
            old->next = NULL;
            net_kept_free(old);
            break;
        }
    }
    net_kept *kept = keep(around, body, all, err);
    if (kept) {
        kept->next = around->kept;
        around->kept = kept;
    }
    return kept;
}

static bool run_body(const net_call *call, const net_graph *body, const net_tensor *in,
                     net_tensor *out, ct_error *err) {
    net_runner *around = call->runner;
    net_tensor *all = gather(around, body, in, err);
    net_kept *kept = all ? find(around, body, all, err) : NULL;
    const bool ok = kept && net_run_captured(kept->runner, all, all + body->input_count, out, err);
    free(all);
    return ok;
}

static bool shape_body(const net_call *call, const net_graph *body, const net_tensor *in,
                       net_tensor *out, ct_error *err) {
    const net_runner *around = call->runner;
    net_tensor *all = gather(around, body, in, err);
    if (!all) {
        return false;
    }
    for (int i = 0; i < body->input_count; i++) {
        all[i].data = NULL;
    }
    net_plan *plan =
        plan_for(around->plan, call->symbols, body, all, around->plan->memory, true, err);
    for (int i = 0; plan && i < body->output_count; i++) {
        out[i] = plan->tensors[body->outputs[i]];
        out[i].data = NULL;
    }
    net_plan_free(plan);
    free(all);
    return plan != NULL;
}

/* ---- results ---- */

static net_tensor *take_results(const net_call *call) {
    net_runner *runner = call->runner;
    for (net_results **at = &runner->results; *at; at = &(*at)->next) {
        if ((*at)->node == call->node) {
            net_results *found = *at;
            net_tensor *all = found->all;
            *at = found->next;
            free(found);
            return all;
        }
    }
    return NULL;
}

static bool keep_results(const net_call *call, net_tensor *results, int count, ct_error *err) {
    net_runner *runner = call->runner;
    net_results *kept = malloc(sizeof *kept);
    net_free_results(take_results(call), count); /* of a run that failed */
    if (!kept) {
        net_free_results(results, count);
        return ct_fail(err, "out of memory");
    }
    *kept = (net_results){call->node, results, count, runner->results};
    runner->results = kept;
    return true;
}

static net_budget *budget_of(const net_call *call) {
    const net_runner *runner = call->runner;
    return runner->budget;
}

static bool count_turn(const net_call *call, ct_error *err) {
    net_runner *runner = call->runner;
    net_runner *outermost = runner->outermost ? runner->outermost : runner;
    const uint64_t most = outermost->plan->most_turns;
    return ++outermost->turns <= most ||
           ct_fail(err, "the network's loops haven't ended after %" PRIu64 " turns", most);
}

const net_bodies net_plan_bodies = {run_body,     shape_body, keep_results,
                                    take_results, budget_of,  count_turn};
