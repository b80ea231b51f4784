/* What the commands of show --as have in common: one stage, perhaps after gray. Internal to show.
 */
#ifndef CT_APP_COMMANDS_SHOW_COMMAND_H
#define CT_APP_COMMANDS_SHOW_COMMAND_H

#include "app/commands/show_code.h"

/* Finds the one stage that isn't gray (NULL: there is only gray), and whether gray comes before it.
 * Fails for more, as what is between two stages would be rounded and clamped, and for one that no
 * command is written for. */
bool show_one_stage(show_code *code, const conv_stage *stages, int count, const conv_stage **stage,
                    bool *gray);

/* Refuses what no command has: strides, pads of their own, keep; and with `why`, borders that
 * `borders` (bits) hasn't. */
bool show_plain_window(show_code *code, const conv_window *w, unsigned borders, const char *why);

/* How far the window reaches: the most of left, right, top and bottom. */
int show_reach(const conv_window *w);

#endif
