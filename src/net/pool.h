/* Memory that is freed all at once: a model's graph, and what a plan finds out about it. */
#ifndef CT_NET_POOL_H
#define CT_NET_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct net_block net_block;

/* Start from `{.limit = bytes}`. */
typedef struct net_pool {
    net_block *blocks;
    size_t used;    /* of the newest block */
    uint64_t limit; /* bytes in all; 0: none */
    uint64_t bytes; /* in all */
} net_pool;

/* Room for `count` things of `size` bytes, zeroed, and aligned for vectors (64 bytes) where it is
 * that large; never NULL for 0. NULL with an error past the limit or when out of memory. */
void *net_pool_get(net_pool *pool, size_t count, size_t size, ct_error *err);

/* The pool frees `memory`, of malloc's, from now on; it counts as `bytes`. False with an error
 * (past the limit, or out of memory): it is still the caller's. */
bool net_pool_adopt(net_pool *pool, void *memory, size_t bytes, ct_error *err);

/* A copy of the bytes with a NUL behind them. */
char *net_pool_text(net_pool *pool, const void *bytes, size_t length, ct_error *err);

void net_pool_free(net_pool *pool);

#endif
