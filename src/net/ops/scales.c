#include "net/ops/scales.h"

bool net_want_numbers(const net_call *call, int i, int64_t many, ct_error *err) {
    const net_tensor *in = net_in(call, i);
    size_t count;
    if (!in || !net_shape_count(&in->shape, &count) || count == 1 || many < 0 ||
        (int64_t)count == many) {
        return true;
    }
    return ct_fail(err, "input %d has %zu numbers, where 1 or %lld are expected", i + 1, count,
                   (long long)many);
}

bool net_want_byte(const net_call *call, int i, ct_error *err) {
    const net_tensor *in = net_in(call, i);
    return !in || in->type == NET_NONE || net_is_byte(in->type) ||
           ct_fail(err, "input %d is %s, where int8 or uint8 are expected", i + 1,
                   net_type_name(in->type));
}
