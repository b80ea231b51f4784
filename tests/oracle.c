/* The oracle's stages with a window, and its images. */
#include "oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- images ---- */

oracle_image oracle_new(int width, int height, int channels) {
    const size_t n = (size_t)width * (size_t)height * (size_t)channels;
    oracle_image image = {width, height, channels, calloc(n, sizeof(double)),
                          calloc(n, sizeof(double))};
    if (!image.value || !image.scale) {
        abort();
    }
    return image;
}

void oracle_free(oracle_image *image) {
    free(image->value);
    free(image->scale);
    *image = (oracle_image){0};
}

oracle_image oracle_from(conv_shape shape, conv_type type, const void *samples) {
    oracle_image image = oracle_new(shape.width, shape.height, shape.channels);
    for (int i = 0; i < shape.width * shape.height * shape.channels; i++) {
        image.value[i] = type == CONV_U8    ? (double)((const uint8_t *)samples)[i]
                         : type == CONV_U16 ? (double)((const uint16_t *)samples)[i]
                                            : (double)((const float *)samples)[i];
        image.scale[i] = fabs(image.value[i]);
    }
    return image;
}

double oracle_round(double value, double maximum) {
    if (isnan(value)) {
        return 0;
    }
    const double below = floor(value);
    const double rest = value - below;
    const bool up = rest > 0.5 || (rest == 0.5 && fmod(below, 2) != 0);
    return fmin(fmax(below + (up ? 1 : 0), 0), maximum);
}

/* ---- what lies at (x, y), beyond the edges too ---- */

/* Walks back into 0..n-1 step by step, as the pictures in conv.h show; -1 for the constant. */
static int reflected(conv_border border, int i, int n) {
    while (i < 0 || i >= n) {
        switch (border) {
        case CONV_MIRROR:
            i = n == 1 ? 0 : i < 0 ? -i : 2 * (n - 1) - i;
            break;
        case CONV_SYMMETRIC:
            i = i < 0 ? -1 - i : 2 * n - 1 - i;
            break;
        case CONV_UNEVEN:
            i = i < 0 ? -i : 2 * n - 1 - i;
            break;
        case CONV_REPLICATE:
            i = i < 0 ? 0 : n - 1;
            break;
        case CONV_WRAP:
            i += i < 0 ? n : -n;
            break;
        case CONV_CONSTANT:
            return -1;
        }
    }
    return i;
}

double oracle_sample(const conv_window *w, const oracle_image *in, int x, int y, int c,
                     double *scale) {
    x = reflected(w->border, x, in->width);
    y = reflected(w->border, y, in->height);
    if (x < 0 || y < 0) {
        const double fill = (double)(c == w->alpha ? w->fill_alpha : w->fill);
        *scale = fabs(fill);
        return fill;
    }
    const int i = (y * in->width + x) * in->channels + c;
    *scale = in->scale[i];
    return in->value[i];
}

/* ---- sums ---- */

static double weight(const conv_stage *stage, int kernel, int kx, int ky) {
    const conv_window *w = &stage->window;
    if (!stage->weights) {
        return stage->column[ky] * stage->row[kx];
    }
    return stage->weights[(kernel * w->height + ky) * w->width + kx];
}

/* The sum of products of one kernel at output pixel (x, y). */
static double correlate(const conv_stage *stage, const oracle_image *in, int kernel, int x, int y,
                        int c, double *scale) {
    const conv_window *w = &stage->window;
    double sum = 0;
    *scale = 0;
    for (int ky = 0; ky < w->height; ky++) {
        for (int kx = 0; kx < w->width; kx++) {
            double s;
            const double v = oracle_sample(w, in, x * w->stride_x - w->left + kx * w->dilation_x,
                                           y * w->stride_y - w->top + ky * w->dilation_y, c, &s);
            const double k = weight(stage, kernel, kx, ky);
            sum += k * v;
            *scale += k != 0 ? fabs(k) * s : 0; /* s may be infinite */
        }
    }
    return sum;
}

