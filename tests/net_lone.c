#include "net_lone.h"

#include <check.h>
#include <stdlib.h>

lone *lone_new(const char *type, int opset) {
    lone *l = calloc(1, sizeof *l);
    ck_assert_ptr_nonnull(l);
    l->node = (net_node){.op = net_op_find(type, opset),
                         .name = "lone",
                         .type = type,
                         .opset = opset,
                         .outputs = l->links,
                         .output_count = 1,
                         .attributes = l->attributes};
    ck_assert_ptr_nonnull(l->node.op);
    l->symbols = net_symbols_new();
    for (int i = 0; i < LONE_OUTPUTS; i++) {
        l->out[i] = &l->outs[i];
        l->outs[i].shape.rank = -1;
    }
    l->call = (net_call){.node = &l->node, .in = l->in, .out = l->out, .symbols = l->symbols};
    return l;
}

void lone_free(lone *l) {
    net_symbols_free(l->symbols);
    free(l);
}

void give(lone *l, net_type type, net_shape shape, const void *data) {
    const int i = l->node.input_count++;
    l->tensors[i] = (net_tensor){type, shape, (void *)(uintptr_t)data};
    l->in[i] = &l->tensors[i];
}

void give_list(lone *l, int count, const int64_t *list) {
    give(l, NET_I64, (net_shape){1, {count}}, list);
}

void set_int(lone *l, const char *name, int64_t value) {
    l->attributes[l->node.attribute_count++] =
        (net_attribute){.name = name, .kind = NET_ATTRIBUTE_INT, .i = value};
}

void set_ints(lone *l, const char *name, size_t count, const int64_t *ints) {
    l->attributes[l->node.attribute_count++] =
        (net_attribute){.name = name, .kind = NET_ATTRIBUTE_INTS, .count = count, .ints = ints};
}

void set_text(lone *l, const char *name, const char *text) {
    l->attributes[l->node.attribute_count++] =
        (net_attribute){.name = name, .kind = NET_ATTRIBUTE_TEXT, .text = text};
}

bool plan(lone *l) {
    return l->node.op->shape(&l->call, &l->err);
}

bool compute(lone *l) {
    size_t bytes;
    for (int i = 0; i < l->node.output_count; i++) {
        ck_assert(net_bytes(&l->outs[i], &bytes) && bytes <= LONE_BYTES);
        l->outs[i].data = l->room[i];
    }
    return l->node.op->run(&l->call, &l->err);
}
