/* Banks: several filters of one size. Internal to src/filter. */
#ifndef CT_FILTER_BANK_H
#define CT_FILTER_BANK_H

#include "filter/filter.h"

enum {
    BANK_NAME = 32,         /* bytes of a filter's name, with the NUL */
    BANK_NUMBERS = 1 << 24, /* the most weights */
};

typedef struct filter_bank {
    int filters;
    int channels; /* that each filter sees */
    bool gray;    /* it's one, which needn't be all that an image has: its gray will do */
    int width, height;
    int anchor_x, anchor_y;   /* -1: the default */
    double *weights;          /* filters x channels x height x width */
    char (*names)[BANK_NAME]; /* one for each filter; NULL: they have none */
} filter_bank;

/* A bank of zeros and, if `named`, empty names; NULL when out of memory. */
filter_bank *bank_new(int filters, int channels, int width, int height, bool named);
void bank_free(filter_bank *bank);

/* Parses the text of several kernels; `origin` is what errors name. */
filter_bank *bank_parse(const char *origin, const char *text, size_t size, ct_error *err);

/* The bank in a file, of text or (filters, channels, height, width) or (filters, height, width).
 * FILTER_MISSING, without an error, where there is no such file. */
filter_found bank_load(const char *name, const filter_loader *loader, filter_bank **out,
                       ct_error *err);

/* A number, or those of a file: all `*count` of them. NULL with an error. */
double *bank_load_bias(const char *text, const filter_loader *loader, int *count, ct_error *err);

#endif
