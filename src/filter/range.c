#include "filter/range.h"

#include <math.h>

/* The sums of a kernel's positive and of its negative weights. */
typedef struct weight_sums {
    double positive, negative;
} weight_sums;

static weight_sums sum_of(const double *weights, int count) {
    weight_sums s = {0};
    for (int i = 0; i < count; i++) {
        *(weights[i] > 0 ? &s.positive : &s.negative) += weights[i];
    }
    return s;
}

static weight_sums sums_of(const conv_stage *stage, int kernel) {
    const conv_window *w = &stage->window;
    const int cells = w->width * w->height;
    if (stage->weights) {
        return sum_of(stage->weights + kernel * cells, cells);
    }
    weight_sums sums = {0};
    for (int k = 0; k < conv_stage_terms(stage); k++) {
        const weight_sums row = sum_of(stage->row + k * w->width, w->width);
        const weight_sums column = sum_of(stage->column + k * w->height, w->height);
        sums.positive += row.positive * column.positive + row.negative * column.negative;
        sums.negative += row.positive * column.negative + row.negative * column.positive;
    }
    return sums;
}

/* Extends the range by the constant beyond the edge. */
static void add_fill(filter_range *r, const conv_window *w) {
    if (w->border == CONV_CONSTANT && w->left + w->right + w->top + w->bottom > 0) {
        r->low = fmin(r->low, (double)w->fill);
        r->reached = r->reached && (double)w->fill <= r->high;
        r->high = fmax(r->high, (double)w->fill);
    }
}

static filter_range weighted(const filter_range *r, weight_sums s) {
    return (filter_range){.known = r->known,
                          .low = s.positive * r->low + s.negative * r->high,
                          .high = s.positive * r->high + s.negative * r->low,
                          .reached = r->reached && s.negative == 0};
}

static void correlate(filter_range *r, const conv_stage *stage) {
    add_fill(r, &stage->window);
    filter_range sum = weighted(r, sums_of(stage, 0));
    sum.low += (double)stage->offset;
    sum.high += (double)stage->offset;
    sum.reached = sum.reached && stage->offset == 0.0F;
    if (stage->combine == CONV_PLAIN || stage->combine == CONV_WEIGHTED) {
        *r = sum;
        return;
    }
    /* The centre, and `amount` times its difference from the sum. */
    const double amount = fabs((double)stage->amount);
    const double most = fmax(r->high - sum.low, sum.high - r->low);
    r->low -= amount * most;
    r->high += amount * most;
    r->reached = false;
}

static void gradient(filter_range *r, const conv_stage *stage) {
    add_fill(r, &stage->window);
    const filter_range x = weighted(r, sums_of(stage, 0)), y = weighted(r, sums_of(stage, 1));
    const double most_x = fmax(fabs(x.low), fabs(x.high)), most_y = fmax(fabs(y.low), fabs(y.high));
    const double most[] = {[CONV_MAGNITUDE] = hypot(most_x, most_y),
                           [CONV_L1] = most_x + most_y,
                           [CONV_ANGLE] = (double)stage->b,
                           [CONV_SQUARED] = most_x * most_x + most_y * most_y};
    if (stage->gradient == CONV_X || stage->gradient == CONV_Y) {
        *r = stage->gradient == CONV_X ? x : y;
    } else {
        r->low = 0;
        r->high = most[stage->gradient];
    }
    r->reached = false;
}

static void compass(filter_range *r, const conv_stage *stage) {
    add_fill(r, &stage->window);
    filter_range most = weighted(r, sums_of(stage, 0));
    for (int k = 1; k < stage->kernels; k++) {
        const filter_range one = weighted(r, sums_of(stage, k));
        most.low = fmax(most.low, one.low);
        most.high = fmax(most.high, one.high);
    }
    *r = most;
    r->reached = false;
}

/* The bounds over all filters; each sees so many channels. */
static void layer(filter_range *r, const conv_stage *stage, int channels) {
    const int weights = stage->window.width * stage->window.height * channels;
    filter_range all = {.known = r->known, .low = INFINITY, .high = -INFINITY};
    add_fill(r, &stage->window);
    for (int f = 0; f < stage->filters; f++) {
        const filter_range one =
            weighted(r, sum_of(stage->weights + (size_t)f * (size_t)weights, weights));
        const double bias = stage->bias ? stage->bias[f] : 0;
        all.low = fmin(all.low, one.low + bias);
        all.high = fmax(all.high, one.high + bias);
    }
    *r = all;
    r->low = stage->relu ? fmax(r->low, 0) : r->low;
    r->high = stage->relu ? fmax(r->high, 0) : r->high;
}

/* The greatest, least and nearest sample keep the range; a mean includes the padding's zeros. */
static void pool(filter_range *r, const conv_stage *stage) {
    const conv_window *w = &stage->window;
    if (stage->pool == CONV_POOL_AVG && w->left + w->right + w->top + w->bottom > 0) {
        r->low = fmin(r->low, 0);
        r->high = fmax(r->high, 0);
        r->reached = false;
    }
}

/* Means keep the range; filters with negative weights nearly do. */
static void resize(filter_range *r, const conv_stage *stage) {
    r->overshoots = r->overshoots || conv_resize_absolute(stage) > 1;
    r->reached = r->reached && !r->overshoots;
}

