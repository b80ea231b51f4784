/* The stage `net`. Internal to src/filter. */
#ifndef CT_FILTER_NETWORK_H
#define CT_FILTER_NETWORK_H

#include "filter/stages.h"

/* Checks the stage's arguments, and that it is the chain's first. */
bool network_read(const filter_chain *chain, const chain_stage *stage, ct_error *err);

#endif
