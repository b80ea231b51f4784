/* ImageMagick 6 and 7 (with `magick` for `convert`). Its sums are clamped to 0..white. */
#include <math.h>
#include <stdio.h>

#include "app/commands/show_command.h"

/* ImageMagick has no mirror without the edge: four strips, turned, are put around the image. */
static void put_mirror(show_code *code, const conv_window *w) {
    static const struct {
        const char *side, *turn, *append;
    } sides[] = {
        {"West", "-flop", "+append"},
        {"East", "-flop", "+append"},
        {"North", "-flip", "-append"},
        {"South", "-flip", "-append"},
    };
    const int depths[] = {w->left, w->right, w->top, w->bottom};
    for (int i = 0; i < 4; i++) {
        if (depths[i] == 0) {
            continue;
        }
        const int x = i < 2 ? depths[i] : 0, y = i < 2 ? 0 : depths[i];
        show_put(code, " '(' +clone -gravity %s -crop ", sides[i].side);
        if (x) {
            show_put(code, "%dx0+1+0", x);
        } else {
            show_put(code, "0x%d+0+1", y);
        }
        show_put(code, " +repage %s ')' %s%s +repage", sides[i].turn, i % 2 ? "" : "+swap ",
                 sides[i].append);
    }
}

/* The kernel, times `factor`, as an argument of -morphology Correlate. */
static void put_kernel(show_code *code, const conv_stage *stage, int k, double factor) {
    const conv_window *w = &stage->window;
    show_put(code, " -morphology Correlate '%dx%d+%d+%d:", show_width(w), show_height(w),
             w->anchor_x * w->dilation_x, w->anchor_y * w->dilation_y);
    for (int y = 0; y < show_height(w); y++) {
        for (int x = 0; x < show_width(w); x++) {
            show_put(code, x ? "," : " ");
            show_digits(code, factor * show_weight(stage, k, x, y));
        }
    }
    show_put(code, "'");
}

/* A column and a row one after the other. */
static void put_product(show_code *code, const conv_stage *stage) {
    conv_stage column = *stage, row = *stage;
    const double one = 1;
    column.row = &one;
    column.window.width = 1;
    column.window.anchor_x = 0;
    row.column = &one;
    row.window.height = 1;
    row.window.anchor_y = 0;
    put_kernel(code, &column, 0, 1);
    put_kernel(code, &row, 0, 1);
}

static void put_clone(show_code *code, const conv_stage *stage, int k, double factor) {
    show_put(code, " '(' -clone 0");
    put_kernel(code, stage, k, factor);
    show_put(code, " ')'");
}

/* Positive and negative halves apart, as sums below 0 are lost. */
static bool put_gradient(show_code *code, const conv_stage *stage) {
    switch (stage->gradient) {
    case CONV_X:
    case CONV_Y:
        put_kernel(code, stage, stage->gradient == CONV_Y, 1);
        return true;
    case CONV_MAGNITUDE:
    case CONV_L1:
        for (int k = 0; k < 2; k++) {
            put_clone(code, stage, k, 1);
            put_clone(code, stage, k, -1);
        }
        show_put(code, " -delete 0 %s",
                 stage->gradient == CONV_L1 ? "-evaluate-sequence Sum"
                                            : "-fx 'hypot(u[0]+u[1],u[2]+u[3])'");
        return true;
    default:
        return show_cannot(code, "it has no angles of gradients");
    }
}

static void put_compass(show_code *code, const conv_stage *stage) {
    for (int k = 0; k < stage->kernels; k++) {
        put_clone(code, stage, k, 1);
    }
    show_put(code, " -delete 0 -evaluate-sequence Max");
}

