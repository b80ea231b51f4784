/* Runs a plan, step by step. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/minmax.h"
#include "net/plan/plan.h"

/* What a runner allocates at once, in bytes. */
static uint64_t bytes_of(const net_plan *plan, const net_team *team) {
    const uint64_t threads = (uint64_t)net_threads(team);
    const uint64_t each = sizeof(net_tensor) + sizeof(void *); /* value */
    return plan->arena + (uint64_t)plan->value_count * each +
           threads * (net_plan_worker_bytes(plan) + net_plan_own_bytes(plan) +
                      (uint64_t)plan->step_count * sizeof(void *));
}

static net_runner *new_runner(const net_plan *plan, const net_team *team, net_runner *around,
                              ct_error *err) {
    net_runner *runner = calloc(1, sizeof *runner);
    const size_t values = (size_t)plan->value_count + 1;
    if (!runner) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    runner->plan = plan;
    runner->team = team;
    runner->outermost = !around ? NULL : around->outermost ? around->outermost : around;
    runner->own = (net_budget){plan->memory, plan->pool.bytes};
    runner->budget = around ? around->budget : &runner->own;
    const uint64_t bytes = bytes_of(plan, team);
    if (!net_budget_claim(runner->budget, bytes, err)) {
        net_runner_free(runner);
        return NULL;
    }
    runner->claimed = bytes;
    runner->tensors = malloc(values * sizeof *runner->tensors);
    runner->loose = calloc(values, sizeof *runner->loose);
    runner->arena = aligned_alloc(64, ct_round_up(plan->arena + 64, 64));
    if (!runner->tensors || !runner->loose || !runner->arena) {
        ct_fail(err, "out of memory");
        net_runner_free(runner);
        return NULL;
    }
    if (!net_rows_enter(runner, err)) {
        net_runner_free(runner);
        return NULL;
    }
    memcpy(runner->tensors, plan->tensors, (values - 1) * sizeof *runner->tensors);
    for (size_t v = 0; v + 1 < values; v++) {
        if (plan->place[v] != NET_NO_PLACE) {
            runner->tensors[v].data = (char *)runner->arena + plan->place[v];
        }
    }
    return runner;
}

net_runner *net_runner_new(const net_plan *plan, const net_team *team, ct_error *err) {
    return new_runner(plan, team, NULL, err);
}

net_runner *net_runner_within(const net_plan *plan, net_runner *around, ct_error *err) {
    return new_runner(plan, around->team, around, err);
}

static void drop_loose(net_runner *runner, int value) {
    net_budget_free(runner->loose[value]);
    runner->loose[value] = NULL;
}

void net_kept_free(net_kept *kept) {
    while (kept) {
        net_kept *next = kept->next;
        net_runner_free(kept->runner);
        net_plan_free(kept->plan);
        if (kept->budget) {
            net_budget_release(kept->budget, kept->plan_bytes);
        }
        free(kept->in);
        free(kept);
        kept = next;
    }
}

static void free_results(net_results *results) {
    while (results) {
        net_results *next = results->next;
        net_free_results(results->all, results->count);
        free(results);
        results = next;
    }
}

void net_runner_free(net_runner *runner) {
    if (!runner) {
        return;
    }
    for (int v = 0; runner->loose && v < runner->plan->value_count; v++) {
        drop_loose(runner, v);
    }
    net_kept_free(runner->kept);
    free_results(runner->results);
    net_rows_leave(runner);
    free(runner->tensors);
    free(runner->loose);
    free(runner->arena);
    net_budget_release(runner->budget, runner->claimed);
    free(runner);
}

/* What was known of an output when the run was planned is relied on by the steps behind it. */
static bool is_as_planned(const net_tensor *planned, const net_tensor *now) {
    bool same = (planned->type == NET_NONE || planned->type == now->type) &&
                (planned->shape.rank < 0 || planned->shape.rank == now->shape.rank);
    for (int i = 0; same && i < planned->shape.rank; i++) {
        same = planned->shape.size[i] < 0 || planned->shape.size[i] == now->shape.size[i];
    }
    return same;
}

/* Room for the outputs of a step whose shapes are known only now. */
static bool make_room(net_runner *runner, const net_call *call, ct_error *err) {
    for (int i = 0; i < call->node->output_count; i++) {
        net_tensor *out = call->out[i];
        size_t bytes;
        if (!out) {
            continue;
        }
        if (!net_bytes(out, &bytes)) {
            return ct_fail(err, "the shape of its output can't be found");
        }
        if (!is_as_planned(&runner->plan->tensors[call->node->outputs[i]], out)) {
            return ct_fail(err, "its output has another type or shape than its inputs promised");
        }
        const int value = call->node->outputs[i];
        drop_loose(runner, value);
        out->data = runner->loose[value] =
            net_budget_get(runner->budget, bytes < SIZE_MAX / 4 ? bytes + NET_SLACK : bytes, err);
        if (!out->data) {
            return ct_fail_at(err, "its output: ");
        }
    }
    return true;
}

