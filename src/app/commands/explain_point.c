/* Stages that work on each pixel by itself. */
#include <math.h>
#include <string.h>

#include "app/commands/explain_point.h"

static const char *resize_words(const conv_stage *stage) {
    static const char *const words[][2] = {
        [CONV_LANCZOS] = {"resized along x by Lanczos", "resized along y by Lanczos"},
        [CONV_AREA] = {"resized along x by area", "resized along y by area"},
        [CONV_BILINEAR] = {"resized along x, bilinear", "resized along y, bilinear"},
        [CONV_BICUBIC] = {"resized along x, bicubic", "resized along y, bicubic"},
        [CONV_CLOSEST] = {"the nearest along x", "the nearest along y"},
    };
    return words[stage->resample][stage->axis];
}

const char *explain_stage_words(const conv_stage *stage) {
    static const char *const ops[] = {[CONV_CORRELATE] = "sum of products",
                                      [CONV_GRADIENT] = "gradient",
                                      [CONV_COMPASS] = "largest of the sums",
                                      [CONV_LAYER] = "a sum for each filter",
                                      [CONV_MEDIAN] = "median",
                                      [CONV_CROP] = "part of the image",
                                      [CONV_POOL] = "pooling",
                                      [CONV_NORMALIZE] = "stretch to the full range",
                                      [CONV_GLOBAL] = "pooling of the whole image",
                                      [CONV_TURN] = "turned clockwise",
                                      [CONV_SUPPRESS] = "gradients, kept where greatest",
                                      [CONV_CROSSINGS] = "changes of sign",
                                      [CONV_OTSU] = "Otsu's threshold",
                                      [CONV_LINK] = "weak marks linked to strong ones"};
    static const char *const points[] = {[CONV_GRAY] = "0.299 R + 0.587 G + 0.114 B",
                                         [CONV_DROP_ALPHA] = "alpha dropped",
                                         [CONV_ABS] = "absolute value",
                                         [CONV_SCALE] = "multiply and add",
                                         [CONV_RELU] = "negative values become 0",
                                         [CONV_THRESHOLD] = "threshold",
                                         [CONV_MARK] = "strong and weak marks",
                                         [CONV_SRGB_DECODE] = "sRGB decoded to linear light",
                                         [CONV_SRGB_ENCODE] = "linear light encoded as sRGB",
                                         [CONV_PREMULTIPLY] = "colour times alpha",
                                         [CONV_UNPREMULTIPLY] = "colour divided by alpha",
                                         [CONV_WEIGH] = "colour weighted by alpha",
                                         [CONV_LEAKY] = "negative values shrink",
                                         [CONV_SIGMOID] = "1 / (1 + exp(-v))",
                                         [CONV_TANH] = "hyperbolic tangent",
                                         [CONV_SOFTMAX] = "exp of each channel over the sum of all",
                                         [CONV_ARGMAX] = "the channel with the largest value",
                                         [CONV_NORM] = "length over the channels",
                                         [CONV_ROOT] = "square root"};
    return stage->op == CONV_POINT    ? points[stage->point]
           : stage->op == CONV_RESIZE ? resize_words(stage)
                                      : ops[stage->op];
}

static double srgb_decode(double v) {
    double a = fabs(v);
    return copysign(a <= 0.04045 ? a / 12.92 : pow((a + 0.055) / 1.055, 2.4), v);
}

static double srgb_encode(double v) {
    double a = fabs(v);
    return copysign(a <= 0.0031308 ? a * 12.92 : 1.055 * pow(a, 1 / 2.4) - 0.055, v);
}

/* What a stage makes of all colours of a pixel, the first `count` channels. */
static double over_channels(const conv_stage *stage, const float *from, int count, int c) {
    double most = (double)from[0], sum = 0, squares = 0, sizes = 0, size = 0, first = 0;
    for (int k = 0; k < count; k++) {
        double v = (double)from[k];
        first = v > most ? k : first;
        most = fmax(most, v);
        squares += v * v;
        sizes += fabs(v);
        size = fmax(size, fabs(v));
    }
    for (int k = 0; k < count; k++) {
        sum += exp((double)from[k] - most);
    }
    switch (stage->point) {
    case CONV_SOFTMAX:
        return exp((double)from[c] - most) / sum;
    case CONV_ARGMAX:
        return first;
    default:
        return stage->a == 2 ? sqrt(squares) : stage->a == 1 ? sizes : size;
    }
}

