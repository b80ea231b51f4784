/* Which path a stage takes. */
#ifndef CT_CONV_PLAN_CHOOSE_H
#define CT_CONV_PLAN_CHOOSE_H

#include "conv/path/path.h"

/* The cheapest path that can serve, or the one that was asked for (conv_path_prefer) if it can.
 * *choice tells people. NULL: none can, which only a site's unit brings about. */
const conv_path *choose_path(const path_site *site, conv_choice *choice);

#endif