static double centre(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                     double *scale) {
    const conv_window *w = &stage->window;
    return oracle_sample(w, in, x * w->stride_x - w->left + w->anchor_x * w->dilation_x,
                         y * w->stride_y - w->top + w->anchor_y * w->dilation_y, c, scale);
}

/* own + amount * difference, where the difference exceeds the threshold. */
static double sharpen(const conv_stage *stage, double own, double own_scale, double difference,
                      double difference_scale, double *scale) {
    const double amount = (double)stage->amount, threshold = (double)stage->threshold;
    *scale = own_scale + fabs(amount) * difference_scale;
    if (fabs(fabs(difference) - threshold) <= ORACLE_TOLERANCE * difference_scale) {
        *scale += fabs(amount * difference) / ORACLE_STRICTEST;
    }
    return fabs(difference) > threshold ? own + amount * difference : own;
}

/* The combinations for pixels of (colour times alpha, alpha, colour); see conv_combine. */
static double weighted(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                       double *scale) {
    const int n = (in->channels - 1) / 2;
    const double white = (double)stage->b;
    double own_scale, sum_scale, alpha_scale;
    if (c == n) {
        return centre(stage, in, x, y, n, scale);
    }
    const double own = centre(stage, in, x, y, n + 1 + c, &own_scale);
    const double sum = correlate(stage, in, 0, x, y, c, &sum_scale);
    const double alpha = correlate(stage, in, 0, x, y, n, &alpha_scale);
    if (stage->combine == CONV_WEIGHTED_UNSHARP) {
        const bool unsure = alpha_scale > 0 && fabs(alpha) <= 10 * ORACLE_TOLERANCE * alpha_scale;
        const double share = fabs(alpha) / white;
        const double d = alpha == 0 ? 0 : own - sum * white / alpha;
        const double d_scale = unsure       ? INFINITY
                               : alpha == 0 ? 0
                                            : own_scale + sum_scale / share +
                                                  fabs(sum) * alpha_scale / fabs(alpha) / share;
        return sharpen(stage, own, own_scale, d, d_scale, scale);
    }
    double total = 0, absolute = 0;
    for (int ky = 0; ky < stage->window.height; ky++) {
        for (int kx = 0; kx < stage->window.width; kx++) {
            total += weight(stage, 0, kx, ky);
            absolute += fabs(weight(stage, 0, kx, ky));
        }
    }
    *scale = own_scale * (absolute + alpha_scale / white) + sum_scale;
    return own * (total - alpha / white) + sum;
}

static double gradient(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                       double *scale) {
    double scale_x, scale_y;
    const double gx = correlate(stage, in, 0, x, y, c, &scale_x);
    const double gy = correlate(stage, in, 1, x, y, c, &scale_y);
    const double turn = (double)stage->b;
    const double tau = 2 * acos(-1);
    switch (stage->gradient) {
    case CONV_X:
        *scale = scale_x;
        return gx;
    case CONV_Y:
        *scale = scale_y;
        return gy;
    case CONV_L1:
        *scale = scale_x + scale_y;
        return fabs(gx) + fabs(gy);
    case CONV_ANGLE: {
        const double angle = atan2(gy, gx);
        const double length = sqrt(gx * gx + gy * gy);
        /* A whole turn and none are the same direction: near it, either may come out. */
        *scale = fabs(turn) / tau * (tau + (scale_x + scale_y) / length);
        if (fabs(gy) <= ORACLE_TOLERANCE * scale_y && gx > 0) {
            *scale = 1.01 * fabs(turn) / ORACLE_STRICTEST; /* plus rounding */
        }
        *scale = length == 0 && scale_x + scale_y == 0 ? 0 : length == 0 ? INFINITY : *scale;
        return (angle < 0 ? angle + tau : angle) * turn / tau;
    }
    default:
        *scale = scale_x + scale_y;
        return sqrt(gx * gx + gy * gy);
    }
}

