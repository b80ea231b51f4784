/* What stands beyond the image in a ring's rows. */
#include "conv/ring.h"

#include <math.h>
#include <string.h>

/* What stands in a margin or a constant row: pooling takes what can't win or add. */
static float fill_value(const conv_stage *stage, int channel) {
    if (stage->op != CONV_POOL) {
        return channel == stage->window.alpha ? stage->window.fill_alpha : stage->window.fill;
    }
    return stage->pool == CONV_POOL_MAX ? -INFINITY : stage->pool == CONV_POOL_MIN ? INFINITY : 0;
}

/* Writes sample i of a row, as the step's ring has them. */
static void set_sample(const plan_step *step, void *row, ptrdiff_t i, float value) {
    if (step->sample == 1) {
        ((uint8_t *)row)[i] = (uint8_t)value;
    } else {
        ((float *)row)[i] = value;
    }
}

void ring_fill_constant(const plan_step *step, char *row) {
    const int channels = step->in.channels;
    for (size_t i = 0; i < step->pitch; i++) {
        /* The first sample, at `start`, is a channel 0. */
        const size_t phase = i + (size_t)channels * step->start - step->start;
        set_sample(step, row, (ptrdiff_t)i,
                   fill_value(&step->stage, (int)(phase % (size_t)channels)));
    }
}

void ring_fill_margins(const plan_step *step, void *row) {
    const int channels = step->in.channels;
    const size_t pixel = (size_t)channels * step->sample;
    for (int i = 0; i < step->left + step->right; i++) {
        const int column = i < step->left ? i - step->left : step->in.width + i - step->left;
        char *to = (char *)row + column * (ptrdiff_t)pixel;
        if (step->margin[i] >= 0) {
            memcpy(to, (char *)row + step->margin[i] * (ptrdiff_t)pixel, pixel);
            continue;
        }
        for (int c = 0; c < channels; c++) {
            set_sample(step, to, c, fill_value(&step->stage, c));
        }
    }
}
