/* The oracle's stages that move pixels. */
#include "oracle.h"

#include <math.h>

/* ---- resizing: every sample of the input is asked for its weight ---- */

static double sinc(double x) {
    const double pi = acos(-1);
    return x == 0 ? 1 : sin(pi * x) / (pi * x);
}

/* The weight of a sample x output samples (or where the image grows, input samples) from the
 * centre. */
static double filter_at(conv_resample resample, double x) {
    const double d = fabs(x);
    switch (resample) {
    case CONV_LANCZOS:
        return d < 3 ? sinc(d) * sinc(d / 3) : 0;
    case CONV_BILINEAR:
        return d < 1 ? 1 - d : 0;
    case CONV_BICUBIC:
        return d < 1   ? 1.5 * d * d * d - 2.5 * d * d + 1
               : d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2
                       : 0;
    default:
        return NAN;
    }
}

/* The weight of input sample k of n in output sample i, before they are made to sum to 1. */
static double weight(const conv_stage *stage, int n, int i, int k) {
    const double r = (double)n / stage->size, centre = (i + 0.5) * r;
    switch (stage->resample) {
    case CONV_AREA:
        return fmax(0, fmin(k + 1, (i + 1) * r) - fmax(k, i * r));
    case CONV_CLOSEST: /* whole numbers, since c may lie on the edge of two */
        return (2 * i + 1) * n / (2 * stage->size) == k;
    default:
        return filter_at(stage->resample, (k + 0.5 - centre) / fmax(r, 1));
    }
}

static double resized(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                      double *scale) {
    const bool along = stage->axis == CONV_ALONG_X;
    const int n = along ? in->width : in->height;
    const double rounding = 1e-9; /* a weight may be nothing but the rounding of others */
    double sum = 0, total = 0;
    *scale = 0;
    for (int k = 0; k < n; k++) {
        const double w = weight(stage, n, along ? x : y, k);
        const int at = ((along ? y : k) * in->width + (along ? k : x)) * in->channels + c;
        total += w;
        if (w != 0) { /* what isn't part of it may be infinite */
            sum += w * in->value[at];
            *scale += (fabs(w) + rounding) * in->scale[at];
        }
    }
    *scale /= total;
    return sum / total;
}

/* ---- turning: one quarter after the other ---- */

static oracle_image turned(const oracle_image *in) {
    oracle_image out = oracle_new(in->height, in->width, in->channels);
    for (int y = 0, i = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
            for (int c = 0; c < out.channels; c++, i++) { /* the left column becomes the top row */
                const int from = ((in->height - 1 - x) * in->width + y) * in->channels + c;
                out.value[i] = in->value[from];
                out.scale[i] = in->scale[from];
            }
        }
    }
    return out;
}

oracle_image oracle_geometry(const conv_stage *stage, const oracle_image *in) {
    if (stage->op == CONV_TURN) {
        oracle_image out = turned(in);
        for (int quarter = 1; quarter < stage->turns; quarter++) {
            oracle_image next = turned(&out);
            oracle_free(&out);
            out = next;
        }
        return out;
    }
    oracle_image out =
        oracle_new(stage->axis == CONV_ALONG_X ? stage->size : in->width,
                   stage->axis == CONV_ALONG_X ? in->height : stage->size, in->channels);
    for (int y = 0, i = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
            for (int c = 0; c < out.channels; c++, i++) {
                out.value[i] = resized(stage, in, x, y, c, &out.scale[i]);
            }
        }
    }
    return out;
}
