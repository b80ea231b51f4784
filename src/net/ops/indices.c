#include "net/ops/indices.h"

#include <stdlib.h>

#include "net/ops/move.h"

bool net_want_indices(const net_call *call, int i, ct_error *err) {
    const net_type type = call->in[i]->type;
    return type == NET_I32 || type == NET_I64 || type == NET_NONE ||
           ct_fail(err, "input %d is %s, where int32 or int64 is expected", i + 1,
                   net_type_name(type));
}

static size_t *room_for(size_t count, ct_error *err) {
    size_t *offsets =
        count < SIZE_MAX / sizeof *offsets - 1 ? malloc((count + 1) * sizeof *offsets) : NULL;
    if (!offsets) {
        ct_fail(err, "out of memory");
    }
    return offsets;
}

static bool take_index(const net_tensor *indices, size_t i, int64_t size, size_t *at,
                       ct_error *err) {
    const int64_t index = indices->type == NET_I64 ? ((const int64_t *)indices->data)[i]
                                                   : ((const int32_t *)indices->data)[i];
    if (index < -size || index >= size) {
        return ct_fail(err, "index %lld along an axis of size %lld", (long long)index,
                       (long long)size);
    }
    *at = (size_t)(index < 0 ? index + size : index);
    return true;
}

size_t *net_indices(const net_tensor *indices, int64_t size, size_t step, ct_error *err) {
    const size_t count = net_count(indices);
    size_t *offsets = room_for(count, err);
    for (size_t i = 0; offsets && i < count; i++) {
        if (!take_index(indices, i, size, &offsets[i], err)) {
            free(offsets);
            return NULL;
        }
        offsets[i] *= step;
    }
    return offsets;
}

size_t *net_coordinates(const net_tensor *indices, const net_shape *shape, int first,
                        ct_error *err) {
    const int last = indices->shape.rank - 1, depth = (int)indices->shape.size[last];
    const size_t count = net_shape_product(&indices->shape, 0, last);
    ptrdiff_t strides[NET_MOST_DIMENSIONS];
    net_strides(shape, strides);
    size_t *offsets = room_for(count, err);
    for (size_t i = 0; offsets && i < count; i++) {
        offsets[i] = 0;
        for (int k = 0; k < depth; k++) {
            size_t at = 0;
            if (!take_index(indices, i * (size_t)depth + (size_t)k, shape->size[first + k], &at,
                            err)) {
                free(offsets);
                return NULL;
            }
            offsets[i] += at * (size_t)strides[first + k];
        }
    }
    return offsets;
}

void net_each_line(const net_shape *indices, const net_shape *data, int axis, net_line *line,
                   void *argument) {
    const int last = indices->rank - 1;
    const size_t lines = net_shape_product(indices, 0, last);
    ptrdiff_t strides[NET_MOST_DIMENSIONS];
    int64_t index[NET_MOST_DIMENSIONS] = {0};
    net_strides(data, strides);
    strides[axis] = 0;
    ptrdiff_t data_at = 0;
    for (size_t i = 0; i < lines && indices->size[last] > 0; i++) {
        line(argument, i * (size_t)indices->size[last], (size_t)data_at);
        for (int d = last; d-- > 0;) {
            data_at += strides[d];
            if (++index[d] < indices->size[d]) {
                break;
            }
            data_at -= strides[d] * (ptrdiff_t)indices->size[d];
            index[d] = 0;
        }
    }
}
