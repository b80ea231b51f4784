#include "app/commands/net_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/call/screen.h"
#include "app/call/table.h"

enum { LONGEST_NAME = 40 };

/* BatchNorm is what people say, and leaves room for more. */
static int length_of(const char *operator) {
    const char *end = strstr(operator, "alization");
    return (int)(end ? (size_t)(end - operator) : strlen(operator));
}

bool app_net_operators(const net_step_info *step, ct_text *out) {
    bool ok = ct_text_print(out, "%s", step->node->type);
    for (int i = 0; ok && step->with[i]; i++) {
        ok = ct_text_print(out, " + %.*s", length_of(step->with[i]), step->with[i]);
    }
    return ok;
}

/* Escaped, and of at most so many columns. */
static bool add_short(ct_text *out, const char *text, int width) {
    ct_text escaped = {0};
    const bool ok = app_escape(&escaped, text) &&
                    app_text_short(out, escaped.bytes ? escaped.bytes : "", width);
    ct_text_free(&escaped);
    return ok;
}

/* ---- what it takes and makes ---- */

static bool add_values(ct_text *out, const char *what, const net_plan *plan, int count,
                       const net_value *(*at)(const net_plan *plan, int i)) {
    bool ok = true;
    for (int i = 0; ok && i < count; i++) {
        const net_value *value = at(plan, i);
        ct_text line = {0}, shape = {0};
        ok = ct_text_print(&line, "%-7s ", i == 0 ? what : "") &&
             add_short(&line, value->name, LONGEST_NAME) &&
             ct_text_print(&line, ": %s ", net_type_name(value->type)) &&
             net_shape_text(net_plan_symbols(plan), &value->shape, &shape) &&
             add_short(&line, shape.bytes, APP_TABLE_LINE - app_text_width(line.bytes)) &&
             ct_text_print(out, "%s\n", line.bytes);
        ct_text_free(&line);
        ct_text_free(&shape);
    }
    return ok;
}

static bool add_head(ct_text *out, const char *path, const net_model *model) {
    ct_text about = {0};
    const char *producer = net_model_producer(model);
    const bool ok = ct_text_print(&about, ": ONNX, opset %d%s", net_model_opset(model),
                                  *producer ? ", made by " : "") &&
                    add_short(&about, producer, LONGEST_NAME) &&
                    add_short(out, path, APP_TABLE_LINE - app_text_width(about.bytes)) &&
                    ct_text_print(out, "%s\n", about.bytes);
    ct_text_free(&about);
    return ok;
}

/* ---- the nodes ---- */

static bool add_field(app_table *table, const net_field *f) {
    if (f->input < 0) {
        return app_table_add(table, "-") && app_table_add(table, "-");
    }
    return app_table_print_cell(table, "%dx%d", f->width, f->height) &&
           (f->jump_x == f->jump_y
                ? app_table_print_cell(table, "%.4g", f->jump_x)
                : app_table_print_cell(table, "%.4gx%.4g", f->jump_x, f->jump_y));
}

static bool add_step(app_table *table, const net_plan *plan, const net_step_info *step,
                     const net_field *field) {
    ct_text operators = {0}, shape = {0};
    const bool ok =
        app_net_operators(step, &operators) &&
        net_shape_text(net_plan_symbols(plan), &step->shape, &shape) &&
        app_table_add(table, operators.bytes) &&
        app_table_add(table, step->output_name ? step->output_name : "") &&
        app_table_add(table, shape.bytes) &&
        app_table_add(table, step->parameters ? app_count_of(step->parameters).text : "") &&
        app_table_add(table, !step->products_known ? "?"
                             : step->products      ? app_count_of(step->products).text
                                                   : "") &&
        add_field(table, field);
    ct_text_free(&operators);
    ct_text_free(&shape);
    return ok;
}

app_net_sums app_net_sums_of(const net_plan *plan) {
    app_net_sums sums = {.known = true};
    for (int i = 0; i < net_plan_step_count(plan); i++) {
        const net_step_info step = net_plan_step(plan, i);
        sums.parameters += step.parameters;
        sums.products += step.products;
        sums.known = sums.known && step.products_known;
    }
    return sums;
}

/* What would tell the sizes that aren't known, in the model's first input. */
static bool add_hint(ct_text *out, const net_plan *plan) {
    const net_value *in = net_plan_input(plan, 0);
    bool ok = ct_text_print(out, "; give the input a size to count all: ") &&
              add_short(out, in->name, LONGEST_NAME);
    for (int i = 0; ok && i < in->shape.rank; i++) {
        const int64_t size = in->shape.size[i];
        ok = ct_text_print(out, "%s%lld", i ? "x" : "=",
                           (long long)(size >= 0 ? size
                                       : i == 0  ? 1
                                                 : 64));
    }
    return ok;
}

static bool add_sums(ct_text *out, const net_plan *plan) {
    const app_net_sums sums = app_net_sums_of(plan);
    bool ok = ct_text_print(out, "\nin all: %s parameters", app_count_of(sums.parameters).text);
    if (ok && sums.known) {
        ok = ct_text_print(out, ", %s products%s", app_count_of(sums.products).text,
                           net_plan_is_of_one(plan) ? " for an image" : "");
    } else if (ok && net_plan_input_count(plan) > 0 && !net_plan_can_run(plan) &&
               net_plan_input(plan, 0)->shape.rank > 0) {
        ok = add_hint(out, plan);
    }
    return ok && ct_text_print(out, "\n");
}

bool app_net_table(const char *path, const net_model *model, const net_plan *plan,
                   const net_field *fields) {
    app_table table = {
        .heads = {"operator", "output", "shape", "parameters", "products", "field", "jump"},
        .right = {[3] = true, [4] = true},
        .least = {[0] = 10, [1] = 12, [2] = 14},
        .columns = 7};
    ct_text out = {0};
    bool ok = add_head(&out, path, model) &&
              add_values(&out, "input", plan, net_plan_input_count(plan), net_plan_input) &&
              add_values(&out, "output", plan, net_plan_output_count(plan), net_plan_output) &&
              ct_text_print(&out, "\n");
    for (int i = 0; ok && i < net_plan_step_count(plan); i++) {
        const net_step_info step = net_plan_step(plan, i);
        ok = add_step(&table, plan, &step, &fields[i]);
    }
    ok = ok && app_table_lines(&table, &out) && add_sums(&out, plan);
    fwrite(out.bytes, 1, ok ? out.length : 0, stdout);
    app_table_free(&table);
    ct_text_free(&out);
    return ok;
}
