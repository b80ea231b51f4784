/* The order of a graph's nodes. Internal to src/net/onnx. */
#ifndef CT_NET_ONNX_ORDER_H
#define CT_NET_ONNX_ORDER_H

#include "base/error.h"
#include "net/graph.h"
#include "net/pool.h"

/* Puts each node behind those whose values it uses; the order of the file stays where it fits. The
 * list is of the pool. False with an error: a cycle, or out of memory. */
bool onnx_sort_nodes(net_graph *graph, int value_count, net_pool *pool, ct_error *err);

#endif
