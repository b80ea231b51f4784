/* The oracle's stages that work on one pixel at a time. */
#include <math.h>
#include <stdlib.h>

#include "oracle.h"

static double srgb_to_linear(double v) {
    return v < 0 ? -srgb_to_linear(-v) : v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double linear_to_srgb(double v) {
    return v < 0            ? -linear_to_srgb(-v)
           : v <= 0.0031308 ? v * 12.92
                            : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

/* Operations that treat every channel alike: returns the result for v, and scales *scale as a
 * difference in v. */
static double alike(const conv_stage *stage, double v, double *scale) {
    const double a = (double)stage->a, b = (double)stage->b;
    switch (stage->point) {
    case CONV_ABS:
        return fabs(v);
    case CONV_SCALE:
        *scale = *scale * fabs(a) + fabs(b);
        return a * v + b;
    case CONV_RELU:
        return v < 0 ? 0 : v;
    case CONV_STORE: { /* tested only where v is exact */
        const double fits = v < 0 ? 0 : v > a ? a : v, down = floor(fits), rest = fits - down;
        const bool odd = fmod(down, 2) == 1;
        return b == CONV_DOWN ? down : down + (rest > 0.5 || (rest == 0.5 && (b > 0 || odd)));
    }
    case CONV_THRESHOLD:
        *scale =
            fabs(b) + (fabs(v - a) <= ORACLE_TOLERANCE * *scale ? fabs(b) / ORACLE_STRICTEST : 0);
        return v >= a ? b : 0;
    case CONV_MARK: {
        const double slack = ORACLE_TOLERANCE * *scale;
        *scale = fabs(v - a) <= slack || fabs(v - b) <= slack ? 2 / ORACLE_STRICTEST : 2;
        return (v >= a) + (v >= b);
    }
    case CONV_SRGB_DECODE:
        *scale = b * (fabs(srgb_to_linear(v / b)) +
                      *scale / b * fmax(1, 2.4 * pow((fabs(v / b) + 0.055) / 1.055, 1.4)));
        return b * srgb_to_linear(v / b);
    case CONV_SRGB_ENCODE:
        *scale = b * fabs(linear_to_srgb(v / b)) + 12.92 * *scale;
        return b * linear_to_srgb(v / b);
    case CONV_LEAKY:
        *scale *= fmax(1, fabs(a));
        return v > 0 ? v : a * v;
    case CONV_SIGMOID:
        *scale = 1 / (1 + exp(-v)) + *scale / 4;
        return 1 / (1 + exp(-v));
    case CONV_TANH:
        *scale += fabs(tanh(v));
        return tanh(v);
    default:
        abort();
    }
}

/* Colour times alpha; scale too. */
static void times_alpha(const double *v, const double *s, int c, int n, double white, double *out,
                        double *scale) {
    *out = v[c] * v[n] / white;
    *scale = (s[c] * fabs(v[n]) + fabs(v[c]) * s[n]) / white;
}

static void by_alpha(const double *v, const double *s, int c, int n, double white, double *out,
                     double *scale) {
    *out = v[n] == 0 ? 0 : v[c] * white / v[n];
    *scale = 0;
    if (v[n] != 0 || s[n] != 0) {
        *scale = fabs(v[n]) <= 10 * ORACLE_TOLERANCE * s[n]
                     ? INFINITY
                     : white * (s[c] / fabs(v[n]) + fabs(v[c]) * s[n] / (v[n] * v[n]));
    }
}

/* The shares of n numbers; where rounding errors before may be large, a share may be anything. */
static void softmax(int n, const double *v, const double *s, double *o, double *t) {
    double most = -INFINITY, sum = 0, error = 0;
    for (int c = 0; c < n; c++) {
        most = fmax(most, v[c]);
        error = fmax(error, s[c]);
    }
    for (int c = 0; c < n; c++) {
        sum += exp(v[c] - most);
    }
    for (int c = 0; c < n; c++) {
        o[c] = exp(v[c] - most) / sum;
        t[c] = ORACLE_TOLERANCE * error > 0.2 ? 1 / ORACLE_STRICTEST : o[c] * (1 + 4 * error);
    }
}

/* Channels whose numbers may be equal, but for rounding, may all be the greatest: also those that
 * are all nothing once they are floats. */
static void argmax(int n, const double *v, const double *s, double *o, double *t) {
    const double least = 1e-30;
    int best = 0;
    for (int c = 1; c < n; c++) {
        best = v[c] > v[best] ? c : best;
    }
    *o = *t = best;
    for (int c = 0; c < n; c++) {
        if (v[best] - v[c] <= ORACLE_TOLERANCE * (s[c] + s[best]) + least && v[c] != v[best]) {
            *t = n / ORACLE_STRICTEST;
        }
    }
}

static double norm(double order, int n, const double *v) {
    double squares = 0, sizes = 0, most = 0;
    for (int c = 0; c < n; c++) {
        squares += v[c] * v[c];
        sizes += fabs(v[c]);
        most = fmax(most, fabs(v[c]));
    }
    return order == 2 ? sqrt(squares) : order == 1 ? sizes : most;
}

/* One pixel of `channels` numbers v (scales s) to numbers o (scales t). */
static void point_pixel(const conv_stage *stage, int channels, const double *v, const double *s,
                        double *o, double *t) {
    const int n = channels - 1;
    const double white = (double)stage->b;
    switch (stage->point) {
    case CONV_GRAY:
        o[0] = 0.299 * v[0] + 0.587 * v[1] + 0.114 * v[2];
        t[0] = 0.299 * s[0] + 0.587 * s[1] + 0.114 * s[2];
        if (channels == 4) {
            o[1] = v[3];
            t[1] = s[3];
        }
        return;
    case CONV_DROP_ALPHA:
        for (int c = 0; c < n; c++) {
            o[c] = v[c];
            t[c] = s[c];
        }
        return;
    case CONV_PREMULTIPLY:
    case CONV_UNPREMULTIPLY:
    case CONV_WEIGH:
        for (int c = 0; c < n; c++) {
            (stage->point == CONV_UNPREMULTIPLY ? by_alpha : times_alpha)(v, s, c, n, white, &o[c],
                                                                          &t[c]);
            if (stage->point == CONV_WEIGH) {
                o[n + 1 + c] = v[c];
                t[n + 1 + c] = s[c];
            }
        }
        o[n] = v[n];
        t[n] = s[n];
        return;
    case CONV_SOFTMAX:
    case CONV_ARGMAX:
    case CONV_NORM: {
        const bool alpha = stage->window.alpha >= 0;
        const int colours = channels - alpha;
        if (stage->point == CONV_SOFTMAX) {
            softmax(colours, v, s, o, t);
        } else if (stage->point == CONV_ARGMAX) {
            argmax(colours, v, s, o, t);
        } else {
            o[0] = norm((double)stage->a, colours, v);
            t[0] = norm((double)stage->a, colours, s);
        }
        if (alpha) {
            const int last = stage->point == CONV_SOFTMAX ? n : 1;
            o[last] = v[n];
            t[last] = s[n];
        }
        return;
    }
    default:
        for (int c = 0; c < channels; c++) {
            t[c] = s[c];
            o[c] = c == stage->window.alpha ? v[c] : alike(stage, v[c], &t[c]);
        }
    }
}

static int channels_after(const conv_stage *stage, int channels) {
    const conv_point point = stage->point;
    return point == CONV_GRAY                           ? channels - 2
           : point == CONV_ARGMAX || point == CONV_NORM ? 1 + (stage->window.alpha >= 0)
           : point == CONV_DROP_ALPHA                   ? channels - 1
           : point == CONV_WEIGH                        ? 2 * channels - 1
                                                        : channels;
}

oracle_image oracle_point(const conv_stage *stage, const oracle_image *in) {
    const int channels = channels_after(stage, in->channels);
    oracle_image out = oracle_new(in->width, in->height, channels);
    for (int i = 0; i < in->width * in->height; i++) {
        point_pixel(stage, in->channels, in->value + i * in->channels, in->scale + i * in->channels,
                    out.value + i * channels, out.scale + i * channels);
    }
    return out;
}

/* The least and the greatest become low and high; a flat image becomes low. */
oracle_image oracle_normalize(const conv_stage *stage, const oracle_image *in) {
    const int n = in->width * in->height * in->channels;
    const int alpha = stage->window.alpha;
    const double low = (double)stage->a, high = (double)stage->b;
    oracle_image out = oracle_new(in->width, in->height, in->channels);
    double min = INFINITY, max = -INFINITY, scale = 0;
    for (int i = 0; i < n; i++) {
        if (alpha < 0 || i % in->channels != alpha) {
            min = fmin(min, in->value[i]);
            max = fmax(max, in->value[i]);
            scale = fmax(scale, in->scale[i]);
        }
    }
    const double gain = max > min ? (high - low) / (max - min) : 0;
    /* Where the range is no wider than its own errors, the result may be anything. */
    const bool unsure = max - min <= 100 * ORACLE_TOLERANCE * scale;
    for (int i = 0; i < n; i++) {
        const bool kept = alpha >= 0 && i % in->channels == alpha;
        out.value[i] = kept ? in->value[i] : low + (in->value[i] - min) * gain;
        out.scale[i] = kept     ? in->scale[i]
                       : unsure ? (fabs(high) + fabs(low)) / ORACLE_STRICTEST
                                : fabs(low) + 4 * (scale + fabs(min)) * fabs(gain);
    }
    return out;
}

oracle_image oracle_global(const conv_stage *stage, const oracle_image *in) {
    const int pixels = in->width * in->height;
    oracle_image out = oracle_new(1, 1, in->channels);
    for (int c = 0; c < in->channels; c++) {
        double sum = 0, scale = 0, most = in->value[c], widest = 0;
        for (int i = c; i < pixels * in->channels; i += in->channels) {
            sum += in->value[i];
            scale += in->scale[i];
            most =
                stage->pool == CONV_POOL_MAX ? fmax(most, in->value[i]) : fmin(most, in->value[i]);
            widest = fmax(widest, in->scale[i]);
        }
        out.value[c] = stage->pool == CONV_POOL_AVG ? sum / pixels : most;
        out.scale[c] = stage->pool == CONV_POOL_AVG ? scale / pixels : widest;
    }
    return out;
}
