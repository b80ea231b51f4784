/* For explain: a filter of a layer. */
#ifndef CT_APP_COMMANDS_EXPLAIN_LAYER_H
#define CT_APP_COMMANDS_EXPLAIN_LAYER_H

#include "app/commands/explain_scene.h"

/* Explains filter f: a sum for each channel that it sees, with every product if `wanted` or where
 * they aren't many, then all of them and the bias. */
void explain_layer(const explain_scene *s, int f, bool wanted);

#endif
