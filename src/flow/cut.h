/* Where a chain is cut into parts, each of which one plan can hold. */
#ifndef CT_FLOW_CUT_H
#define CT_FLOW_CUT_H

#include "conv/conv.h"

/* The end of the part that begins at stage `first`: the next barrier after it, the most that a part
 * may have, or the chain's end. */
int flow_part_end(const conv_stage *stages, int first, int count);

/* The same where no part came before, or one that took stage first - 1 with it: empty where stage
 * `first` is a barrier, which needs the unchanged image in memory. */
int flow_first_end(const conv_stage *stages, int first, int count);

/* How flow_run computes each of `count` stages; choices[i].path is NULL for those without a window.
 * False with an error where a stage can't work on what it gets. */
bool flow_choices(const conv_stage *stages, int count, conv_shape in, conv_type in_type,
                  conv_choice *choices, ct_error *err);

#endif
