/* What arguments may be, in words: for `list`, the help and error messages. Internal to src/filter.
 * Each writes a string of less than FILTER_USAGE bytes. */
#ifndef CT_FILTER_USAGE_H
#define CT_FILTER_USAGE_H

#include "filter/banks.h"

/* A stage's own arguments with their defaults: "size=3 ceil=no|yes"; "" where it has none. */
void usage_of_stage(const stage_def *stage, char out[FILTER_USAGE]);

/* The arguments of `bank` that only this bank and some others have. */
void usage_of_bank(const bank_def *bank, char out[FILTER_USAGE]);

/* The names of the arguments that every convolution stage takes: "padding, pad, ...". */
void usage_of_window(char out[FILTER_USAGE]);

/* The choices, the default first: "magnitude|x|y|l1|angle". */
void usage_of_choices(const argument_def *def, char out[FILTER_USAGE]);

/* Whether the argument's range is worth showing: limits of 1e9 only keep numbers finite. */
bool usage_has_range(const argument_def *def);

/* What may be given for an argument: "a number from 0.01 to 1000". */
void usage_of_values(const argument_def *def, char out[FILTER_USAGE]);

#endif
