/* Local operators with one source, on tensors as ONNX has them: any number of images, one after
 * another, whose channels lie one behind another. For what a plan doesn't lay out in rows: batches,
 * and shapes or weights that are known only when it runs. */
#ifndef CT_NET_IMAGES_H
#define CT_NET_IMAGES_H

#include "net/op.h"

/* For an operator's row of the table: .make keeps the node by rows, .free frees that. */
bool net_images_make(const net_call *call, void **own, ct_error *err);
void net_images_drop(void *own);

/* What `run` does first: *done where the node can be done by rows, and has been. False with an
 * error: out of memory. */
bool net_images_call(const net_call *call, bool *done, ct_error *err);

#endif