static bool put_sums(show_code *code, const conv_stage *stage) {
    const conv_window *w = &stage->window;
    switch (stage->op) {
    case CONV_GRADIENT:
        return put_gradient(code, stage);
    case CONV_COMPASS:
        put_compass(code, stage);
        return true;
    case CONV_MEDIAN:
        if (w->dilation_x > 1 || w->dilation_y > 1) {
            return show_cannot(code, "its medians have no dilation");
        }
        show_put(code, " -statistic Median %dx%d", w->width, w->height);
        return true;
    default:
        break;
    }
    if (stage->combine == CONV_UNSHARP) {
        return show_cannot(code, "its -unsharp samples its Gaussian otherwise");
    }
    conv_stage_terms(stage) == 1 ? put_product(code, stage) : put_kernel(code, stage, 0, 1);
    return true;
}

static bool put_window(show_code *code, const conv_stage *stage) {
    static const char *const methods[] = {[CONV_SYMMETRIC] = "Mirror",
                                          [CONV_REPLICATE] = "Edge",
                                          [CONV_WRAP] = "Tile",
                                          [CONV_CONSTANT] = "Black"};
    const conv_window *w = &stage->window;
    const bool mirror = w->border == CONV_MIRROR && !show_valid(w);
    if (stage->op == CONV_POOL) {
        return show_cannot(code, "it has no pooling");
    }
    if (!show_plain_window(code, w, ~0U, "")) {
        return false;
    }
    if (w->border == CONV_CONSTANT && w->fill != 0.0F) {
        const double gray = rint((double)w->fill / 255 * 65535);
        show_put(code, " -background 'rgb(%.9g,%.9g,%.9g)'", (double)w->fill, (double)w->fill,
                 (double)w->fill);
        show_put(code, " -virtual-pixel %s", gray > 0 ? "Background" : "Black");
    } else if (mirror) {
        put_mirror(code, w);
    } else {
        show_put(code, " -virtual-pixel %s", show_valid(w) ? "Edge" : methods[w->border]);
    }
    if (!put_sums(code, stage)) {
        return false;
    }
    if (show_valid(w) || mirror) {
        const int left = w->anchor_x * w->dilation_x, top = w->anchor_y * w->dilation_y;
        show_put(code, " -gravity NorthWest -chop %dx%d -gravity SouthEast -chop %dx%d", left, top,
                 show_width(w) - 1 - left, show_height(w) - 1 - top);
    }
    return true;
}

static bool put_point(show_code *code, const conv_stage *stage, bool gray) {
    switch (stage->point) {
    case CONV_ABS:
    case CONV_RELU: /* an image has no negative numbers */
        return true;
    case CONV_SCALE:
        if (stage->a == -1.0F && stage->b == 255.0F) {
            show_put(code, " -negate");
        } else {
            show_put(code, " -function Polynomial ");
            show_digits(code, (double)stage->a);
            show_put(code, ",%.9g", (double)stage->b / 255);
        }
        return true;
    case CONV_THRESHOLD: /* white where it is greater; without -channel, it looks at the gray */
        if (gray) {
            return show_cannot(code, "its gray has whole 65535ths, which a threshold would see");
        }
        show_put(code, " -channel RGB -threshold %.9g%% +channel",
                 (ceil((double)stage->a) - 0.5) / 255 * 100);
        return true;
    case CONV_STORE:
        return stage->b == CONV_HALF_UP || stage->b == CONV_TO_EVEN ||
               show_cannot(code, "it can't round down");
    default:
        return show_unwritten(code);
    }
}

bool show_imagemagick(show_code *code, const conv_stage *stages, int count) {
    const conv_stage *stage;
    bool gray, ok = show_one_stage(code, stages, count, &stage, &gray);
    show_put(code, "convert in.png%s",
             gray ? " -color-matrix '.299 .587 .114 .299 .587 .114 .299 .587 .114' -colorspace gray"
                  : "");
    if (ok && stage && stage->op == CONV_NORMALIZE) {
        ok = stage->a == 0.0F && stage->b == 255.0F
                 ? true
                 : show_cannot(code, "it stretches only to black and white");
        show_put(code, " -auto-level");
    } else if (ok && stage) {
        ok = stage->op == CONV_POINT ? put_point(code, stage, gray) : put_window(code, stage);
    }
    show_put(code, " -depth 8 out.png\n");
    return ok;
}
