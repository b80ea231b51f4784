/* The memory of a library that has no idea of limits: its allocations are counted, zeroed, and all
 * given back in one go, also when the library is left in the middle. Internal to src/codec, and to
 * third_party, where the libraries' own malloc is this.
 *
 *     codec_budget budget;
 *     codec_budget_open(&budget, limit);
 *     codec_budget *outer = codec_budget_enter(&budget);
 *     if (setjmp(budget.escape) == 0) {
 *         ... call the library; what it gives stays valid until codec_budget_close ...
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

/* From now on this thread's allocations count on `budget`; returns what they counted on before. */
codec_budget *codec_budget_enter(codec_budget *budget);
void codec_budget_leave(codec_budget *outer);

/* What refused, for a message; false where nothing did. */
bool codec_budget_refused(const codec_budget *budget, ct_error *err);

/* For the libraries. The first two return NULL when memory is out or the limit is reached. */
void *codec_budget_malloc(size_t size);
void *codec_budget_realloc(void *memory, size_t size);
void codec_budget_free(void *memory);

/* Leaves the library, which found itself in a state that it has no way out of. */
_Noreturn void codec_budget_give_up(void);

#endif
