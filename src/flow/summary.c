#include "flow/summary.h"

#include <math.h>

#include "base/sum.h"

flow_summary flow_summary_start(conv_shape shape, int alpha) {
    return (flow_summary){.width = shape.width,
                          .channels = shape.channels,
                          .alpha = alpha,
                          .min = (double)INFINITY,
                          .max = -(double)INFINITY};
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
    ct_sum_add(&s->sum, &s->lost, v);
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
