/* From a parsed chain to the engine's stages. Internal to src/filter: lower.c drives, lower_stage.c
 * knows the function for each kind of stage, lower_emit.c appends to the program. */
#ifndef CT_FILTER_LOWER_H
#define CT_FILTER_LOWER_H

#include "filter/stages.h"

/* Whether the stage works on any image at all: finds what argument_read can't, as it sees one
 * argument at a time. */
bool lower_try(const filter_chain *chain, const chain_stage *stage, ct_error *err);

#endif
