/* Which sums may be inexact, and which fit bytes: questions that several paths ask. */
#ifndef CT_CONV_PATH_ROUNDING_H
#define CT_CONV_PATH_ROUNDING_H

#include "conv/path/path.h"

/* Whether sums that err by `errors` units in the last place of the sum of absolute products would
 * still be rounded (rows_table.whole) to the right multiple of the site's unit. */
bool path_rounds_well(const path_site *site, double errors);

/* The errors of a sum of n products, in such units. */
double path_errors_of(int n);

/* What rounding to the unit costs. */
double path_rounding_cost(const path_site *site);

/* What a path saves by taking bytes instead of floats. */
double path_saved_by_bytes(const path_site *site);

/* Whether sums of bytes lie between 0 and 255, up to rounding: no weight is negative, and together
 * they sum to 1 or less. */
bool path_sums_fit(const kernel_facts *facts);

#endif
