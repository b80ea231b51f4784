#include "flow/barrier.h"

#include <float.h>

conv_type flow_barrier_type(const conv_stage *barrier, bool untouched, conv_type same) {
    const bool floats = barrier->op == CONV_NORMALIZE || barrier->op == CONV_GLOBAL;
    return barrier->op == CONV_LINK ? CONV_U8 : untouched && !floats ? same : CONV_F32;
}

/* The stage that stretches the range found to low..high; a flat image, but for rounding errors,
 * becomes low. */
static conv_stage stretch(const conv_stage *normalize, const conv_stats *stats,
                          conv_samples known) {
    conv_stage s = {.op = CONV_POINT, .point = CONV_STRETCH};
    const double low = normalize->a, high = normalize->b;
    const double range = (double)stats->max - (double)stats->min;
    const bool any = range <= FLT_MAX && !conv_is_flat(stats, known);
    s.window.alpha = normalize->window.alpha;
    s.a = any ? (float)((high - low) / range) : 0;
    s.amount = stats->max >= stats->min ? stats->min : 0;
    s.b = normalize->a;
    s.threshold = normalize->b;
    return s;
}

static conv_image image_of(const flow_image *image) {
    return (conv_image){image->shape, image->type, image->stride, image->rows};
}

static bool find_otsu(conv_stage *stage, const flow_barrier_of *of, flow_report *report,
                      ct_error *err) {
    const conv_image image = image_of(of->image);
    double threshold = 0;
    if (!of->only_memory && !conv_otsu(&image, stage->window.alpha, conv_otsu_is_absolute(stage),
                                       of->known.whole && of->known.noise == 0, &threshold)) {
        return ct_fail(err, "out of memory");
    }
    if (report->otsu_count < FLOW_TOLD_OTSU) {
        report->otsu[report->otsu_count++] = threshold;
    }
    *stage = conv_otsu_stage(stage, threshold);
    return true;
}

/* Strong marks are 2. */
static bool link_marks(conv_stage *stage, const flow_barrier_of *of, ct_error *err) {
    const conv_image image = image_of(of->image);
    if (!of->only_memory && !conv_link(&image)) {
        return ct_fail(err, "out of memory");
    }
    *stage = (conv_stage){.op = CONV_POINT,
                          .point = CONV_THRESHOLD,
                          .a = 2,
                          .b = stage->b,
                          .window.alpha = stage->window.alpha};
    return true;
}

bool flow_barrier_pass(conv_stage *barrier, const flow_barrier_of *of, flow_report *report,
                       ct_error *err) {
    switch (barrier->op) {
    case CONV_NORMALIZE:
        *barrier = stretch(barrier, of->stats, of->known);
        return true;
    case CONV_OTSU:
        return find_otsu(barrier, of, report, err);
    case CONV_LINK:
        return link_marks(barrier, of, err);
    default:
        return true;
    }
}
