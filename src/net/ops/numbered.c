#include "net/ops/numbered.h"

/* TensorProto.DataType of onnx.proto. */
static const net_type types[] = {
    [1] = NET_FLOAT, [2] = NET_U8,   [3] = NET_I8,      [4] = NET_U16,   [5] = NET_I16,
    [6] = NET_I32,   [7] = NET_I64,  [9] = NET_BOOL,    [10] = NET_HALF, [11] = NET_DOUBLE,
    [12] = NET_U32,  [13] = NET_U64, [16] = NET_BFLOAT,
};

bool net_numbered_type(const net_call *call, const char *attribute, net_type otherwise,
                       net_type *type, ct_error *err) {
    *type = otherwise;
    if (!net_attribute_find(call->node, attribute)) {
        return true;
    }
    const int64_t number = net_int(call->node, attribute, 0);
    *type =
        number > 0 && number < (int64_t)(sizeof types / sizeof *types) ? types[number] : NET_NONE;
    return *type != NET_NONE ||
           ct_fail(err, "%s is %lld, a type that isn't supported", attribute, (long long)number);
}
