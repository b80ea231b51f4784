/* The placeholders of the table of --like. Internal to src/filter. */
#ifndef CT_FILTER_LIKE_FILL_H
#define CT_FILTER_LIKE_FILL_H

#include "base/text.h"
#include "filter/like_number.h"
#include "filter/likes.h"
#include "filter/stages.h"

/* The value of the stage's own argument, or its default, as one would type it. */
const char *like_value(const chain_stage *stage, size_t i, char text[LIKE_VALUE]);

/* The cells of the stage's window, where its arguments or its kernel tell; else 0. */
void like_cells(const chain_stage *stage, int *width, int *height);

/* Appends `becomes` with its placeholders filled. `window` is the text of the window's arguments,
 * without the anchor. */
bool like_fill(const chain_stage *stage, const char *becomes, const char *window, bool centred,
               ct_text *out);

#endif
