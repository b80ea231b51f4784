/* The catalogue of stages, and chains made of them. Internal to src/filter. */
#ifndef CT_FILTER_STAGES_H
#define CT_FILTER_STAGES_H

#include "filter/filter.h"

typedef enum argument_kind {
    ARGUMENT_NONE, /* ends a list */
    ARGUMENT_NUMBER,
    ARGUMENT_LEVEL, /* a number in the image's own units, or N% of white */
    ARGUMENT_INTEGER,
    ARGUMENT_SIZE,      /* N or WxH */
    ARGUMENT_AUTO_SIZE, /* an odd N, or auto (0) */
    ARGUMENT_CHOICE,    /* one of `choices`; yes and no are 1 and 0 */
    ARGUMENT_KERNEL,
    ARGUMENT_PADDING,
    ARGUMENT_ANCHOR,
} argument_kind;

typedef struct argument_def {
    const char *name;
    argument_kind kind;
    double low, high;    /* numbers and sizes */
    const char *choices; /* "magnitude|x|y|l1|angle" */
} argument_def;

typedef struct argument {
    bool given;
    double number;
    bool percent; /* ARGUMENT_LEVEL: `number` is a share of white, 1 for 100% */
    int x, y;     /* sizes, anchors */
    int choice;   /* index into `choices` */
    char *text;   /* ARGUMENT_KERNEL */
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

enum { MAX_ARGUMENTS = 6 };

typedef struct stage_def {
    const char *name;
    stage_kind kind;
    conv_pool pool;
    bool windowed; /* takes the arguments of every convolution */
    bool edge;     /* looks at gray, drops alpha */
    argument_def arguments[MAX_ARGUMENTS];
    const char *usage; /* the arguments as `list` shows them */
    const char *summary;
} stage_def;

/* The arguments that every convolution stage takes, in the order of window_argument. */
typedef enum window_argument {
    WINDOW_PADDING,
    WINDOW_PAD,
    WINDOW_STRIDE,
    WINDOW_DILATION,
    WINDOW_ANCHOR,
    WINDOW_FLIP,
    WINDOW_ARGUMENTS,
} window_argument;

extern const argument_def window_arguments[WINDOW_ARGUMENTS];
extern const char window_usage[]; /* their names, for people */

const stage_def *stage_def_at(size_t i); /* NULL past the last */
const stage_def *stage_def_find(const char *name);

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
    size_t count, capacity;
    argument defaults[WINDOW_ARGUMENTS];
    char *kernel;                /* the default of conv; NULL: none */
    bool kernel_taken;           /* some stage takes it */
    const filter_loader *loader; /* of kernel files; NULL: there are none */
};

#endif
