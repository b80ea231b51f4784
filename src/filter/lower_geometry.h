/* Resize, crop and rotate. Internal to src/filter. */
#ifndef CT_FILTER_LOWER_GEOMETRY_H
#define CT_FILTER_LOWER_GEOMETRY_H

#include "filter/lower_emit.h"
#include "filter/stages.h"

bool lower_resize(lowering *l, const chain_stage *stage);
bool lower_crop(lowering *l, const chain_stage *stage);
bool lower_rotate(lowering *l, const chain_stage *stage);

#endif
