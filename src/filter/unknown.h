/* Filters that don't exist, and what was probably meant. Internal to src/filter. */
#ifndef CT_FILTER_UNKNOWN_H
#define CT_FILTER_UNKNOWN_H

#include "filter/filter.h"

/* Says that there's no such filter, with what comes nearest; returns false. */
bool unknown_filter(const char *name, ct_error *err);

#endif
