/* Windows over colour that alpha weighs. Internal to src/filter. */
#ifndef CT_FILTER_LOWER_WEIGHTED_H
#define CT_FILTER_LOWER_WEIGHTED_H

#include "filter/lower_emit.h"

/* Appends a stage whose window sees colour weighted by alpha, where there is alpha. `source` is the
 * chain's stage that it comes from. */
bool lower_weighted(lowering *l, const filter_chain *chain, const chain_stage *source,
                    conv_stage *stage);

#endif
