#include "filter/lower_weighted.h"

#include <math.h>

#include "filter/lower_window.h"

/* Whether no weight is negative and they sum to 1: such a kernel smooths alpha too. */
static bool smooths(const conv_stage *stage) {
    const int cells = stage->window.width * stage->window.height;
    double sum = 0;
    if (!stage->weights) {
        return true; /* boxes, Gaussians and medians */
    }
    for (int i = 0; i < cells; i++) {
        if (stage->weights[i] < 0) {
            return false;
        }
        sum += stage->weights[i];
    }
    return fabs(sum - 1) < 1e-9;
}

/* Whether the only weight is a 1: whole pixels are moved, and their colour needs no weighting. */
static bool moves(const conv_stage *stage) {
    const int cells = stage->window.width * stage->window.height;
    int ones = 0, others = 0;
    for (int i = 0; stage->weights && i < cells; i++) {
        ones += stage->weights[i] == 1;
        others += stage->weights[i] != 0 && stage->weights[i] != 1;
    }
    return stage->combine == CONV_PLAIN && ones == 1 && others == 0;
}

bool lower_weighted(lowering *l, const filter_chain *chain, const chain_stage *source,
                    conv_stage *stage) {
    if (!l->alpha || l->plain_alpha) {
        return lower_emit(l, stage);
    }
    const int colours = l->shape.channels - 1;
    const bool pool = stage->op == CONV_POOL || stage->op == CONV_GLOBAL;
    if (!pool) {
        set_alpha_fill(chain, source, &stage->window, colours, l->white);
    }
    if (!pool && stage->offset == 0.0F && moves(stage)) {
        return lower_emit(l, stage);
    }
    if (pool || (stage->combine == CONV_PLAIN && stage->offset == 0.0F && smooths(stage))) {
        return lower_point(l, CONV_PREMULTIPLY, 0, l->white) && lower_emit(l, stage) &&
               lower_point(l, CONV_UNPREMULTIPLY, 0, l->white);
    }
    stage->combine = stage->combine == CONV_UNSHARP ? CONV_WEIGHTED_UNSHARP : CONV_WEIGHTED;
    stage->b = (float)l->white;
    return lower_point(l, CONV_WEIGH, 0, l->white) && lower_emit(l, stage);
}
