/* A node by itself, for tests of operators: fill in what it has, then plan() and compute(). */
#ifndef TESTS_NET_LONE_H
#define TESTS_NET_LONE_H

#include "net/op.h"

enum { LONE_INPUTS = 5, LONE_OUTPUTS = 2, LONE_ATTRIBUTES = 6, LONE_BYTES = 8192 };

typedef struct lone {
    net_node node;
    net_tensor tensors[LONE_INPUTS], outs[LONE_OUTPUTS];
    const net_tensor *in[LONE_INPUTS];
    net_tensor *out[LONE_OUTPUTS];
    int links[LONE_OUTPUTS];
    net_attribute attributes[LONE_ATTRIBUTES];
    net_symbols *symbols;
    net_call call;
    ct_error err;
    _Alignas(64) char room[LONE_OUTPUTS][LONE_BYTES];
} lone;

/* With one output, and without inputs. */
lone *lone_new(const char *type, int opset);
void lone_free(lone *l);

/* Adds an input; data NULL: not known. */
void give(lone *l, net_type type, net_shape shape, const void *data);

/* A list of whole numbers. */
void give_list(lone *l, int count, const int64_t *list);

void set_int(lone *l, const char *name, int64_t value);
void set_ints(lone *l, const char *name, size_t count, const int64_t *ints);
void set_text(lone *l, const char *name, const char *text);

/* False with l->err. */
bool plan(lone *l);
bool compute(lone *l);

#endif
