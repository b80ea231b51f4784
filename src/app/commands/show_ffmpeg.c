/* FFmpeg's filters, on gray or planar RGB of 8 bits. Its sums are clamped to 0..255. */
#include <math.h>
#include <string.h>

#include "app/commands/show_command.h"

enum { SQUARE_MOST = 7, LINE_MOST = 49 };

/* What makes the weights whole numbers: the least up to 1024, else 2^15, and they are rounded. */
static double factor_of(const double *weights, int count) {
    for (int n = 1; n <= 1024; n++) {
        bool whole = true;
        for (int i = 0; i < count && whole; i++) {
            const double number = weights[i] * n;
            whole = fabs(number - rint(number)) < 1e-9 * (1 + fabs(number));
        }
        if (whole) {
            return n;
        }
    }
    return 1 << 15;
}

/* Whether the sum is divided as it should be by every FFmpeg: 5.1 ignores rdiv, and divides by the
 * sum of the whole weights, or by 1 where that is 0. */
static bool divides_by_sum(const double *weights, int count, double factor) {
    double sum = 0, whole = 0;
    for (int i = 0; i < count; i++) {
        sum += weights[i];
        whole += rint(weights[i] * factor);
    }
    return whole == 0 ? factor == 1 : fabs(sum - 1) < 1e-6;
}

/* convolution=..., the same for each plane. */
static bool put_convolution(show_code *code, const double *weights, int width, int height) {
    const bool line = width == 1 || height == 1;
    const int size = width > height ? width : height;
    if ((width != height && !line) || size % 2 == 0 || size > (line ? LINE_MOST : SQUARE_MOST)) {
        return show_cannot(code, "its convolution has odd squares up to 7x7, and lines up to 49");
    }
    double spread[SQUARE_MOST * SQUARE_MOST] = {0};
    const bool square = size == 1 || !line;
    const int side = square && size < 3 ? 3 : size;
    if (size == 1) {
        spread[4] = weights[0]; /* the centre of 3x3 */
    } else {
        memcpy(spread, weights, (size_t)(square ? size * size : size) * sizeof *spread);
    }
    const int cells = square ? side * side : size;
    const double factor = factor_of(spread, cells);
    if (!divides_by_sum(spread, cells, factor)) {
        return show_cannot(code, "its convolution divides by the kernel's sum (FFmpeg 5.1, which "
                                 "ignores rdiv); the sum must be 1, or 0 of whole weights");
    }
    show_put(code, "convolution=");
    for (int plane = 0; plane < 4; plane++) {
        for (int i = 0; i < cells; i++) {
            show_put(code, i ? " %.0f" : plane ? ":%.0f" : "%.0f", rint(spread[i] * factor) + 0.0);
        }
    }
    for (int plane = 0; plane < 4; plane++) {
        show_put(code, ":%drdiv=%.9g", plane, 1 / factor);
        if (!square) {
            show_put(code, ":%dmode=%s", plane, width == 1 ? "column" : "row");
        }
    }
    return true;
}

static bool put_kernel(show_code *code, const conv_stage *stage, int k, double sign) {
    const conv_window *w = &stage->window;
    double weights[SQUARE_MOST * SQUARE_MOST] = {0};
    const int width = show_width(w), height = show_height(w);
    if (width * height > SQUARE_MOST * SQUARE_MOST) {
        return show_cannot(code, "its convolution has odd squares up to 7x7, and lines up to 49");
    }
    if (2 * w->anchor_x * w->dilation_x != width - 1 ||
        2 * w->anchor_y * w->dilation_y != height - 1) {
        return show_cannot(code, "its convolution has odd sizes, and the anchor in the centre");
    }
    for (int i = 0; i < width * height; i++) {
        weights[i] = sign * show_weight(stage, k, i % width, i / width);
    }
    return put_convolution(code, weights, width, height);
}

