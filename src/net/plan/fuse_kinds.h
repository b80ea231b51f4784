/* The kinds of fusing, tried at each step. Internal to src/net/plan. */
#ifndef CT_NET_PLAN_FUSE_KINDS_H
#define CT_NET_PLAN_FUSE_KINDS_H

#include "net/plan/fuse.h"

/* Sets *done where it fused something. */
typedef bool net_fuse(net_fusing *f, net_step *step, bool *done, ct_error *err);

net_fuse net_fuse_activation; /* operators that are spelled out */
net_fuse net_fuse_scale;      /* a factor and a term for each channel, into a convolution */
net_fuse net_fuse_norm;       /* layer normalisation that is spelled out */
net_fuse net_fuse_bias;       /* a term for each column, into a product of matrices */
net_fuse net_fuse_sum;        /* a sum with another image, into the convolution before it */
net_fuse net_fuse_relu;       /* Relu, into the convolution or Gemm before it */

#endif
