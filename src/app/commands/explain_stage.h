/* For explain: the arithmetic of one stage redone in double precision. */
#ifndef CT_APP_COMMANDS_EXPLAIN_STAGE_H
#define CT_APP_COMMANDS_EXPLAIN_STAGE_H

#include "app/commands/explain_table.h"

/* Explains a stage with a window at its output pixel x, y, for one channel or all (-1); `made` is
 * the engine's pixel. *agrees becomes false where the arithmetic shown differs from it. False with
 * an error only if something failed. */
bool explain_window_stage(const explain_style *style, explain_image *image, int index, int x, int y,
                          int channel, const float *made, bool *agrees, ct_error *err);

#endif
