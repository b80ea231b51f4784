/* The range of a program's results. Internal to src/filter. */
#ifndef CT_FILTER_RANGE_H
#define CT_FILTER_RANGE_H

#include "filter/filter.h"

/* The range after the stage, from that before it, of so many channels. Alpha channels don't count,
 * and colours weighted by alpha count as they were before. */
void range_after(filter_range *range, const conv_stage *stage, int channels);

#endif
