/* Graphs that no exporter would write: the bytes choose operators, their attributes, and types and
 * sizes of what goes in. Nodes that are refused are left out. What is left is planned with sizes
 * that aren't known, and again with all known, which must agree; then it runs, alone and in a team,
 * with the same result. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "graph.h"

enum { MOST_MEMORY = 1 << 20, MOST_RUN = 512 /* numbers of an input */, MOST_TURNS = 200 };

/* ---- inputs with data ---- */

/* Numbers between about -4 and 4, whatever the type; indices that are often right. */
static void fill(net_tensor *tensor, int salt) {
    const size_t count = net_count(tensor), size = net_type_size(tensor->type);
    for (size_t i = 0; i < count; i++) {
        const int number = (int)((i * 7 + (size_t)salt * 5) % 9) - 4;
        const float f = (float)number * 0.75f;
        const double d = (double)f;
        const uint16_t half = (uint16_t)(number < 0 ? 0xBC00 : 0x3C00);
        const int64_t whole = tensor->type == NET_BOOL ? number & 1 : number;
        const void *from = tensor->type == NET_FLOAT    ? (const void *)&f
                           : tensor->type == NET_DOUBLE ? (const void *)&d
                           : tensor->type == NET_HALF || tensor->type == NET_BFLOAT
                               ? (const void *)&half
                               : &whole;
        memcpy((char *)tensor->data + i * size, from, size);
    }
}

static bool give_data(net_tensor *in, int count, int salt) {
    for (int i = 0; i < count; i++) {
        size_t numbers, bytes;
        if (!net_shape_count(&in[i].shape, &numbers) || numbers > MOST_RUN ||
            in[i].type == NET_NONE || !net_bytes(&in[i], &bytes)) {
            return false;
        }
        in[i].data = calloc(bytes + 1, 1);
        if (!in[i].data) {
            fuzz_fail("no memory for the test itself");
        }
        fill(&in[i], salt + i);
    }
    return true;
}

static void free_data(net_tensor *tensors, int count) {
    for (int i = 0; i < count; i++) {
        free(tensors[i].data);
        tensors[i].data = NULL;
    }
}

/* ---- runs ---- */

static bool run(net_runner *runner, const net_tensor *in, net_tensor *out, int count) {
    ct_error err = {""};
    if (!net_run(runner, in, out, &err)) {
        fuzz_check_error(&err);
        return false;
    }
    for (int i = 0; i < count; i++) {
        size_t bytes;
        if (!net_bytes(&out[i], &bytes) || (bytes > 0 && !out[i].data)) {
            fuzz_fail("an output without a size, or without data");
        }
        out[i].data = fuzz_copy(bytes > 0 ? out[i].data : "", bytes);
    }
    return true;
}

static void expect_same(const net_tensor *a, const net_tensor *b, int count) {
    for (int i = 0; i < count; i++) {
        size_t bytes;
        if (a[i].type != b[i].type || !net_shape_equal(&a[i].shape, &b[i].shape) ||
            !net_bytes(&a[i], &bytes) || memcmp(a[i].data, b[i].data, bytes) != 0) {
            fuzz_fail("the same numbers give two results, in output %d", i);
        }
    }
}

/* Three threads that take their parts from the last to the first. */
static void each_backwards(void *context, int count, void (*task)(void *argument, int i),
                           void *argument) {
    (void)context;
    while (count-- > 0) {
        task(argument, count);
    }
}
static const net_team backwards = {.threads = 3, .each = each_backwards};

