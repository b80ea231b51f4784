/* The oracle's stages that find edges. */
#include <math.h>
#include <stdlib.h>

#include "oracle.h"

static double unsure_of(double jump) {
    return 2 * (fabs(jump) + 1) / ORACLE_STRICTEST;
}

static double widest(const oracle_image *in) {
    double most = 0;
    for (int i = 0; i < in->width * in->height * in->channels; i++) {
        most = fmax(most, in->scale[i]);
    }
    return most;
}

/* ---- gradients that are greatest along their directions ---- */

typedef struct slope {
    double x, y, length, scale;
} slope;

static slope sobel(const conv_window *w, const oracle_image *in, int x, int y, int c) {
    static const double weight[3] = {1, 2, 1};
    slope s = {0};
    for (int k = 0; k < 3; k++) {
        double scale[4];
        s.x += weight[k] * (oracle_sample(w, in, x + 1, y + k - 1, c, &scale[0]) -
                            oracle_sample(w, in, x - 1, y + k - 1, c, &scale[1]));
        s.y += weight[k] * (oracle_sample(w, in, x + k - 1, y + 1, c, &scale[2]) -
                            oracle_sample(w, in, x + k - 1, y - 1, c, &scale[3]));
        s.scale += weight[k] * (scale[0] + scale[1] + scale[2] + scale[3]);
    }
    s.length = sqrt(s.x * s.x + s.y * s.y);
    return s;
}

/* The length where a ray from x, y along (dx, dy) leaves the square of its eight neighbours, on the
 * line between the two nearest of them. */
static double leaving(const conv_window *w, const oracle_image *in, int x, int y, int c, double dx,
                      double dy, double *scale) {
    const double reach = fmax(fabs(dx), fabs(dy));
    const double px = x + dx / reach, py = y + dy / reach;
    const int x0 = (int)floor(px + 1e-12), y0 = (int)floor(py + 1e-12);
    const double fx = fmax(px - x0, 0), fy = fmax(py - y0, 0);
    const slope a = sobel(w, in, x0, y0, c);
    const slope b = sobel(w, in, x0 + (fx > 1e-12), y0 + (fy > 1e-12), c);
    const double share = fmax(fx, fy);
    *scale += a.scale + b.scale;
    return a.length * (1 - share) + b.length * share;
}

static double suppress(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                       double *scale) {
    const conv_window *w = &stage->window;
    const double low = (double)stage->a;
    const slope here = sobel(w, in, x, y, c);
    double scales = here.scale;
    *scale = here.scale;
    if (x == 0 || y == 0 || x == in->width - 1 || y == in->height - 1 || here.length == 0) {
        return -here.length;
    }
    if (!isfinite(here.scale)) { /* infinite or none */
        *scale = INFINITY;
        return isnan(here.length) ? NAN : -here.length;
    }
    const double most = fmax(leaving(w, in, x, y, c, here.x, here.y, &scales),
                             leaving(w, in, x, y, c, -here.x, -here.y, &scales));
    const double slack = ORACLE_TOLERANCE * scales + here.length / (1 << 17);
    if (fabs(most - here.length) <= slack || fabs(here.length - low) <= slack ||
        !isfinite(scales)) {
        *scale = here.scale + unsure_of(2 * here.length);
    }
    return most <= here.length && here.length >= low ? here.length : -here.length;
}

/* ---- changes of sign ---- */

static bool differ(double a, double b) {
    return (a < 0 && b > 0) || (a > 0 && b < 0);
}

static double crossing(const conv_stage *stage, const oracle_image *in, int x, int y, int c,
                       double error, double *scale) {
    static const int dx[] = {0, -1, 1, 0, 0}, dy[] = {0, 0, 0, -1, 1};
    const conv_window *w = &stage->window;
    const double threshold = (double)stage->threshold;
    double v[5];
    bool marked = false, unsure = false;
    for (int i = 0; i < 5; i++) {
        double ignored;
        v[i] = oracle_sample(w, in, x * w->stride_x - w->left + (1 + dx[i]) * w->dilation_x,
                             y * w->stride_y - w->top + (1 + dy[i]) * w->dilation_y, c, &ignored);
        unsure = unsure || (v[i] != 0 && fabs(v[i]) <= error) || !isfinite(ignored);
    }
    for (int i = 1; i < 5; i++) {
        const double across = fabs(v[0] - v[i]);
        const double further = fabs(v[i]) - fabs(v[0]), equal = fabs(v[i]) / (1 << 18);
        marked = marked || (differ(v[0], v[i]) && across > threshold &&
                            (v[0] < 0 ? further >= -equal : further > equal));
        unsure = unsure || (error > 0 && fabs(across - threshold) <= error) ||
                 (v[0] != -v[i] && fabs(v[0] + v[i]) <= error);
    }
    for (int i = 1; i < 5; i += 2) {
        const double across = fabs(v[i] - v[i + 1]);
        marked = marked || (v[0] == 0 && differ(v[i], v[i + 1]) && across > 2 * threshold);
        unsure = unsure || fabs(across - 2 * threshold) <= error * (v[0] == 0);
    }
    const double value = marked ? (double)stage->b : 0;
    *scale = unsure ? unsure_of((double)stage->b) : fabs(value);
    return value;
}

