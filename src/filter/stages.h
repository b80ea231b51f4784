/* The catalogue of stages, and chains made of them. Internal to src/filter. */
#ifndef CT_FILTER_STAGES_H
#define CT_FILTER_STAGES_H

#include "filter/bank.h"
#include "filter/stage_def.h"

typedef struct argument {
    bool given;
    double number;
    bool percent; /* `number` is a share: 1 for 100% of white, of the size */
    int x, y;     /* sizes, anchors */
    int choice;   /* index into `choices`; 0 is no, 1 is yes */
    bool word;    /* ARGUMENT_LEVEL: one of `choices` */
    char *text; /* ARGUMENT_KERNEL, ARGUMENT_BANK, ARGUMENT_NUMBERS, ARGUMENT_FILE, ARGUMENT_TEXT */
    /* ARGUMENT_PADDING */
    conv_border border;
    bool valid, keep;
    bool sized; /* x and y say how much */
} argument;

const stage_def *stage_def_at(size_t i); /* NULL past the last */
const stage_def *stage_def_find(const char *name);

/* ---- a chain ---- */

typedef struct chain_stage {
    const stage_def *def;
    char *text; /* as typed */
    argument own[MAX_ARGUMENTS];
    argument window[WINDOW_ARGUMENTS];
    filter_kernel *kernel; /* STAGE_CONV */
    filter_bank *bank;     /* STAGE_BANK, of a file; NULL: it's built in */
    double *bias;          /* STAGE_BANK: bias_count numbers, 1 for all filters; NULL: none */
    int bias_count;
    bool plain_alpha; /* made by --like: alpha is a channel like the others */
} chain_stage;

struct filter_chain {
    chain_stage *stages;
    size_t count, capacity;
    argument defaults[WINDOW_ARGUMENTS];
    char *kernel;                /* the default of conv; NULL: none */
    bool kernel_taken;           /* some stage takes it */
    const char *like;            /* the library whose functions stages become; NULL: none */
    const filter_loader *loader; /* of kernel files; NULL: there are none */
};

#endif
