#include "conv/samples.h"

#include <float.h>
#include <math.h>

static const conv_samples unknown = {0};

conv_samples conv_samples_of(conv_type type) {
    switch (type) {
    case CONV_U8:
        return (conv_samples){.most = 255, .whole = true};
    case CONV_U16:
        return (conv_samples){.most = 65535, .whole = true};
    case CONV_F32:
        break;
    }
    return unknown;
}

/* The error of a few float roundings of numbers up to `most`. */
static double rounding(double most) {
    return 4 * (double)FLT_EPSILON * most;
}

conv_samples samples_in_window(const conv_window *w, conv_samples samples) {
    const double fills[2] = {(double)w->fill, w->alpha >= 0 ? (double)w->fill_alpha : 0};
    for (int i = 0; i < 2 && w->border == CONV_CONSTANT && samples.most > 0; i++) {
        samples.whole = samples.whole && fills[i] == rint(fills[i]);
        samples.most = fmax(samples.most, fabs(fills[i]));
    }
    return samples;
}

/* ---- sums ---- */

typedef struct weight_sums {
    double absolute; /* of one kernel; of several, the largest */
    bool whole;      /* all weights are */
} weight_sums;

static weight_sums add_up(const conv_stage *stage) {
    const conv_window *w = &stage->window;
    const int cells = w->width * w->height;
    weight_sums sums = {.whole = true};
    for (int k = 0; k < stage->kernels; k++) {
        double absolute = 0;
        for (int i = k * cells; i < (k + 1) * cells; i++) {
            sums.whole = sums.whole && stage->weights[i] == rint(stage->weights[i]);
            absolute += fabs(stage->weights[i]);
        }
        sums.absolute = fmax(sums.absolute, absolute);
    }
    return sums;
}

/* The sum over the products: a column's absolute sum times its row's. */
static weight_sums add_up_products(const conv_stage *stage) {
    const int height = stage->window.height, width = stage->window.width;
    weight_sums sums = {0};
    for (int k = 0; k < conv_stage_terms(stage); k++) {
        double column = 0, row = 0;
        for (int i = 0; i < height; i++) {
            column += fabs(stage->column[k * height + i]);
        }
        for (int i = 0; i < width; i++) {
            row += fabs(stage->row[k * width + i]);
        }
        sums.absolute += column * row;
    }
    return sums;
}

/* Facts about the samples times `factor`, with a rounding error of its own unless they stay whole
 * and small. */
static conv_samples times(conv_samples samples, double factor, bool whole) {
    const double largest = 1 << 24; /* the whole numbers that a float holds */
    const conv_samples out = {.most = samples.most * factor, .whole = samples.whole && whole};
    const double error =
        out.whole && out.most <= largest ? 0 : samples.noise * factor + rounding(out.most);
    return (conv_samples){out.most, out.whole, error};
}

static conv_samples after_correlation(const conv_stage *stage, conv_samples in) {
    const weight_sums sums = stage->weights ? add_up(stage) : add_up_products(stage);
    const double amount = (double)stage->amount;
    switch (stage->combine) {
    case CONV_PLAIN:
        return times(in, sums.absolute, sums.whole);
    case CONV_UNSHARP: /* C + amount (C - P) */
        return times(in, 1 + fabs(amount) * (1 + sums.absolute),
                     sums.whole && amount == rint(amount));
    default:
        return unknown;
    }
}

static conv_samples plus(conv_samples samples, double offset) {
    if (samples.most > 0 && offset != 0) {
        samples.most += fabs(offset);
        samples.whole = samples.whole && offset == rint(offset);
        samples.noise += rounding(samples.most);
    }
    return samples;
}

static conv_samples after_gradient(const conv_stage *stage, conv_samples in) {
    const conv_samples one = times(in, add_up(stage).absolute, false);
    switch (stage->gradient) {
    case CONV_X:
    case CONV_Y:
        return one;
    case CONV_MAGNITUDE:
    case CONV_L1:
        return times(one, 2, false);
    default: /* errors of x and y don't bound that of their angle */
        return unknown;
    }
}

static conv_samples black_or(float white) {
    const double b = (double)white;
    return (conv_samples){.most = fabs(b), .whole = b == rint(b)};
}

/* ---- pointwise stages ---- */