/* Output channel c of a pointwise stage whose input pixel has `channels`. */
static double expected(const conv_stage *stage, const float *from, int channels, int c) {
    double a = (double)stage->a, b = (double)stage->b, v = (double)from[c];
    double alpha = (double)from[channels - 1];
    bool is_alpha = c == channels - 1, kept = stage->window.alpha >= 0;
    if (c == stage->window.alpha && stage->point != CONV_GRAY) {
        return v;
    }
    switch (stage->point) {
    case CONV_GRAY:
        return c == 1 ? (double)from[3]
                      : 0.299 * (double)from[0] + 0.587 * (double)from[1] + 0.114 * (double)from[2];
    case CONV_ABS:
        return fabs(v);
    case CONV_SCALE:
        return a * v + b;
    case CONV_RELU:
        return v < 0 ? 0 : v; /* NaN stays */
    case CONV_THRESHOLD:
        return v >= a ? b : 0;
    case CONV_MARK:
        return (v >= a) + (v >= b);
    case CONV_SRGB_DECODE:
        return srgb_decode(v / b) * b;
    case CONV_SRGB_ENCODE:
        return srgb_encode(v / b) * b;
    case CONV_PREMULTIPLY:
        return is_alpha ? v : v * alpha / b;
    case CONV_UNPREMULTIPLY:
        return is_alpha ? v : alpha == 0 ? 0 : v * b / alpha;
    case CONV_WEIGH:
        return c < channels - 1 ? v * alpha / b : c < channels ? v : (double)from[c - channels];
    case CONV_LEAKY:
        return v > 0 ? v : a * v;
    case CONV_SIGMOID:
        return 1 / (1 + exp(-v));
    case CONV_TANH:
        return tanh(v);
    case CONV_ARGMAX:
    case CONV_NORM:
        return c == 1 ? alpha : over_channels(stage, from, channels - kept, c);
    case CONV_SOFTMAX:
        return over_channels(stage, from, channels - kept, c);
    case CONV_ROOT:
        return sqrt(v);
    case CONV_STORE:
        v = fmin(fmax(v, 0), a);
        return b == CONV_TO_EVEN   ? rint(v)
               : b == CONV_HALF_UP ? floor(v + 0.5)
                                   : floor(v + a * 0x1p-20);
    case CONV_STRETCH: /* explained as CONV_NORMALIZE */
    case CONV_DROP_ALPHA:
        break;
    }
    return v;
}

/* The stage's numbers, where it has some. */
static void print_parameters(const explain_style *style, const conv_stage *stage, double low,
                             double high) {
    FILE *out = style->out;
    char a[32], b[32], c[32], d[32];
    explain_number((double)stage->a, a);
    explain_number((double)stage->b, b);
    if (stage->op == CONV_NORMALIZE && low == high) {
        explain_line(style, "the whole image is %s, but for rounding; it becomes %s",
                     explain_number(low, c), a);
    } else if (stage->op == CONV_NORMALIZE) {
        explain_line(style, "%s..%s, the image's range, becomes %s..%s", explain_number(low, c),
                     explain_number(high, d), a, b);
    } else if (stage->op == CONV_TURN) {
        fprintf(out, "   by %d degrees\n", 90 * stage->turns);
    } else if (stage->point == CONV_SCALE) {
        fprintf(out, "   v %s %s + %s\n", style->times, a, b);
    } else if (stage->point == CONV_STORE) {
        fprintf(out, "   a whole number from 0 to %s\n", a);
    } else if (stage->point == CONV_THRESHOLD) {
        fprintf(out, "   %s and above: %s; below: 0\n", a, b);
    } else if (stage->point == CONV_LEAKY) {
        fprintf(out, "   below 0: v %s %s\n", style->times, a);
    } else if (stage->point == CONV_NORM) {
        fprintf(out, "   %s\n",
                stage->a == 2   ? "the square root of the sum of squares"
                : stage->a == 1 ? "the sum of the absolute values"
                                : "the largest absolute value");
    } else if (stage->point == CONV_MARK) {
        explain_line(style, "%s and above: 2, strong; %s and above: 1, weak; others: 0", b, a);
    }
}

