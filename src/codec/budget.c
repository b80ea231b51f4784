#include "codec/budget.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/text.h"

struct codec_block {
    codec_budget *owner;
    codec_block *previous, *next;
    size_t size; /* without this header */
};

/* The library calls malloc without a context, so each thread knows whose call it is. */
static _Thread_local codec_budget *current;

void codec_budget_open(codec_budget *budget, uint64_t limit) {
    memset(budget, 0, sizeof *budget);
    budget->limit = limit;
}

void codec_budget_close(codec_budget *budget) {
    while (budget->blocks) {
        codec_block *block = budget->blocks;
        budget->blocks = block->next;
        free(block);
    }
    budget->used = 0;
}

codec_budget *codec_budget_enter(codec_budget *budget) {
    codec_budget *outer = current;
    current = budget;
    return outer;
}

void codec_budget_leave(codec_budget *outer) {
    current = outer;
}

bool codec_budget_refused(const codec_budget *budget, ct_error *err) {
    if (budget->over) {
        ct_fail(err, "needs more memory than the limit of %s (--max-memory)",
                ct_size_of(budget->limit).text);
    } else if (budget->no_memory) {
        ct_fail(err, "out of memory");
    }
    return budget->over || budget->no_memory;
}

static void link_block(codec_budget *budget, codec_block *block) {
    block->owner = budget;
    block->previous = NULL;
    block->next = budget->blocks;
    if (block->next) {
        block->next->previous = block;
    }
    budget->blocks = block;
    budget->used += block->size;
}

static void unlink_block(codec_block *block) {
    codec_budget *budget = block->owner;
    if (block->previous) {
        block->previous->next = block->next;
    } else {
        budget->blocks = block->next;
    }
    if (block->next) {
        block->next->previous = block->previous;
    }
    budget->used -= block->size;
}

/* Whether `size` more bytes are within the limit. */
static bool allow(codec_budget *budget, size_t size) {
    const bool fits = size <= budget->limit && budget->used <= budget->limit - size;
    budget->over |= !fits;
    return fits;
}

void *codec_budget_malloc(size_t size) {
    size_t bytes;
    if (!current || !ct_add(size, sizeof(codec_block), &bytes) || !allow(current, size)) {
        return NULL;
    }
    /* Zeroed: a file that leaves pixels out must not reveal what was in memory before. */
    codec_block *block = calloc(1, bytes);
    if (!block) {
        current->no_memory = true;
        return NULL;
    }
    block->size = size;
    link_block(current, block);
    return block + 1;
}

void *codec_budget_realloc(void *memory, size_t size) {
    if (!memory) {
        return codec_budget_malloc(size);
    }
    codec_block *block = (codec_block *)memory - 1;
    codec_budget *owner = block->owner;
    const size_t old = block->size;
    size_t bytes;
    if (!ct_add(size, sizeof *block, &bytes) || (size > old && !allow(owner, size - old))) {
        return NULL;
    }
    unlink_block(block);
    codec_block *moved = realloc(block, bytes);
    if (!moved) {
        owner->no_memory = true;
        link_block(owner, block);
        return NULL;
    }
    moved->size = size;
    if (size > old) {
        memset((uint8_t *)(moved + 1) + old, 0, size - old);
    }
    link_block(owner, moved);
    return moved + 1;
}

void codec_budget_free(void *memory) {
    if (memory) {
        codec_block *block = (codec_block *)memory - 1;
        unlink_block(block);
        free(block);
    }
}

_Noreturn void codec_budget_give_up(void) {
    if (!current) {
        abort(); /* a library was called without codec_budget_enter: a bug of ours */
    }
    current->gave_up = true;
    longjmp(current->escape, 1);
}
