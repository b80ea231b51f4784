/* The banks that have a name. Internal to src/filter. */
#ifndef CT_FILTER_BANKS_H
#define CT_FILTER_BANKS_H

#include "filter/bank_made.h"
#include "filter/stages.h"

typedef struct bank_def {
    const char *name, *summary;
    const char *formula; /* lines of at most 66 columns, with the source */
    unsigned takes;      /* 1 << BANK_SEED ..., of the arguments that only some banks have */
    bool all_channels;   /* each filter sees all channels, not their gray */
    filter_bank *(*make)(const bank_wish *wish); /* NULL when out of memory */
} bank_def;

const bank_def *bank_def_at(size_t i); /* NULL past the last */
const bank_def *bank_def_find(const char *name);

/* Reads what a stage's arguments need from files, and checks them together. */
bool bank_read(const filter_chain *chain, chain_stage *stage, ct_error *err);

/* Makes the bank that the stage names, for filters of so many channels. NULL with an error when out
 * of memory, or where it would have more weights than a file may have. */
filter_bank *bank_make(const chain_stage *stage, int channels, ct_error *err);

#endif
