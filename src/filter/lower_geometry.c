#include "filter/lower_geometry.h"

#include <math.h>

/* A window of one cell, which geometry's stages have. */
static const conv_window one_cell = {.width = 1,
                                     .height = 1,
                                     .stride_x = 1,
                                     .stride_y = 1,
                                     .dilation_x = 1,
                                     .dilation_y = 1,
                                     .border = CONV_REPLICATE,
                                     .alpha = -1};

/* ---- resize ---- */

/* To whole pixels, at least one. */
static int whole_side(double side) {
    return side < 1 ? 1 : side > CONV_MAX_SIDE ? CONV_MAX_SIDE : (int)floor(side + 0.5);
}

/* The new sides; what isn't given follows from the image's shape. */
static void new_sides(const argument *size, conv_shape in, int *width, int *height) {
    if (size->percent) {
        *width = whole_side(in.width * size->number);
        *height = whole_side(in.height * size->number);
        return;
    }
    *width = size->x ? size->x : whole_side((double)in.width * size->y / in.height);
    *height = size->y ? size->y : whole_side((double)in.height * size->x / in.width);
}

/* One stage for each side that changes. */
static bool emit_resize(lowering *l, int width, int height, conv_resample resample) {
    conv_stage along = {.op = CONV_RESIZE, .window = one_cell, .resample = resample};
    conv_stage down = along;
    along.axis = CONV_ALONG_X;
    along.size = width;
    down.axis = CONV_ALONG_Y;
    down.size = height;
    const bool x = width != l->shape.width, y = height != l->shape.height;
    const bool down_first = x && y && conv_resize_down_first(&along, &down, l->shape);
    return (!down_first || lower_emit(l, &down)) && (!x || lower_emit(l, &along)) &&
           (!y || down_first || lower_emit(l, &down));
}

bool lower_resize(lowering *l, const chain_stage *stage) {
    const conv_resample resample = (conv_resample)stage->own[1].choice; /* in its order */
    int width, height;
    if (l->trial) {
        return true;
    }
    new_sides(&stage->own[0], l->shape, &width, &height);
    if (width == l->shape.width && height == l->shape.height) {
        return true;
    }
    if (!l->alpha || resample == CONV_CLOSEST) { /* whole pixels need no weighting */
        return emit_resize(l, width, height, resample);
    }
    return lower_point(l, CONV_PREMULTIPLY, 0, l->white) &&
           emit_resize(l, width, height, resample) &&
           lower_point(l, CONV_UNPREMULTIPLY, 0, l->white);
}

/* ---- crop ---- */

bool lower_crop(lowering *l, const chain_stage *stage) {
    const argument *size = &stage->own[0], *left = &stage->own[1], *top = &stage->own[2];
    const conv_shape in = l->shape;
    if (l->trial) {
        return true;
    }
    if (size->x > in.width || size->y > in.height) {
        return ct_fail(l->err, "the image is %dx%d here, smaller than the crop of %dx%d", in.width,
                       in.height, size->x, size->y);
    }
    const int x = left->given ? left->x : (in.width - size->x) / 2;
    const int y = top->given ? top->x : (in.height - size->y) / 2;
    if (x > in.width - size->x || y > in.height - size->y) {
        return ct_fail(l->err,
                       "the image is %dx%d here; a crop of %dx%d from column %d and row %d reaches "
                       "beyond it",
                       in.width, in.height, size->x, size->y, x, y);
    }
    conv_stage crop = {.op = CONV_CROP, .window = one_cell};
    crop.window.left = -x;
    crop.window.right = x + size->x - in.width;
    crop.window.top = -y;
    crop.window.bottom = y + size->y - in.height;
    return lower_emit(l, &crop);
}

/* ---- rotate ---- */

bool lower_rotate(lowering *l, const chain_stage *stage) {
    conv_stage turn = {.op = CONV_TURN, .turns = stage->own[0].choice + 1, .window.alpha = -1};
    l->program->turned ^= turn.turns % 2 == 1;
    return lower_emit(l, &turn);
}
