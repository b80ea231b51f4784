/* Edge filters made of several of the engine's stages. Internal to src/filter. */
#ifndef CT_FILTER_LOWER_EDGES_H
#define CT_FILTER_LOWER_EDGES_H

#include "filter/lower_emit.h"
#include "filter/stages.h"

/* Edge filters work on gray, unless each channel was asked for, and without alpha. */
bool lower_edge_input(lowering *l);

bool lower_canny(lowering *l, const filter_chain *chain, const chain_stage *stage);
bool lower_crossings(lowering *l, const filter_chain *chain, const chain_stage *stage);

#endif
