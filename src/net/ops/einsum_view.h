/* Tensors whose axes have labels, in any order in memory: what Einsum works on. */
#ifndef CT_NET_OPS_EINSUM_VIEW_H
#define CT_NET_OPS_EINSUM_VIEW_H

#include "net/ops/einsum_equation.h"

typedef uint64_t einsum_labels; /* a bit for each */

typedef struct einsum_view {
    const void *data;
    einsum_labels has;
    size_t step[EINSUM_LABELS]; /* elements; 0 along axes that are stretched */
} einsum_view;

/* Labels in an order. */
typedef struct einsum_order {
    int count, label[EINSUM_LABELS];
} einsum_order;

static inline bool einsum_has(einsum_labels labels, int label) {
    return labels >> label & 1;
}

/* The number of elements that these axes have; false where it doesn't fit. */
bool einsum_count(const int64_t *size, const einsum_order *order, size_t *count);

/* out (contiguous, with the axes of `order`) = the view, summed over all its other axes: floats in
 * double precision, whole numbers wrap. */
void einsum_copy(net_type type, const int64_t *size, const einsum_view *view,
                 const einsum_order *order, void *out);

/* The view of contiguous data with those axes. */
einsum_view einsum_view_of(const void *data, const int64_t *size, const einsum_order *order);

#endif
