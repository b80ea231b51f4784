#include "lesson/memory.h"

#include <stdlib.h>
#include <string.h>

#include "net/op.h"

enum { X = 0, BACK = 2, LENGTHS = 4, H = 5, C = 6 }; /* inputs, as ONNX counts them */

static bool check(const net_node *node, const net_tensor *const *in, ct_error *err) {
    const net_tensor *x = in[X], *back = in[BACK];
    const bool fits = strcmp(node->type, "LSTM") == 0 && x && back && !in[LENGTHS] && x->data &&
                      x->type == NET_FLOAT && x->shape.rank == 3 && x->shape.size[1] == 1 &&
                      net_int(node, "layout", 0) == 0 &&
                      strcmp(net_text(node, "direction", "forward"), "forward") == 0;
    return fits || ct_fail(err, "expected an LSTM with one direction and one sequence");
}

/* The state before the first row. */
static void begin(float *state, const net_tensor *first, size_t units) {
    if (first && first->data) {
        memcpy(state, first->data, units * sizeof *state);
    }
}

/* `h` and `c`: the states before, and then after, each row; c is also kept in `all`. */
static bool step_through(const net_node *node, const net_tensor *const *in, net_tensor *h,
                         net_tensor *c, float *all, ct_error *err) {
    const size_t steps = (size_t)in[X]->shape.size[0], numbers = (size_t)in[X]->shape.size[2];
    const size_t units = net_count(c);
    net_tensor row = *in[X];
    row.shape.size[0] = 1;
    const net_tensor *now[LESSON_LSTM_INPUTS];
    memcpy(now, in, sizeof now);
    now[X] = &row;
    now[H] = h;
    now[C] = c;
    net_node one = *node;
    one.input_count = LESSON_LSTM_INPUTS;
    one.output_count = 3;
    net_tensor *out[] = {NULL, h, c};
    net_call call = {.node = &one, .in = now, .out = out};
    bool ok = node->op->make(&call, &call.own, err);
    for (size_t t = 0; ok && t < steps; t++) {
        row.data = (float *)in[X]->data + t * numbers;
        ok = node->op->run(&call, err);
        memcpy(all + t * units, c->data, units * sizeof *all);
    }
    node->op->free(call.own);
    return ok;
}

bool lesson_lstm_memory(const net_node *node, const net_tensor *const *in, net_tensor *out,
                        ct_error *err) {
    if (!check(node, in, err)) {
        return false;
    }
    const int64_t steps = in[X]->shape.size[0], units = in[BACK]->shape.size[2];
    const net_shape state = {.rank = 3, .size = {1, 1, units}};
    float *all = calloc((size_t)(steps * units) + 1, sizeof *all);
    float *states = calloc((size_t)(2 * units) + 1, sizeof *states);
    net_tensor h = {.type = NET_FLOAT, .shape = state, .data = states};
    net_tensor c = {.type = NET_FLOAT, .shape = state, .data = states ? states + units : NULL};
    bool ok = (all && states) || ct_fail(err, "out of memory");
    if (ok) {
        begin(h.data, in[H], (size_t)units);
        begin(c.data, in[C], (size_t)units);
        ok = step_through(node, in, &h, &c, all, err);
    }
    free(states);
    if (!ok) {
        free(all);
        return false;
    }
    *out = (net_tensor){
        .type = NET_FLOAT, .shape = {.rank = 3, .size = {1, steps, units}}, .data = all};
    return true;
}
