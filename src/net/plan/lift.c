/* Operators that compute with floats serve halves too: their inputs are made floats before, and
 * their outputs halves behind. */
#include <stdlib.h>

#include "net/half.h"
#include "net/plan/plan.h"

enum { MOST = 64 };

static bool is_half(const net_tensor *tensor) {
    return tensor && (tensor->type == NET_HALF || tensor->type == NET_BFLOAT);
}

/* Of which kind the node's halves are; NET_NONE: it has none. */
static net_type half_of(const net_call *call) {
    for (int i = 0; i < call->node->input_count; i++) {
        if (is_half(call->in[i])) {
            return call->in[i]->type;
        }
    }
    return NET_NONE;
}

static void widen(const net_tensor *half, net_tensor *wide) {
    const size_t count = net_count(half);
    const uint16_t *from = half->data;
    float *to = wide->data;
    for (size_t i = 0; i < count; i++) {
        to[i] = half->type == NET_HALF ? net_half_to_float(from[i]) : net_bfloat_to_float(from[i]);
    }
}

static void narrow(const net_tensor *wide, net_tensor *half) {
    const size_t count = net_count(half);
    const float *from = wide->data;
    uint16_t *to = half->data;
    for (size_t i = 0; i < count; i++) {
        to[i] = half->type == NET_HALF ? net_float_to_half(from[i]) : net_float_to_bfloat(from[i]);
    }
}

static bool room(net_tensor *wide, ct_error *err) {
    size_t count;
    wide->data = NULL;
    return (net_shape_count(&wide->shape, &count) && count < SIZE_MAX / 8 &&
            (wide->data = malloc((count + 1) * sizeof(float))) != NULL) ||
           ct_fail(err, "out of memory");
}

typedef struct lifted {
    net_tensor wide[2 * MOST]; /* inputs, then outputs */
    const net_tensor *in[MOST];
    net_tensor *out[MOST];
    net_call call;
} lifted;

static bool lift(lifted *l, const net_call *call, bool with_data, ct_error *err) {
    const net_node *node = call->node;
    l->call = *call;
    l->call.in = l->in;
    l->call.out = l->out;
    for (int i = 0; i < node->input_count; i++) {
        l->in[i] = call->in[i];
        if (is_half(call->in[i])) {
            l->wide[i] = *call->in[i];
            l->wide[i].type = NET_FLOAT;
            l->wide[i].data = NULL;
            l->in[i] = &l->wide[i];
            if (with_data) {
                if (!room(&l->wide[i], err)) {
                    return false;
                }
                widen(call->in[i], &l->wide[i]);
            }
        }
    }
    return true;
}

static void drop(lifted *l, const net_node *node) {
    for (int i = 0; i < node->input_count; i++) {
        free(l->wide[i].data);
    }
    for (int i = 0; i < node->output_count; i++) {
        free(l->wide[MOST + i].data);
    }
}

static bool is_lifted(const net_call *call) {
    return !call->node->op->any_type && half_of(call) != NET_NONE;
}

static bool is_too_long(const net_node *node) {
    return node->input_count > MOST || node->output_count > MOST;
}

bool net_call_shape(const net_call *call, ct_error *err) {
    if (!is_lifted(call)) {
        return call->node->op->shape(call, err);
    }
    if (is_too_long(call->node)) {
        return ct_fail(err, "it has more than %d inputs or outputs of 16-bit floats", MOST);
    }
    lifted *l = calloc(1, sizeof *l);
    if (!l) {
        return ct_fail(err, "out of memory");
    }
    const net_type half = half_of(call);
    bool ok = lift(l, call, false, err);
    for (int i = 0; i < call->node->output_count; i++) {
        l->out[i] = call->out[i];
    }
    ok = ok && call->node->op->shape(&l->call, err);
    for (int i = 0; ok && i < call->node->output_count; i++) {
        if (call->out[i] && call->out[i]->type == NET_FLOAT) {
            call->out[i]->type = half;
        }
    }
    drop(l, call->node);
    free(l);
    return ok;
}

/* A shape may have one huge size beside a size of 0, over which no operator should count. */
static bool makes_nothing(const net_call *call) {
    bool empty = !call->node->op->fickle;
    for (int i = 0; empty && i < call->node->output_count; i++) {
        empty = !call->out[i] || net_count(call->out[i]) == 0;
    }
    return empty;
}

bool net_call_run(const net_call *call, ct_error *err) {
    if (makes_nothing(call)) {
        return true;
    }
    if (!is_lifted(call)) {
        return call->node->op->run(call, err);
    }
    lifted *l = calloc(1, sizeof *l);
    if (!l) {
        return ct_fail(err, "out of memory");
    }
    bool ok = lift(l, call, true, err);
    for (int i = 0; ok && i < call->node->output_count; i++) {
        l->out[i] = call->out[i];
        if (is_half(call->out[i])) {
            l->wide[MOST + i] = *call->out[i];
            l->wide[MOST + i].type = NET_FLOAT;
            l->out[i] = &l->wide[MOST + i];
            ok = room(l->out[i], err);
        }
    }
    ok = ok && call->node->op->run(&l->call, err);
    for (int i = 0; ok && i < call->node->output_count; i++) {
        if (is_half(call->out[i])) {
            narrow(l->out[i], call->out[i]);
        }
    }
    drop(l, call->node);
    free(l);
    return ok;
}
