/* Pointwise stages. */
#ifndef CT_CONV_PLAN_POINTS_H
#define CT_CONV_PLAN_POINTS_H

#include "conv/rows/table.h"

/* Runs one on in.width pixels of in.channels floats. `to` has room for what the stage makes. */
void points_run(const rows_table *rows, const conv_stage *stage, conv_shape in, const float *from,
                float *to);

#endif
