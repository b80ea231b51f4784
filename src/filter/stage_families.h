/* The catalogue's tables: stages.c reads them one after the other. Internal to src/filter.
 *
 * To add a stage: a row in the stages_NAME.c where it belongs. If its kind is new, add that to
 * stage_kind, a case to lower_stage.c and its function, there or in a lower_NAME.c. Parser, list,
 * help, man page, completions and the sweep tests read these tables. */
#ifndef CT_FILTER_STAGE_FAMILIES_H
#define CT_FILTER_STAGE_FAMILIES_H

#include "filter/stage_def.h"

/* Each ends with a name of NULL. */
extern const stage_def kernel_stages[], edge_stages[], bank_stages[], pool_stages[], point_stages[],
    geometry_stages[], net_stages[];

#endif
