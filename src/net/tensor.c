#include "net/tensor.h"

#include <string.h>

#include "base/checked.h"
#include "net/half.h"

static const struct {
    const char *name;
    size_t size;
    bool whole, real;
} types[] = {
    [NET_NONE] = {"unknown", 0, false, false},   [NET_FLOAT] = {"float", 4, false, true},
    [NET_DOUBLE] = {"double", 8, false, true},   [NET_HALF] = {"float16", 2, false, true},
    [NET_BFLOAT] = {"bfloat16", 2, false, true}, [NET_I8] = {"int8", 1, true, false},
    [NET_I16] = {"int16", 2, true, false},       [NET_I32] = {"int32", 4, true, false},
    [NET_I64] = {"int64", 8, true, false},       [NET_U8] = {"uint8", 1, true, false},
    [NET_U16] = {"uint16", 2, true, false},      [NET_U32] = {"uint32", 4, true, false},
    [NET_U64] = {"uint64", 8, true, false},      [NET_BOOL] = {"bool", 1, false, false},
};

size_t net_type_size(net_type type) {
    return types[type].size;
}

const char *net_type_name(net_type type) {
    return types[type].name;
}

bool net_type_is_whole(net_type type) {
    return types[type].whole;
}

bool net_type_is_real(net_type type) {
    return types[type].real;
}

bool net_shape_is_known(const net_shape *shape) {
    for (int i = 0; i < shape->rank; i++) {
        if (shape->size[i] < 0) {
            return false;
        }
    }
    return shape->rank >= 0;
}

bool net_shape_equal(const net_shape *a, const net_shape *b) {
    if (a->rank != b->rank) {
        return false;
    }
    for (int i = 0; i < a->rank; i++) {
        if (a->size[i] != b->size[i]) {
            return false;
        }
    }
    return true;
}

bool net_shape_count(const net_shape *shape, size_t *count) {
    size_t product = 1;
    bool empty = false, fits = true;
    if (!net_shape_is_known(shape)) {
        return false;
    }
    for (int i = 0; i < shape->rank; i++) {
        empty = empty || shape->size[i] == 0;
        fits = fits && (shape->size[i] == 0 || ct_mul(product, (size_t)shape->size[i], &product));
    }
    *count = empty ? 0 : product;
    return fits && (uint64_t)*count < (uint64_t)1 << 62;
}

size_t net_shape_product(const net_shape *shape, int first, int end) {
    size_t product = 1;
    for (int i = first; i < end; i++) {
        product *= (size_t)shape->size[i];
    }
    return product;
}

size_t net_count(const net_tensor *tensor) {
    return net_shape_product(&tensor->shape, 0, tensor->shape.rank);
}

bool net_bytes(const net_tensor *tensor, size_t *bytes) {
    size_t count;
    return net_shape_count(&tensor->shape, &count) &&
           ct_mul(count, net_type_size(tensor->type), bytes);
}

bool net_axis(int64_t axis, int rank, int *out, ct_error *err) {
    if (axis < -rank || axis >= rank) {
        return ct_fail(err, "axis %lld of a tensor of %s", (long long)axis,
                       ct_count((uint64_t)rank, "dimension").text);
    }
    *out = (int)(axis < 0 ? axis + rank : axis);
    return true;
}

int64_t net_whole_at(const net_tensor *tensor, size_t i) {
    const void *data = tensor->data;
    switch (tensor->type) {
    case NET_I8:
        return ((const int8_t *)data)[i];
    case NET_I16:
        return ((const int16_t *)data)[i];
    case NET_I32:
        return ((const int32_t *)data)[i];
    case NET_I64:
        return ((const int64_t *)data)[i];
    case NET_U8:
    case NET_BOOL:
        return ((const uint8_t *)data)[i];
    case NET_U16:
        return ((const uint16_t *)data)[i];
    case NET_U32:
        return ((const uint32_t *)data)[i];
    case NET_U64:
        return (int64_t)((const uint64_t *)data)[i];
    default:
        return 0;
    }
}

double net_real_at(const net_tensor *tensor, size_t i) {
    const void *data = tensor->data;
    switch (tensor->type) {
    case NET_FLOAT:
        return (double)((const float *)data)[i];
    case NET_DOUBLE:
        return ((const double *)data)[i];
    case NET_HALF:
        return (double)net_half_to_float(((const uint16_t *)data)[i]);
    case NET_BFLOAT:
        return (double)net_bfloat_to_float(((const uint16_t *)data)[i]);
    case NET_U64:
        return (double)((const uint64_t *)data)[i];
    default:
        return (double)net_whole_at(tensor, i);
    }
}