static void scale(filter_range *r, double factor, double bias) {
    const double low = r->low * factor + bias, high = r->high * factor + bias;
    r->low = fmin(low, high);
    r->high = fmax(low, high);
    r->reached = r->reached && factor > 0;
    r->binary = r->binary && factor > 0 && bias == 0;
}

/* Positive numbers stay; a slope below 0 turns negative ones over. */
static void leaky(filter_range *r, double slope) {
    const double at_low = r->low > 0 ? r->low : slope * r->low;
    const double at_high = r->high > 0 ? r->high : slope * r->high;
    const bool turns = slope < 0 && r->low < 0 && r->high > 0; /* 0 is then the least */
    r->reached = r->reached && (slope >= 0 || r->low >= 0);
    r->low = turns ? 0 : fmin(at_low, at_high);
    r->high = fmax(at_low, at_high);
    r->binary = r->binary && r->low >= 0;
}

static void point(filter_range *r, const conv_stage *stage) {
    const double a = (double)stage->a, b = (double)stage->b;
    switch (stage->point) {
    case CONV_ABS:
        r->reached = r->reached && r->low >= 0;
        r->high = fmax(fabs(r->low), fabs(r->high));
        r->low = 0;
        break;
    case CONV_SCALE:
        scale(r, a, b);
        break;
    case CONV_RELU:
        r->low = fmax(r->low, 0);
        r->high = fmax(r->high, 0);
        break;
    case CONV_MARK:
        *r = (filter_range){.known = true, .low = 0, .high = 2};
        break;
    case CONV_THRESHOLD:
        *r = (filter_range){.known = true, .low = 0, .high = b, .binary = true};
        break;
    case CONV_SRGB_DECODE:
    case CONV_SRGB_ENCODE: /* 0..b maps to itself; nothing is known of numbers outside it */
        r->known = r->known && r->low >= 0 && r->high <= b;
        break;
    case CONV_LEAKY:
        leaky(r, a);
        break;
    case CONV_SIGMOID:
        r->low = 1 / (1 + exp(-r->low));
        r->high = 1 / (1 + exp(-r->high));
        r->binary = false;
        break;
    case CONV_TANH:
        r->low = tanh(r->low);
        r->high = tanh(r->high);
        r->binary = false;
        break;
    case CONV_STORE:
        r->low = fmin(fmax(r->low, 0), a);
        r->high = fmin(fmax(r->high, 0), a);
        break;
    case CONV_SOFTMAX:
        *r = (filter_range){.known = r->known, .low = 0, .high = 1};
        break;
    case CONV_ARGMAX: /* these depend on how many channels there are */
    case CONV_NORM:
    case CONV_ROOT:
    case CONV_STRETCH:
        r->known = false;
        r->binary = false;
        break;
    case CONV_PREMULTIPLY: /* where alpha is 0, so is the product */
        r->low = fmin(r->low, 0);
        r->reached = r->reached && r->high >= 0;
        r->high = fmax(r->high, 0);
        r->binary = false;
        break;
    case CONV_GRAY:
    case CONV_DROP_ALPHA:
    case CONV_UNPREMULTIPLY:
    case CONV_WEIGH:
        break;
    }
}

void range_after(filter_range *range, const conv_stage *stage, int channels) {
    const bool moves = stage->op == CONV_CROP || stage->op == CONV_TURN;
    if (stage->op != CONV_POINT && !moves) {
        range->binary = false;
    }
    const filter_range before = *range;
    const filter_range marks = {.known = true, .high = (double)stage->b};
    switch (stage->op) {
    case CONV_CORRELATE:
        correlate(range, stage);
        break;
    case CONV_GRADIENT:
        gradient(range, stage);
        break;
    case CONV_COMPASS:
        compass(range, stage);
        break;
    case CONV_MEDIAN:
        add_fill(range, &stage->window);
        break;
    case CONV_POOL:
        pool(range, stage);
        break;
    case CONV_GLOBAL: /* the mean, too, lies between the least and the greatest */
        break;
    case CONV_NORMALIZE:
        *range = (filter_range){.known = true,
                                .low = fmin((double)stage->a, (double)stage->b),
                                .high = fmax((double)stage->a, (double)stage->b)};
        break;
    case CONV_POINT:
        point(range, stage);
        break;
    case CONV_RESIZE:
        resize(range, stage);
        break;
    case CONV_CROP:
    case CONV_TURN:
        break;
    case CONV_CROSSINGS:
    case CONV_LINK:
        *range = marks;
        break;
    case CONV_OTSU: /* of a threshold; that of marks comes before CONV_LINK */
        *range = marks;
        range->binary = stage->point == CONV_THRESHOLD;
        break;
    case CONV_SUPPRESS: /* the marks that come next have a range of their own */
        range->known = false;
        break;
    case CONV_LAYER:
        layer(range, stage, channels / conv_stage_groups(stage));
        break;
    }
    if (conv_stage_has_window(stage) && stage->window.keep) { /* some pixels stay as they are */
        range->low = fmin(range->low, before.low);
        range->high = fmax(range->high, before.high);
    }
}
