/* The catalogue of stages, and their arguments read. Internal to src/filter. */
#ifndef CT_FILTER_STAGES_H
#define CT_FILTER_STAGES_H

#include "filter/argument_defs.h"

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

/* What a stage does; lower.c has a function for each. */
typedef enum stage_kind {
    STAGE_CONV,
    STAGE_NAMED,    /* the catalogue kernel of the stage's name */
    STAGE_GRADIENT, /* NAME-x and NAME-y */
    STAGE_COMPASS,  /* NAME-n, NAME-ne, ... */
    STAGE_LAPLACIAN,
    STAGE_LOG,
    STAGE_DOG,
    STAGE_UNSHARP,
    STAGE_BOX,
    STAGE_GAUSSIAN,
    STAGE_POOL,
    STAGE_GRAY,
    STAGE_ABS,
    STAGE_INVERT,
    STAGE_RELU,
    STAGE_SCALE,
    STAGE_THRESHOLD,
    STAGE_NORMALIZE,
} stage_kind;

enum { MAX_ARGUMENTS = 6 }; /* of one stage, with the one that ends the list */

typedef struct stage_def {
    const char *name;
    stage_kind kind;
    conv_pool pool;
    bool windowed;                 /* takes the arguments of every convolution */
    bool edge;                     /* looks at gray, drops alpha */
    const argument_def *arguments; /* ends with ARGUMENT_NONE; never NULL */
    const char *summary;           /* one line of the list */
    const char *formula;           /* lines of at most 66 columns */
    const char *example;           /* what stands between `convtool` and the files */
} stage_def;

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
