#include "lesson/lstm.h"

#include <stdlib.h>
#include <string.h>

#include "net/op.h"

enum { X, W, R, BIAS, LENGTHS, H, C, PEEPHOLES, GATES = 4 }; /* inputs, as ONNX counts them */

/* What changes an LSTM's formulas. */
static bool is_plain(const net_node *node, const net_tensor *const *in) {
    const char *const *functions;
    return strcmp(net_text(node, "direction", "forward"), "forward") == 0 && !in[PEEPHOLES] &&
           net_texts(node, "activations", &functions) == 0 && net_int(node, "layout", 0) == 0 &&
           net_int(node, "input_forget", 0) == 0 && !net_attribute_find(node, "clip");
}

static bool check(const net_node *node, const net_tensor *const *in, ct_error *err) {
    const net_tensor *x = in[X];
    const bool fits = strcmp(node->type, "LSTM") == 0 && x && in[W] && in[R] && !in[LENGTHS] &&
                      x->data && x->type == NET_FLOAT && x->shape.rank == 3 &&
                      x->shape.size[1] == 1 && is_plain(node, in);
    return fits || ct_fail(err, "expected a plain LSTM with one direction and one sequence");
}

/* ---- gates ---- */

/* A gate is an RNN: its own part of the weights, and its function, of the row and of h. */
typedef struct gate {
    net_tensor w, r, bias;
    const char *function;
    net_attribute functions;
    net_node node;
    const net_tensor *in[H + 1];
    net_tensor now;
    net_tensor *out[2];
    net_call call;
} gate;

/* The g-th gate's part of weights (1, GATES * units, numbers). */
static net_tensor part_of(const net_tensor *weights, size_t g) {
    net_tensor part = *weights;
    part.shape.size[1] /= GATES;
    part.data = (float *)weights->data + g * net_count(&part);
    return part;
}

/* Its biases, (1, 2 * units), for the row and for h, where they aren't side by side; `to`: room. */
static net_tensor biases_of(const net_tensor *biases, size_t g, float *to) {
    net_tensor part = *biases;
    part.shape.size[1] /= GATES;
    part.data = to;
    const size_t units = net_count(&part) / 2;
    for (size_t k = 0; k < 2; k++) {
        memcpy(to + k * units, (float *)biases->data + (k * GATES + g) * units, units * sizeof *to);
    }
    return part;
}

static bool make_gate(gate *gate, size_t g, const net_node *lstm, const net_tensor *const *in,
                      float *room, ct_error *err) {
    *gate = (struct gate){.w = part_of(in[W], g),
                          .r = part_of(in[R], g),
                          .function = g == GATES - 1 ? "Tanh" : "Sigmoid",
                          .now = *in[H],
                          .in = {in[X], &gate->w, &gate->r, NULL, NULL, in[H]},
                          .out = {NULL, &gate->now}};
    if (in[BIAS]) {
        gate->bias = biases_of(in[BIAS], g, room);
        gate->in[BIAS] = &gate->bias;
    }
    gate->functions = (net_attribute){
        .name = "activations", .kind = NET_ATTRIBUTE_TEXTS, .count = 1, .texts = &gate->function};
    gate->node = (net_node){.op = net_op_find("RNN", lstm->opset),
                            .type = "RNN",
                            .opset = lstm->opset,
                            .input_count = H + 1,
                            .output_count = 2,
                            .attributes = &gate->functions,
                            .attribute_count = 1};
    gate->call = (net_call){.node = &gate->node, .in = gate->in, .out = gate->out};
    return gate->node.op->make(&gate->call, &gate->call.own, err);
}

static void free_own(net_call *call) {
    if (call->own) {
        call->node->op->free(call->own);
    }
}

/* ---- rows ---- */

/* in: the LSTM's inputs, of which X is one row, whose data is moved on, and H and C the states
 * before, and then after, each row. all: (GATES + 1, steps, units). */
static bool step_through(const net_node *node, const net_tensor *const *in, size_t steps,
                         net_tensor *row, net_tensor *const *states, gate *gates, float *all,
                         ct_error *err) {
    const size_t units = net_count(states[1]), numbers = net_count(row);
    net_tensor *out[] = {NULL, states[0], states[1]};
    net_node one = *node;
    one.input_count = LESSON_LSTM_INPUTS;
    one.output_count = 3;
    net_call call = {.node = &one, .in = in, .out = out};
    bool ok = node->op->make(&call, &call.own, err);
    for (size_t t = 0; ok && t < steps; t++) {
        for (size_t g = 0; ok && g < GATES; g++) {
            gates[g].now.data = all + (g * steps + t) * units;
            ok = gates[g].node.op->run(&gates[g].call, err);
        }
        ok = ok && node->op->run(&call, err);
        if (ok) {
            memcpy(all + (GATES * steps + t) * units, states[1]->data, units * sizeof *all);
        }
        row->data = (float *)row->data + numbers;
    }
    free_own(&call);
    return ok;
}

/* The state before the first row. */
static void begin(net_tensor *state, const net_tensor *first) {
    if (first && first->data) {
        memcpy(state->data, first->data, net_count(state) * sizeof(float));
    }
}

/* room: the two states and all biases. */
static bool run_rows(const net_node *node, const net_tensor *const *in, float *room, float *all,
                     ct_error *err) {
    const int64_t units = in[R]->shape.size[2];
    net_tensor row = *in[X];
    net_tensor h = {.type = NET_FLOAT, .shape = {.rank = 3, .size = {1, 1, units}}, .data = room};
    net_tensor c = h;
    c.data = room + units;
    row.shape.size[0] = 1;
    begin(&h, in[H]);
    begin(&c, in[C]);
    const net_tensor *now[LESSON_LSTM_INPUTS];
    memcpy(now, in, sizeof now);
    now[X] = &row;
    now[H] = &h;
    now[C] = &c;
    gate gates[GATES] = {0};
    bool ok = true;
    for (size_t g = 0; ok && g < GATES; g++) {
        ok = make_gate(&gates[g], g, node, now, room + 2 * units * (1 + (int64_t)g), err);
    }
    net_tensor *states[] = {&h, &c};
    ok = ok && step_through(node, now, (size_t)in[X]->shape.size[0], &row, states, gates, all, err);
    for (size_t g = 0; g < GATES; g++) {
        free_own(&gates[g].call);
    }
    return ok;
}

bool lesson_lstm_steps(const net_node *node, const net_tensor *const *in, net_tensor *out,
                       ct_error *err) {
    if (!check(node, in, err)) {
        return false;
    }
    const int64_t steps = in[X]->shape.size[0], units = in[R]->shape.size[2];
    float *all = calloc((size_t)((GATES + 1) * steps * units) + 1, sizeof *all);
    float *room = calloc((size_t)(2 * (1 + GATES) * units) + 1, sizeof *room);
    const bool ok =
        all && room ? run_rows(node, in, room, all, err) : ct_fail(err, "out of memory");
    free(room);
    if (!ok) {
        free(all);
        return false;
    }
    *out = (net_tensor){
        .type = NET_FLOAT, .shape = {.rank = 3, .size = {GATES + 1, steps, units}}, .data = all};
    return true;
}
