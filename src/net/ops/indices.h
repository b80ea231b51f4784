/* Indices as tensors: Gather, Scatter and what is like them. */
#ifndef CT_NET_OPS_INDICES_H
#define CT_NET_OPS_INDICES_H

#include "net/op.h"

/* False with an error where input i isn't int32 or int64. */
bool net_want_indices(const net_call *call, int i, ct_error *err);

/* The indices of a tensor as offsets 0 .. size - 1 (negative ones count from the end), which the
 * caller frees; NULL with an error where one lies outside. `step` is multiplied to each. */
size_t *net_indices(const net_tensor *indices, int64_t size, size_t step, ct_error *err);

/* The indices' last dimension holds coordinates along the dimensions first, first + 1, ... of
 * `shape`: each becomes an offset in elements from where those are 0. `batches` times the same
 * number of coordinates, where batch dimensions stand in front. Freed by the caller; NULL with an
 * error. */
size_t *net_coordinates(const net_tensor *indices, const net_shape *shape, int first,
                        ct_error *err);

/* Calls for each line along the last dimension of `indices`: where it begins in the indices, and in
 * a tensor of shape `data` with the same index, but for dimension `axis`, where it is 0. */
typedef void net_line(void *argument, size_t at, size_t data_at);
void net_each_line(const net_shape *indices, const net_shape *data, int axis, net_line *line,
                   void *argument);

#endif
