/* If: one of two bodies runs (the ONNX operator specification, opsets 1 to 16). */
#include <stdlib.h>

#include "net/ops/held.h"
#include "net/ops/ops.h"

static const net_graph *branch_of(const net_call *call, bool taken, ct_error *err) {
    const char *name = taken ? "then_branch" : "else_branch";
    const net_graph *branch = net_body(call->node, name);
    if (!branch) {
        ct_fail(err, "its %s is missing", name);
    } else if (branch->input_count > 0 || branch->output_count < call->node->output_count) {
        ct_fail(err, "its %s has other inputs or outputs than it", name);
        return NULL;
    }
    return branch;
}

static bool condition(const net_tensor *given, bool *taken, ct_error *err) {
    if (net_count(given) != 1) {
        return ct_fail(err, "its condition isn't a single bool");
    }
    *taken = net_whole_at(given, 0) != 0;
    return true;
}

static net_tensor *outputs_of(const net_graph *branch, ct_error *err) {
    net_tensor *out = calloc((size_t)branch->output_count + 1, sizeof *out);
    if (!out) {
        ct_fail(err, "out of memory");
    }
    return out;
}

/* The branch's outputs, in an array to be freed. At run time (run): with data. */
static net_tensor *evaluate(const net_call *call, bool taken, bool run, ct_error *err) {
    const net_graph *branch = branch_of(call, taken, err);
    net_tensor *out = branch ? outputs_of(branch, err) : NULL;
    if (!out || !(run ? net_run_body : net_shape_body)(call, branch, NULL, out, err)) {
        free(out);
        return NULL;
    }
    return out;
}

/* Computes at run time what the shapes depend on. */
static bool shape_by_running(const net_call *call, bool taken, ct_error *err) {
    const int count = call->node->output_count;
    net_tensor *out = evaluate(call, taken, true, err);
    net_held *held = calloc((size_t)count + 1, sizeof *held);
    bool ok = out && (held || ct_fail(err, "out of memory"));
    for (int i = 0; ok && i < count; i++) {
        ok = net_hold(call, &held[i], &out[i], err);
    }
    free(out);
    if (!ok) {
        net_held_free(held, count);
        return false;
    }
    net_tensor *results = net_held_results(held, count);
    if (!results) {
        return ct_fail(err, "out of memory");
    }
    net_give_results(call, results);
    return net_keep_results(call, results, count, err);
}

/* What both may be: sizes that differ aren't known. */
static net_shape either(const net_shape *a, const net_shape *b) {
    net_shape shape = *a;
    if (a->rank != b->rank) {
        return (net_shape){.rank = -1};
    }
    for (int i = 0; i < a->rank; i++) {
        shape.size[i] = a->size[i] == b->size[i] ? a->size[i] : NET_ANY_SIZE;
    }
    return shape;
}

/* A branch may not be made for the inputs that the network gets (Silero's for 8 kHz isn't for 16):
 * then the outputs are the other's, and only taking it is an error. */
static bool shape_of_either(const net_call *call, ct_error *err) {
    if (!branch_of(call, true, err) || !branch_of(call, false, err)) {
        return false;
    }
    net_tensor *one = evaluate(call, true, false, err);
    net_tensor *other = evaluate(call, false, false, NULL);
    const net_tensor *a = one ? one : other, *b = other ? other : one;
    bool ok = a != NULL;
    for (int i = 0; ok && i < call->node->output_count; i++) {
        const net_type type = a[i].type == NET_NONE ? b[i].type : a[i].type;
        const net_shape shape = either(&a[i].shape, &b[i].shape);
        ok = b[i].type == NET_NONE || b[i].type == type ||
             ct_fail(err, "output %d is %s or %s", i + 1, net_type_name(a[i].type),
                     net_type_name(b[i].type));
        net_give(call, i, type, &shape);
    }
    free(one);
    free(other);
    return ok;
}

static bool if_shape(const net_call *call, ct_error *err) {
    const net_tensor *given = call->in[0];
    bool taken = false;
    if (!net_want_type(call, 0, NET_BOOL, err)) {
        return false;
    }
    if (!given->data) {
        return call->symbols ? shape_of_either(call, err)
                             : ct_fail(err, "its condition isn't known");
    }
    if (!condition(given, &taken, err)) {
        return false;
    }
    if (!call->symbols) {
        return shape_by_running(call, taken, err);
    }
    net_tensor *out = evaluate(call, taken, false, err);
    for (int i = 0; out && i < call->node->output_count; i++) {
        net_give(call, i, out[i].type, &out[i].shape);
    }
    free(out);
    return out != NULL;
}

static bool if_run(const net_call *call, ct_error *err) {
    const int count = call->node->output_count;
    net_tensor *results = net_take_results(call);
    if (results) {
        const bool ok = net_put_results(call, results, err);
        net_free_results(results, count);
        return ok;
    }
    bool taken = false;
    net_tensor *out = condition(call->in[0], &taken, err) ? evaluate(call, taken, true, err) : NULL;
    const bool ok = out && net_put_results(call, out, err);
    free(out);
    return ok;
}

const net_op net_ops_if[] = {
    {.name = "If",
     .since = 1,
     .least = 1,
     .most = 1,
     .shape = if_shape,
     .run = if_run,
     .any_type = true,
     .fickle = true},
    {0},
};
