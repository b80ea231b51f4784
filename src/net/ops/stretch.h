/* Element-wise work on tensors whose shapes are stretched to one another, as NumPy broadcasts: it
 * comes down to runs of neighbours, in which each input either advances or stays one number. */
#ifndef CT_NET_OPS_STRETCH_H
#define CT_NET_OPS_STRETCH_H

#include "net/op.h"

enum { NET_STRETCHED = 3 }; /* inputs at most */

/* Makes n elements. Bit k of `ones`: in[k] is one number for all of them; else it has n. `out` may
 * be where an input that advances is. */
typedef void net_kernel(void *out, const void *const *in, unsigned ones, size_t n);

/* out = kernel(in), element by element; the inputs' shapes, all known, must stretch to the
 * output's. Large work is shared among the team's threads. */
void net_stretch(const net_team *team, net_kernel *kernel, const net_tensor *out,
                 const net_tensor *const *in, int count);

/* Whether `from` can be stretched to `to`, as far as both are known. */
bool net_stretches(const net_shape *from, const net_shape *to);

#endif
