#include "net/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "base/text.h"

enum { BLOCK = 64 * 1024, SMALL = 16, LARGE = 64 };

struct net_block {
    net_block *next;
    size_t size;   /* of the room behind this header */
    void *adopted; /* besides that */
    char pad[LARGE - 2 * sizeof(void *) - sizeof(size_t)];
};

static bool fail_limit(const net_pool *pool, ct_error *err) {
    return ct_fail(err, "it needs more than the %s of memory that it may have",
                   ct_size_of(pool->limit).text);
}

static net_block *new_block(net_pool *pool, size_t size, ct_error *err) {
    size_t bytes;
    if (!ct_add(size, sizeof(net_block) + LARGE, &bytes) ||
        (pool->limit && bytes > pool->limit - pool->bytes)) {
        fail_limit(pool, err);
        return NULL;
    }
    net_block *block = aligned_alloc(LARGE, ct_round_up(bytes, LARGE));
    if (!block) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    block->size = size;
    block->adopted = NULL;
    pool->bytes += bytes;
    return block;
}

void *net_pool_get(net_pool *pool, size_t count, size_t size, ct_error *err) {
    size_t bytes;
    if (!ct_mul(count, size, &bytes) || bytes > SIZE_MAX / 2) {
        ct_fail(err, "its size is more than this machine can count");
        return NULL;
    }
    const size_t align = bytes < LARGE ? SMALL : LARGE;
    size_t at = ct_round_up(pool->used, align);
    net_block *block = pool->blocks;
    if (!block || at > block->size || bytes > block->size - at) {
        block = new_block(pool, ct_max_size(bytes, BLOCK), err);
        if (!block) {
            return NULL;
        }
        if (bytes > BLOCK && pool->blocks) { /* the newest block may have room yet: stay with it */
            block->next = pool->blocks->next;
            pool->blocks->next = block;
            return memset((char *)(block + 1), 0, bytes);
        }
        block->next = pool->blocks;
        pool->blocks = block;
        at = 0;
    }
    pool->used = at + bytes;
    return memset((char *)(block + 1) + at, 0, bytes);
}

bool net_pool_adopt(net_pool *pool, void *memory, size_t bytes, ct_error *err) {
    if (pool->limit && bytes > pool->limit - pool->bytes) {
        return fail_limit(pool, err);
    }
    net_block *block = new_block(pool, 0, err);
    if (!block) {
        return false;
    }
    if (pool->limit && bytes > pool->limit - pool->bytes) { /* the block took of it, too */
        free(block);
        return fail_limit(pool, err);
    }
    block->adopted = memory;
    pool->bytes += bytes;
    if (pool->blocks) { /* the newest block may have room yet: stay with it */
        block->next = pool->blocks->next;
        pool->blocks->next = block;
    } else {
        block->next = NULL;
        pool->blocks = block;
        pool->used = 0;
    }
    return true;
}

char *net_pool_text(net_pool *pool, const void *bytes, size_t length, ct_error *err) {
    char *copy = length < SIZE_MAX ? net_pool_get(pool, length + 1, 1, err) : NULL;
    if (copy && length > 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}

void net_pool_free(net_pool *pool) {
    for (net_block *block = pool->blocks, *next; block; block = next) {
        next = block->next;
        free(block->adopted);
        free(block);
    }
    pool->blocks = NULL;
    pool->used = 0;
    pool->bytes = 0;
}
