/* Help for the operators' rules for shapes. */
#include "net/op.h"

#include <stdlib.h>

void net_give(const net_call *call, int i, net_type type, const net_shape *shape) {
    if (i < call->node->output_count && call->out[i]) {
        call->out[i]->type = type;
        call->out[i]->shape = *shape;
    }
}

const net_tensor *net_in(const net_call *call, int i) {
    return i < call->node->input_count ? call->in[i] : NULL;
}

bool net_shape_same(const net_call *call, ct_error *err) {
    (void)err;
    net_give(call, 0, call->in[0]->type, &call->in[0]->shape);
    return true;
}

bool net_want_type(const net_call *call, int i, net_type type, ct_error *err) {
    const net_tensor *in = net_in(call, i);
    return !in || in->type == type || in->type == NET_NONE || type == NET_NONE ||
           ct_fail(err, "input %d is %s, where %s is expected", i + 1, net_type_name(in->type),
                   net_type_name(type));
}

bool net_want_real(const net_call *call, int i, ct_error *err) {
    const net_tensor *in = net_in(call, i);
    return !in || net_type_is_real(in->type) || in->type == NET_NONE ||
           ct_fail(err, "input %d is %s, where floats are expected", i + 1,
                   net_type_name(in->type));
}

bool net_want_number(const net_call *call, int i, ct_error *err) {
    const net_tensor *in = net_in(call, i);
    return !in || in->type != NET_BOOL ||
           ct_fail(err, "input %d is bool, where numbers are expected", i + 1);
}

bool net_want_rank(const net_call *call, int i, int least, int most, ct_error *err) {
    const net_tensor *in = net_in(call, i);
    if (!in || in->shape.rank < 0 || (in->shape.rank >= least && in->shape.rank <= most)) {
        return true;
    }
    return ct_fail(err, "input %d has %s, where %d%s are expected", i + 1,
                   ct_count((uint64_t)in->shape.rank, "dimension").text, least,
                   least == most ? "" : " or more");
}

bool net_broadcast(const net_shape *a, const net_shape *b, net_shape *out, ct_error *err) {
    if (a->rank < 0 || b->rank < 0) {
        *out = (net_shape){.rank = -1};
        return true;
    }
    net_shape made = {.rank = a->rank > b->rank ? a->rank : b->rank};
    for (int i = 1; i <= made.rank; i++) {
        const int64_t x = i <= a->rank ? a->size[a->rank - i] : 1;
        const int64_t y = i <= b->rank ? b->size[b->rank - i] : 1;
        if (x >= 0 && y >= 0 && x != y && x != 1 && y != 1) {
            return ct_fail(err,
                           "sizes %lld and %lld along axis %d can't be stretched to one "
                           "another",
                           (long long)x, (long long)y, made.rank - i);
        }
        /* Of a size that isn't known and a known one, the known one counts, unless that is 1. */
        made.size[made.rank - i] = x == y || y == 1   ? x
                                   : x == 1           ? y
                                   : x > 1            ? x
                                   : y > 1            ? y
                                   : x == 0 || y == 0 ? 0
                                                      : NET_ANY_SIZE;
    }
    *out = made;
    return true;
}

bool net_list_of(const net_call *call, const char *name, int i, net_list *list, net_listed *found,
                 ct_error *err) {
    const int64_t *ints;
    const net_attribute *given = name ? net_attribute_find(call->node, name) : NULL;
    const net_tensor *in = i >= 0 ? net_in(call, i) : NULL;
    *list = (net_list){0};
    *found = NET_LIST_ABSENT;
    if (given && given->kind == NET_ATTRIBUTE_INTS) {
        list->count = net_ints(call->node, name, &ints);
        if (list->count > NET_MOST_LISTED) {
            return ct_fail(err, "%s lists %d numbers", name, list->count);
        }
        for (int k = 0; k < list->count; k++) {
            list->at[k] = ints[k];
        }
        *found = NET_LIST_KNOWN;
        return true;
    }
    if (!in) {
        return true;
    }
    *found = NET_LIST_UNKNOWN;
    list->count = -1;
    size_t count;
    if (!net_shape_count(&in->shape, &count)) {
        return true;
    }
    if (count > NET_MOST_LISTED || in->shape.rank > 1) {
        return ct_fail(err, "input %d should be a list of numbers, one for each axis", i + 1);
    }
    if (!net_type_is_whole(in->type)) {
        return ct_fail(err, "input %d is %s, where whole numbers are expected", i + 1,
                       net_type_name(in->type));
    }
    list->count = (int)count;
    for (size_t k = 0; in->data && k < count; k++) {
        list->at[k] = net_whole_at(in, k);
    }
    if (in->data) {
        *found = NET_LIST_KNOWN;
    }
    return true;
}

bool net_run_body(const net_call *call, const net_graph *body, const net_tensor *in,
                  net_tensor *out, ct_error *err) {
    return call->bodies->run(call, body, in, out, err);
}

bool net_shape_body(const net_call *call, const net_graph *body, const net_tensor *in,
                    net_tensor *out, ct_error *err) {
    return call->bodies->shape(call, body, in, out, err);
}

bool net_keep_results(const net_call *call, net_tensor *results, int count, ct_error *err) {
    return call->bodies->keep(call, results, count, err);
}

net_tensor *net_take_results(const net_call *call) {
    return call->bodies->take(call);
}

void net_free_results(net_tensor *results, int count) {
    for (int i = 0; results && i < count; i++) {
        net_budget_free(results[i].data);
    }
    free(results);
}

net_budget *net_budget_of(const net_call *call) {
    return call->bodies->budget(call);
}

bool net_count_turn(const net_call *call, ct_error *err) {
    return call->bodies->turn(call, err);
}
