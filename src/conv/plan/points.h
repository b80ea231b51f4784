/* Pointwise stages. */
#ifndef CT_CONV_PLAN_POINTS_H
#define CT_CONV_PLAN_POINTS_H

#include "conv/rows/table.h"

/* Runs points[first..count-1] on a block of that shape at `from`, which may be scratch[first & 1].
 * Returns where the result is: `out`, or where that is NULL, a scratch row; `from` itself if there
 * are none. */
const float *points_run_all(const rows_table *rows, const conv_stage *points, int first, int count,
                            conv_shape shape, const float *from, float *out,
                            float *const scratch[2]);

#endif
