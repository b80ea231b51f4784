/* libvips: one command a step, with files between them. What lies beyond the edge is always the
 * edge's sample. */
#include "app/commands/show_command.h"

static void put_mask(show_code *code, const conv_stage *stage, int k, const char *name) {
    const conv_window *w = &stage->window;
    show_put(code, "printf '%d %d 1 0\\n", show_width(w), show_height(w));
    for (int y = 0; y < show_height(w); y++) {
        for (int x = 0; x < show_width(w); x++) {
            show_put(code, x ? " " : "");
            show_digits(code, show_weight(stage, k, x, y));
        }
        show_put(code, "\\n");
    }
    show_put(code, "' >%s.mat\n", name);
}

static bool put_sum(show_code *code, const conv_stage *stage, int k, const char *from,
                    const char *to) {
    put_mask(code, stage, k, to);
    show_put(code, "vips conv %s %s.v %s.mat --precision float\n", from, to, to);
    return true;
}

static bool put_gradient(show_code *code, const conv_stage *stage, const char *from) {
    switch (stage->gradient) {
    case CONV_X:
    case CONV_Y:
        return put_sum(code, stage, stage->gradient == CONV_Y, from, "sum");
    case CONV_MAGNITUDE:
        put_sum(code, stage, 0, from, "gx");
        put_sum(code, stage, 1, from, "gy");
        show_put(code, "vips complexform gx.v gy.v g.v\nvips abs g.v sum.v\n");
        return true;
    case CONV_L1:
        put_sum(code, stage, 0, from, "gx");
        put_sum(code, stage, 1, from, "gy");
        show_put(code, "vips abs gx.v ax.v\nvips abs gy.v ay.v\nvips add ax.v ay.v sum.v\n");
        return true;
    default:
        return show_cannot(code, "it is written for no angles of gradients");
    }
}

static void put_compass(show_code *code, const conv_stage *stage, const char *from) {
    char name[8] = "k0";
    for (int k = 0; k < stage->kernels; k++) {
        name[1] = (char)('0' + k);
        put_sum(code, stage, k, from, name);
    }
    show_put(code, "vips bandrank '");
    for (int k = 0; k < stage->kernels; k++) {
        show_put(code, "%sk%d.v", k ? " " : "", k);
    }
    show_put(code, "' sum.v --index %d\n", stage->kernels - 1);
}

static bool put_window(show_code *code, const conv_stage *stage, const char *from) {
    const conv_window *w = &stage->window;
    const int left = w->anchor_x * w->dilation_x, top = w->anchor_y * w->dilation_y;
    if (stage->op == CONV_POOL) {
        return show_cannot(code, "it is written for no pooling");
    }
    if (!show_plain_window(
            code, w, 1U << CONV_REPLICATE,
            "beyond the edge it has only the edge's sample; add padding=replicate")) {
        return false;
    }
    if (show_valid(w) && show_width(w) * show_height(w) > 1) {
        return show_cannot(code, "it keeps the size; add padding=replicate");
    }
    if (left != show_width(w) / 2 || top != show_height(w) / 2) {
        return show_cannot(code, "its windows have the anchor in their centre, size / 2");
    }
    switch (stage->op) {
    case CONV_GRADIENT:
        return put_gradient(code, stage, from);
    case CONV_COMPASS:
        put_compass(code, stage, from);
        return true;
    case CONV_MEDIAN:
        if (w->dilation_x > 1 || w->dilation_y > 1) {
            return show_cannot(code, "its medians have no dilation");
        }
        if (w->width * w->height > 9) { /* beyond, its histograms are wrong in 8.14 */
            return show_cannot(code, "its rank gives other samples in windows beyond 3x3");
        }
        show_put(code, "vips rank %s sum.v %d %d %d\n", from, w->width, w->height,
                 w->width * w->height / 2);
        return true;
    default:
        return stage->combine == CONV_UNSHARP
                   ? show_cannot(code, "its sharpen works on the L of CIE Lab")
                   : put_sum(code, stage, 0, from, "sum");
    }
}

static bool put_point(show_code *code, const conv_stage *stage, const char *from) {
    switch (stage->point) {
    case CONV_ABS:
    case CONV_RELU:
    case CONV_STORE:
        show_put(code, "vips copy %s sum.v\n", from);
        return true;
    case CONV_SCALE:
        if (stage->a == -1.0F && stage->b == 255.0F) {
            show_put(code, "vips invert %s sum.v\n", from);
        } else {
            show_put(code, "vips linear %s sum.v -- ", from);
            show_digits(code, (double)stage->a);
            show_put(code, " ");
            show_digits(code, (double)stage->b);
            show_put(code, "\n");
        }
        return true;
    case CONV_THRESHOLD:
        show_put(code, "vips relational_const %s sum.v moreeq ", from);
        show_digits(code, (double)stage->a);
        show_put(code, "\n");
        return true;
    default:
        return show_unwritten(code);
    }
}

bool show_vips(show_code *code, const conv_stage *stages, int count) {
    const conv_stage *stage;
    bool gray, ok = show_one_stage(code, stages, count, &stage, &gray);
    const char *from = "in.png";
    if (gray) { /* a gray image has one band, which 1x1 numbers leave as it is */
        show_put(code, "printf '3 1 1 0\\n.299 .587 .114\\n' >gray.mat\n"
                       "[ \"$(vipsheader -f bands in.png)\" = 1 ] && vips copy in.png gray.v ||\n"
                       "    vips recomb in.png gray.v gray.mat\n");
        from = "gray.v";
    }
    if (ok && stage && stage->op == CONV_NORMALIZE) {
        ok = show_cannot(code, "it is written for no normalize");
    } else if (ok && stage) {
        ok = stage->op == CONV_POINT ? put_point(code, stage, from) : put_window(code, stage, from);
        from = "sum.v";
    }
    show_put(code, "vips round %s whole.v rint\nvips cast whole.v out.png uchar\n", from);
    return ok;
}
