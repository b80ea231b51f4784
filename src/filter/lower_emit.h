/* A program under construction. Internal to src/filter. */
#ifndef CT_FILTER_LOWER_EMIT_H
#define CT_FILTER_LOWER_EMIT_H

#include "filter/stages.h"

typedef struct lowering {
    filter_program *program;
    const filter_settings *settings;
    double white; /* of the input */
    bool real;    /* its numbers are floats */
    conv_shape shape;
    bool trial;       /* there is no image yet: every stage gets the largest that it takes */
    bool alpha;       /* the last channel is alpha */
    bool plain_alpha; /* and for this stage a channel like the others */
    int origin;       /* the chain's stage being lowered, or -1 */
    int capacity;
    ct_error *err;
} lowering;

/* Makes room for one more stage. */
bool lower_room(lowering *l);

/* Appends one engine stage, checking its shape. */
bool lower_emit(lowering *l, const conv_stage *stage);

/* Appends a pointwise stage with parameters a and b; alpha is left unchanged where the operation
 * treats all channels alike. */
bool lower_point(lowering *l, conv_point point, double a, double b);

/* What lives as long as the program: numbers, or bytes for anything. NULL (with the error set) when
 * out of memory. */
double *lower_numbers(lowering *l, size_t count);
void *lower_bytes(lowering *l, size_t size);

/* Converts to gray: 3 colours become 1; 1 stays as it is. */
bool lower_gray(lowering *l);

/* Leaves alpha out, if there is any. */
bool lower_drop_alpha(lowering *l);

/* An argument's number, and a level in the image's own numbers; `fallback` where it isn't given. */
double lower_number(const argument *a, double fallback);
double lower_level(const lowering *l, const argument *a, double fallback);

#endif
