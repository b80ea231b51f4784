/* Channels from one behind another to side by side, and back. */
#ifndef CT_NET_INTERLEAVE_H
#define CT_NET_INTERLEAVE_H

#include <stddef.h>

/* Transposes a matrix: out[c out_step + r] = in[r in_step + c] for r < rows, c < columns. */
void net_transpose(float *out, size_t out_step, const float *in, size_t in_step, size_t rows,
                   size_t columns);

#endif
