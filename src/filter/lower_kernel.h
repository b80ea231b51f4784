/* Stages with a kernel, or a window as one has it. Internal to src/filter. */
#ifndef CT_FILTER_LOWER_KERNEL_H
#define CT_FILTER_LOWER_KERNEL_H

#include "filter/lower_emit.h"

/* Each appends what the stage of that kind becomes. */
typedef bool lower_kind(lowering *l, const filter_chain *chain, const chain_stage *stage);
lower_kind lower_conv, lower_named, lower_laplacian, lower_gradient, lower_compass, lower_blob,
    lower_gaussian, lower_box, lower_median;

#endif
