/* 3x3 gradients that smooth one way and take the difference the other: Sobel, Scharr, Prewitt and
 * their like. */
#ifndef CT_CONV_PATH_GRADIENT3_SHAPE_H
#define CT_CONV_PATH_GRADIENT3_SHAPE_H

#include "conv/path/path.h"

/* x = [-side 0 side; -middle 0 middle; -side 0 side], and y its transpose. */
typedef struct gradient3_weights {
    double side, middle;
} gradient3_weights;

/* False where the kernels aren't of that form. */
static inline bool gradient3_find(const conv_stage *stage, gradient3_weights *weights) {
    const conv_window *w = &stage->window;
    if (w->width != 3 || w->height != 3) {
        return false;
    }
    const double *x = stage->weights, *y = x + 9;
    const double s = x[2], m = x[5];
    const double expected[9] = {-s, 0, s, -m, 0, m, -s, 0, s};
    for (int i = 0; i < 9; i++) {
        if (x[i] != expected[i] || y[i / 3 + i % 3 * 3] != expected[i]) {
            return false;
        }
    }
    *weights = (gradient3_weights){s, m};
    return true;
}

#endif
