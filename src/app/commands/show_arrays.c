/* NumPy and SciPy, whose images are arrays of (height, width) or (height, width, 3). */
#include <string.h>

#include "app/commands/show_lines.h"

const char show_array_tail[] = "result = np.clip(np.rint(x), 0, 255).astype(np.uint8)\n";

static bool never(const conv_stage *stage) {
    (void)stage;
    return false;
}

/* ---- NumPy ---- */

static const char *const numpy_modes[] = {
    [CONV_MIRROR] = "reflect", [CONV_SYMMETRIC] = "symmetric", [CONV_REPLICATE] = "edge",
    [CONV_WRAP] = "wrap",      [CONV_CONSTANT] = "constant",
};

static bool numpy_pad(show_code *code, const conv_stage *stage) {
    const conv_window *w = &stage->window;
    show_put(code, "p = np.pad(x, ((%d, %d), (%d, %d)) + ((0, 0),) * (x.ndim - 2), mode=\"%s\"",
             w->top, w->bottom, w->left, w->right, numpy_modes[w->border]);
    if (w->border == CONV_CONSTANT && w->fill != 0.0F) {
        show_put(code, ", constant_values=");
        show_digits(code, (double)w->fill);
    }
    show_put(code, ")\n");
    return true;
}

static const char *const windows = "np.lib.stride_tricks.sliding_window_view";

static bool numpy_sum(show_code *code, const conv_stage *stage, int k, const char *to,
                      bool direct) {
    const conv_window *w = &stage->window;
    (void)direct;
    if (show_is_product(stage)) {
        show_put(code, "y = %s(p, %d, 0) @ ", windows, show_height(w));
        show_list(code, stage->column, w->height, w->dilation_y);
        show_put(code, "\n%s = %s(y, %d, 1) @ ", to, windows, show_width(w));
        show_list(code, stage->row, w->width, w->dilation_x);
        show_put(code, "\n");
        if (w->stride_x > 1 || w->stride_y > 1) {
            show_put(code, "%s = %s", to, to);
            show_stride(code, w);
            show_put(code, "\n");
        }
        return true;
    }
    if (k == 0 || (stage->op == CONV_GRADIENT && stage->gradient == CONV_Y)) {
        show_put(code, "w = %s(p, (%d, %d), (0, 1))", windows, show_height(w), show_width(w));
        show_stride(code, w);
        show_put(code, "\n");
    }
    show_put(code, "%s = (w * ", to);
    show_rows(code, stage, k, true);
    show_put(code, ").sum((-2, -1))\n");
    return true;
}

static bool numpy_median(show_code *code, const conv_stage *stage, bool direct) {
    const conv_window *w = &stage->window;
    (void)direct;
    show_put(code, "w = %s(p, (%d, %d), (0, 1))", windows, show_height(w), show_width(w));
    show_stride(code, w);
    if (w->dilation_x > 1 || w->dilation_y > 1) {
        show_put(code, "[..., ::%d, ::%d]", w->dilation_y, w->dilation_x);
    }
    show_put(code, "\ny = np.median(w, (-2, -1))\n");
    return true;
}

/* Windows of what is padded with `beyond`. */
bool show_array_pool(show_code *code, const conv_stage *stage) {
    static const char *const names[] = {
        [CONV_POOL_MAX] = "max", [CONV_POOL_MIN] = "min", [CONV_POOL_AVG] = "mean"};
    static const char *const beyond[] = {
        [CONV_POOL_MAX] = "-np.inf", [CONV_POOL_MIN] = "np.inf", [CONV_POOL_AVG] = "0"};
    const conv_window *w = &stage->window;
    if (w->ceil) {
        return show_cannot(code, "ceil=yes is written only for torch");
    }
    if (stage->pool == CONV_POOL_NEAREST && !show_valid(w)) {
        return show_cannot(code, "nearestpool is written only without padding");
    }
    if (stage->pool == CONV_POOL_AVG && !stage->count_padding && !show_valid(w)) {
        return show_cannot(code, "count_include_pad=no with padding is written only for torch");
    }
    if (!show_valid(w)) {
        show_put(code,
                 "x = np.pad(x, ((%d, %d), (%d, %d)) + ((0, 0),) * (x.ndim - 2), "
                 "constant_values=%s)\n",
                 w->top, w->bottom, w->left, w->right, beyond[stage->pool]);
    }
    show_put(code, "w = %s(x, (%d, %d), (0, 1))", windows, w->height, w->width);
    show_stride(code, w);
    if (stage->pool == CONV_POOL_NEAREST) {
        show_put(code, "\nx = w[..., %d, %d]\n", w->anchor_y, w->anchor_x);
    } else {
        show_put(code, "\nx = w.%s((-2, -1))\n", names[stage->pool]);
    }
    return true;
}

bool show_numpy(show_code *code, const conv_stage *stages, int count) {
    static const python py = {
        .head = "import numpy as np\nx = image.astype(float)\n",
        .tail = show_array_tail,
        .gray = "x @ [0.299, 0.587, 0.114] if x.ndim == 3 else x",
        .module = "np",
        .direct = never,
        .pad = numpy_pad,
        .sum = numpy_sum,
        .median = numpy_median,
        .pool = show_array_pool,
    };
    return show_lines(code, &py, stages, count);
}

