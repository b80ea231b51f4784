/* Which path a stage takes. */
#ifndef CT_CONV_PLAN_CHOOSE_H
#define CT_CONV_PLAN_CHOOSE_H

#include "conv/path/path.h"

/* The cheapest path that applies, or the one asked for (conv_path_prefer) if it applies. Fills
 * *choice, which is for people to read. NULL: none applies, which only a site's unit can cause. */
const conv_path *choose_path(const path_site *site, conv_choice *choice);

#endif
