/* convtool net: what a network is, and what it makes of tensors. */
#include "app/commands/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/call/model_file.h"
#include "app/call/options.h"
#include "app/commands/net_classes.h"
#include "app/commands/net_pictures.h"
#include "app/commands/net_table.h"
#include "app/commands/net_tensors.h"
#include "app/run/network_trace.h"
#include "app/run/spread.h"
#include "app/run/team.h"
#include "codec/codec.h"

/* A run, as the command line asks for it. */
typedef struct job {
    const app_call *call;
    const char *path;
    const net_model *model;
    net_pool pool; /* of the inputs */
    net_given *given;
    int given_count;
    bool with_data;     /* the inputs are there, not only their shapes */
    bool own_path;      /* the error names a file, not the model's */
    bool misused;       /* what is wrong is the call, not a file */
    const char **names; /* of the outputs */
    const char **files; /* where they go */
    int output_count;
    app_net_labels labels;
} job;

/* ---- inputs ---- */

static const net_value *input_named(const net_model *model, const char *name, ct_error *err) {
    const net_graph *graph = net_model_graph(model);
    ct_text all = {0};
    for (int i = 0; i < graph->input_count; i++) {
        const net_value *value = &graph->values[graph->inputs[i]];
        if (strcmp(value->name, name) == 0) {
            ct_text_free(&all);
            return value;
        }
        ct_text_print(&all, "%s%s", i ? ", " : "", value->name);
    }
    ct_fail(err, "the model has no input '%s'; it has %s", name, all.bytes ? all.bytes : "none");
    ct_text_free(&all);
    return NULL;
}

static bool take_input(job *j, const char *operand, ct_error *err) {
    size_t length;
    j->misused = true;
    if (!app_net_is_tensor(operand, &length)) {
        return ct_fail(err,
                       "net: expected NAME=FILE or NAME=SHAPE, as in x=a.npy or x=1x3x64x64, "
                       "got '%s'",
                       operand);
    }
    net_given *given = &j->given[j->given_count];
    char *name = net_pool_text(&j->pool, operand, length, err);
    const net_value *value = name ? input_named(j->model, name, err) : NULL;
    if (!value) {
        return false;
    }
    for (int i = 0; i < j->given_count; i++) {
        if (strcmp(j->given[i].name, name) == 0) {
            return ct_fail(err, "input '%s' is given twice", name);
        }
    }
    j->misused = false;
    given->name = name;
    j->given_count++;
    net_shape shape;
    if (app_net_is_shape(operand + length + 1, &shape)) {
        given->tensor = (net_tensor){.type = value->type, .shape = shape};
        return true;
    }
    j->with_data = true;
    j->own_path = true;
    if (!app_net_read(operand + length + 1, j->call, value, &j->pool, &given->tensor, err)) {
        return false;
    }
    j->own_path = false;
    return true;
}

static bool take_inputs(job *j, ct_error *err) {
    const int count = j->call->operand_count - 2;
    j->given = net_pool_get(&j->pool, (size_t)count, sizeof *j->given, err);
    for (int i = 0; j->given && i < count; i++) {
        if (!take_input(j, j->call->operands[2 + i], err)) {
            return false;
        }
    }
    return j->given != NULL;
}

/* ---- outputs ---- */

static bool take_outputs(job *j, ct_error *err) {
    const app_call *call = j->call;
    j->names = net_pool_get(&j->pool, APP_MAX_OUTPUTS, sizeof *j->names, err);
    j->files = net_pool_get(&j->pool, APP_MAX_OUTPUTS, sizeof *j->files, err);
    j->misused = true;
    for (int i = 0; j->names && j->files && i < call->output_count; i++) {
        size_t length;
        const char *text = call->outputs[i];
        if (!app_net_is_tensor(text, &length)) {
            return ct_fail(err, "--output: expected NAME=FILE, as in y=c.npy, got '%s'", text);
        }
        const codec_format *format = codec_format_by_path(text + length + 1);
        if (format && !codec_format_plain(format)) {
            return ct_fail(
                err, "--output: %s: tensors are written as .npy, .pb, .csv, .tsv or text", text);
        }
        j->names[i] = net_pool_text(&j->pool, text, length, err);
        j->files[i] = text + length + 1;
        if (!j->names[i]) {
            return false;
        }
        j->output_count++;
    }
    j->misused = false;
    return j->names && j->files;
}

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