/* A line with the pixel's channels, or only one of them. */
static void print_pixel(const explain_style *style, const char *name, const float *pixel,
                        int channels, int channel) {
    const bool all = channel < 0 || channel >= channels;
    const int column = fprintf(style->out, "   %s", name);
    explain_pixel_numbers(style, column, all ? pixel : pixel + channel, all ? channels : 1);
}

static bool is_gray(const conv_stage *stage) {
    return stage->op == CONV_POINT && stage->point == CONV_GRAY;
}

/* "gray = 0.299·76 + 0.587·39 + 0.114·13 = 47.099". */
static void print_gray(const explain_style *style, const float *from, const float *to) {
    char text[160], terms[3][32], number[32];
    for (int c = 0; c < 3; c++) {
        explain_term((double)from[c], terms[c]);
    }
    snprintf(text, sizeof text, "gray = 0.299%s%s + 0.587%s%s + 0.114%s%s", style->dot, terms[0],
             style->dot, terms[1], style->dot, terms[2]);
    explain_number((double)to[0], number);
    explain_wrap(style, text, (int)strlen(number) + 3);
    fprintf(style->out, " = %s\n", number);
}

bool explain_point_stage(const explain_style *style, explain_image *image, int index, int channel,
                         const float *from, const float *to, bool *agrees, ct_error *err) {
    const conv_stage *stage = &image->program.stages[index];
    conv_stage found;
    int in = image->shapes[index].channels, out = image->shapes[index + 1].channels;
    float low = 0, high = 0;
    if (stage->op == CONV_NORMALIZE &&
        !explain_range(image, index, stage->window.alpha, &low, &high, err)) {
        return false;
    }
    if (stage->op == CONV_OTSU) {
        double threshold;
        char text[32];
        if (!explain_otsu(image, index, &found, &threshold, err)) {
            return false;
        }
        fprintf(style->out, "   Otsu's threshold of the whole image: %s\n",
                explain_number(threshold, text));
        stage = &found;
    }
    if (image->program.stages[index].op == CONV_OTSU && stage->point == CONV_THRESHOLD) {
        char text[32];
        fprintf(style->out, "   above it: %s; others: 0\n", explain_number((double)stage->b, text));
    } else {
        print_parameters(style, stage, (double)low, (double)high);
    }
    if (is_gray(stage)) {
        print_gray(style, from, to);
    } else {
        print_pixel(style, "from", from, in, -1);
        print_pixel(style, "to  ", to, out, channel);
    }
    for (int c = 0; c < out; c++) {
        double value;
        double size = 1;
        if (stage->op == CONV_POINT) {
            value = expected(stage, from, in, c);
        } else if (stage->op == CONV_TURN) {
            value = (double)from[c];
        } else if (c == stage->window.alpha || high <= low) {
            continue; /* a flat image has nothing to stretch */
        } else {
            value = (double)stage->a + ((double)from[c] - (double)low) *
                                           ((double)stage->b - (double)stage->a) /
                                           ((double)high - (double)low);
            size = fabs((double)low) + fabs((double)high) + fabs((double)stage->b);
        }
        size += fabs(value) + fabs((double)stage->b);
        if (stage->point != CONV_NORM) { /* whose a is an order */
            size += fabs((double)stage->a * (double)from[c < in ? c : 0]);
        }
        if (!(fabs(value - (double)to[c]) <= 1e-5 * size) &&
            !explain_same_float(value, (double)to[c])) {
            char text[32];
            fprintf(style->out, "   (by the arithmetic shown, channel %d: %s)\n", c,
                    explain_number(value, text));
            *agrees = false;
        }
    }
    return true;
}