/* ---- SciPy ---- */

static bool keeps_size(const conv_stage *stage) {
    return show_same(&stage->window);
}

/* The mode of a window that keeps the size; others have their padding already. */
static void put_mode(show_code *code, const conv_window *w, bool direct) {
    static const char *const modes[] = {
        [CONV_MIRROR] = "mirror", [CONV_SYMMETRIC] = "reflect", [CONV_REPLICATE] = "nearest",
        [CONV_WRAP] = "wrap",     [CONV_CONSTANT] = "constant",
    };
    if (!direct) {
        return;
    }
    show_put(code, ", mode=\"%s\"", modes[w->border]);
    if (w->border == CONV_CONSTANT && w->fill != 0.0F) {
        show_put(code, ", cval=");
        show_digits(code, (double)w->fill);
    }
}

/* A function of that kernel; NULL: there is none. */
static const char *scipy_named(const conv_stage *stage, int k) {
    static const char *const known[][2] = {
        {"sobel-x", "sobel(c, 1"},     {"sobel-y", "sobel(c, 0"},   {"prewitt-x", "prewitt(c, 1"},
        {"prewitt-y", "prewitt(c, 0"}, {"laplacian4", "laplace(c"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (show_is_named(stage, k, known[i][0])) {
            return known[i][1];
        }
    }
    return NULL;
}

/* The call as far as its mode; its centre is the cell size / 2 unless `direct`. */
static void scipy_call(show_code *code, const conv_stage *stage, int k, bool direct) {
    const conv_window *w = &stage->window;
    const char *named = scipy_named(stage, k);
    const double sigma =
        show_is_product(stage) && w->width == w->height && w->dilation_x == 1 && w->dilation_y == 1
            ? show_sigma(stage->row, w->width)
            : 0;
    const bool centred = w->anchor_x == w->width / 2 && w->anchor_y == w->height / 2;
    if (named) {
        show_put(code, "%s", named);
    } else if (sigma > 0 && sigma == show_sigma(stage->column, w->height) && centred) {
        show_put(code, "gaussian_filter(c, ");
        show_digits(code, sigma);
        show_put(code, ", radius=%d", w->width / 2);
    } else if (show_is_mean(stage) && centred) {
        show_put(code, "uniform_filter(c, (%d, %d)", w->height, w->width);
    } else {
        show_put(code, "correlate(c, ");
        show_rows(code, stage, k, true);
        const int y = w->anchor_y * w->dilation_y - show_height(w) / 2;
        const int x = w->anchor_x * w->dilation_x - show_width(w) / 2;
        if (direct && (x || y)) {
            show_put(code, ", origin=(%d, %d)", y, x);
        }
    }
    put_mode(code, w, direct);
}

void show_array_crop(show_code *code, const conv_window *w, bool direct) {
    const int height = show_height(w), width = show_width(w);
    if (!direct) {
        show_put(code, "[%d:%d + p.shape[0], %d:%d + p.shape[1]]", height / 2,
                 height / 2 - height + 1, width / 2, width / 2 - width + 1);
    }
    show_stride(code, w);
    show_put(code, "\n");
}

static bool scipy_sum(show_code *code, const conv_stage *stage, int k, const char *to,
                      bool direct) {
    show_put(code, "%s = each(%s, lambda c: ndimage.", to, direct ? "x" : "p");
    scipy_call(code, stage, k, direct);
    show_put(code, "))");
    show_array_crop(code, &stage->window, direct);
    return true;
}

static bool scipy_median(show_code *code, const conv_stage *stage, bool direct) {
    const conv_window *w = &stage->window;
    show_put(code, "y = each(%s, lambda c: ndimage.median_filter(c, ", direct ? "x" : "p");
    if (w->dilation_x > 1 || w->dilation_y > 1) {
        show_put(code, "footprint=np.kron(np.ones((%d, %d)), np.eye(%d, %d))[:%d, :%d]", w->height,
                 w->width, w->dilation_y, w->dilation_x, show_height(w), show_width(w));
        if (w->dilation_x > 1 && w->dilation_y > 1) {
            return show_cannot(code, "median with dilation is written only for numpy");
        }
    } else {
        show_put(code, "(%d, %d)", w->height, w->width);
    }
    if (direct && (w->anchor_x != w->width / 2 || w->anchor_y != w->height / 2)) {
        show_put(code, ", origin=(%d, %d)", w->anchor_y - w->height / 2,
                 w->anchor_x - w->width / 2);
    }
    put_mode(code, w, direct);
    show_put(code, "))");
    show_array_crop(code, w, direct);
    return true;
}

bool show_scipy(show_code *code, const conv_stage *stages, int count) {
    static const python py = {
        .head = "import numpy as np\nfrom scipy import ndimage\n"
                "def each(x, f): return f(x) if x.ndim == 2 else "
                "np.dstack([f(c) for c in np.moveaxis(x, 2, 0)])\n"
                "x = image.astype(float)\n",
        .tail = show_array_tail,
        .gray = "x @ [0.299, 0.587, 0.114] if x.ndim == 3 else x",
        .module = "np",
        .direct = keeps_size,
        .pad = numpy_pad,
        .sum = scipy_sum,
        .median = scipy_median,
        .pool = show_array_pool,
    };
    return show_lines(code, &py, stages, count);
}
