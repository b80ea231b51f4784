/* MaxPool and AveragePool as pooling of the engine, where it has windows like theirs. */
#include "net/ops/local.h"
#include "net/ops/pool.h"
#include "net/ops/small_pool.h"
#include "net/ops/stage_rows.h"

static bool make(const net_call *call, conv_pool kind, net_rows *out, ct_error *err) {
    net_pooling pooling;
    net_shape made;
    conv_stage stage = {.op = CONV_POOL,
                        .pool = kind,
                        .count_padding = net_int(call->node, "count_include_pad", 0) != 0};
    if (call->in[0]->type != NET_FLOAT || !net_image_shape(&call->in[0]->shape, &out->in[0])) {
        return true;
    }
    if (!net_pool_describe(call, &pooling, &made, err)) {
        return false;
    }
    if (net_window_engine(&pooling.window, &stage.window)) {
        stage.window.ceil = pooling.window.ceil && !pooling.window.same;
        conv_shape image;
        bool ok = true;
        if (kind == CONV_POOL_MAX && net_image_shape(&made, &image)) {
            ok = net_small_pool(&stage.window, image, out, err);
        }
        if (ok && !out->run) {
            ok = net_stage_rows(&stage, out, err);
        }
        out->work = (double)net_window_cells(&pooling.window);
        return ok;
    }
    return true;
}

bool net_max_pool_rows(const net_call *call, net_rows *out, ct_error *err) {
    const bool indices = call->node->output_count > 1 && call->node->outputs[1] >= 0;
    return indices || make(call, CONV_POOL_MAX, out, err);
}

bool net_average_pool_rows(const net_call *call, net_rows *out, ct_error *err) {
    return make(call, CONV_POOL_AVG, out, err);
}
