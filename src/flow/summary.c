#include "flow/summary.h"

#include <math.h>

flow_summary flow_summary_start(conv_shape shape, int alpha) {
    return (flow_summary){.width = shape.width,
                          .channels = shape.channels,
                          .alpha = alpha,
                          .min = (double)INFINITY,
                          .max = -(double)INFINITY};
}

/* Neumaier's sum: what each addition rounds off is added up by itself. Neumaier: "Rundungsfehler-
 * analyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974). */
static void add(flow_summary *s, double v) {
    const double sum = s->sum + v;
    s->lost += fabs(s->sum) >= fabs(v) ? s->sum - sum + v : v - sum + s->sum;
    s->sum = sum;
}

static void add_sample(flow_summary *s, double v) {
    if (!isfinite(v)) {
        *(isnan(v) ? &s->nan : &s->infinite) += 1;
        return;
    }
    s->finite++;
    s->negative += v < 0;
    s->min = v < s->min ? v : s->min;
    s->max = v > s->max ? v : s->max;
    add(s, v);
}

bool flow_summary_see(void *context, int y, int count, const float *rows, size_t stride,
                      ct_error *err) {
    flow_summary *s = context;
    (void)y, (void)err;
    for (int r = 0; r < count; r++) {
        const float *at = (const float *)(const void *)((const char *)rows + (size_t)r * stride);
        for (int x = 0; x < s->width; x++, at += s->channels) {
            for (int c = 0; c < s->channels; c++) {
                if (c != s->alpha) {
                    add_sample(s, (double)at[c]);
                }
            }
        }
    }
    return true;
}

double flow_summary_mean(const flow_summary *s) {
    return s->finite ? (s->sum + s->lost) / (double)s->finite : (double)NAN;
}