static bool put_product(show_code *code, const conv_stage *stage) {
    const conv_window *w = &stage->window;
    if (w->dilation_x > 1 || w->dilation_y > 1) {
        return put_kernel(code, stage, 0, 1);
    }
    bool ok = put_convolution(code, stage->column, 1, w->height);
    show_put(code, ",");
    return ok && put_convolution(code, stage->row, w->width, 1);
}

/* |sum| of kernel k: its positive and its negative part added. */
static bool put_length(show_code *code, const conv_stage *stage, int k) {
    show_put(code, "split[a%d][b%d];[a%d]", k, k, k);
    bool ok = put_kernel(code, stage, k, 1);
    show_put(code, "[c%d];[b%d]", k, k);
    ok = ok && put_kernel(code, stage, k, -1);
    show_put(code, "[d%d];[c%d][d%d]blend=all_mode=addition", k, k, k);
    return ok;
}

/* Its filter with both kernels; NULL: there is none. */
static const char *find_named(const conv_stage *stage) {
    static const char *const names[][3] = {{"sobel", "sobel-x", "sobel-y"},
                                           {"prewitt", "prewitt-x", "prewitt-y"}};
    for (size_t i = 0; i < 2; i++) {
        if (show_is_named(stage, 0, names[i][1]) && show_is_named(stage, 1, names[i][2])) {
            return names[i][0];
        }
    }
    return NULL;
}

static bool put_gradient(show_code *code, const conv_stage *stage) {
    if (stage->gradient == CONV_X || stage->gradient == CONV_Y) {
        return put_kernel(code, stage, stage->gradient == CONV_Y, 1);
    }
    if (stage->gradient == CONV_ANGLE) {
        return show_cannot(code, "it has no angles of gradients");
    }
    if (stage->gradient == CONV_MAGNITUDE && find_named(stage)) { /* they cut off fractions */
        show_put(code, "%s", find_named(stage));
        return true;
    }
    show_put(code, "split[x][y];[x]");
    bool ok = put_length(code, stage, 0);
    show_put(code, "[gx];[y]");
    ok = ok && put_length(code, stage, 1);
    show_put(code, "[gy];[gx][gy]blend=all_%s",
             stage->gradient == CONV_L1 ? "mode=addition" : "expr='min(round(hypot(A,B)),255)'");
    return ok;
}

static bool put_compass(show_code *code, const conv_stage *stage) {
    bool ok = true;
    show_put(code, "split=%d", stage->kernels);
    for (int k = 0; k < stage->kernels; k++) {
        show_put(code, "[i%d]", k);
    }
    for (int k = 0; ok && k < stage->kernels; k++) {
        show_put(code, ";[i%d]", k);
        ok = put_kernel(code, stage, k, 1);
        show_put(code, "[o%d]", k);
    }
    for (int k = 1; k < stage->kernels; k++) {
        const bool first = k == 1, last = k == stage->kernels - 1;
        show_put(code, ";[%s%d][o%d]blend=all_mode=lighten", first ? "o" : "m", first ? 0 : k - 1,
                 k);
        if (!last) {
            show_put(code, "[m%d]", k);
        }
    }
    return ok;
}

static bool put_sums(show_code *code, const conv_stage *stage) {
    const conv_window *w = &stage->window;
    if (stage->op == CONV_GRADIENT) {
        return put_gradient(code, stage);
    }
    if (stage->op == CONV_COMPASS) {
        return put_compass(code, stage);
    }
    if (stage->op == CONV_MEDIAN) {
        if (w->dilation_x > 1 || w->dilation_y > 1) {
            return show_cannot(code, "its medians have no dilation");
        }
        if (w->width == 1 || w->height == 1) {
            return show_cannot(code, "its medians have windows of 3 and more each way");
        }
        show_put(code, "median=radius=%d:radiusV=%d", w->width / 2, w->height / 2);
        return true;
    }
    if (stage->combine == CONV_UNSHARP) {
        return show_cannot(code, "its unsharp isn't made from a Gaussian");
    }
    return conv_stage_terms(stage) == 1 ? put_product(code, stage) : put_kernel(code, stage, 0, 1);
}

