/* For explain: stages that work on each pixel by itself. */
#ifndef CT_APP_COMMANDS_EXPLAIN_POINT_H
#define CT_APP_COMMANDS_EXPLAIN_POINT_H

#include "app/commands/explain_table.h"

/* Explains a pointwise stage that turned `from` into `to`, as explain_window_stage does others. */
bool explain_point_stage(const explain_style *style, explain_image *image, int index, int channel,
                         const float *from, const float *to, bool *agrees, ct_error *err);

/* What a stage does, in a few words. */
const char *explain_stage_words(const conv_stage *stage);

#endif
