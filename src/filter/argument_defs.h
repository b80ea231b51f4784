/* What defines an argument, and the lists that several stages share. Internal to src/filter. */
#ifndef CT_FILTER_ARGUMENT_DEFS_H
#define CT_FILTER_ARGUMENT_DEFS_H

#include "filter/filter.h"

typedef enum argument_kind {
    ARGUMENT_NONE, /* ends a list */
    ARGUMENT_NUMBER,
    ARGUMENT_INTEGER,
    ARGUMENT_SIZE,      /* N or WxH */
    ARGUMENT_AUTO_SIZE, /* an odd N, or auto (0) */
    ARGUMENT_CHOICE,    /* one of `choices` */
    ARGUMENT_KERNEL,
    ARGUMENT_PADDING,
    ARGUMENT_ANCHOR,
} argument_kind;

typedef struct argument_def {
    const char *name;
    argument_kind kind;
    double low, high;             /* numbers and sizes */
    const filter_choice *choices; /* ends with a name of NULL */
    const char *fallback;         /* the default: a value, or words; NULL: it must be given */
    const char *meaning;          /* a line */
} argument_def;

extern const filter_choice no_yes[];
extern const argument_def no_arguments[];

/* The first argument of whatever blurs. */
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

#endif
