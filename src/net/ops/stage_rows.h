/* Local operators that are one stage of the engine. */
#ifndef CT_NET_OPS_STAGE_ROWS_H
#define CT_NET_OPS_STAGE_ROWS_H

#include "net/rows.h"

/* Fills *out for a stage on the node's first input, whose shape is out->in[0]; leaves it where the
 * engine doesn't take the stage. False with an error: out of memory. */
bool net_stage_rows(const conv_stage *stage, net_rows *out, ct_error *err);

#endif
