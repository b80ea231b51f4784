/* convtool net: what a network is, and what it makes of tensors. */
#include "app/commands/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/call/model_file.h"
#include "app/call/options.h"
#include "app/commands/net_job.h"
#include "app/commands/net_pictures.h"
#include "app/commands/net_read.h"
#include "app/commands/net_stage.h"
#include "app/commands/net_table.h"
#include "app/commands/net_tensors.h"
#include "codec/codec.h"

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

static bool take_input(app_net_job *j, const char *operand, ct_error *err) {
    size_t length;
    j->misused = true;
    if (!app_net_is_tensor(operand, &length)) {
        return ct_fail(err,
                       operand[length] == '=' && length > 0
                           ? "nothing is behind the = of '%s'; expected NAME=FILE or "
                             "NAME=SHAPE, as in x=a.npy or x=1x3x64x64"
                           : "expected NAME=FILE or NAME=SHAPE, as in x=a.npy or "
                             "x=1x3x64x64, got '%s'",
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
    const app_net_reading how = {.call = j->call, .stage = &j->stage};
    if (!app_net_read(operand + length + 1, &how, value, &j->pool, &given->tensor, err)) {
        return false;
    }
    j->own_path = false;
    return true;
}

static bool take_inputs(app_net_job *j, ct_error *err) {
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

/* Pictures are made by the stage net. */
static bool check_output(const app_net_job *j, const char *text, size_t length, ct_error *err) {
    const char *path = text + length + 1;
    const codec_format *format = codec_format_by_path(path);
    if (strstr(path, "{map}")) {
        return ct_fail(err,
                       "--output: %s: {map} names pictures of a value's channels: convtool "
                       "net:%s:out=%.*s PICTURE -o '%s'",
                       text, j->path, (int)length, text, path);
    }
    return !format || codec_format_plain(format) ||
           ct_fail(err,
                   "--output: %s: tensors are written as .npy, .pb, .csv, .tsv or text; for a "
                   "picture: convtool net:%s:out=%.*s PICTURE %s",
                   text, j->path, (int)length, text, path);
}

static bool take_outputs(app_net_job *j, ct_error *err) {
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
        if (!check_output(j, text, length, err)) {
            return false;
        }
        if (!app_net_may_write(text + length + 1, call, err)) {
            j->own_path = true;
            return ct_fail_at(err, "%s: ", text + length + 1);
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

/* ---- the whole ---- */

static bool tell(const app_net_job *j, const net_plan *plan, ct_error *err) {
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
static bool missing_numbers(const app_net_job *j, ct_error *err) {
    const net_graph *graph = net_model_graph(j->model);
    const char *option = j->output_count > 0 ? "--output"
                         : j->call->labels   ? "--labels"
                         : j->call->trace    ? "--trace"
                                             : "--top";
    return ct_fail(err, "%s: the network runs only with numbers for its inputs, as in %s=a.npy",
                   option, graph->input_count > 0 ? graph->values[graph->inputs[0]].name : "x");
}

static bool has_values(const net_model *model, const net_wanted *wanted) {
    bool has = true;
    for (int i = 0; has && i < wanted->output_count; i++) {
        has = net_graph_find(net_model_graph(model), wanted->outputs[i]) >= 0;
    }
    return has;
}

static bool plan_and_go(app_net_job *j, ct_error *err) {
    if (!take_inputs(j, err) || !take_outputs(j, err)) {
        return false;
    }
    if (!j->with_data &&
        (j->output_count > 0 || app_net_wants_classes(j->call) || j->call->trace)) {
        j->misused = true;
        return missing_numbers(j, err);
    }
    if (!app_net_labels_read(&j->labels, j->call, err)) {
        j->own_path = j->misused = true;
        return false;
    }
    net_given *shapes = net_pool_get(&j->pool, (size_t)j->given_count, sizeof *shapes, err);
    for (int i = 0; shapes && i < j->given_count; i++) {
        shapes[i] = j->given[i];
        shapes[i].tensor.data = NULL; /* they aren't constants of the network */
    }
    const char *const out = j->stage.out;
    const bool named = j->output_count > 0 || !out;
    const net_wanted wanted = {.given = shapes,
                               .given_count = j->given_count,
                               .outputs = named ? j->names : &out,
                               .output_count = named ? j->output_count : 1,
                               .memory = j->call->limits.max_memory,
                               .only_told = !j->with_data};
    net_plan *plan = shapes ? net_plan_new(j->model, &wanted, err) : NULL;
    j->misused = !plan && (!j->with_data || !has_values(j->model, &wanted));
    const bool ok = plan && (j->with_data ? app_net_run(j, plan, err) : tell(j, plan, err));
    net_plan_free(plan);
    return ok;
}

static int run_stage(const app_call *call, ct_error *err) {
    app_net_job j = {.call = call};
    filter_chain *chain = app_net_stage(call, call->operands[1], &j.stage, err);
    if (!chain) {
        app_say(NULL, "%s", err->text);
        return APP_USAGE;
    }
    j.path = j.stage.model;
    j.pool.limit = call->limits.max_memory;
    net_model *model = app_net_load(j.path, call, err);
    j.model = model;
    j.misused = !model;
    const bool ok = model && plan_and_go(&j, err);
    if (!ok) {
        app_say(j.own_path ? NULL : app_input_name(j.path), "%s", err->text);
    }
    app_net_labels_free(&j.labels);
    net_pool_free(&j.pool);
    net_free(model);
    filter_chain_free(chain);
    return ok ? APP_OK : j.misused ? APP_USAGE : APP_FAILED;
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
    return run_stage(call, &err);
}
