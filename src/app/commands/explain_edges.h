/* For explain: what becomes of a pixel that may be on an edge. */
#ifndef CT_APP_COMMANDS_EXPLAIN_EDGES_H
#define CT_APP_COMMANDS_EXPLAIN_EDGES_H

#include "app/commands/explain_table.h"

/* CONV_SUPPRESS and CONV_CROSSINGS in one channel of their window; `engine` is the engine's
 * result. *agrees becomes false where the arithmetic shown gives another. */
void explain_maximum(const explain_style *style, const conv_stage *stage,
                     const explain_window *window, int channel, double engine, bool *agrees);
void explain_crossing(const explain_style *style, const conv_stage *stage,
                      const explain_window *window, int channel, double engine, bool *agrees);

/* CONV_LINK, stage `index`, at x, y in one channel or all (-1); `to` is the engine's pixel. False
 * with an error only if something failed. */
bool explain_link(const explain_style *style, explain_image *image, int index, int x, int y,
                  int channel, const float *to, bool *agrees, ct_error *err);

#endif
