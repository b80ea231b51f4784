/* What sums may be made inexactly, and which are bytes: questions that several paths ask. */
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

/* What a path saves that takes bytes instead of floats. */
double path_saved_by_bytes(const path_site *site);

/* Whether sums of bytes are numbers from 0 to 255, give or take what is rounded away: no weight is
 * negative, and all of them sum to 1 or less. */
bool path_sums_fit(const kernel_facts *facts);

#endif