/* Fills what `pad` added. fillborders takes the black of video for that of gray, which is 16. */
static void put_borders(show_code *code, const conv_window *w, const int sides[4], bool gray) {
    static const char *const modes[] = {[CONV_MIRROR] = "reflect",
                                        [CONV_SYMMETRIC] = "mirror",
                                        [CONV_REPLICATE] = "smear",
                                        [CONV_WRAP] = "wrap",
                                        [CONV_CONSTANT] = "fixed"};
    if (gray && w->border == CONV_CONSTANT) {
        show_put(code, "geq=lum='if(between(X,%d,W-1-%d)*between(Y,%d,H-1-%d),lum(X,Y),0)',",
                 sides[0], sides[1], sides[2], sides[3]);
    } else {
        show_put(code, "fillborders=%d:%d:%d:%d:%s,", sides[0], sides[1], sides[2], sides[3],
                 modes[w->border]);
    }
}

static bool put_window(show_code *code, const conv_stage *stage, bool gray) {
    const conv_window *w = &stage->window;
    if (stage->op == CONV_POOL) {
        return show_cannot(code, "it has no pooling");
    }
    if (!show_plain_window(code, w, ~0U, "")) {
        return false;
    }
    if (w->border == CONV_CONSTANT && w->fill != 0.0F) {
        return show_cannot(code, "it is written only for a constant of 0");
    }
    const int left = w->anchor_x * w->dilation_x, right = show_width(w) - 1 - left;
    const int top = w->anchor_y * w->dilation_y, bottom = show_height(w) - 1 - top;
    const bool pads = !show_valid(w) && left + right + top + bottom > 0;
    if (pads) {
        show_put(code, "pad=iw+%d:ih+%d:%d:%d,", left + right, top + bottom, left, top);
        put_borders(code, w, (const int[]){left, right, top, bottom}, gray);
    }
    if (!put_sums(code, stage)) {
        return false;
    }
    if (left + right + top + bottom > 0) {
        show_put(code, ",crop=iw-%d:ih-%d:%d:%d:exact=1", left + right, top + bottom, left, top);
    }
    return true;
}

static bool put_point(show_code *code, const conv_stage *stage, bool gray) {
    switch (stage->point) {
    case CONV_ABS:
    case CONV_RELU:
    case CONV_STORE:
        show_put(code, "null");
        return true;
    case CONV_SCALE:
        show_put(code, "lutrgb='");
        for (int i = 0; i < 3; i++) {
            show_put(code, "%s%c=clip(round(val*%.9g+%.9g),0,255)", i ? ":" : "", "rgb"[i],
                     (double)stage -> a, (double)stage -> b);
        }
        show_put(code, "'");
        return true;
    case CONV_THRESHOLD:
        if (gray) {
            return show_cannot(code, "its gray has whole numbers, which a threshold would see");
        }
        show_put(code, "lutrgb='");
        for (int i = 0; i < 3; i++) {
            show_put(code, "%s%c=255*gte(val,%.9g)", i ? ":" : "", "rgb"[i], (double)stage -> a);
        }
        show_put(code, "'");
        return true;
    default:
        return show_unwritten(code);
    }
}

bool show_ffmpeg(show_code *code, const conv_stage *stages, int count) {
    const conv_stage *stage;
    bool gray, ok = show_one_stage(code, stages, count, &stage, &gray);
    show_put(code, "ffmpeg -v error -y -i in.png -filter_complex \"format=%s,",
             gray ? "gray" : "gbrp");
    if (ok && stage && stage->op == CONV_NORMALIZE) {
        ok = show_cannot(code, "its normalize looks at many frames");
    } else if (ok && stage) {
        ok = stage->op == CONV_POINT ? put_point(code, stage, gray) : put_window(code, stage, gray);
    } else {
        show_put(code, "null");
    }
    show_put(code, "\" out.png\n");
    return ok;
}
