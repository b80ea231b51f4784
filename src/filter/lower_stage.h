/* What each kind of stage becomes. Internal to src/filter. */
#ifndef CT_FILTER_LOWER_STAGE_H
#define CT_FILTER_LOWER_STAGE_H

#include "filter/lower_emit.h"
#include "filter/stages.h"

/* Appends what the stage becomes. Errors don't name the stage. */
bool lower_stage(lowering *l, const filter_chain *chain, const chain_stage *stage);

#endif
