/* What a ring's rows hold beyond the image. */
#include "conv/plan/ring.h"

#include <math.h>
#include <string.h>

/* The value in a margin or a constant row; for pooling, one that can't win or add anything. */
static float fill_value(const conv_stage *stage, int channel) {
    if (stage->op != CONV_POOL) {
        return channel == stage->window.alpha ? stage->window.fill_alpha : stage->window.fill;
    }
    return stage->pool == CONV_POOL_MAX ? -INFINITY : stage->pool == CONV_POOL_MIN ? INFINITY : 0;
}

/* Writes sample i of a row in the ring's sample type. */
static void set_sample(const plan_step *step, void *row, ptrdiff_t i, float value) {
    if (step->sample == 1) {
        ((uint8_t *)row)[i] = (uint8_t)value;
    } else {
        ((float *)row)[i] = value;
    }
}

void ring_fill_constant(const plan_step *step, char *row) {
    const size_t channels = (size_t)step->site.in.channels;
    const size_t first = step->pitch < channels ? step->pitch : channels;
    for (size_t i = 0; i < first; i++) {
        /* The sample at `start` is of channel 0. */
        const size_t phase = i + channels * step->start - step->start;
        set_sample(step, row, (ptrdiff_t)i, fill_value(&step->site.stage, (int)(phase % channels)));
    }
    /* Then the pixels that are there, over and over: a network fills this row for each run. */
    for (size_t done = first; done < step->pitch;) {
        const size_t more = done < step->pitch - done ? done : step->pitch - done;
        memcpy(row + done * step->sample, row, more * step->sample);
        done += more;
    }
}

/* Fills `count` pixels of a margin from `to` on with those of the row that `margin` lists. */
static inline void fill_margin(const plan_step *step, char *to, const char *row, const int *margin,
                               int count, size_t pixel) {
    for (int i = 0; i < count; i++, to += pixel) {
        if (margin[i] >= 0) {
            memcpy(to, row + (size_t)margin[i] * pixel, pixel);
            continue;
        }
        for (int c = 0; c < step->site.in.channels; c++) {
            set_sample(step, to, c, fill_value(&step->site.stage, c));
        }
    }
}

static inline void fill_both(const plan_step *step, char *row, size_t pixel) {
    fill_margin(step, row - (size_t)step->left * pixel, row, step->margin, step->left, pixel);
    fill_margin(step, row + (size_t)step->site.in.width * pixel, row, step->margin + step->left,
                step->right, pixel);
}

void ring_fill_margins(const plan_step *step, void *row) {
    const size_t pixel = (size_t)step->site.in.channels * step->sample;
    switch (pixel) { /* a copy of a constant size is one move */
    case 1:
        fill_both(step, row, 1);
        break;
    case 4:
        fill_both(step, row, 4);
        break;
    default:
        fill_both(step, row, pixel);
        break;
    }
}
