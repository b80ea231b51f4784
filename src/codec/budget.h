/* The memory of a library that knows no limits: its allocations are counted, zeroed, and all freed
 * at once, even when the library is left halfway. Internal to src/codec, and to third_party, where
 * the libraries' malloc is this one.
 *
 *     codec_budget budget;
 *     codec_budget_open(&budget, limit);
 *     codec_budget *outer = codec_budget_enter(&budget);
 *     if (setjmp(budget.escape) == 0) {
 *         ... call the library; what it returns stays valid until codec_budget_close ...
 *     }
 *     codec_budget_leave(outer);
 *     codec_budget_close(&budget); */
#ifndef CT_CODEC_BUDGET_H
#define CT_CODEC_BUDGET_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct codec_block codec_block;

typedef struct codec_budget {
    uint64_t limit, used;
    bool over, no_memory; /* why an allocation was refused */
    bool gave_up;         /* the library was left by codec_budget_give_up */
    codec_block *blocks;
    jmp_buf escape;
} codec_budget;

void codec_budget_open(codec_budget *budget, uint64_t limit);

/* Frees every block that is left. */
void codec_budget_close(codec_budget *budget);

/* From now on this thread's allocations count towards `budget`; returns the one before it. */
codec_budget *codec_budget_enter(codec_budget *budget);
void codec_budget_leave(codec_budget *outer);

/* The error for a refused allocation; false where none was. */
bool codec_budget_refused(const codec_budget *budget, ct_error *err);

/* For the libraries. The first two return NULL when out of memory or at the limit. */
void *codec_budget_malloc(size_t size);
void *codec_budget_realloc(void *memory, size_t size);
void codec_budget_free(void *memory);

/* Leaves a library that is in a state it can't get out of, by a jump to `escape`. */
_Noreturn void codec_budget_give_up(void);

#endif