/* The errors of whole numbers that a float holds are none. */
static double error_of(const oracle_image *in) {
    bool whole = true;
    for (int i = 0; i < in->width * in->height * in->channels; i++) {
        whole = whole && in->value[i] == rint(in->value[i]) && fabs(in->value[i]) == in->scale[i] &&
                in->scale[i] < (1 << 24);
    }
    return whole ? 0 : ORACLE_TOLERANCE * widest(in);
}

oracle_image oracle_edges(const conv_stage *stage, const oracle_image *in, int width, int height) {
    oracle_image out = oracle_new(width, height, in->channels);
    const double error = stage->op == CONV_CROSSINGS ? error_of(in) : 0;
    for (int y = 0, i = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            for (int c = 0; c < in->channels; c++, i++) {
                out.value[i] = stage->op == CONV_SUPPRESS
                                   ? suppress(stage, in, x, y, c, &out.scale[i])
                                   : crossing(stage, in, x, y, c, error, &out.scale[i]);
            }
        }
    }
    return out;
}

/* ---- Otsu's threshold ---- */

enum { BINS = 256 };

/* The variance between the values up to bin k and the others; bins hold their values' number. */
static double between(const double *bins, int k) {
    double n[2] = {0}, sum[2] = {0};
    for (int i = 0; i < BINS; i++) {
        n[i > k] += bins[i];
        sum[i > k] += bins[i] * i;
    }
    const double apart = n[0] > 0 && n[1] > 0 ? sum[0] / n[0] - sum[1] / n[1] : 0;
    return n[0] * n[1] * apart * apart;
}

/* Thresholds that errors can't tell from the best, and some bins around them, are all possible. */
oracle_image oracle_otsu(const conv_stage *stage, const oracle_image *in) {
    const int n = in->width * in->height * in->channels;
    oracle_image out = oracle_new(in->width, in->height, in->channels);
    double low = INFINITY, high = -INFINITY, bins[BINS] = {0}, best = -1;
    for (int i = 0; i < n; i++) {
        if (i % in->channels != stage->window.alpha && isfinite(in->value[i])) {
            low = fmin(low, in->value[i]);
            high = fmax(high, in->value[i]);
        }
    }
    const double step = (high - low) / BINS;
    for (int i = 0; i < n && high > low; i++) {
        if (i % in->channels != stage->window.alpha && isfinite(in->value[i])) {
            bins[(int)fmin((in->value[i] - low) / step, BINS - 1)]++;
        }
    }
    int first = 0, last = 0;
    for (int k = 0; k < BINS; k++) {
        best = fmax(best, between(bins, k));
    }
    for (int k = BINS - 1; k >= 0; k--) {
        first = between(bins, k) >= 0.98 * best ? k : first;
        last = between(bins, BINS - 1 - k) >= 0.98 * best ? BINS - 1 - k : last;
    }
    const double error = 2 * ORACLE_TOLERANCE * widest(in);
    const double from = low + (first - 2) * step - error, to = low + (last + 3) * step + error;
    for (int i = 0; i < n; i++) {
        const double v = in->value[i], b = (double)stage->b;
        const bool kept = i % in->channels == stage->window.alpha;
        out.value[i] = kept ? v : v > (from + to) / 2 ? b : 0;
        out.scale[i] = kept                                         ? in->scale[i]
                       : (v >= from && v <= to) || !isfinite(error) ? unsure_of(b)
                                                                    : fabs(b);
    }
    return out;
}

/* ---- links ---- */

/* What the marks may be at least (sign -1) or at most (sign 1). */
static double mark_of(const oracle_image *in, int i, int sign) {
    const double v = in->value[i] + sign * ORACLE_TOLERANCE * in->scale[i];
    return fmin(fmax(rint(v), 0), 2);
}

static bool touches_strong(const oracle_image *m, int x, int y, int c) {
    for (int i = 0; i < 9; i++) {
        const int nx = x + i % 3 - 1, ny = y + i / 3 - 1;
        if (nx >= 0 && ny >= 0 && nx < m->width && ny < m->height &&
            m->value[(ny * m->width + nx) * m->channels + c] == 2) {
            return true;
        }
    }
    return false;
}

/* Goes over the whole image until nothing changes any more. */
static oracle_image spread(const oracle_image *in, int sign) {
    oracle_image m = oracle_new(in->width, in->height, in->channels);
    const int n = in->width * in->height * in->channels;
    for (int i = 0; i < n; i++) {
        m.value[i] = mark_of(in, i, sign);
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < n; i++) {
            const int pixel = i / in->channels;
            if (m.value[i] == 1 &&
                touches_strong(&m, pixel % in->width, pixel / in->width, i % in->channels)) {
                m.value[i] = 2;
                changed = true;
            }
        }
    }
    return m;
}

oracle_image oracle_link(const conv_stage *stage, const oracle_image *in) {
    oracle_image out = oracle_new(in->width, in->height, in->channels);
    oracle_image least = spread(in, -1), most = spread(in, 1);
    for (int i = 0; i < in->width * in->height * in->channels; i++) {
        out.value[i] = least.value[i] == 2 ? (double)stage->b : 0;
        out.scale[i] = (least.value[i] == 2) != (most.value[i] == 2) ? unsure_of((double)stage->b)
                                                                     : fabs(out.value[i]);
    }
    oracle_free(&least);
    oracle_free(&most);
    return out;
}
