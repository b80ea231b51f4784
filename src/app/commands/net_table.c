#include "app/commands/net_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/call/json.h"
#include "app/call/message.h"

enum { COLUMNS = 5, NAME = 28, CELL = 64, COUNT = 24 };

typedef char cell[CELL];

static void fit(cell to, const char *text, size_t most) {
    const size_t length = strlen(text);
    snprintf(to, CELL, length > most ? "%.*s..." : "%.*s", (int)(length > most ? most - 3 : most),
             text);
}

/* Digits in groups of three would need a locale: three digits and a unit, as --trace has. */
static void count_text(char to[COUNT], uint64_t count) {
    static const char units[] = " kMGTPE";
    double shown = (double)count;
    int unit = 0;
    while (shown >= 999.5 && count >= 10000 && unit < 6) {
        shown /= 1000;
        unit++;
    }
    if (unit == 0) {
        snprintf(to, COUNT, "%" PRIu64, count);
    } else {
        snprintf(to, COUNT, "%.*f%c",
                 shown < 9.995   ? 2
                 : shown < 99.95 ? 1
                                 : 0,
                 shown, units[unit]);
    }
}

static bool shape_cell(cell to, const net_plan *plan, const net_shape *shape) {
    ct_text text = {0};
    const bool ok = net_shape_text(net_plan_symbols(plan), shape, &text);
    fit(to, ok ? text.bytes : "", CELL - 1);
    ct_text_free(&text);
    return ok;
}

/* "Conv + Relu". */
static void operator_cell(cell to, const net_step_info *step) {
    ct_text text = {0};
    bool ok = ct_text_print(&text, "%s", step->node->type);
    for (int i = 0; ok && i < 4 && step->with[i]; i++) {
        ok = ct_text_print(&text, " + %s", step->with[i]);
    }
    fit(to, ok ? text.bytes : step->node->type, NAME);
    ct_text_free(&text);
}

static bool name_cell(cell to, const char *name) {
    ct_text text = {0};
    const bool ok = app_escape(&text, name);
    fit(to, ok && text.bytes ? text.bytes : "", NAME);
    ct_text_free(&text);
    return ok;
}

static bool print_values(const char *what, const net_plan *plan, int count,
                         const net_value *(*at)(const net_plan *plan, int i)) {
    for (int i = 0; i < count; i++) {
        const net_value *value = at(plan, i);
        cell name, shape;
        if (!name_cell(name, value->name) || !shape_cell(shape, plan, &value->shape)) {
            return false;
        }
        printf("%-7s %s: %s %s\n", i == 0 ? what : "", name, net_type_name(value->type), shape);
    }
    return true;
}

typedef struct row {
    cell cells[COLUMNS];
} row;

static bool make_row(const net_plan *plan, int i, row *r) {
    const net_step_info step = net_plan_step(plan, i);
    operator_cell(r->cells[0], &step);
    count_text(r->cells[3], step.parameters);
    count_text(r->cells[4], step.products);
    if (step.parameters == 0) {
        r->cells[3][0] = '\0';
    }
    if (!step.products_known) {
        r->cells[4][0] = '\0';
    }
    return name_cell(r->cells[1], step.output_name ? step.output_name : "") &&
           shape_cell(r->cells[2], plan, &step.shape);
}

static void print_row(const row *r, const size_t *widths) {
    char line[COLUMNS * (CELL + 2)];
    int length = snprintf(line, sizeof line, "%-*s  %-*s  %-*s  %*s  %*s", (int)widths[0],
                          r->cells[0], (int)widths[1], r->cells[1], (int)widths[2], r->cells[2],
                          (int)widths[3], r->cells[3], (int)widths[4], r->cells[4]);
    while (length > 0 && line[length - 1] == ' ') {
        length--;
    }
    printf("%.*s\n", length, line);
}

bool app_net_table(const char *path, const net_model *model, const net_plan *plan) {
    row head = {{"operator", "output", "shape", "parameters", "products"}}, r;
    size_t widths[COLUMNS];
    uint64_t parameters = 0, products = 0;
    for (int c = 0; c < COLUMNS; c++) {
        widths[c] = strlen(head.cells[c]);
    }
    for (int i = 0; i < net_plan_step_count(plan); i++) {
        if (!make_row(plan, i, &r)) {
            return false;
        }
        for (int c = 0; c < COLUMNS; c++) {
            const size_t width = strlen(r.cells[c]);
            widths[c] = width > widths[c] ? width : widths[c];
        }
        const net_step_info step = net_plan_step(plan, i);
        parameters += step.parameters;
        products += step.products;
    }
    cell name;
    if (!name_cell(name, path)) {
        return false;
    }
    const char *producer = net_model_producer(model);
    printf("%s: ONNX, opset %d%s%s\n", name, net_model_opset(model), *producer ? ", made by " : "",
           producer);
    if (!print_values("input", plan, net_plan_input_count(plan), net_plan_input) ||
        !print_values("output", plan, net_plan_output_count(plan), net_plan_output)) {
        return false;
    }
    putchar('\n');
    print_row(&head, widths);
    for (int i = 0; i < net_plan_step_count(plan); i++) {
        if (!make_row(plan, i, &r)) {
            return false;
        }
        print_row(&r, widths);
    }
    char p[COUNT], m[COUNT];
    count_text(p, parameters);
    count_text(m, products);
    printf("\n%s parameters", p);
    printf(products > 0 ? ", %s products\n" : "\n", m);
    return true;
}

