/* Random chains over random images. */
#include "random_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TAPS = 400 * 1000, MOST_CHANNELS = 140 }; /* of one stage: the oracle is slow */

/* ---- numbers ---- */

uint64_t random_seed(void) {
    const char *text = getenv("CONVTOOL_SEED");
    return text ? strtoull(text, NULL, 0) : 20240607;
}

int random_count(int otherwise) {
    const char *text = getenv("CONVTOOL_CASES");
    const int count = text ? atoi(text) : 0;
    return count > 0 && count < otherwise ? count : otherwise;
}

random_state random_start(uint64_t seed, int number) {
    random_state r = {seed * 0x9E3779B97F4A7C15U + (uint64_t)number * 0xD1B54A32D192ED03U + 1};
    return r;
}

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next(random_state *r) {
    uint64_t z = r->state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

int random_int(random_state *r, int low, int high) {
    return low + (int)(next(r) % (uint64_t)(high - low + 1));
}

bool random_chance(random_state *r, int one_in) {
    return random_int(r, 1, one_in) == 1;
}

double random_real(random_state *r) {
    return (double)(int64_t)next(r) / 9223372036854775808.0;
}

/* ---- windows ---- */

static int pick(random_state *r, const int *choices, int count) {
    return choices[random_int(r, 0, count - 1)];
}

/* Often around multiples of a vector's width. */
static int random_side(random_state *r, int most) {
    static const int telling[] = {1,  1,  2,  3,  4,  5,  7,  8,   9,   15, 16,
                                  17, 31, 32, 33, 63, 64, 65, 127, 128, 129};
    const int side = random_chance(r, 2) ? pick(r, telling, sizeof telling / sizeof telling[0])
                                         : random_int(r, 1, most);
    return side < most ? side : most;
}

static int random_cells(random_state *r) {
    static const int usual[] = {1, 2, 3, 3, 3, 3, 4, 5, 5, 7};
    if (random_chance(r, 40)) {
        return random_chance(r, 3) ? CONV_MAX_KERNEL : random_int(r, 8, CONV_MAX_KERNEL);
    }
    return pick(r, usual, sizeof usual / sizeof usual[0]);
}

/* Padding along one axis: none, what keeps the size, or anything, even more than the image. */
static void random_padding(random_state *r, int reach, int keeping, int *before, int *after) {
    *before = *after = 0;
    if (!random_chance(r, 4)) {
        *before = keeping;
        *after = reach - keeping;
    }
    if (random_chance(r, 5)) {
        *before = random_int(r, 0, 2 * reach + 3);
        *after = random_int(r, 0, 2 * reach + 3);
    }
}

static conv_window random_window(random_state *r, bool pool, int channels) {
    static const int strides[] = {1, 1, 1, 1, 2, 2, 3, 4, 7};
    static const int dilations[] = {1, 1, 1, 1, 1, 2, 3, 9};
    const int stride_count = sizeof strides / sizeof strides[0];
    const int dilation_count = sizeof dilations / sizeof dilations[0];
    conv_window w = {.width = random_cells(r),
                     .height = random_cells(r),
                     .stride_x = pick(r, strides, stride_count),
                     .stride_y = pick(r, strides, stride_count),
                     .dilation_x = pick(r, dilations, dilation_count),
                     .dilation_y = pick(r, dilations, dilation_count),
                     .border = (conv_border)random_int(r, CONV_MIRROR, CONV_UNEVEN),
                     .fill = (float)random_int(r, -40, 300),
                     .fill_alpha = (float)random_int(r, 0, 255),
                     .alpha = random_chance(r, 3) ? channels - 1 : -1};
    if (random_chance(r, 2)) {
        w.height = w.width;
        w.stride_y = w.stride_x;
        w.dilation_y = w.dilation_x;
    }
    w.anchor_x = random_chance(r, 4) ? random_int(r, 0, w.width - 1) : (w.width - 1) / 2;
    w.anchor_y = random_chance(r, 4) ? random_int(r, 0, w.height - 1) : (w.height - 1) / 2;
    if (pool) {
        w.ceil = random_chance(r, 2);
        w.left = random_int(r, 0, w.width / 2);
        w.right = random_int(r, 0, w.width / 2);
        w.top = random_int(r, 0, w.height / 2);
        w.bottom = random_int(r, 0, w.height / 2);
    } else {
        random_padding(r, w.dilation_x * (w.width - 1), w.dilation_x * w.anchor_x, &w.left,
                       &w.right);
        random_padding(r, w.dilation_y * (w.height - 1), w.dilation_y * w.anchor_y, &w.top,
                       &w.bottom);
    }
    return w;
}

/* What crops and resizes have. */
static const conv_window one_cell = {.width = 1,
                                     .height = 1,
                                     .stride_x = 1,
                                     .stride_y = 1,
                                     .dilation_x = 1,
                                     .dilation_y = 1,
                                     .alpha = -1};

/* ---- stages ---- */

static double *random_weights(random_state *r, int count, bool whole, bool positive) {
    double *weights = malloc((size_t)count * sizeof *weights);
    if (!weights) {
        abort();
    }
    const bool equal = random_chance(r, 5); /* a box */
    for (int i = 0; i < count; i++) {
        const double v = whole ? random_int(r, -3, 3) : random_real(r);
        weights[i] = equal && i > 0                  ? weights[0]
                     : positive                      ? fabs(v) + 0.01
                     : random_chance(r, 6) && !equal ? 0
                                                     : v;
    }
    return weights;
}

/* Convolves `row`, which has room, with itself and its neighbour times `before`. */
static void widen(double *row, int count, double before) {
    for (int i = count; i >= 0; i--) {
        row[i] = (i < count ? before * row[i] : 0) + (i > 0 ? row[i - 1] : 0);
    }
}

/* Sobel's kernels of a larger size, perhaps turned. */
static void make_wide_sobel(random_state *r, conv_stage *stage) {
    static const int sizes[] = {5, 5, 7, 9, 15, 31};
    const int size = sizes[random_int(r, 0, 5)], sign = random_chance(r, 4) ? -1 : 1;
    double smooth[32] = {1}, slope[32] = {1};
    double *x = malloc(2 * (size_t)size * (size_t)size * sizeof *x);
    if (!x) {
        abort();
    }
    for (int count = 1; count < size; count++) {
        widen(smooth, count, 1);
        widen(slope, count, count == 1 ? -1 : 1);
    }
    for (int i = 0; i < size * size; i++) {
        x[i] = sign * smooth[i / size] * slope[i % size];
        x[size * size + i] = sign * smooth[i % size] * slope[i / size];
    }
    stage->window.width = stage->window.height = size;
    stage->window.anchor_x = stage->window.anchor_y = size / 2;
    stage->weights = x;
}

/* The form that the engine has special code for: Sobel's and the like. */
static void make_sobel_like(random_state *r, conv_stage *stage) {
    static const double shapes[][2] = {{1, 2}, {3, 10}, {1, 1}, {0, 1}};
    const double *shape = shapes[random_int(r, 0, 3)];
    double *x = malloc(18 * sizeof *x);
    if (!x) {
        abort();
    }
    for (int i = 0; i < 9; i++) {
        x[i] = (i % 3 - 1) * shape[i / 3 == 1];
        x[9 + i] = (i / 3 - 1) * shape[i % 3 == 1];
    }
    stage->window.width = stage->window.height = 3;
    stage->window.anchor_x = stage->window.anchor_y = 1;
    stage->weights = x;
}

static int common_divisor(int a, int b) {
    return b ? common_divisor(b, a % b) : a;
}

/* A number of groups for layers: 1 mostly; as many as possible, which is often a kernel for each
 * channel; or between. */
static int random_groups(random_state *r, int channels, int filters) {
    const int most = common_divisor(channels, filters);
    const int groups = random_chance(r, 2) ? most : common_divisor(most, random_int(r, 1, most));
    return random_chance(r, 2) ? random_int(r, 0, 1) : groups;
}

/* A number of filters often around multiples of a vector's width, or that of the channels. */
static void make_layer(random_state *r, random_wish wish, int channels, conv_stage *s) {
    enum { MOST = 200 * 1000 }; /* weights */
    const int window = channels * s->window.width * s->window.height;
    const int most = window < MOST ? MOST / window : 1;
    const int filters = random_chance(r, 3) ? channels * random_int(r, 1, 2) : random_side(r, 70);
    s->filters = filters < most ? filters : most;
    s->groups = random_groups(r, channels, s->filters);
    const int groups = s->groups ? s->groups : 1;
    s->weights = random_weights(r, s->filters * (window / groups), wish.exact, false);
    s->bias = random_chance(r, 2) ? random_weights(r, s->filters, wish.exact, false) : NULL;
    s->relu = random_chance(r, 2);
}

/* Some of it is cut off on each side. */
static void make_crop(random_state *r, conv_shape in, conv_stage *s) {
    const int left = random_int(r, 0, in.width - 1), top = random_int(r, 0, in.height - 1);
    s->op = CONV_CROP;
    s->window = one_cell;
    s->window.left = -left;
    s->window.top = -top;
    s->window.right = -random_int(r, 0, in.width - 1 - left);
    s->window.bottom = -random_int(r, 0, in.height - 1 - top);
}

/* A little or much smaller or larger. */
static void make_resize(random_state *r, random_wish wish, conv_shape in, conv_stage *s) {
    s->op = CONV_RESIZE;
    s->window = one_cell;
    s->axis = random_chance(r, 2) ? CONV_ALONG_X : CONV_ALONG_Y;
    s->resample =
        wish.exact ? CONV_CLOSEST : (conv_resample)random_int(r, CONV_LANCZOS, CONV_CLOSEST);
    const int side = s->axis == CONV_ALONG_X ? in.width : in.height;
    s->size = random_chance(r, 3) ? side / random_int(r, 2, 8) + 1 : random_side(r, 200);
}

static void make_geometry(random_state *r, random_wish wish, conv_shape in, conv_stage *s) {
    if (s->op == CONV_CROP) {
        make_crop(r, in, s);
    } else {
        make_resize(r, wish, in, s);
    }
}

static void make_window_stage(random_state *r, random_wish wish, conv_shape in, conv_stage *s) {
    const int channels = in.channels;
    s->op = (conv_op)random_int(r, CONV_CORRELATE, CONV_POOL);
    if (s->op == CONV_CROP || s->op == CONV_RESIZE) {
        make_geometry(r, wish, in, s);
        return;
    }
    s->op = wish.exact && s->op == CONV_SUPPRESS ? CONV_MEDIAN : s->op; /* it has roots */
    s->window = random_window(r, s->op == CONV_POOL, channels);
    conv_window *w = &s->window;
    const bool weighted = !wish.exact && s->op == CONV_CORRELATE && channels % 2 == 1 &&
                          channels >= 3 && random_chance(r, 3);
    s->kernels = s->op == CONV_COMPASS ? random_int(r, 1, 8) : s->op == CONV_GRADIENT ? 2 : 1;
    s->gradient = (conv_gradient)random_int(r, wish.exact ? CONV_X : CONV_MAGNITUDE, CONV_L1);
    s->pool = (conv_pool)random_int(r, CONV_POOL_MAX, CONV_POOL_NEAREST);
    s->count_padding = random_chance(r, 2);
    s->amount = (float)random_int(r, -2, 3);
    s->threshold = (float)random_int(r, 0, 20);
    s->b = 255;
    if (s->op == CONV_POOL) {
        s->pool = wish.exact && s->pool == CONV_POOL_AVG ? CONV_POOL_MAX : s->pool;
        w->dilation_x = w->dilation_y = 1;
        return;
    }
    if (s->op == CONV_SUPPRESS) {
        *w = (conv_window){.width = 5,
                           .height = 5,
                           .stride_x = 1,
                           .stride_y = 1,
                           .dilation_x = 1,
                           .dilation_y = 1,
                           .left = 2,
                           .right = 2,
                           .top = 2,
                           .bottom = 2,
                           .anchor_x = 2,
                           .anchor_y = 2,
                           .border = CONV_REPLICATE,
                           .alpha = -1};
        s->a = (float)random_int(r, 0, 400);
        return;
    }
    if (s->op == CONV_CROSSINGS) {
        w->width = w->height = 3;
        w->anchor_x = w->anchor_y = 1;
        return;
    }
    if (s->op == CONV_MEDIAN) {
        w->width = random_chance(r, 3) ? w->width : 2 * random_int(r, 0, 4) + 1;
        w->height = random_chance(r, 3) ? w->height : 2 * random_int(r, 0, 4) + 1;
        return;
    }
    if (s->op == CONV_LAYER) {
        make_layer(r, wish, channels, s);
        return;
    }
    if (s->op == CONV_GRADIENT && random_chance(r, 2)) {
        (random_chance(r, 3) ? make_wide_sobel : make_sobel_like)(r, s);
        return;
    }
    if (s->op == CONV_CORRELATE) {
        s->combine = weighted ? random_chance(r, 2) ? CONV_WEIGHTED : CONV_WEIGHTED_UNSHARP
                     : random_chance(r, 4) ? CONV_UNSHARP
                                           : CONV_PLAIN;
    }
    const bool positive = s->combine == CONV_WEIGHTED_UNSHARP;
    if (s->op == CONV_CORRELATE && random_chance(r, 2)) {
        s->column = random_weights(r, w->height, wish.exact, positive);
        s->row = random_weights(r, w->width, wish.exact, positive);
    } else {
        s->weights = random_weights(r, s->kernels * w->width * w->height, wish.exact, positive);
    }
}

/* A positive symmetric column times such a row, like a blur. The weights sum to 1, or a little or
 * much more, so that sums of bytes fit bytes or don't; whole ones sum to anything. */
static void random_blur(random_state *r, double *weights, int width, int height, bool whole) {
    static const double totals[] = {1, 1, 1, 1.0005, 1.01, 1.4};
    double *column = random_weights(r, height, whole, true);
    double *row = random_weights(r, width, whole, true);
    double sum = 0;
    for (int i = 0; i < width * height; i++) {
        const int x = i % width, y = i / width;
        weights[i] =
            column[y < height / 2 ? height - 1 - y : y] * row[x < width / 2 ? width - 1 - x : x];
        weights[i] = whole ? rint(weights[i]) : weights[i];
        sum += weights[i];
    }
    const double total = totals[random_int(r, 0, 5)];
    for (int i = 0; i < width * height && !whole; i++) {
        weights[i] *= total / sum;
    }
    free(column);
    free(row);
}

/* Weights of a form that the engine has a path for: equal, a sum of products, a disc, a blur. */
static double *random_form(random_state *r, int width, int height, bool whole) {
    double *weights = random_weights(r, width * height, whole, false);
    const int form = random_int(r, 0, 5), terms = form == 1 ? random_int(r, 1, 3) : 0;
    const double unit = whole ? 1 : random_chance(r, 2) ? 1.0 / (width * height) : random_real(r);
    for (int i = 0; i < width * height && form < 3; i++) {
        const double x = i % width - (width - 1) / 2.0, y = i / width - (height - 1) / 2.0;
        const bool inside = 4 * (x * x + y * y) <= 1.1 * width * width;
        weights[i] = form == 0 || (form == 2 && inside) ? unit : 0;
    }
    for (int k = 0; k < terms; k++) {
        double *column = random_weights(r, height, whole, false);
        double *row = random_weights(r, width, whole, false);
        for (int i = 0; i < width * height; i++) {
            weights[i] += column[i / width] * row[i % width];
        }
        free(column);
        free(row);
    }
    if (form > 3) {
        random_blur(r, weights, width, height, whole);
    }
    return weights;
}

static void make_sum_stage(random_state *r, random_wish wish, int channels, conv_stage *s) {
    static const int cells[] = {1, 2, 3, 5, 7, 8, 9, 11, 13, 15, 16, 17, 31, 33, 40};
    const int count = sizeof cells / sizeof cells[0];
    conv_window *w = &s->window;
    s->op = CONV_CORRELATE;
    s->kernels = 1;
    *w = random_window(r, false, channels);
    w->width = pick(r, cells, count);
    w->height = pick(r, cells, count);
    if (!random_chance(r, 4)) {
        w->stride_x = w->stride_y = w->dilation_x = w->dilation_y = 1;
    }
    w->anchor_x = random_chance(r, 4) ? random_int(r, 0, w->width - 1) : (w->width - 1) / 2;
    w->anchor_y = random_chance(r, 4) ? random_int(r, 0, w->height - 1) : (w->height - 1) / 2;
    random_padding(r, w->dilation_x * (w->width - 1), w->dilation_x * w->anchor_x, &w->left,
                   &w->right);
    random_padding(r, w->dilation_y * (w->height - 1), w->dilation_y * w->anchor_y, &w->top,
                   &w->bottom);
    if (random_chance(r, 4)) {
        s->combine = CONV_UNSHARP;
        s->amount = (float)random_int(r, 1, 3);
    }
    s->weights = random_form(r, w->width, w->height, wish.exact);
}

static void make_point_stage(random_state *r, random_wish wish, int channels, conv_stage *s) {
    s->op = CONV_POINT;
    s->window.alpha = random_chance(r, 3) ? channels - 1 : -1;
    s->b = 255;
    if (wish.exact) {
        static const conv_point exact[] = {CONV_DROP_ALPHA, CONV_ABS, CONV_RELU, CONV_THRESHOLD,
                                           CONV_STORE};
        s->point = exact[random_int(r, 0, 4)];
        s->a = (float)random_int(r, -100, 300);
        if (s->point == CONV_STORE) {
            s->a = 255;
            s->b = (float)random_int(r, CONV_TO_EVEN, CONV_DOWN);
        }
        return;
    }
    s->point = (conv_point)(random_chance(r, 3) ? random_int(r, CONV_LEAKY, CONV_NORM)
                                                : random_int(r, CONV_GRAY, CONV_WEIGH));
    s->a = (float)random_int(r, -100, 300);
    if (s->point == CONV_SCALE) {
        s->a = (float)random_real(r) * 3;
        s->b = (float)random_int(r, -100, 100);
    } else if (s->point == CONV_LEAKY) {
        s->a = (float)random_real(r);
    } else if (s->point == CONV_NORM) {
        s->a = (float[]){1, 2, INFINITY}[random_int(r, 0, 2)];
    }
}

static void free_stage(conv_stage *stage) {
    free((void *)stage->weights);
    free((void *)stage->column);
    free((void *)stage->row);
    free((void *)stage->bias);
}

/* A bound on the stage's results, from `most` on its input; beyond 2^23 whole numbers and halves
 * aren't exact. */
static double grown(const conv_stage *s, int channels, double most) {
    double sum = s->op == CONV_LAYER ? 3 : s->offset != 0.0F ? 1 : 0; /* the bias */
    const int sums =
        s->op == CONV_LAYER ? s->filters * (channels / conv_stage_groups(s)) : s->kernels;
    const int cells = s->window.width * s->window.height;
    for (int i = 0; s->weights && i < cells * sums; i++) {
        sum += fabs(s->weights[i]);
    }
    for (int i = 0; s->column && i < cells; i++) {
        sum += fabs(s->column[i / s->window.width] * s->row[i % s->window.width]);
    }
    most = fmax(most, 300); /* the constant and the threshold */
    if (s->combine == CONV_UNSHARP) {
        return most * (1 + fabs((double)s->amount) * (1 + sum));
    }
    return s->weights || s->column ? most * fmax(sum, 1) : most;
}

static bool affordable(const conv_stage *s, random_wish wish, conv_shape in, conv_shape out) {
    const int sums = s->op == CONV_LAYER ? in.channels : s->kernels > 0 ? s->kernels : 1;
    const double taps =
        (double)out.width * out.height * out.channels * s->window.width * s->window.height * sums;
    return out.channels <= MOST_CHANNELS &&
           (s->op == CONV_POINT || (taps <= (wish.wide   ? 16
                                             : wish.sums ? 4
                                                         : 1) *
                                                MOST_TAPS &&
                                    (wish.wide || out.width <= 1000) && out.height <= 1000));
}

static void keep_edges(conv_window *w) {
    w->keep = true;
    w->stride_x = w->stride_y = 1;
    w->left = w->anchor_x * w->dilation_x;
    w->right = (w->width - 1 - w->anchor_x) * w->dilation_x;
    w->top = w->anchor_y * w->dilation_y;
    w->bottom = (w->height - 1 - w->anchor_y) * w->dilation_y;
}

/* A stage that needs the whole image. */
static void make_global_stage(random_state *r, const random_case *test, conv_stage *s) {
    const conv_stage *last = test->count > 0 ? &test->stages[test->count - 1] : NULL;
    *s = (conv_stage){.op = CONV_NORMALIZE, .window.alpha = -1, .a = 10, .b = 200};
    if (last && last->op == CONV_POINT && last->point == CONV_MARK && last->window.alpha < 0) {
        *s = (conv_stage){.op = CONV_LINK, .window.alpha = -1, .b = 255};
    } else if (random_chance(r, 3)) {
        *s = (conv_stage){.op = CONV_POINT, .point = CONV_MARK, .window.alpha = -1};
        s->a = (float)random_int(r, -50, 200);
        s->b = s->a + (float)random_int(r, 0, 200);
    } else if (random_chance(r, 4)) {
        *s = (conv_stage){.op = CONV_GLOBAL, .window.alpha = -1};
        s->pool = (conv_pool)random_int(r, CONV_POOL_MAX, CONV_POOL_AVG);
    } else if (random_chance(r, 3)) {
        *s = (conv_stage){.op = CONV_TURN, .window.alpha = -1, .turns = random_int(r, 1, 3)};
    } else if (random_chance(r, 2)) {
        *s = (conv_stage){.op = CONV_OTSU, .point = CONV_THRESHOLD, .b = 255};
        s->window.alpha = random_chance(r, 3) ? test->out.channels - 1 : -1;
    }
}

/* Appends a stage that fits; false if none was found. */
static bool add_stage(random_state *r, random_wish wish, random_case *test, double *most) {
    for (int attempt = 0; attempt < 30; attempt++) {
        conv_stage s = {.window.alpha = -1};
        conv_shape out;
        ct_error err;
        if (wish.barriers && random_chance(r, 5)) {
            make_global_stage(r, test, &s);
        } else if (wish.sums && test->count == 0) {
            make_sum_stage(r, wish, test->out.channels, &s);
        } else if (random_chance(r, 3)) {
            make_point_stage(r, wish, test->out.channels, &s);
        } else {
            make_window_stage(r, wish, test->out, &s);
        }
        if ((s.op == CONV_CORRELATE || s.op == CONV_GRADIENT || s.op == CONV_COMPASS ||
             s.op == CONV_MEDIAN) &&
            random_chance(r, 8)) {
            keep_edges(&s.window);
            s.offset = s.op == CONV_CORRELATE && s.combine == CONV_PLAIN && random_chance(r, 2)
                           ? (float)random_int(r, -100, 200)
                           : 0.0F;
        }
        if (conv_stage_shape(&s, test->out, &out, &err) && affordable(&s, wish, test->out, out) &&
            (!wish.exact || grown(&s, test->out.channels, *most) < 8388608)) {
            *most = grown(&s, test->out.channels, *most);
            test->stages[test->count++] = s;
            test->out = out;
            return true;
        }
        free_stage(&s);
    }
    return false;
}

/* ---- cases ---- */

size_t random_type_size(conv_type type) {
    return type == CONV_U8 ? 1 : type == CONV_U16 ? 2 : sizeof(float);
}

static void *random_samples(random_state *r, conv_shape shape, conv_type type) {
    const int n = shape.width * shape.height * shape.channels;
    void *samples = malloc((size_t)n * random_type_size(type));
    if (!samples) {
        abort();
    }
    for (int i = 0; i < n; i++) {
        /* Extremes are about as frequent as everything in between. */
        const int eight = random_chance(r, 4)   ? 0
                          : random_chance(r, 4) ? 255
                                                : random_int(r, 0, 255);
        if (type == CONV_U8) {
            ((uint8_t *)samples)[i] = (uint8_t)eight;
        } else if (type == CONV_U16) {
            ((uint16_t *)samples)[i] = (uint16_t)(eight * 257);
        } else {
            ((float *)samples)[i] = (float)(random_real(r) * eight);
        }
    }
    return samples;
}

random_case random_case_new(random_state *r, random_wish wish) {
    random_case test = {.in_type = (conv_type)random_int(r, CONV_U8, CONV_F32),
                        .out_type = (conv_type)random_int(r, CONV_U8, CONV_F32)};
    test.in_type = wish.exact ? CONV_U8 : test.in_type;
    test.in = (conv_shape){random_side(r, wish.max_side), random_side(r, wish.max_side),
                           random_int(r, 1, 4)};
    if (random_chance(r, 5)) { /* feature maps */
        test.in = (conv_shape){random_side(r, 40), random_side(r, 20), random_side(r, 70)};
    }
    if (wish.wide) {
        test.in_type = CONV_U8;
        test.out_type = random_chance(r, 3) ? CONV_F32 : CONV_U8;
        test.in = (conv_shape){random_int(r, 2000, 20000), random_int(r, 1, 4),
                               random_chance(r, 2) ? 1 : random_int(r, 2, 5)};
    }
    test.out = test.in;
    test.samples = random_samples(r, test.in, test.in_type);
    test.row_bytes =
        (size_t)test.in.width * (size_t)test.in.channels * random_type_size(test.in_type);
    double most = 255;
    const int count = wish.sums             ? 1 + random_chance(r, 3)
                      : random_chance(r, 2) ? 1
                                            : random_int(r, 0, RANDOM_STAGES - 1);
    while (test.count < count && add_stage(r, wish, &test, &most)) {
    }
    if (wish.exact && random_chance(r, 2)) { /* halves, to see them rounded */
        test.stages[test.count++] = (conv_stage){.op = CONV_POINT,
                                                 .point = CONV_SCALE,
                                                 .a = random_chance(r, 2) ? 0.5F : -0.5F,
                                                 .b = (float)random_int(r, 0, 100),
                                                 .window.alpha = -1};
    }
    if (!wish.exact && random_chance(r, 8) && test.count < RANDOM_STAGES) {
        const conv_stage angle = {
            .op = CONV_GRADIENT,
            .kernels = 2,
            .gradient = CONV_ANGLE,
            .b = 255,
            .weights = random_weights(r, 2 * 9, false, false),
            .window = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, CONV_MIRROR, 0, 0, -1, false, false}};
        test.stages[test.count++] = angle;
    }
    test.out_row_bytes =
        (size_t)test.out.width * (size_t)test.out.channels * random_type_size(test.out_type);
    return test;
}

