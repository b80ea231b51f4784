/* What numbers a program can give. Internal to src/filter. */
#ifndef CT_FILTER_RANGE_H
#define CT_FILTER_RANGE_H

#include "filter/filter.h"

/* The range behind the stage, from that before it. Channels that hold alpha don't count, and
 * colours that are weighted by alpha count as what they were. */
void range_after(filter_range *range, const conv_stage *stage);

#endif
