/* Operators by rows, for their rows of the table (net_op.rows): see rows.h. */
#ifndef CT_NET_OPS_LOCAL_H
#define CT_NET_OPS_LOCAL_H

#include "net/images.h"
#include "net/rows.h"

net_rows_make net_conv_rows, net_conv_transpose_rows;
net_rows_make net_max_pool_rows, net_average_pool_rows;
net_rows_make net_resize_rows;
net_rows_make net_unary_rows, net_pair_rows;
net_rows_make net_concat_rows, net_depth_to_space_rows, net_space_to_depth_rows;

#endif
