/* Greatest numbers of windows in images of some pixels, where the engine's preparations for each
 * row would take longer than the pooling. */
#ifndef CT_NET_OPS_SMALL_POOL_H
#define CT_NET_OPS_SMALL_POOL_H

#include "net/rows.h"

/* Fills *out, of which out->in[0] is set, for such windows, `made` of them; leaves it where the
 * image isn't small, or windows reach beyond it or are dilated. False with an error: out of memory.
 */
bool net_small_pool(const conv_window *window, conv_shape made, net_rows *out, ct_error *err);

#endif
