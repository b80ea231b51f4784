/* A block of output rows of a stage with a window. */
#ifndef CT_CONV_PLAN_WINDOW_H
#define CT_CONV_PLAN_WINDOW_H

#include "conv/plan/step.h"

/* Writes `pixels` output pixels of each of call->count rows to out[r]: what the path computes,
 * every stride_x-th of it, combined with the centre where the stage asks for it. `columns` has
 * plan->scratch floats for each of these rows. */
void window_run(const plan_step *step, const path_call *call, int pixels, float *const *out,
                float *const *columns);

#endif
