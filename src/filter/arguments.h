/* The values of arguments, read from text. Internal to src/filter. */
#ifndef CT_FILTER_ARGUMENTS_H
#define CT_FILTER_ARGUMENTS_H

#include "filter/stages.h"

/* Reads one value; errors don't name the argument. */
bool argument_read(const argument_def *def, const char *text, argument *out, ct_error *err);
void argument_free(argument *argument);

#endif
