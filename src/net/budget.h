/* The memory that a run of a whole network may have, with the bodies of its loops and branches. */
#ifndef CT_NET_BUDGET_H
#define CT_NET_BUDGET_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct net_budget {
    uint64_t most; /* bytes; 0: no limit */
    uint64_t used;
} net_budget;

/* Counts bytes that will be allocated, and no longer. False with an error where there aren't so
 * many left; then none are counted. */
bool net_budget_claim(net_budget *budget, uint64_t bytes, ct_error *err);
void net_budget_release(net_budget *budget, uint64_t bytes);

/* Bytes that are left; 0: no limit. */
uint64_t net_budget_left(const net_budget *budget);

/* Memory that is counted before it is allocated, until it is freed; aligned to 64 bytes. The budget
 * must outlive it. NULL with an error. */
void *net_budget_get(net_budget *budget, size_t bytes, ct_error *err);
void net_budget_free(void *memory); /* NULL is fine */

#endif
