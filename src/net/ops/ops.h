/* The operators, by families: each list ends with a row without a name. To add a family: its file,
 * a line here, and one in table.c. */
#ifndef CT_NET_OPS_OPS_H
#define CT_NET_OPS_OPS_H

#include "net/op.h"

extern const net_op net_ops_arg[];
extern const net_op net_ops_arithmetic[];
extern const net_op net_ops_batch_norm[];
extern const net_op net_ops_cast[];
extern const net_op net_ops_clip[];
extern const net_op net_ops_compare[];
extern const net_op net_ops_concat[];
extern const net_op net_ops_constant[];
extern const net_op net_ops_conv[];
extern const net_op net_ops_conv_transpose[];
extern const net_op net_ops_einsum[];
extern const net_op net_ops_gather[];
extern const net_op net_ops_gemm[];
extern const net_op net_ops_global_pool[];
extern const net_op net_ops_grid_sample[];
extern const net_op net_ops_group_norm[];
extern const net_op net_ops_if[];
extern const net_op net_ops_integer_conv[];
extern const net_op net_ops_integer_matmul[];
extern const net_op net_ops_layer_norm[];
extern const net_op net_ops_logic[];
extern const net_op net_ops_loop[];
extern const net_op net_ops_made[];
extern const net_op net_ops_matmul[];
extern const net_op net_ops_max_pool[];
extern const net_op net_ops_max_unpool[];
extern const net_op net_ops_mean_pool[];
extern const net_op net_ops_other_norm[];
extern const net_op net_ops_pad[];
extern const net_op net_ops_power[];
extern const net_op net_ops_quantize[];
extern const net_op net_ops_rearrange[];
extern const net_op net_ops_reduce[];
extern const net_op net_ops_reshape[];
extern const net_op net_ops_resize[];
extern const net_op net_ops_rnn[];
extern const net_op net_ops_running[];
extern const net_op net_ops_scan[];
extern const net_op net_ops_scatter[];
extern const net_op net_ops_select[];
extern const net_op net_ops_several[];
extern const net_op net_ops_slice[];
extern const net_op net_ops_softmax[];
extern const net_op net_ops_top[];
extern const net_op net_ops_transpose[];
extern const net_op net_ops_unary[];
extern const net_op net_ops_where[];

#endif
