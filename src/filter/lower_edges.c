#include "filter/lower_edges.h"

#include <float.h>
#include <math.h>

#include "filter/coefficients.h"
#include "filter/lower_window.h"

bool lower_edge_input(lowering *l) {
    const int colours = l->shape.channels - (l->alpha ? 1 : 0);
    if (colours == 3 && l->settings->color == FILTER_COLOR_AUTO && !lower_gray(l)) {
        return false;
    }
    return lower_drop_alpha(l);
}

/* ---- canny ---- */

typedef struct levels {
    double low, high;
    bool automatic; /* high is Otsu's threshold, and low, where it's 0, half of that */
} levels;

static bool find_levels(const lowering *l, const chain_stage *stage, levels *out) {
    const argument *low = &stage->own[0], *high = &stage->own[1];
    const bool low_given = low->given && !low->word, high_given = high->given && !high->word;
    *out = (levels){.automatic = high->given ? high->word : low->word};
    if (high_given) {
        out->high = lower_level(l, high, 0);
    }
    out->low = low_given        ? lower_level(l, low, 0)
               : high_given     ? out->high / 2
               : out->automatic ? 0
                                : 0.1 * l->white;
    if (!high_given) {
        out->high = 2 * out->low;
    }
    return out->automatic || out->low <= out->high ||
           ct_fail(l->err, "low, which is %g, must not be above high, which is %g", out->low,
                   out->high);
}

/* The kernel reaches 4 sigma, as scikit-image's does: less would leave steps at its rim that look
 * like edges. */
static bool emit_blur(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    const double sigma = stage->own[2].given ? stage->own[2].number : 1;
    const int size = 2 * (int)floor(4 * sigma + 0.5) + 1;
    double *row = lower_numbers(l, (size_t)size);
    if (!row) {
        return false;
    }
    if (size == 1) {
        *row = 1;
    } else {
        gaussian_row(row, size, sigma);
    }
    conv_stage s = {.op = CONV_CORRELATE, .kernels = 1, .row = row, .column = row};
    s.window = make_window(chain, stage, size, size, -1, -1);
    const conv_window *w = &s.window;
    const bool same = size == 1 && w->stride_x == 1 && w->stride_y == 1 && w->left == 0 &&
                      w->right == 0 && w->top == 0 && w->bottom == 0;
    return same || lower_emit(l, &s);
}

static bool emit_maxima(lowering *l, double low) {
    const conv_stage s = {.op = CONV_SUPPRESS,
                          .a = (float)low,
                          .window = {.width = 5,
                                     .height = 5,
                                     .stride_x = 1,
                                     .stride_y = 1,
                                     .dilation_x = 1,
                                     .dilation_y = 1,
                                     .anchor_x = 2,
                                     .anchor_y = 2,
                                     .left = 2,
                                     .right = 2,
                                     .top = 2,
                                     .bottom = 2,
                                     .border = CONV_REPLICATE,
                                     .alpha = -1}};
    return lower_emit(l, &s);
}

/* Where there is no gradient there is no edge, however low the level. */
static double above_zero(double level) {
    return fmax(level, (double)FLT_MIN);
}

static bool emit_marks(lowering *l, const levels *level) {
    if (!level->automatic) {
        return lower_point(l, CONV_MARK, above_zero(level->low), above_zero(level->high));
    }
    const conv_stage s = {
        .op = CONV_OTSU, .point = CONV_MARK, .a = (float)level->low, .window.alpha = -1};
    return lower_emit(l, &s);
}

bool lower_canny(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    levels level;
    const conv_stage link = {.op = CONV_LINK, .b = (float)l->white, .window.alpha = -1};
    return find_levels(l, stage, &level) && lower_edge_input(l) && emit_blur(l, chain, stage) &&
           emit_maxima(l, level.automatic ? 0 : level.low) && emit_marks(l, &level) &&
           lower_emit(l, &link);
}

/* ---- zero crossings ---- */

bool lower_crossings(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    conv_stage s = {.op = CONV_CROSSINGS, .b = (float)l->white};
    s.threshold = (float)lower_level(l, &stage->own[0], 0);
    s.window = make_window(chain, stage, 3, 3, -1, -1);
    return lower_edge_input(l) && lower_emit(l, &s);
}
