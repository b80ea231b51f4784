#include "net/budget.h"

#include <stdlib.h>

#include "base/minmax.h"
#include "base/text.h"

bool net_budget_claim(net_budget *budget, uint64_t bytes, ct_error *err) {
    const uint64_t left = budget->most > budget->used ? budget->most - budget->used : 0;
    if (budget->most > 0 && bytes > left) {
        return ct_fail(err, "it needs %s more of memory, and of %s that it may have %s are left",
                       ct_size_of(bytes).text, ct_size_of(budget->most).text,
                       ct_size_of(left).text);
    }
    budget->used += bytes;
    return true;
}

void net_budget_release(net_budget *budget, uint64_t bytes) {
    budget->used -= bytes;
}

uint64_t net_budget_left(const net_budget *budget) {
    if (budget->most == 0) {
        return 0;
    }
    return budget->most > budget->used ? budget->most - budget->used : 1;
}

/* Stands before the memory. */
typedef struct block {
    net_budget *budget;
    size_t bytes;
} block;

enum { HEAD = 64 };

void *net_budget_get(net_budget *budget, size_t bytes, ct_error *err) {
    if (bytes > SIZE_MAX / 4) {
        ct_fail(err, "it needs more memory than there can be");
        return NULL;
    }
    const size_t all = HEAD + ct_round_up(bytes, 64);
    if (!net_budget_claim(budget, all, err)) {
        return NULL;
    }
    char *memory = aligned_alloc(64, all);
    if (!memory) {
        net_budget_release(budget, all);
        ct_fail(err, "out of memory");
        return NULL;
    }
    *(block *)memory = (block){budget, all};
    return memory + HEAD;
}

void net_budget_free(void *memory) {
    if (memory) {
        block *b = (block *)((char *)memory - HEAD);
        net_budget_release(b->budget, b->bytes);
        free(b);
    }
}
