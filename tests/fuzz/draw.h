/* Types, shapes, tensors and attributes, made of bytes, for graph.c. */
#ifndef CT_TESTS_FUZZ_DRAW_H
#define CT_TESTS_FUZZ_DRAW_H

#include <stdint.h>

#include "net/graph.h"

typedef struct fuzz_bytes {
    const uint8_t *at;
    size_t left;
} fuzz_bytes;

/* The next byte, below `end`; 0 behind the last. */
int fuzz_take(fuzz_bytes *b, int end);

net_type fuzz_take_type(fuzz_bytes *b);

/* With sizes that aren't known where there are symbols (not NULL). */
net_shape fuzz_take_shape(fuzz_bytes *b, net_symbols *symbols);

/* Of at most 64 numbers; the caller frees its data. */
net_tensor fuzz_take_tensor(fuzz_bytes *b);

/* Floats of that shape; NULL data where it has more than 1024. */
net_tensor fuzz_take_floats(fuzz_bytes *b, net_shape shape);

/* A node's attributes, and what they point to. */
enum { FUZZ_MOST_ATTRIBUTES = 4, FUZZ_MOST_LIST = 9 };
typedef struct fuzz_attributes {
    net_attribute all[FUZZ_MOST_ATTRIBUTES];
    int64_t ints[FUZZ_MOST_ATTRIBUTES][FUZZ_MOST_LIST];
    float floats[FUZZ_MOST_ATTRIBUTES][FUZZ_MOST_LIST];
    const char *texts[FUZZ_MOST_ATTRIBUTES][FUZZ_MOST_LIST];
    net_tensor tensors[FUZZ_MOST_ATTRIBUTES]; /* whose data the caller frees */
} fuzz_attributes;

/* Adds some that operators like the node's have, and nearly always what it can't do without. */
void fuzz_take_attributes(fuzz_attributes *list, net_node *node, fuzz_bytes *b);

#endif
