#include "filter/lower_window.h"

/* The stage's own argument, else the chain's default. */
static const argument *window_value(const filter_chain *chain, const chain_stage *stage,
                                    window_argument which) {
    return stage->window[which].given ? &stage->window[which] : &chain->defaults[which];
}

static void set_padding(const filter_chain *chain, const chain_stage *stage, conv_window *w) {
    const argument *padding = window_value(chain, stage, WINDOW_PADDING);
    const argument *pad = stage->window[WINDOW_PAD].given ? &stage->window[WINDOW_PAD] : NULL;
    w->border = padding->given ? padding->border : CONV_MIRROR;
    w->keep = padding->given && padding->keep;
    w->fill = padding->given ? (float)padding->number : 0;
    if (!pad && padding->given && padding->sized) {
        pad = padding;
    }
    if (padding->given && padding->valid && !pad) {
        return;
    }
    if (pad) {
        w->left = w->right = pad->x;
        w->top = w->bottom = pad->y;
        return;
    }
    w->left = w->anchor_x * w->dilation_x;
    w->right = (w->width - 1 - w->anchor_x) * w->dilation_x;
    w->top = w->anchor_y * w->dilation_y;
    w->bottom = (w->height - 1 - w->anchor_y) * w->dilation_y;
}

conv_window make_window(const filter_chain *chain, const chain_stage *stage, int width, int height,
                        int anchor_x, int anchor_y) {
    const argument *stride = window_value(chain, stage, WINDOW_STRIDE);
    const argument *dilation = window_value(chain, stage, WINDOW_DILATION);
    const argument *anchor = window_value(chain, stage, WINDOW_ANCHOR);
    conv_window w = {.width = width, .height = height, .alpha = -1};
    w.stride_x = stride->given ? stride->x : 1;
    w.stride_y = stride->given ? stride->y : 1;
    w.dilation_x = dilation->given ? dilation->x : 1;
    w.dilation_y = dilation->given ? dilation->y : 1;
    w.anchor_x = anchor->given ? anchor->x : anchor_x >= 0 ? anchor_x : (width - 1) / 2;
    w.anchor_y = anchor->given ? anchor->y : anchor_y >= 0 ? anchor_y : (height - 1) / 2;
    if (w.anchor_x < width && w.anchor_y < height) { /* else lower_emit refuses it */
        set_padding(chain, stage, &w);
    }
    return w;
}

static void turn(double *weights, int count) {
    for (int i = 0; i < count / 2; i++) {
        const double spare = weights[i];
        weights[i] = weights[count - 1 - i];
        weights[count - 1 - i] = spare;
    }
}

void turn_if_flipped(const filter_chain *chain, const chain_stage *stage, double *weights,
                     int kernels, int cells) {
    if (window_value(chain, stage, WINDOW_FLIP)->choice) {
        for (int k = 0; k < kernels; k++) {
            turn(weights + (size_t)k * (size_t)cells, cells);
        }
    }
}

void set_alpha_fill(const filter_chain *chain, const chain_stage *stage, conv_window *w, int alpha,
                    double white) {
    const argument *padding = window_value(chain, stage, WINDOW_PADDING);
    const bool zero = !padding->given || padding->number == 0;
    w->alpha = alpha;
    w->fill_alpha = zero ? 0 : (float)white;
}