/* ---- steps ---- */

enum { FEW = 16 };

static bool run_step(net_runner *runner, const net_step *step, ct_error *err) {
    const net_node *node = step->node;
    const net_tensor *few_in[FEW];
    net_tensor *few_out[FEW];
    const net_tensor **in =
        node->input_count <= FEW ? few_in : malloc((size_t)node->input_count * sizeof *in);
    net_tensor **out =
        node->output_count <= FEW ? few_out : malloc((size_t)node->output_count * sizeof *out);
    bool ok = in && out ? true : ct_fail(err, "out of memory");
    for (int i = 0; ok && i < node->input_count; i++) {
        in[i] = node->inputs[i] < 0 ? NULL : &runner->tensors[node->inputs[i]];
    }
    for (int i = 0; ok && i < node->output_count; i++) {
        out[i] = node->outputs[i] < 0 ? NULL : &runner->tensors[node->outputs[i]];
    }
    const net_call call = {.node = node,
                           .in = in,
                           .out = out,
                           .team = runner->team,
                           .own = step->own,
                           .bodies = runner->plan->bodies,
                           .runner = runner};
    if (ok && step->loose) {
        ok = net_call_shape(&call, err) && make_room(runner, &call, err);
    }
    if (ok && step->rows) {
        net_rows_run(runner, (int)(step - runner->plan->steps), in, out[0]->data);
    } else {
        ok = ok && net_call_run(&call, err);
    }
    if (in != few_in) {
        free(in);
    }
    if (out != few_out) {
        free(out);
    }
    return ok || ct_fail_at(err, "node '%s' (%s): ", node->name, node->type);
}

uint64_t net_runner_bytes(const net_runner *runner) {
    return runner->budget->used;
}

void net_runner_watch(net_runner *runner, const net_watch *watch) {
    runner->watch = watch ? *watch : (net_watch){.see = NULL};
}

static void show(const net_runner *runner, const net_node *node, int told, double seconds) {
    int k = 0;
    while (k < node->output_count && node->outputs[k] < 0) {
        k++;
    }
    if (k < node->output_count) {
        const net_tensor *made = &runner->tensors[node->outputs[k]];
        const net_seen seen = {told, made->type, made->shape, made->data, net_count(made), seconds};
        runner->watch.see(runner->watch.context, &seen);
    }
}

/* A step, watched: turning a layout counts as a part of the step that needs it. */
static bool run_watched(net_runner *runner, const net_step *step, int *told, double *turned,
                        ct_error *err) {
    const double before = ct_clock();
    if (!run_step(runner, step, err)) {
        return false;
    }
    const double seconds = ct_clock() - before;
    if (net_step_is_told(step)) {
        show(runner, step->node, (*told)++, seconds + *turned);
        *turned = 0;
    } else {
        *turned += seconds;
    }
    return true;
}

bool net_run_captured(net_runner *runner, const net_tensor *in, const net_tensor *captured,
                      net_tensor *out, ct_error *err) {
    const net_plan *plan = runner->plan;
    for (int i = 0; i < plan->input_count; i++) {
        runner->tensors[plan->inputs[i]] = in[i];
    }
    for (int i = 0; i < plan->graph->capture_count; i++) {
        runner->tensors[plan->graph->inner[i]] = captured[i];
    }
    int told = 0;
    double turned = 0;
    for (int i = 0; i < plan->step_count; i++) {
        const net_step *step = &plan->steps[i];
        if (!(runner->watch.see ? run_watched(runner, step, &told, &turned, err)
                                : run_step(runner, step, err))) {
            return false;
        }
        for (int k = 0; k < step->last_count; k++) {
            drop_loose(runner, step->last[k]);
        }
    }
    for (int i = 0; i < plan->output_count; i++) {
        out[i] = runner->tensors[plan->outputs[i]];
    }
    return true;
}

bool net_run(net_runner *runner, const net_tensor *in, net_tensor *out, ct_error *err) {
    const net_plan *plan = runner->plan;
    for (int i = 0; i < plan->input_count; i++) {
        const net_tensor planned = {.type = plan->told_inputs[i].type,
                                    .shape = plan->told_inputs[i].shape};
        if (!is_as_planned(&planned, &in[i]) || !net_shape_is_known(&in[i].shape) ||
            (!in[i].data && net_count(&in[i]) > 0)) {
            return ct_fail(err, "input '%s' isn't what the plan was made for",
                           plan->told_inputs[i].name);
        }
    }
    runner->turns = 0;
    return net_run_captured(runner, in, NULL, out, err);
}
