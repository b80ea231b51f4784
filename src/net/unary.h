/* Functions of one number, as ONNX's operators have them: Relu, Exp, HardSwish, ... */
#ifndef CT_NET_UNARY_H
#define CT_NET_UNARY_H

#include "net/graph.h"

typedef struct net_unary net_unary;

/* The function that a node applies to each number of its first input, and its (at most two)
 * numbers, as a slope; `in` are the node's inputs, for Clip's limits. NULL where the node isn't of
 * that kind, or a limit isn't known. */
const net_unary *net_unary_of(const net_node *node, const net_tensor *const *in, double numbers[2]);

/* The function of that operator's name; NULL where there is none. */
const net_unary *net_unary_find(const char *name);

/* out[i] = f(in[i]), i < n. `out` may be `in`. Floats are within 1e-6 relative of the exact value
 * (Gelu, Mish: of |x|). */
void net_unary_floats(const net_unary *f, const double numbers[2], float *out, const float *in,
                      size_t n);
void net_unary_doubles(const net_unary *f, const double numbers[2], double *out, const double *in,
                       size_t n);

/* Relu of floats, where they are: for nodes that it is a part of. */
void net_relu(net_tensor *tensor);

#endif