static bool put_outputs(job *j, const net_plan *plan, const net_tensor *out, ct_error *err) {
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

/* ---- the run ---- */

/* The inputs in the plan's order; an error names one that is missing. */
static bool order_inputs(job *j, const net_plan *plan, net_tensor *in, ct_error *err) {
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

static bool run(job *j, const net_plan *plan, ct_error *err) {
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

static bool tell(const job *j, const net_plan *plan, ct_error *err) {
    net_field *fields = net_plan_fields(plan, err);
    bool ok = fields != NULL;
    if (ok && j->call->json) {
        app_net_json(j->path, j->model, plan, fields);
    } else if (ok) {
        ok = (j->call->dot ? app_net_dot(j->path, plan)
                           : app_net_table(j->path, j->model, plan, fields)) ||
             ct_fail(err, "out of memory");
    }
    free(fields);
    return ok;
}

/* What only a run can answer was asked for. */
static bool missing_numbers(const job *j, ct_error *err) {
    const net_graph *graph = net_model_graph(j->model);
    const char *option = j->output_count > 0 ? "--output"
                         : j->call->labels   ? "--labels"
                         : j->call->trace    ? "--trace"
                                             : "--top";
    return ct_fail(err, "%s: the network runs only with numbers for its inputs, as in %s=a.npy",
                   option, graph->input_count > 0 ? graph->values[graph->inputs[0]].name : "x");
}

static bool plan_and_go(job *j, ct_error *err) {
    if (!take_inputs(j, err) || !take_outputs(j, err)) {
        return false;
    }
    if (!j->with_data &&
        (j->output_count > 0 || app_net_wants_classes(j->call) || j->call->trace)) {
        j->misused = true;
        return missing_numbers(j, err);
    }
    if (!app_net_labels_read(&j->labels, j->call, err)) {
        j->own_path = true;
        return false;
    }
    net_given *shapes = net_pool_get(&j->pool, (size_t)j->given_count, sizeof *shapes, err);
    for (int i = 0; shapes && i < j->given_count; i++) {
        shapes[i] = j->given[i];
        shapes[i].tensor.data = NULL; /* they aren't constants of the network */
    }
    const net_wanted wanted = {.given = shapes,
                               .given_count = j->given_count,
                               .outputs = j->names,
                               .output_count = j->output_count,
                               .memory = j->call->limits.max_memory,
                               .only_told = !j->with_data};
    net_plan *plan = shapes ? net_plan_new(j->model, &wanted, err) : NULL;
    for (int i = 0; !plan && i < j->output_count; i++) {
        j->misused = j->misused || net_graph_find(net_model_graph(j->model), j->names[i]) < 0;
    }
    const bool ok = plan && (j->with_data ? run(j, plan, err) : tell(j, plan, err));
    net_plan_free(plan);
    return ok;
}

int app_net(const app_call *call, const app_commands *commands) {
    ct_error err;
    if (app_net_names_pictures(call)) {
        return app_net_pictures(call, commands);
    }
    if (!app_options_check(call, APP_FOR_NET, "net without pictures", &err)) {
        app_say(NULL, "%s", err.text);
        return APP_USAGE;
    }
    job j = {.call = call, .path = call->operands[1]};
    j.pool.limit = call->limits.max_memory;
    net_model *model = app_net_load(j.path, call, &err);
    j.model = model;
    const bool ok = model && plan_and_go(&j, &err);
    if (!ok) {
        app_say(j.own_path ? NULL : app_input_name(j.path), "%s", err.text);
    }
    app_net_labels_free(&j.labels);
    net_pool_free(&j.pool);
    net_free(model);
    return ok ? APP_OK : j.misused ? APP_USAGE : APP_FAILED;
}
