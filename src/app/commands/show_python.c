/* Numbers and kernels as Python has them. */
#include "app/commands/show_python.h"

#include <math.h>

/* ---- numbers ---- */

void show_rows(show_code *code, const conv_stage *stage, int k, bool spread) {
    const conv_window *w = &stage->window;
    const int step_x = spread ? 1 : w->dilation_x, step_y = spread ? 1 : w->dilation_y;
    for (int y = 0; y < show_height(w); y += step_y) {
        show_put(code, y ? ", [" : "[[");
        for (int x = 0; x < show_width(w); x += step_x) {
            show_put(code, x ? ", " : "");
            show_digits(code, show_weight(stage, k, x, y));
        }
        show_put(code, "]");
    }
    show_put(code, "]");
}

void show_list(show_code *code, const double *numbers, int count, int step) {
    for (int i = 0; i < (count - 1) * step + 1; i++) {
        show_put(code, i ? ", " : "[");
        show_digits(code, i % step ? 0 : numbers[i / step]);
    }
    show_put(code, "]");
}

void show_stride(show_code *code, const conv_window *w) {
    if (w->stride_x > 1 || w->stride_y > 1) {
        show_put(code, "[::%d, ::%d]", w->stride_y, w->stride_x);
    }
}

/* ---- what a kernel is ---- */

bool show_is_mean(const conv_stage *stage) {
    const conv_window *w = &stage->window;
    bool mean = stage->op == CONV_CORRELATE && w->dilation_x == 1 && w->dilation_y == 1;
    for (int i = 0; mean && i < w->width * w->height; i++) {
        const double weight = show_weight(stage, 0, i % w->width, i / w->width);
        mean = fabs(weight * w->width * w->height - 1) < 1e-9;
    }
    return mean;
}

bool show_is_product(const conv_stage *stage) {
    return stage->op == CONV_CORRELATE && conv_stage_terms(stage) == 1;
}