void random_case_free(random_case *test) {
    for (int i = 0; i < test->count; i++) {
        free_stage(&test->stages[i]);
    }
    free(test->samples);
    *test = (random_case){0};
}

const char *random_case_text(const random_case *test, char text[1024]) {
    static const char *const types[] = {"u8", "u16", "f32"};
    int n = snprintf(text, 1024, "%dx%dx%d %s -> %dx%dx%d %s:", test->in.width, test->in.height,
                     test->in.channels, types[test->in_type], test->out.width, test->out.height,
                     test->out.channels, types[test->out_type]);
    for (int i = 0; i < test->count && n < 1024; i++) {
        const conv_stage *s = &test->stages[i];
        const conv_window *w = &s->window;
        n +=
            snprintf(text + n, (size_t)(1024 - n),
                     s->op == CONV_POINT || conv_stage_is_whole(s)
                         ? " [op %d point %d alpha %d]"
                         : " [op %d point %d alpha %d combine %d gradient %d pool %d,%d kernels %d "
                           "filters %d groups %d relu %d bias %d axis %d size %d resample %d "
                           "%dx%d stride %dx%d dilation %dx%d pad l%d r%d t%d b%d anchor %d,%d "
                           "border %d ceil %d keep %d]",
                     s->op, s->point, w->alpha, s->combine, s->gradient, s->pool, s->count_padding,
                     s->kernels, s->filters, s->groups, s->relu, s->bias != NULL, s->axis, s->size,
                     s->resample, w->width, w->height, w->stride_x, w->stride_y, w->dilation_x,
                     w->dilation_y, w->left, w->right, w->top, w->bottom, w->anchor_x, w->anchor_y,
                     w->border, w->ceil, w->keep);
    }
    return text;
}
