/* The ring of rows that a step still needs. */
#ifndef CT_CONV_PLAN_RING_H
#define CT_CONV_PLAN_RING_H

#include "conv/plan/step.h"

/* The last rows of a step's input. Row r, for first <= r < next, lies in slot r modulo the size. */
typedef struct ring {
    char *rows;
    char *constant;    /* a row of the border's constant */
    const void **lent; /* the caller's rows instead: plan_reads_in_place */
    int first, next;
    float *held; /* for paths with `hold`: the rows from held_first on; -1: none yet */
    int held_first;
} ring;

/* A multiple of the cache line, at which rows begin. */
static inline size_t ring_row_bytes(const plan_step *step) {
    return step->pitch * step->sample;
}

static inline size_t ring_slot_of(const plan_step *step, int row) {
    const int rows = step->ring_rows;
    return (size_t)((row % rows + rows) % rows); /* rows of wrapping may be negative */
}

/* The first sample of row `row`. */
static inline void *ring_slot(const ring *r, const plan_step *step, int row) {
    return r->rows + ring_row_bytes(step) * ring_slot_of(step, row) + step->start * step->sample;
}

/* The same, also where the row is the caller's. */
static inline const void *ring_row(const ring *r, const plan_step *step, int row) {
    return r->lent ? r->lent[ring_slot_of(step, row)] : ring_slot(r, step, row);
}

/* Fills a whole row with the border's constant. */
void ring_fill_constant(const plan_step *step, char *row);

/* Fills the margins left and right of a row; `row` is its first sample. */
void ring_fill_margins(const plan_step *step, void *row);

#endif