/* Results within -1..1, of a function whose slope is at most `slope`; alpha stays as it is. */
static conv_samples squashed(const conv_stage *stage, conv_samples in, double slope) {
    const bool alpha = stage->window.alpha >= 0;
    return (conv_samples){.most = alpha ? fmax(1, in.most) : 1,
                          .noise = in.noise * (alpha ? fmax(1, slope) : slope) + rounding(1)};
}

static conv_samples after_point(const conv_stage *stage, conv_samples in) {
    const double a = (double)stage->a, b = (double)stage->b;
    switch (stage->point) {
    case CONV_DROP_ALPHA:
    case CONV_ABS:
    case CONV_RELU:
        return in;
    case CONV_GRAY:
        return times(in, 1, false);
    case CONV_SCALE: {
        const double most = in.most * fabs(a) + fabs(b);
        const bool alpha = stage->window.alpha >= 0; /* it stays as it is */
        return (conv_samples){alpha ? fmax(most, in.most) : most, false,
                              in.noise * fmax(fabs(a), alpha) + rounding(most)};
    }
    case CONV_STRETCH: {
        const double most = fmax(fabs(b), fabs((double)stage->threshold));
        const bool alpha = stage->window.alpha >= 0;
        return (conv_samples){.most = alpha ? fmax(most, in.most) : most,
                              .noise = in.noise * fmax(fabs(a), alpha) + rounding(most)};
    }
    case CONV_STORE:
        return (conv_samples){.most = fmax(a, stage->window.alpha < 0 ? 0 : in.most),
                              .whole = stage->window.alpha < 0 || in.whole};
    case CONV_MARK:
        return (conv_samples){.most = 2, .whole = true};
    case CONV_THRESHOLD:
        return (conv_samples){.most = stage->window.alpha < 0 ? fabs(b) : fmax(fabs(b), in.most),
                              .whole = in.whole && b == rint(b)};
    case CONV_LEAKY:
        return times(in, fmax(1, fabs(a)), false);
    case CONV_SIGMOID: /* no steeper than 1/4, and 1 */
        return squashed(stage, in, 0.25);
    case CONV_TANH:
        return squashed(stage, in, 1);
    case CONV_SOFTMAX: /* a share grows by its own input's error and shrinks by that of all */
        return squashed(stage, in, 2);
    default:
        return unknown;
    }
}

static conv_samples after_stage(const conv_stage *stage, conv_samples samples) {
    const conv_samples seen = samples_in_window(&stage->window, samples);
    switch (stage->op) {
    case CONV_CORRELATE:
        return plus(after_correlation(stage, seen), (double)stage->offset);
    case CONV_GRADIENT:
        return after_gradient(stage, seen);
    case CONV_COMPASS:
        return times(seen, add_up(stage).absolute, add_up(stage).whole);
    case CONV_MEDIAN:
        return times(seen, 1, true);
    case CONV_CROP:
    case CONV_TURN:
        return samples;
    case CONV_RESIZE:
        return stage->resample == CONV_CLOSEST ? samples
                                               : times(samples, conv_resize_absolute(stage), false);
    case CONV_POOL:
    case CONV_GLOBAL:
        return times(samples, 1, stage->pool != CONV_POOL_AVG);
    case CONV_POINT:
        return after_point(stage, samples);
    case CONV_CROSSINGS:
    case CONV_LINK:
        return black_or(stage->b);
    case CONV_SUPPRESS:
    case CONV_LAYER:
    case CONV_NORMALIZE:
    case CONV_OTSU:
        break;
    }
    return unknown;
}

conv_samples samples_after(const conv_stage *stage, conv_samples samples) {
    const conv_samples made = samples.most == 0 ? unknown : after_stage(stage, samples);
    if (made.most == 0 || !conv_stage_has_window(stage) || !stage->window.keep) {
        return made;
    }
    return (conv_samples){fmax(made.most, samples.most), made.whole && samples.whole,
                          fmax(made.noise, samples.noise)};
}

conv_samples conv_samples_after(const conv_stage *stages, int count, conv_samples samples) {
    for (int i = 0; i < count; i++) {
        samples = samples_after(&stages[i], samples);
    }
    return samples;
}

bool conv_is_flat(const conv_stats *stats, conv_samples samples) {
    return !((double)stats->max - (double)stats->min > 2 * samples.noise);
}