/* ---- JSON ---- */

static void json_shape(const net_plan *plan, const net_shape *shape) {
    char room[64];
    if (shape->rank < 0) {
        fputs("null", stdout);
        return;
    }
    putchar('[');
    for (int i = 0; i < shape->rank; i++) {
        fputs(i ? "," : "", stdout);
        if (shape->size[i] >= 0) {
            printf("%" PRId64, shape->size[i]);
        } else {
            app_json_string(stdout, shape->size[i] == NET_ANY_SIZE
                                        ? NULL
                                        : net_size_text(net_plan_symbols(plan), shape->size[i],
                                                        room, sizeof room));
        }
    }
    putchar(']');
}

static void json_values(const char *key, const net_plan *plan, int count,
                        const net_value *(*at)(const net_plan *plan, int i)) {
    printf(",\"%s\":[", key);
    for (int i = 0; i < count; i++) {
        fputs(i ? ",{\"name\":" : "{\"name\":", stdout);
        app_json_string(stdout, at(plan, i)->name);
        printf(",\"type\":\"%s\",\"shape\":", net_type_name(at(plan, i)->type));
        json_shape(plan, &at(plan, i)->shape);
        putchar('}');
    }
    putchar(']');
}

void app_net_json(const char *path, const net_model *model, const net_plan *plan) {
    fputs("{\"model\":", stdout);
    app_json_string(stdout, path);
    printf(",\"opset\":%d,\"producer\":", net_model_opset(model));
    app_json_string(stdout, net_model_producer(model));
    json_values("inputs", plan, net_plan_input_count(plan), net_plan_input);
    json_values("outputs", plan, net_plan_output_count(plan), net_plan_output);
    fputs(",\"nodes\":[", stdout);
    for (int i = 0; i < net_plan_step_count(plan); i++) {
        const net_step_info step = net_plan_step(plan, i);
        fputs(i ? ",{\"name\":" : "{\"name\":", stdout);
        app_json_string(stdout, step.node->name);
        fputs(",\"operator\":", stdout);
        app_json_string(stdout, step.node->type);
        fputs(",\"with\":[", stdout);
        for (int k = 0; k < 4 && step.with[k]; k++) {
            fputs(k ? "," : "", stdout);
            app_json_string(stdout, step.with[k]);
        }
        fputs("],\"output\":", stdout);
        app_json_string(stdout, step.output_name);
        printf(",\"type\":\"%s\",\"shape\":", net_type_name(step.type));
        json_shape(plan, &step.shape);
        printf(",\"parameters\":%" PRIu64 ",\"products\":", step.parameters);
        if (step.products_known) {
            printf("%" PRIu64, step.products);
        } else {
            fputs("null", stdout);
        }
        putchar('}');
    }
    fputs("]}\n", stdout);
}

/* ---- Graphviz ---- */

/* A quoted string of the dot language. */
static void dot_string(const char *text) {
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') {
            putchar('\\');
        }
        putchar((unsigned char)*text < ' ' ? ' ' : *text);
    }
    putchar('"');
}

static const char *value_name(const net_graph *graph, int value) {
    return graph->values[value].name;
}

static bool dot_step(const net_graph *graph, const net_plan *plan, int i) {
    const net_step_info step = net_plan_step(plan, i);
    cell operators, shape;
    operator_cell(operators, &step);
    if (!shape_cell(shape, plan, &step.shape)) {
        return false;
    }
    printf("  n%d [label=\"%s\\n%s\"];\n", i, operators, shape);
    for (int k = 0; k < step.node->output_count; k++) {
        if (step.node->outputs[k] >= 0) {
            printf("  n%d -> ", i);
            dot_string(value_name(graph, step.node->outputs[k]));
            puts(" [arrowhead=none];");
        }
    }
    for (int k = 0; k < step.node->input_count; k++) {
        const int value = step.node->inputs[k];
        if (value >= 0 && !net_plan_is_constant(plan, value)) {
            fputs("  ", stdout);
            dot_string(value_name(graph, value));
            printf(" -> n%d;\n", i);
        }
    }
    return true;
}

bool app_net_dot(const char *path, const net_plan *plan) {
    fputs("digraph ", stdout);
    dot_string(path);
    puts(" {\n  rankdir=TB;\n  node [shape=box, fontname=\"sans-serif\"];");
    for (int i = 0; i < net_plan_input_count(plan); i++) {
        fputs("  ", stdout);
        dot_string(net_plan_input(plan, i)->name);
        puts(" [shape=ellipse];");
    }
    bool ok = true;
    for (int i = 0; ok && i < net_plan_step_count(plan); i++) {
        ok = dot_step(net_plan_graph_of(plan), plan, i);
    }
    puts("}");
    return ok;
}
