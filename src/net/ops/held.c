#include "net/ops/held.h"

#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"

bool net_hold_room(const net_call *call, net_held *held, size_t bytes, ct_error *err) {
    if (held->tensor.data && bytes <= held->room) {
        return true;
    }
    /* What grows a little each time has twice the room, unless that is more than there is. */
    net_budget *budget = net_budget_of(call);
    const size_t ample = ct_max_size(bytes + 64, held->room < SIZE_MAX / 8 ? 2 * held->room : 0);
    size_t room = bytes < SIZE_MAX / 8 ? ample : bytes;
    void *data = net_budget_get(budget, room, NULL);
    if (!data && room > bytes) {
        room = bytes;
        data = net_budget_get(budget, room, err);
    }
    if (!data) {
        return ct_fail_at(err, "what it holds: ");
    }
    if (held->tensor.data) {
        memcpy(data, held->tensor.data, held->room);
    }
    net_budget_free(held->tensor.data);
    held->tensor.data = data;
    held->room = room;
    return true;
}

bool net_hold(const net_call *call, net_held *held, const net_tensor *tensor, ct_error *err) {
    size_t bytes;
    if (!net_bytes(tensor, &bytes)) {
        return ct_fail(err, "a shape isn't known");
    }
    if (!net_hold_room(call, held, bytes, err)) {
        return false;
    }
    held->tensor.type = tensor->type;
    held->tensor.shape = tensor->shape;
    if (bytes > 0) {
        memcpy(held->tensor.data, tensor->data, bytes);
    }
    return true;
}

void net_held_free(net_held *held, int count) {
    for (int i = 0; held && i < count; i++) {
        net_budget_free(held[i].tensor.data);
    }
    free(held);
}

net_tensor *net_held_results(net_held *held, int count) {
    net_tensor *results = malloc(((size_t)count + 1) * sizeof *results);
    for (int i = 0; results && i < count; i++) {
        results[i] = held[i].tensor;
        held[i].tensor.data = NULL;
    }
    net_held_free(held, count);
    return results;
}

bool net_put_results(const net_call *call, const net_tensor *results, ct_error *err) {
    for (int i = 0; i < call->node->output_count; i++) {
        net_tensor *out = call->out[i];
        size_t bytes;
        if (!out) {
            continue;
        }
        if (out->type != results[i].type || !net_shape_equal(&out->shape, &results[i].shape)) {
            return ct_fail(err, "output %d has another type or shape than was planned", i + 1);
        }
        if (net_bytes(out, &bytes) && bytes > 0) {
            memcpy(out->data, results[i].data, bytes);
        }
    }
    return true;
}

void net_give_results(const net_call *call, const net_tensor *results) {
    for (int i = 0; i < call->node->output_count; i++) {
        net_give(call, i, results[i].type, &results[i].shape);
    }
}
