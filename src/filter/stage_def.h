/* How a stage and its arguments are defined, and the arguments that several stages share. Internal
 * to src/filter. */
#ifndef CT_FILTER_STAGE_DEF_H
#define CT_FILTER_STAGE_DEF_H

#include "filter/filter.h"

typedef enum argument_kind {
    ARGUMENT_NONE, /* ends a list */
    ARGUMENT_NUMBER,
    ARGUMENT_LEVEL, /* a number in the image's own units, N% of white, or one of `choices` */
    ARGUMENT_INTEGER,
    ARGUMENT_SIZE,      /* N or WxH */
    ARGUMENT_POOL_SIZE, /* N, WxH, or all (0) */
    ARGUMENT_ODD,       /* an odd N */
    ARGUMENT_ODD_SIZE,  /* N or WxH, odd */
    ARGUMENT_AUTO_SIZE, /* an odd N, or auto (0) */
    ARGUMENT_CHOICE,    /* one of `choices` */
    ARGUMENT_KERNEL,
    ARGUMENT_BANK,
    ARGUMENT_NUMBERS, /* one, or a file of several */
    ARGUMENT_PADDING,
    ARGUMENT_ANCHOR,
    ARGUMENT_EXTENT, /* WxH, Wx, xH (the other is 0) or P% */
    ARGUMENT_FILE,   /* its name */
    ARGUMENT_TEXT,
} argument_kind;

typedef struct argument_def {
    const char *name;
    argument_kind kind;
    double low, high;             /* numbers and sizes */
    const filter_choice *choices; /* ends with a name of NULL */
    const char *fallback;         /* the default: a value, or words; NULL: it must be given */
    const char *meaning;          /* a line */
} argument_def;

/* What a stage does; lower_stage.c has a case for each. */
typedef enum stage_kind {
    STAGE_CONV,
    STAGE_NAMED,    /* the catalogue kernel of the stage's name */
    STAGE_GRADIENT, /* NAME-x and NAME-y */
    STAGE_COMPASS,  /* NAME-n, NAME-ne, ... */
    STAGE_LAPLACIAN,
    STAGE_LOG,
    STAGE_DOG,
    STAGE_CANNY,
    STAGE_CROSSINGS,
    STAGE_UNSHARP,
    STAGE_BOX,
    STAGE_MEDIAN,
    STAGE_GAUSSIAN,
    STAGE_BANK,
    STAGE_POOL,
    STAGE_GRAY,
    STAGE_FLATTEN,
    STAGE_ABS,
    STAGE_INVERT,
    STAGE_RELU,
    STAGE_LEAKY,
    STAGE_SIGMOID,
    STAGE_TANH,
    STAGE_SOFTMAX,
    STAGE_ARGMAX,
    STAGE_NORM,
    STAGE_STORE,
    STAGE_SCALE,
    STAGE_THRESHOLD,
    STAGE_NORMALIZE,
    STAGE_RESIZE,
    STAGE_CROP,
    STAGE_ROTATE,
    STAGE_NET,
} stage_kind;

enum {
    MAX_ARGUMENTS = 9, /* of one stage, including the one that ends the list */
    MAX_SOBEL = 31,    /* cells per side of a Sobel kernel, as in OpenCV */
    MAX_BOX = 4095,    /* cells per side of a box: sums of bytes still fit 32 bits */
};

typedef struct stage_def {
    const char *name;
    stage_kind kind;
    conv_pool pool;
    bool windowed;                 /* takes the arguments of every convolution */
    bool edge;                     /* works on gray, drops alpha */
    const argument_def *arguments; /* ends with ARGUMENT_NONE; never NULL */
    const char *summary;           /* one line of the list */
    const char *formula;           /* lines of at most 66 columns */
    const char *example;           /* what comes between `convtool` and the files */
} stage_def;

/* ---- what several stages share ---- */

extern const filter_choice no_yes[];
extern const argument_def no_arguments[];

/* The first argument of everything that blurs. */
/* clang-format off */
#define SIGMA_OF(what)                                                                             \
    {.name = "sigma", .kind = ARGUMENT_NUMBER, .low = 0.01, .high = 1000, .fallback = "1",         \
     .meaning = "standard deviation of " what ", in samples"}
/* clang-format on */

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

/* The arguments of `bank`, in their order. */
typedef enum bank_argument {
    BANK_SOURCE,
    BANK_SEED,
    BANK_FILTERS,
    BANK_SIZE,
    BANK_ORIENTATIONS,
    BANK_SCALES,
    BANK_BIAS,
    BANK_GROUPS,
    BANK_ARGUMENTS,
} bank_argument;

/* The arguments of `net`, in their order. */
typedef enum net_argument {
    NET_MODEL,
    NET_OUT,
    NET_RANGE,
    NET_MEAN,
    NET_STD,
    NET_ORDER,
    NET_LAYOUT,
    NET_ARGUMENTS,
} net_argument;

#endif
