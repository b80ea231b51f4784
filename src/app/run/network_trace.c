#include "app/run/network_trace.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/json.h"
#include "app/call/table.h"

/* ---- numbers ---- */

static void take(app_net_node *node, double value) {
    node->count++;
    if (!isfinite(value)) {
        node->odd++;
        return;
    }
    node->zeros += value == 0;
    node->sum += value;
    node->min = value < node->min ? value : node->min;
    node->max = value > node->max ? value : node->max;
}

static void see(void *context, const net_seen *seen) {
    const app_net_trace *trace = context;
    app_net_node *node = &trace->nodes[seen->step];
    const net_tensor numbers = {.type = seen->type, .data = (void *)seen->data};
    node->type = seen->type;
    node->shape = seen->shape;
    node->seconds += seen->seconds;
    for (size_t i = 0; i < seen->count; i++) {
        take(node, net_real_at(&numbers, i));
    }
}

/* ---- nodes ---- */

static char *operators_of(const net_step_info *step) {
    ct_text text = {0};
    bool ok = ct_text_print(&text, "%s", step->node->type);
    for (int i = 0; ok && i < 4 && step->with[i]; i++) {
        ok = ct_text_print(&text, " + %s", step->with[i]);
    }
    char *copy = ok ? strdup(text.bytes) : NULL;
    ct_text_free(&text);
    return copy;
}

app_net_trace *app_net_trace_new(const net_plan *plan) {
    app_net_trace *trace = calloc(1, sizeof *trace);
    if (!trace) {
        return NULL;
    }
    trace->watch = (net_watch){see, trace};
    trace->field.input = -1;
    trace->nodes = calloc((size_t)net_plan_step_count(plan) + 1, sizeof *trace->nodes);
    ct_error err;
    net_field *fields = net_plan_fields(plan, &err);
    bool ok = trace->nodes && fields;
    for (; ok && trace->count < net_plan_step_count(plan); trace->count++) {
        const net_step_info step = net_plan_step(plan, trace->count);
        app_net_node *node = &trace->nodes[trace->count];
        *node = (app_net_node){.name = strdup(step.node->name),
                               .operators = operators_of(&step),
                               .output = strdup(step.output_name ? step.output_name : ""),
                               .type = step.type,
                               .shape = step.shape,
                               .parameters = step.parameters,
                               .products = step.products,
                               .min = INFINITY,
                               .max = -INFINITY};
        ok = node->name && node->operators && node->output;
        trace->field = ok ? fields[trace->count] : trace->field;
    }
    free(fields);
    if (!ok) {
        app_net_trace_free(trace);
        return NULL;
    }
    return trace;
}

void app_net_trace_free(app_net_trace *trace) {
    if (!trace) {
        return;
    }
    for (int i = 0; i < trace->count; i++) {
        free(trace->nodes[i].name);
        free(trace->nodes[i].operators);
        free(trace->nodes[i].output);
    }
    free(trace->nodes);
    free(trace);
}

static double mean_of(const app_net_node *n) {
    return n->count > n->odd ? n->sum / (double)(n->count - n->odd) : NAN;
}

static double share_of_zeros(const app_net_node *n) {
    return n->count > 0 ? (double)n->zeros / (double)n->count : NAN;
}

/* ---- for people ---- */

static bool add_value(app_table *table, double value) {
    return isfinite(value) ? app_table_print_cell(table, "%.4g", value == 0 ? 0.0 : value)
                           : app_table_add(table, "-");
}

static bool add_node(app_table *table, const app_net_node *n) {
    ct_text shape = {0};
    const double zeros = 100 * share_of_zeros(n);
    /* What isn't none, or all, doesn't look like it. */
    const double shown = n->zeros > 0 && zeros < 0.1           ? 0.1
                         : n->zeros < n->count && zeros > 99.9 ? 99.9
                                                               : zeros;
    bool ok =
        net_shape_text(NULL, &n->shape, &shape) && app_table_add(table, n->operators) &&
        app_table_add(table, n->output) && app_table_add(table, shape.bytes) &&
        app_table_print_cell(table, "%.3f", 1000 * n->seconds) && add_value(table, n->min) &&
        add_value(table, mean_of(n)) && add_value(table, n->max) &&
        (n->count > 0 ? app_table_print_cell(table, "%.1f%%", shown) : app_table_add(table, "-")) &&
        app_table_add(table, n->odd > 0 ? app_count_of(n->odd).text : "");
    ct_text_free(&shape);
    return ok;
}

bool app_net_trace_table(const app_net_trace *trace, ct_text *out) {
    app_table table = {
        .heads = {"operator", "output", "shape", "ms", "minimum", "mean", "maximum", "zeros",
                  "not finite"},
        .right = {[3] = true, [4] = true, [5] = true, [6] = true, [7] = true, [8] = true},
        .least = {[0] = 8, [1] = 10, [2] = 12},
        .columns = 9};
    double seconds = 0;
    bool ok = true;
    for (int i = 0; ok && i < trace->count; i++) {
        ok = add_node(&table, &trace->nodes[i]);
        seconds += trace->nodes[i].seconds;
    }
    ok = ok && app_table_lines(&table, out) &&
         ct_text_print(out, "in all: %.3f ms\n", 1000 * seconds);
    app_table_free(&table);
    return ok;
}

/* ---- for programs ---- */

static void text(const char *name, const char *value) {
    printf(",\"%s\":", name);
    app_json_string(stdout, value);
}

static void number(const char *name, double value) {
    printf(",\"%s\":", name);
    app_json_number(stdout, value);
}

void app_net_trace_json(const app_net_trace *trace) {
    putchar('[');
    for (int i = 0; i < trace->count; i++) {
        const app_net_node *n = &trace->nodes[i];
        fputs(i ? ",{\"name\":" : "{\"name\":", stdout);
        app_json_string(stdout, n->name);
        text("operators", n->operators);
        text("output", n->output);
        text("type", net_type_name(n->type));
        fputs(",\"shape\":[", stdout);
        for (int k = 0; k < n->shape.rank; k++) {
            printf(k ? ",%" PRId64 : "%" PRId64, n->shape.size[k]);
        }
        fputs("]", stdout);
        number("seconds", n->seconds);
        number("min", n->min);
        number("mean", mean_of(n));
        number("max", n->max);
        number("zeros", share_of_zeros(n));
        printf(",\"numbers\":%" PRIu64 ",\"not_finite\":%" PRIu64 "}", n->count, n->odd);
    }
    putchar(']');
}

bool app_net_trace_put(const app_net_trace *trace, const char *key, const char *of, ct_error *err) {
    ct_text table = {0};
    if (key) {
        printf("{\"%s\":", key);
        app_json_string(stdout, of);
        fputs(",\"nodes\":", stdout);
        app_net_trace_json(trace);
        puts("}");
        return true;
    }
    const bool ok = app_net_trace_table(trace, &table) || ct_fail(err, "out of memory");
    fwrite(table.bytes, 1, ok ? table.length : 0, stdout);
    ct_text_free(&table);
    return ok;
}
