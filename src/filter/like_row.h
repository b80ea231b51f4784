/* Which row of --like's table is a stage's. Internal to src/filter. */
#ifndef CT_FILTER_LIKE_ROW_H
#define CT_FILTER_LIKE_ROW_H

#include "filter/likes.h"
#include "filter/stages.h"

/* The library's first row for the stage that has all of its arguments; NULL with an error that says
 * what the rows need, or what the library has. */
const like_def *like_row(const char *library, const chain_stage *stage, ct_error *err);

#endif
