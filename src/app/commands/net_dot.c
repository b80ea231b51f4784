/* A network as a drawing for Graphviz. */
#include <stdio.h>

#include "app/commands/net_table.h"

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
    ct_text label = {0};
    const bool ok = app_net_operators(&step, &label) && ct_text_print(&label, "\\n") &&
                    net_shape_text(net_plan_symbols(plan), &step.shape, &label);
    if (ok) {
        printf("  n%d [label=\"%s\"];\n", i, label.bytes);
    }
    ct_text_free(&label);
    if (!ok) {
        return false;
    }
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
