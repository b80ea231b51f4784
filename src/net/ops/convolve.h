/* What Conv and ConvTranspose share: shapes, and sums that serve any number of axes. */
#ifndef CT_NET_OPS_CONVOLVE_H
#define CT_NET_OPS_CONVOLVE_H

#include "net/ops/window.h"

/* A convolution of known shapes: weights W of input 1, maps of the input 0 and the output. */
typedef struct net_convolution {
    net_window window;
    int64_t batch, groups;
    int64_t in_channels, out_channels; /* of all groups */
    int64_t in[NET_MOST_AXES], out[NET_MOST_AXES];
    bool transposed; /* W is in_channels x out_channels / groups x ..., else out x in / groups */
} net_convolution;

/* Types and ranks of X, W and B, and whether their channels fit. `axes` gets those behind the
 * channels; 0: not known yet. */
bool net_conv_check(const net_call *call, bool transposed, int *axes, ct_error *err);

/* A node's convolution, and the output's shape, whose sizes may be unknown; a rank of -1 where the
 * inputs' isn't known: there is no convolution yet. */
bool net_conv_describe(const net_call *call, net_convolution *conv, net_shape *made, ct_error *err);
bool net_conv_transpose_describe(const net_call *call, net_convolution *conv, net_shape *made,
                                 ct_error *err);

/* Sums in the tensors' own type, float or double, kernel cell by kernel cell: large tensors are cut
 * along the output's channels, for threads. */
bool net_conv_sums(const net_call *call, const net_convolution *convolution, ct_error *err);

/* A tensor's numbers as doubles, for the engine; the caller frees them. NULL: out of memory. */
double *net_conv_doubles(const net_tensor *tensor);

#endif
