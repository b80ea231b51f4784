/* For explain: pooling of the whole image. */
#ifndef CT_APP_COMMANDS_EXPLAIN_GLOBAL_H
#define CT_APP_COMMANDS_EXPLAIN_GLOBAL_H

#include "app/commands/explain_table.h"

/* Explains the stage, which made the pixel `to`, as explain_window_stage does others. */
bool explain_global_stage(const explain_style *style, explain_image *image, int index, int channel,
                          const float *to, bool *agrees, ct_error *err);

#endif
