#include "net/ops/pair.h"

bool net_want_kernel(const net_call *call, int i, const net_kernels kernels, ct_error *err) {
    const net_tensor *in = net_in(call, i);
    return !in || in->type == NET_NONE || kernels[in->type] ||
           ct_fail(err, "input %d is %s, which it doesn't take", i + 1, net_type_name(in->type));
}

bool net_pair_shape(const net_call *call, const net_kernels kernels, net_type to, ct_error *err) {
    net_shape shape;
    const net_type type = call->in[0]->type != NET_NONE ? call->in[0]->type : call->in[1]->type;
    if (!net_want_kernel(call, 0, kernels, err) || !net_want_type(call, 1, type, err) ||
        !net_want_kernel(call, 1, kernels, err) ||
        !net_broadcast(&call->in[0]->shape, &call->in[1]->shape, &shape, err)) {
        return false;
    }
    net_give(call, 0, to == NET_NONE ? type : to, &shape);
    return true;
}

bool net_pair_run(const net_call *call, const net_kernels kernels, ct_error *err) {
    (void)err;
    net_stretch(call->team, kernels[call->in[0]->type], call->out[0], call->in, 2);
    return true;
}
