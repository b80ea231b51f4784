/* The catalogue of stages, and their arguments read. Internal to src/filter. */
#ifndef CT_FILTER_STAGES_H
#define CT_FILTER_STAGES_H

#include "filter/stage_def.h"

typedef struct argument {
    bool given;
    double number;
    int x, y;   /* sizes, anchors */
    int choice; /* index into `choices`; of no and yes, 0 and 1 */
    char *text; /* ARGUMENT_KERNEL */
    /* ARGUMENT_PADDING */
    conv_border border;
    bool valid, sized; /* sized: x and y say how much */
} argument;

const stage_def *stage_def_at(size_t i); /* NULL past the last */
const stage_def *stage_def_find(const char *name);

/* Reads one value; errors don't name the argument. */
bool argument_read(const argument_def *def, const char *text, argument *out, ct_error *err);
void argument_free(argument *argument);

/* ---- a chain ---- */

typedef struct chain_stage {
    const stage_def *def;
    char *text; /* as typed */
    argument own[MAX_ARGUMENTS];
    argument window[WINDOW_ARGUMENTS];
    filter_kernel *kernel; /* STAGE_CONV */
} chain_stage;

struct filter_chain {
    chain_stage *stages;
    size_t count;
    argument defaults[WINDOW_ARGUMENTS];
    char *kernel; /* the default of conv; NULL: none */
};

#endif
