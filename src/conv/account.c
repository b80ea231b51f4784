#include "conv/account.h"

conv_field conv_field_start(void) {
    return (conv_field){.width = 1, .height = 1, .jump_x = 1, .jump_y = 1};
}

static void add_resize(conv_field *field, const conv_stage *stage, conv_shape in) {
    const bool along = stage->axis == CONV_ALONG_X;
    const int n = along ? in.width : in.height;
    double *size = along ? &field->width : &field->height;
    double *jump = along ? &field->jump_x : &field->jump_y;
    int first, count;
    conv_resize_reach(stage, n, stage->size / 2, &first, &count);
    *size += (count - 1) * *jump;
    *jump *= (double)n / stage->size;
}

/* A quarter turn makes rows of columns. */
static void add_turns(conv_field *field, int turns) {
    if (turns % 2) {
        *field = (conv_field){.width = field->height,
                              .height = field->width,
                              .jump_x = field->jump_y,
                              .jump_y = field->jump_x,
                              .whole = field->whole};
    }
}

void conv_field_add(conv_field *field, const conv_stage *stage, conv_shape in) {
    const conv_window *w = &stage->window;
    if (stage->op == CONV_RESIZE) {
        add_resize(field, stage, in);
    } else if (stage->op == CONV_TURN) {
        add_turns(field, stage->turns);
    } else if (conv_stage_has_window(stage)) {
        field->width += (double)(w->width - 1) * w->dilation_x * field->jump_x;
        field->height += (double)(w->height - 1) * w->dilation_y * field->jump_y;
        field->jump_x *= w->stride_x;
        field->jump_y *= w->stride_y;
    }
    field->whole |= conv_stage_is_whole(stage) && stage->op != CONV_TURN;
}

/* For each row or column of the other axis, and channel. */
static double resize_products(const conv_stage *stage, conv_shape in) {
    const bool along = stage->axis == CONV_ALONG_X;
    const int n = along ? in.width : in.height, others = along ? in.height : in.width;
    double sum = 0;
    for (int i = 0; i < stage->size; i++) {
        int first, count;
        conv_resize_reach(stage, n, i, &first, &count);
        sum += count;
    }
    return sum * others * in.channels;
}

/* Weights that one output sample is multiplied with. */
static double weights_of(const conv_stage *stage, conv_shape in) {
    const double cells = (double)stage->window.width * stage->window.height;
    switch (stage->op) {
    case CONV_CORRELATE:
        return cells;
    case CONV_GRADIENT: /* one direction needs only its own kernel */
        return stage->gradient == CONV_X || stage->gradient == CONV_Y ? cells : 2 * cells;
    case CONV_COMPASS:
        return cells * stage->kernels;
    case CONV_LAYER:
        return cells * (in.channels / conv_stage_groups(stage));
    case CONV_SUPPRESS: /* Sobel's, in both directions */
        return 2 * 9;
    case CONV_CROSSINGS:
    case CONV_OTSU:
    case CONV_LINK:
    case CONV_MEDIAN:
    case CONV_POOL:
    case CONV_POINT:
    case CONV_NORMALIZE:
    case CONV_GLOBAL:
    case CONV_CROP:
    case CONV_RESIZE:
    case CONV_TURN:
        break;
    }
    return 0;
}

double conv_stage_parameters(const conv_stage *stage, conv_shape in) {
    if (stage->op == CONV_LAYER) {
        return (weights_of(stage, in) + (stage->bias ? 1 : 0)) * stage->filters;
    }
    if (stage->op == CONV_POINT) {
        return stage->point == CONV_SCALE ? 2 : stage->point == CONV_THRESHOLD ? 1 : 0;
    }
    return weights_of(stage, in);
}

double conv_stage_products(const conv_stage *stage, conv_shape in, conv_shape out) {
    const double pixels = (double)out.width * out.height, samples = pixels * out.channels;
    if (stage->op == CONV_POINT) {
        return stage->point == CONV_GRAY ? 3 * pixels : stage->point == CONV_SCALE ? samples : 0;
    }
    return stage->op == CONV_NORMALIZE ? samples
           : stage->op == CONV_RESIZE  ? resize_products(stage, in)
                                       : weights_of(stage, in) * samples;
}