static double compass(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                      double *scale) {
    double best = -INFINITY;
    *scale = 0;
    for (int k = 0; k < stage->kernels; k++) {
        double s;
        best = fmax(best, correlate(stage, in, k, x, y, c, &s));
        *scale = fmax(*scale, s);
    }
    return best;
}

/* A layer's filter f: the input channels of its group, as PyTorch's documentation of Conv2d defines
 * it. */
static double layer(const conv_stage *stage, const oracle_image *in, int x, int y, int f,
                    double *scale) {
    double sum = stage->bias ? stage->bias[f] : 0;
    *scale = fabs(sum);
    const int groups = stage->groups > 0 ? stage->groups : 1;
    const int inputs = in->channels / groups, first = f / (stage->filters / groups) * inputs;
    for (int c = 0; c < inputs; c++) {
        double part;
        sum += correlate(stage, in, f * inputs + c, x, y, first + c, &part);
        *scale += part;
    }
    return stage->relu && sum < 0 ? 0 : sum;
}

static int compare_doubles(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Half of the samples, rounded down, aren't greater. */
static double median(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                     double *scale) {
    const conv_window *w = &stage->window;
    const int count = w->width * w->height;
    double *all = malloc((size_t)count * sizeof *all);
    if (!all) {
        abort();
    }
    *scale = 0;
    for (int i = 0; i < count; i++) {
        double s;
        all[i] = oracle_sample(w, in, x * w->stride_x - w->left + i % w->width * w->dilation_x,
                               y * w->stride_y - w->top + i / w->width * w->dilation_y, c, &s);
        *scale = fmax(*scale, s);
    }
    qsort(all, (size_t)count, sizeof *all, compare_doubles);
    const double middle = all[count / 2];
    free(all);
    return middle;
}

/* ---- pooling, by the rules of PyTorch's documentation ---- */

static int between(int v, int low, int high) {
    return v < low ? low : v > high ? high : v;
}

static double pool(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                   double *scale) {
    const conv_window *w = &stage->window;
    const int left = x * w->stride_x - w->left, top = y * w->stride_y - w->top;
    double best = stage->pool == CONV_POOL_MAX ? -INFINITY : INFINITY, sum = 0;
    int inside = 0, padded = 0;
    *scale = 0;
    if (stage->pool == CONV_POOL_NEAREST) {
        const int px = between(left + (w->width - 1) / 2, 0, in->width - 1);
        const int py = between(top + (w->height - 1) / 2, 0, in->height - 1);
        *scale = in->scale[(py * in->width + px) * in->channels + c];
        return in->value[(py * in->width + px) * in->channels + c];
    }
    for (int ky = 0; ky < w->height; ky++) {
        for (int kx = 0; kx < w->width; kx++) {
            const int px = left + kx, py = top + ky;
            padded += px < in->width + w->right && py < in->height + w->bottom;
            if (px < 0 || py < 0 || px >= in->width || py >= in->height) {
                continue;
            }
            const int i = (py * in->width + px) * in->channels + c;
            inside++;
            sum += in->value[i];
            best =
                stage->pool == CONV_POOL_MAX ? fmax(best, in->value[i]) : fmin(best, in->value[i]);
            *scale = fmax(*scale, in->scale[i]);
        }
    }
    return stage->pool == CONV_POOL_AVG ? sum / (stage->count_padding ? padded : inside) : best;
}

/* ---- stages ---- */

static int output_size(int in, int cells, int stride, int dilation, int before, int after,
                       bool ceil_mode) {
    int count = 0; /* windows that lie in the padded input */
    while (count * stride + dilation * (cells - 1) < in + before + after) {
        count++;
    }
    const int rest = in + before + after - ((count - 1) * stride + dilation * (cells - 1) + 1);
    /* And one that reaches beyond the end, if it begins inside the input or the padding before
     * it. */
    return count + (ceil_mode && rest > 0 && count * stride < in + before);
}

/* Whether the window at output pixel (x, y) reaches beyond the image. */
static bool reaches_beyond(const conv_window *w, const oracle_image *in, int x, int y) {
    const int left = x * w->stride_x - w->left, top = y * w->stride_y - w->top;
    return left < 0 || top < 0 || left + w->dilation_x * (w->width - 1) >= in->width ||
           top + w->dilation_y * (w->height - 1) >= in->height;
}

static double window_value(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                           double *scale) {
    double own_scale, sum_scale;
    if (stage->window.keep && reaches_beyond(&stage->window, in, x, y)) {
        const int n = (in->channels - 1) / 2;
        const bool moved = stage->combine >= CONV_WEIGHTED && c != n;
        return centre(stage, in, x, y, moved ? n + 1 + c : c, scale);
    }
    switch (stage->op) {
    case CONV_POOL:
        return pool(stage, in, x, y, c, scale);
    case CONV_GRADIENT:
        return gradient(stage, in, x, y, c, scale);
    case CONV_LAYER:
        return layer(stage, in, x, y, c, scale);
    case CONV_MEDIAN:
        return median(stage, in, x, y, c, scale);
    case CONV_COMPASS:
        return compass(stage, in, x, y, c, scale);
    case CONV_CROP:
        return oracle_sample(&stage->window, in, x - stage->window.left, y - stage->window.top, c,
                             scale);
    default:
        break;
    }
    if (stage->combine == CONV_WEIGHTED || stage->combine == CONV_WEIGHTED_UNSHARP) {
        return weighted(stage, in, x, y, c, scale);
    }
    const double offset = (double)stage->offset;
    const double sum = correlate(stage, in, 0, x, y, c, &sum_scale) + offset;
    *scale = sum_scale + fabs(offset);
    if (stage->combine == CONV_PLAIN) {
        return sum;
    }
    const double own = centre(stage, in, x, y, c, &own_scale);
    return sharpen(stage, own, own_scale, own - sum, own_scale + sum_scale, scale);
}

oracle_image oracle_stage(const conv_stage *stage, const oracle_image *in) {
    const conv_window *w = &stage->window;
    if (stage->op == CONV_POINT) {
        return oracle_point(stage, in);
    }
    if (stage->op == CONV_RESIZE || stage->op == CONV_TURN) {
        return oracle_geometry(stage, in);
    }
    if (stage->op == CONV_NORMALIZE) {
        return oracle_normalize(stage, in);
    }
    if (stage->op == CONV_GLOBAL) {
        return oracle_global(stage, in);
    }
    if (stage->op == CONV_OTSU || stage->op == CONV_LINK) {
        return (stage->op == CONV_OTSU ? oracle_otsu : oracle_link)(stage, in);
    }
    const bool fewer = stage->op == CONV_CORRELATE && stage->combine >= CONV_WEIGHTED;
    const int width =
        output_size(in->width, w->width, w->stride_x, w->dilation_x, w->left, w->right, w->ceil);
    const int height =
        output_size(in->height, w->height, w->stride_y, w->dilation_y, w->top, w->bottom, w->ceil);
    if (stage->op == CONV_SUPPRESS || stage->op == CONV_CROSSINGS) {
        return oracle_edges(stage, in, width, height);
    }
    oracle_image out = oracle_new(width, height,
                                  stage->op == CONV_LAYER ? stage->filters
                                  : fewer                 ? (in->channels + 1) / 2
                                                          : in->channels);
    for (int y = 0, i = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
            for (int c = 0; c < out.channels; c++, i++) {
                out.value[i] = window_value(stage, in, x, y, c, &out.scale[i]);
            }
        }
    }
    return out;
}

oracle_image oracle_chain(const conv_stage *stages, int count, const oracle_image *in) {
    const conv_stage copy = {.op = CONV_POINT, .point = CONV_SCALE, .a = 1, .window.alpha = -1};
    oracle_image image = oracle_stage(&copy, in);
    for (int i = 0; i < count; i++) {
        oracle_image next = oracle_stage(&stages[i], &image);
        oracle_free(&image);
        image = next;
    }
    return image;
}
