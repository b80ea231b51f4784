/* convtool net on numbers: a run, and what is printed and written of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/commands/net_job.h"
#include "app/commands/net_tensors.h"
#include "app/run/network_trace.h"
#include "app/run/spread.h"
#include "app/run/team.h"

static bool print_output(const char *name, const net_plan *plan, const net_tensor *tensor) {
    ct_text text = {0};
    bool ok = ct_text_print(&text, "# ") && app_escape(&text, name) &&
              ct_text_print(&text, ": %s ", net_type_name(tensor->type)) &&
              net_shape_text(net_plan_symbols(plan), &tensor->shape, &text) &&
              ct_text_print(&text, "\n") && app_net_text(tensor, ' ', &text);
    fwrite(text.bytes, 1, ok ? text.length : 0, stdout);
    ct_text_free(&text);
    return ok;
}

static bool put_outputs(app_net_job *j, const net_plan *plan, const net_tensor *out,
                        ct_error *err) {
    for (int i = 0; i < net_plan_output_count(plan); i++) {
        const char *name = net_plan_output(plan, i)->name;
        if (app_net_wants_classes(j->call)) {
            if (!app_net_classes(j->call, &j->labels, NULL, name, &out[i], err)) {
                return false;
            }
        } else if (j->output_count == 0 && !(j->call->json && j->call->trace) && /* it alone */
                   !print_output(name, plan, &out[i])) {
            return ct_fail(err, "out of memory");
        }
        if (j->output_count > 0 && !app_net_write(j->files[i], j->call, name, &out[i], err)) {
            j->own_path = true;
            return false;
        }
    }
    return true;
}

/* The inputs in the plan's order; an error names one that is missing. */
static bool order_inputs(app_net_job *j, const net_plan *plan, net_tensor *in, ct_error *err) {
    for (int i = 0; i < net_plan_input_count(plan); i++) {
        const net_value *value = net_plan_input(plan, i);
        int k = 0;
        while (k < j->given_count && strcmp(j->given[k].name, value->name) != 0) {
            k++;
        }
        if (k == j->given_count || !j->given[k].tensor.data) {
            ct_text shape = {0};
            net_shape_text(net_plan_symbols(plan), &value->shape, &shape);
            ct_fail(err, "input '%s' is missing: give it as %s=FILE, %s of shape %s", value->name,
                    value->name, net_type_name(value->type), shape.bytes ? shape.bytes : "");
            ct_text_free(&shape);
            j->misused = true;
            return false;
        }
        in[i] = j->given[k].tensor;
    }
    return true;
}

bool app_net_run(app_net_job *j, const net_plan *plan, ct_error *err) {
    const int inputs = net_plan_input_count(plan), outputs = net_plan_output_count(plan);
    net_tensor *in = calloc((size_t)inputs + 1, sizeof *in);
    net_tensor *out = calloc((size_t)outputs + 1, sizeof *out);
    app_team *team = app_team_new(j->call->trace ? 1 : app_threads(j->call));
    app_net_trace *trace = j->call->trace ? app_net_trace_new(plan) : NULL;
    bool ok =
        in && out && team && (trace || !j->call->trace) ? true : ct_fail(err, "out of memory");
    net_runner *runner = NULL;
    if (ok && order_inputs(j, plan, in, err)) {
        runner = net_runner_new(plan, app_team_net(team), err);
    }
    if (runner) {
        net_runner_watch(runner, trace ? &trace->watch : NULL);
    }
    ok = runner && net_run(runner, in, out, err) && put_outputs(j, plan, out, err) &&
         (!trace || app_net_trace_put(trace, j->call->json ? "model" : NULL, j->path, err));
    net_runner_free(runner);
    app_net_trace_free(trace);
    app_team_free(team);
    free(in);
    free(out);
    return ok;
}
