/* One stage of a chain, read from its text. Internal to src/filter. */
#ifndef CT_FILTER_STAGE_READ_H
#define CT_FILTER_STAGE_READ_H

#include "filter/stages.h"

/* The length of `text` up to the next `stop` without a backslash before it. */
size_t text_piece(const char *text, char stop);

/* The length of the stage that `*text` begins with; the blanks around it don't count, and `*text`
 * is moved past those in front. `*rest` is where it ends: at a comma, or at the text's end. */
size_t text_stage(const char **text, const char **rest);

/* Reads stage->text into the rest of the stage, which is all zeros before; the chain has the
 * defaults. Call stage_free after a failure too. */
bool stage_read(const filter_chain *chain, chain_stage *stage, ct_error *err);
void stage_free(chain_stage *stage);

/* Whether the stage is a conv without a kernel of its own. */
bool takes_default_kernel(const chain_stage *stage);

#endif
