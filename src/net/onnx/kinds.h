/* Which kind of attribute each name is. Internal to src/net/onnx. */
#ifndef CT_NET_ONNX_KINDS_H
#define CT_NET_ONNX_KINDS_H

#include "base/error.h"
#include "net/graph.h"

/* Whether each attribute of the node that some operator knows is there once, and of its kind. False
 * with an error that names it. */
bool onnx_kinds_fit(const net_node *node, ct_error *err);

#endif
