/* --like: a stage becomes what another library's function of that name does. Internal to
 * src/filter. */
#ifndef CT_FILTER_LIKE_H
#define CT_FILTER_LIKE_H

#include "base/text.h"
#include "filter/stages.h"

/* Appends the stages that `stage` becomes to `out`, as text, or leaves it empty where the stage
 * stays as it is. Fails where the library has no such function, or it hasn't the stage's
 * arguments: "--like pillow has no sobel; it knows box, conv, ...". */
bool like_rewrite(const filter_chain *chain, const char *like, const chain_stage *stage,
                  ct_text *out, ct_error *err);

#endif
