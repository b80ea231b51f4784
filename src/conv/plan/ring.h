/* The ring of rows that a step still needs. */
#ifndef CT_CONV_PLAN_RING_H
#define CT_CONV_PLAN_RING_H

#include "conv/plan/step.h"

/* The last rows of a step's input. Row r, for first <= r < next, lies in slot r modulo the size. */
typedef struct ring {
    char *rows;
    char *constant;    /* a row of the border's constant */
    const void **lent; /* instead of rows, the caller's: plan_reads_in_place */
    int first, next;
    float *held; /* paths that hold: the block of rows from held_first on; -1: none yet */
    int held_first;
} ring;

/* Rows begin at whole cache lines. */
static inline size_t ring_row_bytes(const plan_step *step) {
    return step->pitch * step->sample;
}

/* Floats of all rows and of the constant one. */
static inline size_t ring_floats(const plan_step *step) {
    return ring_row_bytes(step) / sizeof(float) * ((size_t)step->ring_rows + 1);
}

static inline size_t ring_slot_of(const plan_step *step, int row) {
    const int rows = step->ring_rows;
    return (size_t)((row % rows + rows) % rows); /* rows of wrapping may be negative */
}

/* Where row `row` has its first sample. */
static inline void *ring_slot(const ring *r, const plan_step *step, int row) {
    return r->rows + ring_row_bytes(step) * ring_slot_of(step, row) + step->start * step->sample;
}

/* The row itself, which may be the caller's. */
static inline const void *ring_row(const ring *r, const plan_step *step, int row) {
    return r->lent ? r->lent[ring_slot_of(step, row)] : ring_slot(r, step, row);
}

/* The border's constant in a whole row. */
void ring_fill_constant(const plan_step *step, char *row);

/* What stands beside a row, left and right; `row` is its first sample. */
void ring_fill_margins(const plan_step *step, void *row);

#endif
