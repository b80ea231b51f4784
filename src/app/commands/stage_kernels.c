#include "app/commands/stage_kernels.h"

#include <stddef.h>

int stage_kernels(const conv_stage *stage, int channels) {
    switch (stage->op) {
    case CONV_CORRELATE:
        return 1;
    case CONV_GRADIENT:
    case CONV_COMPASS:
        return stage->kernels;
    case CONV_LAYER:
        return stage->filters * (channels / conv_stage_groups(stage));
    default:
        return 0;
    }
}

void stage_kernel(const conv_stage *stage, int k, double *weights) {
    const int width = stage->window.width, height = stage->window.height;
    const int terms = stage->weights ? 0 : conv_stage_terms(stage);
    for (int i = 0; i < width * height; i++) {
        weights[i] =
            stage->weights ? stage->weights[(size_t)k * (size_t)(width * height) + (size_t)i] : 0;
        for (int t = 0; t < terms; t++) {
            weights[i] += stage->column[t * height + i / width] * stage->row[t * width + i % width];
        }
    }
}

/* Where it gets brighter for the k-th kernel of a compass. They begin at north and go round by
 * east; with --flip they begin at south. */
static const char *direction(const conv_stage *stage, int k) {
    static const char *const names[] = {"n", "ne", "e", "se", "s", "sw", "w", "nw"};
    const double *first = stage->weights;
    return names[(k + (first[1] < first[7] ? 4 : 0)) % 8];
}

const char *stage_kernel_name(const conv_stage *stage, int k) {
    switch (stage->op) {
    case CONV_GRADIENT:
        return k ? "y" : "x";
    case CONV_COMPASS:
        return direction(stage, k);
    default:
        return NULL;
    }
}
