#include "net/ops/taps.h"

#include <math.h>
#include <stdlib.h>

#include "base/checked.h"

/* In single precision, as ONNX Runtime does it: it decides which sample is the nearest. */
static float place_of(const net_resampling *how, int64_t in, int64_t out, int64_t i) {
    const float x = (float)i, last = (float)(in - 1);
    switch (how->coordinates) {
    case NET_PYTORCH_HALF_PIXEL:
        return out > 1 ? (x + 0.5F) / how->scale - 0.5F : 0;
    case NET_ASYMMETRIC:
        return x / how->scale;
    case NET_TF_HALF_PIXEL:
        return (x + 0.5F) / how->scale;
    case NET_ALIGN_CORNERS:
        return out > 1 ? x * last / (how->length - 1) : 0;
    case NET_CROP_AND_RESIZE:
        return out > 1 ? how->begin * last + x * (how->end - how->begin) * last / (float)(out - 1)
                       : 0.5F * (how->begin + how->end) * last;
    default:
        return (x + 0.5F) / how->scale - 0.5F;
    }
}

static int64_t clamp(double value, int64_t in) {
    return value > 0 ? value < (double)in ? (int64_t)value : in - 1 : 0;
}

static double round_to(const net_resampling *how, float x) {
    switch (how->rounding) {
    case NET_ROUND_PREFER_FLOOR:
        return ceil((double)x - 0.5);
    case NET_ROUND_PREFER_CEIL:
        return floor((double)x + 0.5);
    case NET_ROUND_UP:
        return (double)ceilf(x);
    case NET_ROUND_SIMPLE:
        return how->scale < 1 ? (double)ceilf(x) : trunc((double)x);
    default:
        return (double)floorf(x);
    }
}

/* ---- filters: weights at a distance ---- */

static double triangle(double x) {
    return fabs(x) < 1 ? 1 - fabs(x) : 0;
}

/* R. Keys, Cubic convolution interpolation for digital image processing, 1981. */
static double keys(double a, double x) {
    x = fabs(x);
    return x < 1   ? ((a + 2) * x - (a + 3)) * x * x + 1
           : x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
                   : 0;
}

static double filter(const net_resampling *how, double x) {
    return how->interpolation == NET_LINEAR ? triangle(x) : keys((double)how->cubic, x);
}

/* How much the filter widens. */
static double widening(const net_resampling *how) {
    return how->antialias && how->scale < 1 ? 1 / (double)how->scale : 1;
}

static double reach_of(const net_resampling *how) {
    return (how->interpolation == NET_LINEAR ? 1 : 2) * widening(how);
}

static void fill(const net_resampling *how, net_taps *taps, int64_t i) {
    int64_t *index = taps->index + i * taps->count;
    float *weight = taps->weight + i * taps->count;
    const float x = place_of(how, taps->in, taps->out, i);
    if (how->coordinates == NET_CROP_AND_RESIZE) {
        taps->outside[i] = !(x >= 0 && x <= (float)(taps->in - 1));
    }
    if (how->interpolation == NET_NEAREST) {
        index[0] = clamp(round_to(how, x), taps->in);
        weight[0] = 1;
        return;
    }
    const bool widened = widening(how) > 1;
    const double wide = widening(how), first = floor((double)x - reach_of(how)) + 1;
    double sum = 0;
    for (int k = 0; k < taps->count; k++) {
        const double at = first + k;
        const bool beyond = at < 0 || at > (double)(taps->in - 1);
        double w = filter(how, (at - (double)x) / wide);
        w = beyond && how->exclude_outside ? 0 : w;
        index[k] = clamp(at, taps->in);
        weight[k] = (float)w;
        sum += w;
    }
    for (int k = 0; k < taps->count && (how->exclude_outside || widened) && sum != 0; k++) {
        weight[k] = (float)((double)weight[k] / sum);
    }
}

bool net_taps_make(const net_resampling *how, int64_t in, int64_t out, net_taps *taps) {
    *taps = (net_taps){.in = in, .out = out, .count = 1};
    if (how->interpolation != NET_NEAREST) {
        const double reach = reach_of(how);
        if (!(reach < (1 << 24))) {
            return false;
        }
        taps->count = (int)ceil(2 * reach);
    }
    size_t count;
    if (!ct_mul((size_t)out, (size_t)taps->count, &count) || count > SIZE_MAX / 16) {
        return false;
    }
    taps->index = malloc((count + 1) * sizeof *taps->index);
    taps->weight = malloc((count + 1) * sizeof *taps->weight);
    taps->outside = how->coordinates == NET_CROP_AND_RESIZE ? calloc((size_t)out + 1, 1) : NULL;
    if (!taps->index || !taps->weight ||
        (how->coordinates == NET_CROP_AND_RESIZE && !taps->outside)) {
        return false;
    }
    taps->identity = in == out;
    for (int64_t i = 0; i < out; i++) {
        fill(how, taps, i);
        bool itself = !taps->outside || !taps->outside[i];
        for (int k = 0; k < taps->count; k++) {
            const size_t at = (size_t)i * (size_t)taps->count + (size_t)k;
            itself = itself && (taps->weight[at] == 0 || taps->index[at] == i);
        }
        taps->identity = taps->identity && itself;
    }
    return true;
}

void net_taps_free(net_taps *taps) {
    free(taps->index);
    free(taps->weight);
    free(taps->outside);
    *taps = (net_taps){0};
}