/* The same run alone, and with a team after one with other numbers. */
static void run_plan(const net_plan *plan, const net_tensor *shapes) {
    enum { MOST = FUZZ_MOST_VALUES };
    net_tensor in[MOST], other[MOST], out[MOST], between[MOST], again[MOST];
    const int inputs = plan->input_count, outputs = plan->output_count;
    ct_error err = {""};
    memcpy(in, shapes, (size_t)inputs * sizeof *in);
    memcpy(other, shapes, (size_t)inputs * sizeof *in);
    const bool ready = give_data(in, inputs, 0) && give_data(other, inputs, 3);
    net_runner *alone = ready ? net_runner_new(plan, NULL, &err) : NULL;
    net_runner *several = ready ? net_runner_new(plan, &backwards, &err) : NULL;
    if (alone && several && run(alone, in, out, outputs)) {
        if (run(several, other, between, outputs)) {
            free_data(between, outputs);
        }
        if (!run(several, in, again, outputs)) {
            fuzz_fail("the same numbers are taken once and refused once");
        }
        expect_same(out, again, outputs);
        free_data(out, outputs);
        free_data(again, outputs);
    }
    net_runner_free(alone);
    net_runner_free(several);
    free_data(in, inputs);
    free_data(other, inputs);
}

/* ---- plans ---- */

static net_plan *plan_of(const fuzz_graph *g, const net_tensor *in, bool as_loaded, bool by_rows) {
    ct_error err = {""};
    net_plan *plan = net_plan_graph(&(net_planning){.graph = &g->graph,
                                                    .model_symbols = g->symbols,
                                                    .in = in,
                                                    .outputs = g->graph.outputs,
                                                    .output_count = g->graph.output_count,
                                                    .memory = MOST_MEMORY,
                                                    .as_loaded = as_loaded,
                                                    .by_rows = by_rows,
                                                    .bodies = &net_plan_bodies},
                                    &err);
    if (!plan) {
        fuzz_check_error(&err);
    } else if (!by_rows && plan->arena > MOST_MEMORY) {
        fuzz_fail("a plan for more memory than there is");
    }
    if (plan) {
        plan->most_turns = MOST_TURNS;
    }
    return plan;
}

/* What a plan says of itself. */
static void tell(const net_plan *plan) {
    ct_text text = {0};
    for (int i = 0; i < net_plan_step_count(plan); i++) {
        const net_step_info step = net_plan_step(plan, i);
        net_shape_text(net_plan_symbols(plan), &step.shape, &text);
    }
    ct_text_free(&text);
}

/* Nothing that was known before the sizes were may turn out to be something else. */
static void expect_agreed(const net_plan *before, const net_plan *after) {
    for (int i = 0; i < before->output_count; i++) {
        const net_value *a = net_plan_output(before, i), *b = net_plan_output(after, i);
        bool same = (a->type == NET_NONE || a->type == b->type) &&
                    (a->shape.rank < 0 || a->shape.rank == b->shape.rank);
        for (int k = 0; same && k < a->shape.rank; k++) {
            same = a->shape.size[k] < 0 || a->shape.size[k] == b->shape.size[k];
        }
        if (!same) {
            fuzz_fail("output %d gets another type or shape than was promised", i);
        }
    }
}

static void try_graph(const fuzz_graph *g) {
    net_tensor in[FUZZ_MOST_VALUES];
    for (int i = 0; i < g->graph.input_count; i++) {
        const net_value *value = &g->graph.values[g->graph.inputs[i]];
        in[i] = (net_tensor){.type = value->type, .shape = value->shape};
    }
    net_plan *before = plan_of(g, in, true, false);
    for (int i = 0; i < g->graph.input_count; i++) {
        for (int k = 0; k < in[i].shape.rank; k++) {
            in[i].shape.size[k] = in[i].shape.size[k] < 0 ? g->known : in[i].shape.size[k];
        }
    }
    for (int way = 0; way < 3; way++) {
        net_plan *plan = plan_of(g, in, way == 0, way == 2);
        if (plan) {
            tell(plan);
        }
        if (plan && before) {
            expect_agreed(before, plan);
        }
        if (plan && way < 2 && net_plan_can_run(plan)) {
            run_plan(plan, in);
        }
        net_plan_free(plan);
    }
    if (before) {
        tell(before);
    }
    net_plan_free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_graph *g = fuzz_graph_new(data, size);
    if (g->graph.node_count > 0) {
        try_graph(g);
    }
    fuzz_graph_free(g);
    return 0;
}
