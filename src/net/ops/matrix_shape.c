#include "net/ops/matrix_shape.h"

#include "net/ops/ops.h"

net_shape net_matrix_of(const net_shape *shape, bool left) {
    net_shape made = *shape;
    if (shape->rank == 1) {
        made = left ? (net_shape){2, {1, shape->size[0]}} : (net_shape){2, {shape->size[0], 1}};
    }
    return made;
}

net_shape net_batch_of(const net_shape *matrix) {
    net_shape made = *matrix;
    made.rank -= 2;
    return made;
}

bool net_matmul_shape(const net_shape *a, const net_shape *b, net_shape *out, ct_error *err) {
    const net_shape left = net_matrix_of(a, true), right = net_matrix_of(b, false);
    const net_shape left_batch = net_batch_of(&left), right_batch = net_batch_of(&right);
    const int64_t depth = left.size[left.rank - 1], rows = right.size[right.rank - 2];
    if (depth >= 0 && rows >= 0 && depth != rows) {
        return ct_fail(err, "a matrix of %lld columns can't be multiplied by one of %lld rows",
                       (long long)depth, (long long)rows);
    }
    if (!net_broadcast(&left_batch, &right_batch, out, err)) {
        return false;
    }
    if (a->rank > 1) {
        out->size[out->rank++] = left.size[left.rank - 2];
    }
    if (b->rank > 1) {
        out->size[out->rank++] = right.size[right.rank - 1];
    }
    return true;
}
