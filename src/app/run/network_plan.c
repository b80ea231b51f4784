#include "app/run/network_plan.h"

#include "net/stream.h"

/* A plan of the one value that is wanted, or of all outputs. */
static net_plan *plan_for(const network_plan *p, const app_network *network, const app_call *call,
                          bool by_rows, ct_error *err) {
    const net_value *value = app_network_input(network);
    const int rank = value->shape.rank < 0 ? 4 : value->shape.rank;
    const char *out = network->stage.out;
    net_given given = {.name = value->name, .tensor = {.type = NET_FLOAT}};
    given.tensor.shape = network_input_shape(&p->input, rank);
    const net_wanted wanted = {.given = &given,
                               .given_count = 1,
                               .outputs = &out,
                               .output_count = out ? 1 : 0,
                               .memory = call->limits.max_memory,
                               .by_rows = by_rows};
    return net_plan_new(network->model, &wanted, err);
}

/* Whether it looks like an image: then it has the network's range. */
static bool is_picture(const network_plan *p) {
    const net_value *made = net_plan_output(p->plan, 0);
    return made->shape.rank == 4 && (p->out.channels == 1 || p->out.channels == 3);
}

/* An image, or plain numbers. */
static codec_info info_of(const network_plan *p, const app_network *network) {
    const bool picture = is_picture(p);
    return (codec_info){.width = p->out.width,
                        .height = p->out.height,
                        .channels = p->out.channels,
                        .sample = CODEC_F32,
                        .white = picture ? network->stage.high - (double)p->black : 0,
                        .plain = !picture,
                        .meta = {.srgb_intent = -1}};
}

bool network_plan_make(network_plan *p, const app_network *network, const codec_info *image,
                       const app_call *call, ct_error *err) {
    conv_shape in;
    *p = (network_plan){.of = *image};
    p->of.meta = (codec_meta){.srgb_intent = -1};
    if (!network_input_make(network, app_network_input(network), image, &p->input, err) ||
        !(p->plan = plan_for(p, network, call, true, err))) {
        return false;
    }
    p->by_rows = p->input.last ? ct_fail(&p->why, "its channels come last (layout=hwc)")
                               : net_plan_is_local(p->plan, &in, &p->out, &p->why);
    if (!p->by_rows) {
        net_plan_free(p->plan);
        p->plan = plan_for(p, network, call, false, err);
        if (!p->plan) {
            return false;
        }
        const net_value *made = net_plan_output(p->plan, 0);
        const net_tensor as = {.type = made->type, .shape = made->shape};
        p->last = p->input.last && !network->stage.out && made->shape.rank >= 3;
        if (!network_output_shape(&as, p->last, &p->out, err)) {
            return false;
        }
    }
    p->black = is_picture(p) ? (float)network->stage.low : 0;
    p->made = info_of(p, network);
    return true;
}

void network_plan_free(network_plan *p) {
    net_plan_free(p->plan);
    *p = (network_plan){.plan = NULL};
}

bool network_plan_serves(const network_plan *p, const codec_info *image) {
    return p->plan && codec_same_kind(&p->of, image) && p->of.plain == image->plain;
}

bool network_plan_assumed(const network_plan *p, const app_network *network, ct_text *out) {
    const filter_network *stage = &network->stage;
    const bool same = !p->made.plain && (stage->ranged || stage->low != 0);
    return network_input_assumed(stage, &p->input, &p->of, out) &&
           (!same || ct_text_print(out, "%swhat comes out is in the same range (range=)",
                                   out->length ? ", " : ""));
}
