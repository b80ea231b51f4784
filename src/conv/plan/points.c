/* The pointwise stages. Those that mix a pixel's channels, except gray of RGB, or that are rarely
 * used are plain loops here; the others are row kernels. */
#include "conv/plan/points.h"

#include <math.h>

/* sRGB's transfer function (IEC 61966-2-1), odd around zero. */
static float srgb_decode(float v) {
    const float a = fabsf(v);
    const float l = a <= 0.04045F ? a / 12.92F : powf((a + 0.055F) / 1.055F, 2.4F);
    return copysignf(l, v);
}

static float srgb_encode(float v) {
    const float a = fabsf(v);
    const float e = a <= 0.0031308F ? a * 12.92F : 1.055F * powf(a, 1.0F / 2.4F) - 0.055F;
    return copysignf(e, v);
}

/* Pixels of n colours and alpha. */
static void premultiply(float *to, const float *from, size_t pixels, size_t n, float white) {
    for (size_t x = 0; x < pixels; x++, from += n + 1, to += n + 1) {
        for (size_t c = 0; c < n; c++) {
            to[c] = from[c] * from[n] / white;
        }
        to[n] = from[n];
    }
}

static void unpremultiply(float *to, const float *from, size_t pixels, size_t n, float white) {
    for (size_t x = 0; x < pixels; x++, from += n + 1, to += n + 1) {
        for (size_t c = 0; c < n; c++) {
            to[c] = from[n] != 0.0F ? from[c] * white / from[n] : 0.0F;
        }
        to[n] = from[n];
    }
}

static void weigh(float *to, const float *from, size_t pixels, size_t n, float white) {
    for (size_t x = 0; x < pixels; x++, from += n + 1, to += 2 * n + 1) {
        for (size_t c = 0; c < n; c++) {
            to[c] = from[c] * from[n] / white;
            to[n + 1 + c] = from[c];
        }
        to[n] = from[n];
    }
}

static void gray_alpha(float *to, const float *from, size_t pixels) {
    for (size_t x = 0; x < pixels; x++, from += 4, to += 2) {
        to[0] = (299.0F * from[0] + 587.0F * from[1] + 114.0F * from[2]) * 0.001F;
        to[1] = from[3];
    }
}

static void drop_alpha(float *to, const float *from, size_t pixels, size_t n) {
    for (size_t x = 0; x < pixels; x++) {
        for (size_t c = 0; c < n; c++) {
            to[x * n + c] = from[x * (n + 1) + c];
        }
    }
}

/* One number for each pixel, put before the alpha that is kept. */
static void with_alpha(float *to, const float *from, size_t pixels, size_t channels) {
    for (size_t x = pixels; x-- > 0;) {
        to[2 * x] = to[x];
        to[2 * x + 1] = from[x * channels + channels - 1];
    }
}

/* Those that look at all colours of a pixel. */
static void over_channels(const rows_table *rows, const conv_stage *stage, size_t pixels,
                          size_t channels, const float *from, float *to) {
    const bool alpha = stage->window.alpha >= 0;
    const size_t colours = channels - alpha;
    if (stage->point == CONV_ARGMAX) {
        rows->argmax(to, from, channels, colours, pixels);
    } else {
        rows->norm(to, from, stage->a, channels, colours, pixels);
    }
    if (alpha) {
        with_alpha(to, from, pixels, channels);
    }
}

/* NaN becomes 0. */
static void store(float *to, const float *from, float most, conv_rounding rounding, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const float v = from[i] > 0.0F ? from[i] : 0.0F, fits = v < most ? v : most;
        to[i] = rounding == CONV_TO_EVEN   ? rintf(fits)
                : rounding == CONV_HALF_UP ? floorf(fits + 0.5F)
                                           : floorf(fits + most * 0x1p-20F);
    }
}

/* Runs one on in.width pixels of in.channels floats. `to` has room for what the stage makes. */
static void run_point(const rows_table *rows, const conv_stage *stage, conv_shape in,
                      const float *from, float *to) {
    const size_t pixels = (size_t)in.width, channels = (size_t)in.channels;
    const size_t n = pixels * channels;
    const float a = stage->a, b = stage->b;
    switch (stage->point) {
    case CONV_GRAY:
        channels == 3 ? rows->gray(to, from, pixels) : gray_alpha(to, from, pixels);
        return;
    case CONV_DROP_ALPHA:
        drop_alpha(to, from, pixels, channels - 1);
        return;
    case CONV_PREMULTIPLY:
        premultiply(to, from, pixels, channels - 1, b);
        return;
    case CONV_UNPREMULTIPLY:
        unpremultiply(to, from, pixels, channels - 1, b);
        return;
    case CONV_WEIGH:
        weigh(to, from, pixels, channels - 1, b);
        return;
    case CONV_ARGMAX:
    case CONV_NORM:
        over_channels(rows, stage, pixels, channels, from, to);
        return;
    case CONV_SOFTMAX:
        rows->softmax(to, from, channels, channels - (stage->window.alpha >= 0), pixels);
        break;
    case CONV_LEAKY:
        rows->leaky(to, from, a, n);
        break;
    case CONV_SIGMOID:
        rows->sigmoid(to, from, n);
        break;
    case CONV_TANH:
        rows->tangent(to, from, n);
        break;
    case CONV_ABS:
        rows->absolute(to, from, n);
        break;
    case CONV_SCALE:
        rows->scale(to, from, a, b, n);
        break;
    case CONV_STRETCH:
        rows->stretch(to, from, a, stage->amount, b, stage->threshold, n);
        break;
    case CONV_RELU:
        rows->relu(to, from, n);
        break;
    case CONV_ROOT:
        rows->root(to, from, n);
        break;
    case CONV_STORE:
        store(to, from, a, (conv_rounding)b, n);
        break;
    case CONV_THRESHOLD:
        rows->threshold(to, from, a, b, n);
        break;
    case CONV_MARK:
        rows->mark(to, from, a, b, n);
        break;
    case CONV_SRGB_DECODE:
        for (size_t i = 0; i < n; i++) {
            to[i] = srgb_decode(from[i] / b) * b;
        }
        break;
    case CONV_SRGB_ENCODE:
        for (size_t i = 0; i < n; i++) {
            to[i] = srgb_encode(from[i] / b) * b;
        }
        break;
    }
    if (stage->window.alpha >= 0) {
        for (size_t i = (size_t)stage->window.alpha; i < n; i += channels) {
            to[i] = from[i];
        }
    }
}

const float *points_run_all(const rows_table *rows, const conv_stage *points, int first, int count,
                            conv_shape shape, const float *from, float *out,
                            float *const scratch[2]) {
    for (int k = first; k < count; k++) {
        float *to = k == count - 1 && out ? out : scratch[(k + 1) & 1];
        run_point(rows, &points[k], shape, from, to);
        conv_stage_shape(&points[k], shape, &shape, NULL); /* was checked by conv_plan_new */
        from = to;
    }
    return from;
}
