/* OpenCV, whose images are arrays as NumPy's, but of blue, green and red. */
#include <string.h>

#include "app/commands/show_lines.h"

static const char *const opencv_borders[] = {
    [CONV_MIRROR] = "cv2.BORDER_REFLECT_101",  [CONV_SYMMETRIC] = "cv2.BORDER_REFLECT",
    [CONV_REPLICATE] = "cv2.BORDER_REPLICATE", [CONV_WRAP] = "cv2.BORDER_WRAP",
    [CONV_CONSTANT] = "cv2.BORDER_CONSTANT",
};

/* Filters take zeros, but no other constant, and don't wrap; medians only replicate. */
static bool opencv_direct(const conv_stage *stage) {
    const conv_window *w = &stage->window;
    return show_same(w) && w->border != CONV_WRAP && w->fill == 0.0F &&
           (stage->op != CONV_MEDIAN || w->border == CONV_REPLICATE);
}

static bool opencv_pad(show_code *code, const conv_stage *stage) {
    const conv_window *w = &stage->window;
    show_put(code, "p = cv2.copyMakeBorder(x, %d, %d, %d, %d, %s", w->top, w->bottom, w->left,
             w->right, opencv_borders[w->border]);
    if (w->border == CONV_CONSTANT && w->fill != 0.0F) {
        show_put(code, ", value=(");
        show_digits(code, (double)w->fill);
        show_put(code, ",) * 4");
    }
    show_put(code, ")\n");
    return true;
}

static const char *opencv_named(const conv_stage *stage, int k) {
    static const char *const known[][2] = {
        {"sobel-x", "Sobel(%s, cv2.CV_64F, 1, 0"},   {"sobel-y", "Sobel(%s, cv2.CV_64F, 0, 1"},
        {"scharr-x", "Scharr(%s, cv2.CV_64F, 1, 0"}, {"scharr-y", "Scharr(%s, cv2.CV_64F, 0, 1"},
        {"laplacian4", "Laplacian(%s, cv2.CV_64F"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (show_is_named(stage, k, known[i][0])) {
            return known[i][1];
        }
    }
    return NULL;
}

static void put_named(show_code *code, const char *named, const char *from) {
    const char *place = strstr(named, "%s");
    show_put(code, "%.*s%s%s", (int)(place - named), named, from, place + 2);
}

static bool opencv_sum(show_code *code, const conv_stage *stage, int k, const char *to,
                       bool direct) {
    const conv_window *w = &stage->window;
    const char *from = direct ? "x" : "p", *named = opencv_named(stage, k);
    const bool product = show_is_product(stage) && w->dilation_x == 1 && w->dilation_y == 1;
    const double sigma = product ? show_sigma(stage->row, w->width) : 0;
    const double sigma_y = product ? show_sigma(stage->column, w->height) : 0;
    const bool centred = w->anchor_x == w->width / 2 && w->anchor_y == w->height / 2;
    show_put(code, "%s = cv2.", to);
    if (named) {
        put_named(code, named, from);
    } else if (sigma > 0 && sigma == sigma_y && centred) {
        show_put(code, "GaussianBlur(%s, (%d, %d), ", from, w->width, w->height);
        show_digits(code, sigma);
    } else if (show_is_mean(stage)) {
        show_put(code, "blur(%s, (%d, %d)", from, w->width, w->height);
    } else {
        show_put(code, "filter2D(%s, cv2.CV_64F, np.array(", from);
        show_rows(code, stage, k, true);
        show_put(code, ", float)");
    }
    if (direct) {
        const int x = w->anchor_x * w->dilation_x, y = w->anchor_y * w->dilation_y;
        if (!named && (x != show_width(w) / 2 || y != show_height(w) / 2)) {
            show_put(code, ", anchor=(%d, %d)", x, y);
        }
        show_put(code, ", borderType=%s", opencv_borders[w->border]);
    }
    show_put(code, ")");
    show_array_crop(code, w, direct);
    return true;
}

/* medianBlur takes windows up to 5 of floats, all of bytes; whole numbers are exact in both. */
static bool opencv_median(show_code *code, const conv_stage *stage, bool direct) {
    const conv_window *w = &stage->window;
    if (w->width != w->height || w->dilation_x > 1 || w->dilation_y > 1) {
        return show_cannot(code, "cv2.medianBlur has only square windows, without dilation");
    }
    if (w->width > 5 && code->stage > 0) {
        return show_cannot(code, "cv2.medianBlur has windows beyond 5 only for bytes");
    }
    if (w->width == 1) {
        show_put(code, "y = %s", direct ? "x" : "p");
    } else {
        show_put(code, "y = cv2.medianBlur(%s.astype(np.%s), %d)", direct ? "x" : "p",
                 w->width > 5 ? "uint8" : "float32", w->width);
    }
    show_array_crop(code, w, direct);
    return true;
}

bool show_opencv(show_code *code, const conv_stage *stages, int count) {
    static const python py = {
        .head = "import cv2\nimport numpy as np\nx = image.astype(float)\n",
        .tail = show_array_tail,
        .gray = "x @ [0.114, 0.587, 0.299] if x.ndim == 3 else x  # blue, green, red",
        .module = "np",
        .reversed = true,
        .direct = opencv_direct,
        .pad = opencv_pad,
        .sum = opencv_sum,
        .median = opencv_median,
        .pool = show_array_pool,
    };
    return show_lines(code, &py, stages, count);
}
