#include "filter/lower_stage.h"

#include <math.h>

#include "filter/lower_bank.h"
#include "filter/lower_edges.h"
#include "filter/lower_geometry.h"
#include "filter/lower_kernel.h"
#include "filter/lower_weighted.h"

/* ---- pooling ---- */

/* Of the whole image; a window has nothing else to say then. */
static bool lower_global(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    for (int i = 1; stage->def->arguments[i].kind; i++) {
        if (stage->own[i].given) {
            return ct_fail(l->err, "size 'all' is the whole image: '%s' doesn't go with it",
                           stage->def->arguments[i].name);
        }
    }
    conv_stage s = {.op = CONV_GLOBAL, .pool = stage->def->pool, .window.alpha = -1};
    return lower_weighted(l, chain, stage, &s);
}

static bool lower_pool(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const argument *size = &stage->own[0], *stride = &stage->own[1], *padding = &stage->own[2];
    conv_window w = {.dilation_x = 1, .dilation_y = 1, .alpha = -1};
    if (size->given && size->x == 0) {
        return lower_global(l, chain, stage);
    }
    w.width = size->given ? size->x : 2;
    w.height = size->given ? size->y : 2;
    w.stride_x = stride->given ? stride->x : w.width;
    w.stride_y = stride->given ? stride->y : w.height;
    w.left = w.right = padding->x;
    w.top = w.bottom = padding->y;
    w.anchor_x = (w.width - 1) / 2;
    w.anchor_y = (w.height - 1) / 2;
    w.ceil = stage->own[3].choice == 1;
    conv_stage s = {.op = CONV_POOL, .window = w, .pool = stage->def->pool};
    s.count_padding = !stage->own[4].given || stage->own[4].choice == 1;
    /* It takes one whole pixel, whose colour needs no weighting. */
    return stage->def->pool == CONV_POOL_NEAREST ? lower_emit(l, &s)
                                                 : lower_weighted(l, chain, stage, &s);
}

/* ---- single pixels ---- */

static bool lower_threshold(lowering *l, const chain_stage *stage) {
    const argument *value = &stage->own[0];
    if (!value->word) {
        return lower_point(l, CONV_THRESHOLD, lower_level(l, value, 0), l->white);
    }
    const conv_stage otsu = {.op = CONV_OTSU,
                             .point = CONV_THRESHOLD,
                             .b = (float)l->white,
                             .window.alpha = l->alpha ? l->shape.channels - 1 : -1};
    return lower_emit(l, &otsu);
}

/* The background becomes 0 for the product with alpha, then itself again. */
static bool lower_flatten(lowering *l, const chain_stage *stage) {
    const double background = lower_level(l, &stage->own[0], l->white);
    if (!l->alpha) {
        return true;
    }
    if ((background != 0 && !lower_point(l, CONV_SCALE, 1, -background)) ||
        !lower_point(l, CONV_PREMULTIPLY, 0, l->white) ||
        (background != 0 && !lower_point(l, CONV_SCALE, 1, background)) ||
        !lower_point(l, CONV_DROP_ALPHA, 0, 0)) {
        return false;
    }
    l->alpha = false;
    return true;
}

/* What an image file would make of the numbers; files of floats keep them. */
static bool lower_store(lowering *l, const chain_stage *stage) {
    const double bias = lower_number(&stage->own[1], 0);
    return l->real || ((bias == 0 || lower_point(l, CONV_SCALE, 1, bias)) &&
                       lower_point(l, CONV_STORE, l->white, stage->own[0].choice));
}

/* ---- every kind ---- */

bool lower_stage(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const argument *own = stage->own;
    switch (stage->def->kind) {
    case STAGE_CONV:
        return lower_conv(l, chain, stage);
    case STAGE_NAMED:
        return lower_named(l, chain, stage);
    case STAGE_LAPLACIAN:
        return lower_laplacian(l, chain, stage);
    case STAGE_GRADIENT:
        return lower_gradient(l, chain, stage);
    case STAGE_COMPASS:
        return lower_compass(l, chain, stage);
    case STAGE_LOG:
    case STAGE_DOG:
        return lower_blob(l, chain, stage);
    case STAGE_CANNY:
        return lower_canny(l, chain, stage);
    case STAGE_CROSSINGS:
        return lower_crossings(l, chain, stage);
    case STAGE_UNSHARP:
    case STAGE_GAUSSIAN:
        return lower_gaussian(l, chain, stage);
    case STAGE_BOX:
        return lower_box(l, chain, stage);
    case STAGE_MEDIAN:
        return lower_median(l, chain, stage);
    case STAGE_BANK:
        return lower_bank(l, chain, stage);
    case STAGE_POOL:
        return lower_pool(l, chain, stage);
    case STAGE_GRAY:
        return lower_gray(l);
    case STAGE_FLATTEN:
        return lower_flatten(l, stage);
    case STAGE_ABS:
        return lower_point(l, CONV_ABS, 0, 0);
    case STAGE_INVERT:
        return lower_point(l, CONV_SCALE, -1, l->white);
    case STAGE_RELU:
        return lower_point(l, CONV_RELU, 0, 0);
    case STAGE_LEAKY:
        return lower_point(l, CONV_LEAKY, lower_number(&own[0], 0.01), 0);
    case STAGE_SIGMOID:
        return lower_point(l, CONV_SIGMOID, 0, 0);
    case STAGE_TANH:
        return lower_point(l, CONV_TANH, 0, 0);
    case STAGE_SOFTMAX:
        return lower_point(l, CONV_SOFTMAX, 0, 0);
    case STAGE_ARGMAX:
        return lower_point(l, CONV_ARGMAX, 0, 0);
    case STAGE_NORM: /* in the order of norm_choices */
        return lower_point(l, CONV_NORM,
                           own[0].choice == 0   ? 2
                           : own[0].choice == 1 ? 1
                                                : INFINITY,
                           0);
    case STAGE_STORE:
        return lower_store(l, stage);
    case STAGE_SCALE:
        return lower_point(l, CONV_SCALE, lower_number(&own[0], 1), lower_number(&own[1], 0));
    case STAGE_THRESHOLD:
        return lower_threshold(l, stage);
    case STAGE_NORMALIZE: {
        conv_stage s = {.op = CONV_NORMALIZE,
                        .window.alpha = l->alpha ? l->shape.channels - 1 : -1};
        s.a = (float)lower_level(l, &own[0], 0);
        s.b = (float)lower_level(l, &own[1], l->white);
        return lower_emit(l, &s);
    }
    case STAGE_RESIZE:
        return lower_resize(l, stage);
    case STAGE_CROP:
        return lower_crop(l, stage);
    case STAGE_ROTATE:
        return lower_rotate(l, stage);
    case STAGE_NET:
        return true; /* the image that is lowered is what the network made */
    }
    return false;
}
