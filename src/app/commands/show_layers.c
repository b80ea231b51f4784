/* What mixes channels or moves pixels, in Python: banks, softmax, argmax, norm; crop, resize,
 * rotate. */
#include "app/commands/show_layers.h"

/* A list of so many numbers is still read by Python in a moment. */
enum { MOST_WEIGHTS = 20000 };

/* "[[[[1, 2], [3, 4]]], ...]": of each filter its channels. */
static void put_weights(show_code *code, const conv_stage *stage, int inputs) {
    const conv_window *w = &stage->window;
    const double *weight = stage->weights;
    for (int f = 0; f < stage->filters; f++) {
        for (int c = 0; c < inputs; c++) {
            for (int y = 0; y < w->height; y++) {
                show_put(code, y ? ", [" : c ? "], [[" : f ? "]], [[[" : "[[[[");
                for (int x = 0; x < w->width; x++) {
                    show_put(code, x ? ", " : "");
                    show_digits(code, *weight++);
                }
                show_put(code, "]");
            }
        }
    }
    show_put(code, "]]]");
}

static void put_bias(show_code *code, const conv_stage *stage) {
    for (int f = 0; f < stage->filters; f++) {
        show_put(code, f ? ", " : "[");
        show_digits(code, stage->bias[f]);
    }
    show_put(code, "]");
}

/* Windows of an array of (height, width, channels), which fall into groups as the filters do. */
static void put_array_layer(show_code *code, const conv_stage *stage, int groups, int inputs) {
    const conv_window *w = &stage->window;
    show_put(code, "p = p.reshape(*p.shape[:2], -1)\n");
    show_put(code, "w = np.lib.stride_tricks.sliding_window_view(p, (%d, %d), (0, 1))",
             show_height(w), show_width(w));
    show_stride(code, w);
    if (w->dilation_x > 1 || w->dilation_y > 1) {
        show_put(code, "[..., ::%d, ::%d]", w->dilation_y, w->dilation_x);
    }
    show_put(code, "\nk = np.array(");
    put_weights(code, stage, inputs);
    show_put(code, ")\n");
    if (groups == 1) {
        show_put(code, "y = np.einsum(\"yxcij,fcij->yxf\", w, k)");
    } else {
        show_put(code, "w = w.reshape(*w.shape[:2], %d, %d, %d, %d)\n", groups, inputs, w->height,
                 w->width);
        show_put(code, "k = k.reshape(%d, %d, %d, %d, %d)\n", groups, stage->filters / groups,
                 inputs, w->height, w->width);
        show_put(code, "y = np.einsum(\"yxgcij,gfcij->yxgf\", w, k).reshape(*w.shape[:2], %d)",
                 stage->filters);
    }
    if (stage->bias) {
        show_put(code, " + ");
        put_bias(code, stage);
    }
    show_put(code, "\n");
}

static void put_planes_layer(show_code *code, const conv_stage *stage, int groups, int inputs) {
    const conv_window *w = &stage->window;
    show_put(code, "k = torch.tensor(");
    put_weights(code, stage, inputs);
    show_put(code, ").double()\ny = F.conv2d(p.transpose(0, 1), k");
    if (stage->bias) {
        show_put(code, ", torch.tensor(");
        put_bias(code, stage);
        show_put(code, ").double()");
    }
    show_put(code, ", stride=(%d, %d), dilation=(%d, %d), groups=%d).transpose(0, 1)\n",
             w->stride_y, w->stride_x, w->dilation_y, w->dilation_x, groups);
}

bool show_layer(show_code *code, const python *py, const conv_stage *stage, int channels) {
    const int groups = conv_stage_groups(stage), inputs = channels / groups;
    const conv_window *w = &stage->window;
    const double count = (double)stage->filters * inputs * w->width * w->height;
    if (py->reversed) {
        return show_unwritten(code); /* cv2 has no filters over all channels */
    }
    if (count > MOST_WEIGHTS) {
        return show_cannot(code, "%.0f weights are too many to print; expected up to %d", count,
                           MOST_WEIGHTS);
    }
    py->planes ? put_planes_layer(code, stage, groups, inputs)
               : put_array_layer(code, stage, groups, inputs);
    if (stage->relu) {
        show_put(code, "y = y * (y > 0)\n");
    }
    return true;
}

/* ---- channels ---- */

/* An image of one channel may have no axis for it. */
static void put_axis(show_code *code, const python *py) {
    if (!py->planes) {
        show_put(code, "x = x.reshape(*x.shape[:2], -1)%s\n", py->reversed ? "[..., ::-1]" : "");
    }
}

static void put_norm(show_code *code, const python *py, double order) {
    const char *axis = py->planes ? "0, True" : "2";
    if (order == 2) {
        show_put(code, "x = %s.sqrt((x * x).sum(%s))\n", py->module, axis);
    } else if (order == 1) {
        show_put(code, "x = abs(x).sum(%s)\n", axis);
    } else {
        show_put(code, "x = abs(x).%s(%s)\n", py->planes ? "amax" : "max", axis);
    }
}

bool show_over_channels(show_code *code, const python *py, const conv_stage *stage) {
    put_axis(code, py);
    if (stage->point == CONV_NORM) {
        put_norm(code, py, (double)stage->a);
    } else if (stage->point == CONV_ARGMAX) {
        show_put(code, py->planes ? "x = x.argmax(0, True).double()\n"
                                  : "x = x.argmax(2).astype(float)\n");
    } else if (py->planes) {
        show_put(code, "x = x.softmax(0)\n");
    } else {
        show_put(code, "x = np.exp(x - x.max(2, keepdims=True))\n"
                       "x = x / x.sum(2, keepdims=True)\n");
        if (py->reversed) {
            show_put(code, "x = x[..., ::-1].copy()\n");
        }
    }
    return true;
}

/* ---- geometry ---- */

void show_crop(show_code *code, const python *py, const conv_stage *stage, conv_shape in) {
    const conv_window *w = &stage->window;
    show_put(code, "x = x[%s%d:%d, %d:%d]\n", py->planes ? "..., " : "", -w->top,
             in.height + w->bottom, -w->left, in.width + w->right);
}

/* INTER_AREA does the same where it makes an image smaller. */
bool show_resize(show_code *code, const python *py, const conv_stage *stage) {
    if (!py->reversed) {
        return show_unwritten(code);
    }
    if (stage->resample != CONV_AREA) {
        return show_cannot(code, "cv2.resize has other weights than Pillow, whose resize has "
                                 "these; it is written for area");
    }
    show_put(code,
             stage->axis == CONV_ALONG_X ? "x = cv2.resize(x, (%d, x.shape[0])"
                                         : "x = cv2.resize(x, (x.shape[1], %d)",
             stage->size);
    show_put(code, ", interpolation=cv2.INTER_AREA)  # for an image made smaller\n");
    return true;
}

void show_turn(show_code *code, const python *py, const conv_stage *stage) {
    if (py->planes) {
        show_put(code, "x = torch.rot90(x, %d, (2, 3))\n", -stage->turns);
    } else {
        show_put(code, "x = np.rot90(x, %d).copy()\n", -stage->turns);
    }
}
