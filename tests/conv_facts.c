/* Facts about the engine that are known without an oracle. */
#include "conv_facts.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conv/conv.h"
#include "engine_run.h"

/* ---- borders: the pictures of conv.h, three times as deep as the row ---- */

static void check_border(conv_border border, const char *picture) {
    const int n = 4, before = 12;
    ck_assert_uint_eq(strlen(picture), 28);
    for (int i = -before; i < n + 12; i++) {
        const int index = conv_border_index(border, i, n);
        const char expected = picture[i + before];
        require(expected == (index < 0 ? 'v' : "abcd"[index]), "border %d at %d: %d, expected %c",
                border, i, index, expected);
    }
}

START_TEST(borders_are_as_their_pictures) {
    check_border(CONV_MIRROR, "abcdcbabcdcbabcdcbabcdcbabcd");
    check_border(CONV_SYMMETRIC, "dcbaabcddcbaabcddcbaabcddcba");
    check_border(CONV_REPLICATE, "aaaaaaaaaaaaabcddddddddddddd");
    check_border(CONV_WRAP, "abcdabcdabcdabcdabcdabcdabcd");
    check_border(CONV_CONSTANT, "vvvvvvvvvvvvabcdvvvvvvvvvvvv");
    check_border(CONV_UNEVEN, "cddcbabcddcbabcddcbabcddcbab");
    for (int b = CONV_MIRROR; b <= CONV_UNEVEN; b += b + 1 == CONV_CONSTANT ? 2 : 1) {
        ck_assert_int_eq(conv_border_index((conv_border)b, -1000000, 1), 0);
        ck_assert_int_eq(conv_border_index((conv_border)b, 1000000, 1), 0);
    }
}
END_TEST

/* ---- rounding ---- */

typedef struct rounding {
    float value;
    int u8, u16; /* what it becomes */
} rounding;

static const rounding roundings[] = {
    {0.0F, 0, 0},           {-0.0F, 0, 0},       {0.5F, 0, 0},           {1.5F, 2, 2},
    {2.5F, 2, 2},           {3.5F, 4, 4},        {0.49999997F, 0, 0},    {0.50000006F, 1, 1},
    {2.4999998F, 2, 2},     {2.5000002F, 3, 3},  {-0.5F, 0, 0},          {-0.50001F, 0, 0},
    {-1e30F, 0, 0},         {254.5F, 254, 254},  {255.0F, 255, 255},     {255.49998F, 255, 255},
    {255.5F, 255, 256},     {256.5F, 255, 256},  {65534.5F, 255, 65534}, {65535.0F, 255, 65535},
    {65535.5F, 255, 65535}, {1e30F, 255, 65535}, {FLT_MAX, 255, 65535},  {INFINITY, 255, 65535},
    {-INFINITY, 0, 0},      {NAN, 0, 0},         {-NAN, 0, 0},
};
enum { ROUNDINGS = sizeof roundings / sizeof roundings[0], LONGEST = 150 };

/* Each value at each place of rows of every length up to LONGEST, among zeros. */
START_TEST(samples_round_to_even_and_clamp) {
    float row[LONGEST] = {0};
    for (int n = 1; n <= LONGEST; n += n < 18 ? 1 : 33) {
        for (int type = CONV_U8; type <= CONV_U16; type++) {
            random_case test = {.in = {n, 1, 1},
                                .out = {n, 1, 1},
                                .in_type = CONV_F32,
                                .out_type = (conv_type)type,
                                .samples = row};
            test.row_bytes = (size_t)n * sizeof(float);
            test.out_row_bytes = (size_t)n * random_type_size(test.out_type);
            engine e = engine_new(&test);
            for (int k = 0; k < ROUNDINGS * n; k++) {
                const rounding *r = &roundings[k / n];
                row[k % n] = r->value;
                conv_stats stats;
                void *got = engine_image(&e, -1, &stats);
                const int sample =
                    type == CONV_U8 ? ((uint8_t *)got)[k % n] : ((uint16_t *)got)[k % n];
                require(sample == (type == CONV_U8 ? r->u8 : r->u16), "%.9g at %d of %d becomes %d",
                        (double)r->value, k % n, n, sample);
                const float limit = type == CONV_U8 ? 255.5F : 65535.5F;
                require(stats.negative == (r->value < -0.5F) &&
                            stats.above == (r->value >= limit) &&
                            stats.nan == (isnan(r->value) != 0),
                        "%.9g counts as %d negative, %d above, %d NaN", (double)r->value,
                        (int)stats.negative, (int)stats.above, (int)stats.nan);
                free(got);
                row[k % n] = 0;
            }
            engine_free(&e);
        }
    }
}
END_TEST

/* The range leaves out what isn't finite, wherever it is. */
START_TEST(range_is_of_the_finite) {
    static const float odd[] = {NAN, INFINITY, -INFINITY};
    for (int n = 1; n <= LONGEST; n++) {
        for (int k = 0; k < 3 * n; k++) {
            float row[LONGEST];
            for (int i = 0; i < n; i++) {
                row[i] = (float)(5 + i % 7);
            }
            row[k % n] = odd[k / n];
            double min = (double)FLT_MAX, max = -(double)FLT_MAX;
            for (int i = 0; i < n; i++) {
                min = isfinite(row[i]) ? fmin(min, (double)row[i]) : min;
                max = isfinite(row[i]) ? fmax(max, (double)row[i]) : max;
            }
            random_case test = {.in = {n, 1, 1},
                                .out = {n, 1, 1},
                                .in_type = CONV_F32,
                                .out_type = CONV_F32,
                                .samples = row};
            test.row_bytes = test.out_row_bytes = (size_t)n * sizeof(float);
            engine e = engine_new(&test);
            conv_stats stats;
            free(engine_image(&e, -1, &stats));
            require((double)stats.min == min && (double)stats.max == max,
                    "%g at %d of %d: range %g..%g, expected %g..%g", (double)odd[k / n], k % n, n,
                    (double)stats.min, (double)stats.max, min, max);
            engine_free(&e);
        }
    }
}
END_TEST

/* ---- whole numbers ---- */

/* Sums so large that Fourier transforms would miss them by 1, on a white image. */
START_TEST(whole_sums_are_exact_whatever_the_path) {
    enum { CELLS = 101, WIDTH = 160, HEIGHT = 120 };
    double *weights = malloc(sizeof *weights * CELLS * CELLS);
    unsigned char *samples = malloc(WIDTH * HEIGHT);
    ck_assert(weights && samples);
    memset(samples, 255, WIDTH * HEIGHT);
    for (int i = 0; i < CELLS * CELLS; i++) {
        weights[i] = 1 + i % 2 * (i % 3);
    }
    random_case test = {.in = {WIDTH, HEIGHT, 1},
                        .out = {WIDTH - CELLS + 1, HEIGHT - CELLS + 1, 1},
                        .in_type = CONV_U8,
                        .out_type = CONV_F32,
                        .count = 1,
                        .samples = samples};
    test.stages[0] = (conv_stage){.op = CONV_CORRELATE, .kernels = 1, .weights = weights};
    test.stages[0].window = (conv_window){.width = CELLS,
                                          .height = CELLS,
                                          .stride_x = 1,
                                          .stride_y = 1,
                                          .dilation_x = 1,
                                          .dilation_y = 1,
                                          .alpha = -1};
    test.row_bytes = WIDTH;
    test.out_row_bytes = (size_t)test.out.width * sizeof(float);
    double sum = 0;
    for (int i = 0; i < CELLS * CELLS; i++) {
        sum += 255 * weights[i];
    }
    const char *path;
    for (size_t i = 0; (path = conv_path_name(i)); i++) {
        ck_assert(conv_path_prefer(path, NULL));
        engine e = engine_new(&test);
        conv_stats stats;
        float *got = engine_image(&e, -1, &stats);
        for (int k = 0; k < test.out.width * test.out.height; k++) {
            require((double)got[k] == sum, "%s: %.9g, expected %.9g", path, (double)got[k], sum);
        }
        free(got);
        engine_free(&e);
    }
    conv_path_prefer(NULL, NULL);
    free(weights);
    free(samples);
}
END_TEST

/* Weights that fill one group of 16-bit sums after another: first positive ones, then negative
 * ones, as large as they may be for bytes. */
START_TEST(sums_of_bytes_fit_whatever_the_order_of_signs) {
    enum { CELLS = 10, WIDTH = 40 };
    static const double weights[CELLS] = {127, 127, 129, 128, 129, -127, -127, -129, -128, -129};
    uint8_t samples[WIDTH];
    for (int x = 0; x < WIDTH; x++) {
        samples[x] = (uint8_t)(x * x);
    }
    random_case test = {.in = {WIDTH, 1, 1},
                        .out = {WIDTH - CELLS + 1, 1, 1},
                        .in_type = CONV_U8,
                        .out_type = CONV_F32,
                        .count = 1,
                        .row_bytes = WIDTH,
                        .out_row_bytes = (WIDTH - CELLS + 1) * sizeof(float),
                        .samples = samples};
    test.stages[0] = (conv_stage){.op = CONV_CORRELATE, .kernels = 1, .weights = weights};
    test.stages[0].window =
        (conv_window){CELLS, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, CONV_MIRROR, 0, 0, -1, false, false};
    ck_assert(conv_path_prefer("bytes", NULL));
    engine e = engine_new(&test);
    conv_stats stats;
    float *got = engine_image(&e, -1, &stats);
    ck_assert_str_eq(conv_plan_choice(e.plan, 0)->path, "bytes");
    for (int x = 0; x < test.out.width; x++) {
        double sum = 0;
        for (int k = 0; k < CELLS; k++) {
            sum += weights[k] * samples[x + k];
        }
        require((double)got[x] == sum, "column %d is %g, expected %g", x, (double)got[x], sum);
    }
    free(got);
    engine_free(&e);
    conv_path_prefer(NULL, NULL);
}
END_TEST

START_TEST(paths_are_preferred_by_name) {
    ct_error err = {""};
    ck_assert(!conv_path_prefer("magic", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "magic"));
    ck_assert_ptr_nonnull(strstr(err.text, "taps, "));
    ck_assert(conv_path_prefer(NULL, NULL));
}
END_TEST

/* ---- angles ---- */

/* Smoothing side, middle, side, and the difference across it. */
static void gradient_kernels(double side, double middle, double weights[18]) {
    const double x[9] = {-side, 0, side, -middle, 0, middle, -side, 0, side};
    for (int i = 0; i < 9; i++) {
        weights[i] = x[i];
        weights[9 + i] = x[i % 3 * 3 + i / 3];
    }
}

enum { ANGLE_WIDTH = 75, ANGLE_HEIGHT = 9 };

/* The angles (a full turn is 255) of the gray of an RGB image, by every instruction set. */
static void expect_angle(const uint8_t *rgb, double side, double middle, float expected) {
    double weights[18];
    const char *isa;
    gradient_kernels(side, middle, weights);
    random_case test = {.in = {ANGLE_WIDTH, ANGLE_HEIGHT, 3},
                        .out = {ANGLE_WIDTH - 2, ANGLE_HEIGHT - 2, 1},
                        .in_type = CONV_U8,
                        .out_type = CONV_F32,
                        .count = 2,
                        .samples = (void *)rgb,
                        .row_bytes = 3 * ANGLE_WIDTH,
                        .out_row_bytes = (ANGLE_WIDTH - 2) * sizeof(float)};
    test.stages[0] = (conv_stage){.op = CONV_POINT, .point = CONV_GRAY, .window.alpha = -1};
    test.stages[1] = (conv_stage){
        .op = CONV_GRADIENT,
        .kernels = 2,
        .weights = weights,
        .gradient = CONV_ANGLE,
        .b = 255,
        .window = {3, 3, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, CONV_MIRROR, 0, 0, -1, false, false}};
    for (size_t i = 0; (isa = conv_isa_name(i)); i++) {
        ck_assert(conv_isa_choose(isa, NULL));
        engine e = engine_new(&test);
        conv_stats stats;
        float *got = engine_image(&e, -1, &stats);
        for (int k = 0; k < test.out.width * test.out.height; k++) {
            require(got[k] == expected, "%s, weights %g %g, pixel %d: angle %.9g, expected %.9g",
                    isa, side, middle, k, (double)got[k], (double)expected);
        }
        free(got);
        engine_free(&e);
    }
}

/* A flat colour has no gradient, and a ramp to the right has none downward, although gray is
 * rounded: 76 0.299 + 76 0.587 + 76 0.114 isn't 76 in floats. Colours of the same gray are flat
 * too, here of 120.093. */
START_TEST(angles_of_gray_are_not_those_of_rounding) {
    enum { PIXELS = ANGLE_WIDTH * ANGLE_HEIGHT };
    static const double kinds[3][2] = {{1, 2}, {3, 10}, {1, 1}}; /* Sobel, Scharr, Prewitt */
    static const uint8_t grays[4][3] = {
        {6, 159, 219}, {39, 162, 117}, {72, 165, 15}, {252, 57, 99}};
    static uint8_t flat[3 * PIXELS], ramp[3 * PIXELS], same[3 * PIXELS];
    random_state r = random_start(random_seed(), 1);
    for (int n = 0; n < 40; n++) {
        const uint8_t color[3] = {(uint8_t)random_int(&r, 0, 255), (uint8_t)random_int(&r, 0, 255),
                                  (uint8_t)random_int(&r, 0, 255)};
        for (int i = 0; i < 3 * PIXELS; i++) {
            flat[i] = color[i % 3];
            ramp[i] = (uint8_t)(color[i % 3] / 4 + 2 * (i / 3 % ANGLE_WIDTH));
        }
        for (int i = 0; i < PIXELS; i++) {
            memcpy(same + 3 * i, grays[random_int(&r, 0, 3)], 3);
        }
        for (int k = 0; k < 3; k++) {
            expect_angle(flat, kinds[k][0], kinds[k][1], 0);
            expect_angle(ramp, kinds[k][0], kinds[k][1], 0);
            expect_angle(same, kinds[k][0], kinds[k][1], 0);
        }
    }
}
END_TEST

/* ---- shapes ---- */

/* PyTorch's rule: ceil or floor of the room over the stride, plus 1, and no window that begins
 * after the image and the padding before it. */
static int pooled_width(int in, int cells, int stride, int pad, bool ceil_mode) {
    const double steps = (double)(in + 2 * pad - cells) / stride;
    const int out = (int)(ceil_mode ? ceil(steps) : floor(steps)) + 1;
    return ceil_mode && (out - 1) * stride >= in + pad ? out - 1 : out;
}

START_TEST(pooling_has_the_shapes_of_pytorch) {
    for (int i = 0; i < 12 * 6 * 6 * 3 * 2; i++) {
        const int in = 1 + i % 12, cells = 1 + i / 12 % 6, stride = 1 + i / 72 % 6;
        const int pad = i / 432 % 3;
        conv_stage s = {.op = CONV_POOL, .pool = CONV_POOL_MAX};
        s.window = (conv_window){cells, cells, stride, stride,      1, 1, pad, pad,      pad,
                                 pad,   0,     0,      CONV_MIRROR, 0, 0, -1,  i / 1296, false};
        conv_shape out = {0};
        const int expected = pooled_width(in, cells, stride, pad, s.window.ceil);
        const bool ok = conv_stage_shape(&s, (conv_shape){in, in, 1}, &out, NULL);
        require(ok == (expected > 0 && 2 * pad <= cells) && (!ok || out.width == expected),
                "%d samples, %d cells, stride %d, padding %d, ceil %d: %d, expected %d", in, cells,
                stride, pad, s.window.ceil, out.width, expected);
    }
}
END_TEST

/* ---- what is not a number ---- */

static const void *lend_row(void *context, int y) {
    (void)y;
    return context;
}

/* It's neither negative nor above, whatever it's rounded to; and the range is of the others, before
 * rounding, if asked for. */
START_TEST(nan_is_counted_by_itself) {
    const float in[6] = {NAN, 2, -3, NAN, 300, 0};
    const conv_stage same = {.op = CONV_POINT, .point = CONV_RELU, .window.alpha = -1};
    for (int type = CONV_U8; type <= CONV_F32; type++) {
        for (int stages = 0; stages < 2; stages++) {
            conv_plan *plan = conv_plan_new(&same, stages, (conv_shape){6, 1, 1}, CONV_F32,
                                            (conv_type)type, NULL);
            conv_worker *worker = conv_worker_new(plan, -1);
            ck_assert_ptr_nonnull(worker);
            conv_worker_measure(worker);
            float out[6];
            conv_stats stats;
            conv_stats_none(&stats);
            conv_worker_run(worker, 0, 1, lend_row, (void *)in, out, sizeof out, &stats);
            const bool whole = type != CONV_F32;
            ck_assert_uint_eq(stats.samples, 6);
            ck_assert_uint_eq(stats.nan, 2);
            ck_assert_uint_eq(stats.negative, whole && !stages ? 1 : 0);
            ck_assert_uint_eq(stats.above, type == CONV_U8);
            ck_assert(stats.min == (stages ? 0 : -3) && stats.max == 300);
            conv_worker_free(worker);
            conv_plan_free(plan);
        }
    }
}
END_TEST

/* As in PyTorch, in every way to compute it: by itself, in layers and where channels have kernels
 * of their own. A number below 0 is 0. */
START_TEST(relu_keeps_nan) {
    enum { WIDTH = 37, CHANNELS = 3 };
    static const double weights[CHANNELS * CHANNELS] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    static const double ones_alone[CHANNELS] = {1, 1, 1};
    const conv_window one = {1, 1, 1,  1,     1,    1, 0, 0, 0, 0, 0, 0, CONV_CONSTANT,
                             0, 0, -1, false, false};
    conv_stage stages[] = {
        {.op = CONV_POINT, .point = CONV_RELU, .window.alpha = -1},
        {.op = CONV_LAYER, .filters = CHANNELS, .weights = weights, .relu = true},
        {.op = CONV_LAYER,
         .filters = CHANNELS,
         .groups = CHANNELS,
         .weights = ones_alone,
         .relu = true},
    };
    const char *before = conv_isa();
    for (size_t isa = 0; conv_isa_name(isa); isa++) {
        ck_assert(conv_isa_choose(conv_isa_name(isa), NULL));
        for (int s = 0; s < 3; s++) {
            stages[s].window = s ? one : stages[s].window;
            float in[WIDTH * CHANNELS], out[WIDTH * CHANNELS];
            for (int i = 0; i < WIDTH * CHANNELS; i++) {
                in[i] = i / CHANNELS % 3 == 0 ? NAN : i / CHANNELS % 3 == 1 ? -2 : 3;
            }
            conv_plan *plan = conv_plan_new(&stages[s], 1, (conv_shape){WIDTH, 1, CHANNELS},
                                            CONV_F32, CONV_F32, NULL);
            conv_worker *worker = plan ? conv_worker_new(plan, -1) : NULL;
            ck_assert_ptr_nonnull(worker);
            conv_stats stats;
            conv_stats_none(&stats);
            conv_worker_run(worker, 0, 1, lend_row, in, out, sizeof out, &stats);
            for (int i = 0; i < WIDTH * CHANNELS; i++) {
                ck_assert_msg(isnan(in[i]) ? isnan(out[i]) : out[i] == (in[i] < 0 ? 0 : in[i]),
                              "%s, stage %d: %g became %g", conv_isa(), s, (double)in[i],
                              (double)out[i]);
            }
            conv_worker_free(worker);
            conv_plan_free(plan);
        }
    }
    ck_assert(conv_isa_choose(before, NULL));
}
END_TEST

/* Infinity less infinity, of whole numbers; what comes after has a bound again. */
START_TEST(nan_of_whole_numbers_is_counted) {
    static const double difference[2] = {1, -1};
    conv_stage stages[4] = {{.op = CONV_POINT, .point = CONV_SCALE, .a = 1e30F},
                            {.op = CONV_POINT, .point = CONV_SCALE, .a = 1e30F},
                            {.op = CONV_CORRELATE, .kernels = 1, .weights = difference},
                            {.op = CONV_POINT, .point = CONV_SIGMOID}};
    for (int i = 0; i < 4; i++) {
        stages[i].window.alpha = -1;
    }
    stages[2].window =
        (conv_window){2, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, CONV_REPLICATE, 0, 0, -1, false, false};
    const uint8_t in[3] = {7, 200, 9};
    for (int type = CONV_U8; type <= CONV_F32; type++) {
        for (int count = 3; count <= 4; count++) {
            conv_plan *plan =
                conv_plan_new(stages, count, (conv_shape){3, 1, 1}, CONV_U8, (conv_type)type, NULL);
            ck_assert_ptr_nonnull(plan);
            conv_worker *worker = conv_worker_new(plan, -1);
            ck_assert_ptr_nonnull(worker);
            float out[3];
            conv_stats stats;
            conv_stats_none(&stats);
            conv_worker_run(worker, 0, 1, lend_row, (void *)in, out, sizeof out, &stats);
            ck_assert_uint_eq(stats.nan, 3);
            ck_assert_uint_eq(stats.negative, 0);
            conv_worker_free(worker);
            conv_plan_free(plan);
        }
    }
}
END_TEST

/* ---- what is refused ---- */

/* Enough for the widest window below. */
static const double ones[9 * 3] = {[0 ... 26] = 1};

static conv_stage good_stage(void) {
    return (conv_stage){
        .op = CONV_CORRELATE,
        .kernels = 1,
        .weights = ones,
        .window = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, CONV_MIRROR, 0, 0, -1, false, false}};
}

static void refuse(const conv_stage *stage, conv_shape in, const char *part) {
    ct_error err = {""};
    conv_plan *plan = conv_plan_new(stage, 1, in, CONV_U8, CONV_U8, &err);
    require(!plan, "accepted, expected an error with '%s'", part);
    require(strstr(err.text, part) != NULL, "'%s' doesn't say '%s'", err.text, part);
}

#define REFUSE(change, part)                                                                       \
    do {                                                                                           \
        conv_stage s = good_stage();                                                               \
        change;                                                                                    \
        refuse(&s, (conv_shape){8, 8, 1}, part);                                                   \
    } while (0)

START_TEST(impossible_stages_are_refused) {
    const conv_stage good = good_stage();
    conv_plan *plan = conv_plan_new(&good, 1, (conv_shape){8, 8, 1}, CONV_U8, CONV_U8, NULL);
    ck_assert_ptr_nonnull(plan);
    conv_plan_free(plan);
    REFUSE(s.window.width = 256, "255");
    REFUSE(s.window.height = 0, "3x0");
    REFUSE(s.window.stride_x = 0, "stride");
    REFUSE(s.window.dilation_y = 65536, "dilation");
    REFUSE(s.window.left = -1, "padding");
    REFUSE(s.window.anchor_x = 3, "anchor");
    REFUSE(s.weights = NULL, "weights");
    REFUSE(s.op = CONV_GRADIENT, "1 kernels");
    REFUSE((s.op = CONV_POOL, s.window.left = 2), "half");
    REFUSE((s.op = CONV_POOL, s.window.dilation_x = 2), "dilation");
    REFUSE((s.op = CONV_POINT, s.point = CONV_GRAY), "3 or 4 channels");
    REFUSE((s.op = CONV_POINT, s.point = CONV_WEIGH), "2 or more channels");
    REFUSE(s.combine = CONV_WEIGHTED, "3, 5, 7");
    REFUSE((s.op = CONV_LAYER, s.filters = 0), "0 filters");
    REFUSE((s.op = CONV_LAYER, s.filters = 4097), "4097 filters");
    REFUSE((s.op = CONV_LAYER, s.filters = 1, s.weights = NULL), "no weights");
    REFUSE((s.op = CONV_LAYER, s.filters = 2, s.groups = 2), "divides 1 channels and 2 filters");
    REFUSE((s.op = CONV_LAYER, s.filters = 1, s.groups = -1), "-1 groups");
    REFUSE(s.op = CONV_NORMALIZE, "whole image");
    REFUSE(s.op = CONV_OTSU, "whole image");
    REFUSE(s.op = CONV_LINK, "whole image");
    REFUSE(s.op = CONV_SUPPRESS, "5x5");
    REFUSE((s.op = CONV_CROSSINGS, s.window.width = 4), "3x3");
    REFUSE((s.window.left = s.window.right = 0, s.window.width = 9), "smaller");
    const double huge[9] = {1e300};
    REFUSE(s.weights = huge, "1e+300");
    REFUSE((s.weights = NULL, s.row = huge, s.column = ones), "the row's number 1e+300");
    REFUSE((s.weights = NULL, s.row = ones, s.column = huge), "the column's number 1e+300");
    refuse(&good, (conv_shape){0, 8, 1}, "0x8");
    refuse(&good, (conv_shape){8, 8, 4097}, "4097 channels");
    refuse(&good, (conv_shape){CONV_MAX_SIDE + 1, 8, 1}, "a side");
    refuse(&good, (conv_shape){CONV_MAX_SIDE, 8, 64}, "padded row");
}
END_TEST

/* ---- the rest of the contract ---- */

START_TEST(barriers_are_those_that_need_all_rows) {
    conv_stage s = good_stage();
    ck_assert(!conv_stage_is_barrier(&s));
    s.window.border = CONV_WRAP;
    ck_assert(conv_stage_is_barrier(&s));
    s.window.top = s.window.bottom = 0;
    ck_assert(!conv_stage_is_barrier(&s));
    s.op = CONV_NORMALIZE;
    ck_assert(conv_stage_is_barrier(&s));
}
END_TEST

/* The plan takes the root after pooling if that follows directly; a pointwise stage in between that
 * changes nothing prevents it. The numbers are the same, bit by bit. */
START_TEST(roots_after_pooling_are_those_before) {
    static const double sobel[18] = {-1, 0, 1, -2, 0, 2, -1, 0, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1};
    random_state r = random_start(random_seed(), 77);
    for (int i = 0; i < 60; i++) {
        const conv_type type = i % 2 ? CONV_U8 : CONV_F32;
        conv_stage stages[3] = {
            {.op = CONV_GRADIENT, .kernels = 2, .weights = sobel, .gradient = CONV_MAGNITUDE},
            {.op = CONV_POINT, .point = CONV_ABS, .window.alpha = -1},
            {.op = CONV_POOL, .pool = i % 3 ? CONV_POOL_MAX : CONV_POOL_MIN}};
        stages[0].window =
            (conv_window){3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, CONV_MIRROR, 0, 0, -1, false, false};
        stages[2].window =
            (conv_window){2, 3, 2, 2, 1, 1, 1, 1, 1, 1, 0, 0, CONV_MIRROR, 0, 0, -1, true, false};
        random_case test = random_case_new(&r, (random_wish){.max_side = 70});
        random_case_free(&test);
        test.in = (conv_shape){random_int(&r, 1, 150), random_int(&r, 1, 40), random_int(&r, 1, 3)};
        test.in_type = type;
        test.out_type = CONV_F32;
        test.row_bytes = (size_t)test.in.width * (size_t)test.in.channels * random_type_size(type);
        uint8_t *samples = malloc(test.row_bytes * (size_t)test.in.height);
        ck_assert_ptr_nonnull(samples);
        for (size_t k = 0; k < test.row_bytes * (size_t)test.in.height; k++) {
            samples[k] = (uint8_t)random_int(&r, 0, 255);
        }
        for (size_t k = 0; type == CONV_F32 && k < test.row_bytes / 4 * (size_t)test.in.height;
             k++) {
            ((float *)(void *)samples)[k] = (float)random_real(&r);
        }
        test.samples = samples;
        void *out[2];
        for (int k = 0; k < 2; k++) {
            test.count = k ? 2 : 3;
            test.stages[0] = stages[0];
            test.stages[1] = stages[k ? 2 : 1];
            test.stages[2] = stages[2];
            test.out = test.in;
            for (int s = 0; s < test.count; s++) {
                ck_assert(conv_stage_shape(&test.stages[s], test.out, &test.out, NULL));
            }
            test.out_row_bytes = (size_t)test.out.width * (size_t)test.out.channels * sizeof(float);
            engine e = engine_new(&test);
            conv_stats stats;
            out[k] = engine_image(&e, -1, &stats);
            engine_free(&e);
        }
        ck_assert_mem_eq(out[0], out[1], test.out_row_bytes * (size_t)test.out.height);
        free(out[0]);
        free(out[1]);
        free(samples);
    }
}
END_TEST

/* The root that is moved after the pooling isn't counted. */
START_TEST(choices_are_of_the_stages_that_were_given) {
    static const double sobel[18] = {-1, 0, 1, -2, 0, 2, -1, 0, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1};
    conv_stage stages[4] = {good_stage(), good_stage(), good_stage(), good_stage()};
    stages[0].op = CONV_GRADIENT;
    stages[0].kernels = 2;
    stages[0].weights = sobel;
    stages[1].op = CONV_POOL;
    stages[2] = (conv_stage){.op = CONV_POINT, .point = CONV_ABS, .window.alpha = -1};
    conv_plan *plan = conv_plan_new(stages, 4, (conv_shape){8, 8, 1}, CONV_F32, CONV_F32, NULL);
    ck_assert_ptr_nonnull(plan);
    ck_assert_str_eq(conv_plan_choice(plan, 0)->path, "gradient3");
    ck_assert_str_eq(conv_plan_choice(plan, 1)->path, "pool");
    ck_assert_ptr_null(conv_plan_choice(plan, 2));
    ck_assert_ptr_nonnull(conv_plan_choice(plan, 3));
    conv_plan_free(plan);
}
END_TEST

START_TEST(a_worker_holds_some_rows_whatever_the_height) {
    const conv_stage s = good_stage();
    size_t size[2];
    for (int i = 0; i < 2; i++) {
        const conv_shape in = {4000, i ? 1000000 : 100, 1};
        conv_plan *plan = conv_plan_new(&s, 1, in, CONV_U8, CONV_U8, NULL);
        ck_assert_ptr_nonnull(plan);
        size[i] = conv_plan_worker_size(plan);
        conv_plan_free(plan);
    }
    ck_assert_uint_eq(size[0], size[1]);
    ck_assert_uint_lt(size[0], 100 * 4000 * sizeof(float)); /* a hundred rows of floats */
}
END_TEST

static const void *row_of_many(void *context, int y) {
    return (const float *)context + (size_t)y * 2047;
}

/* Outputs of many megabytes are written past the caches, in lines that begin anywhere in a row. */
START_TEST(large_outputs_are_whole) {
    const conv_shape shape = {2047, 1100, 1};
    const conv_stage twice = {.op = CONV_POINT, .point = CONV_SCALE, .a = 2, .window.alpha = -1};
    const size_t n = (size_t)shape.width * (size_t)shape.height;
    float *in = malloc(n * sizeof *in), *out = malloc((n + 8) * sizeof *out);
    conv_plan *plan = conv_plan_new(&twice, 1, shape, CONV_F32, CONV_F32, NULL);
    conv_worker *worker = plan ? conv_worker_new(plan, -1) : NULL;
    ck_assert(in && out && worker);
    for (size_t i = 0; i < n; i++) {
        in[i] = (float)i;
    }
    for (size_t shift = 1; shift < 8; shift += 3) {
        conv_stats stats;
        conv_stats_none(&stats);
        memset(out, 0xCC, (n + 8) * sizeof *out);
        out[shift - 1] = out[shift + n] = -1;
        conv_worker_run(worker, 0, shape.height, row_of_many, in, out + shift,
                        (size_t)shape.width * sizeof *out, &stats);
        for (size_t i = 0; i < n; i++) {
            require(out[shift + i] == 2 * (float)i, "sample %zu is %g", i, (double)out[shift + i]);
        }
        ck_assert(out[shift - 1] == -1 && out[shift + n] == -1);
        ck_assert(stats.min == 0 && stats.max == 2 * (float)(n - 1));
    }
    conv_worker_free(worker);
    conv_plan_free(plan);
    free(in);
    free(out);
}
END_TEST

/* ---- medians of 3x3 ---- */

enum { PATTERNS = 1 << 9, MEDIAN_WIDTH = 3 * PATTERNS };

/* Row y of the image that holds every pattern of nine zeros and ones, side by side. Rows repeat, so
 * that each window of three has all nine, in one of three orders. */
static const void *pattern_row(void *context, int y) {
    return (const char *)context + (size_t)(y % 3) * MEDIAN_WIDTH * sizeof(float);
}

static void fill_patterns(float in[3][MEDIAN_WIDTH], conv_type type) {
    for (int y = 0; y < 3; y++) {
        for (int x = 0; x < MEDIAN_WIDTH; x++) {
            const int bit = x / 3 >> (3 * y + x % 3) & 1;
            if (type == CONV_U8) {
                ((uint8_t *)in[y])[x] = (uint8_t)bit;
            } else {
                in[y][x] = (float)bit;
            }
        }
    }
}

/* Each window around a pattern's middle column. */
static void check_patterns(float in[3][MEDIAN_WIDTH], conv_type type) {
    enum { ROWS = 12 };
    static float out[ROWS][MEDIAN_WIDTH];
    const conv_stage median = {
        .op = CONV_MEDIAN,
        .window = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, CONV_REPLICATE, 0, 0, -1, false, false}};
    const conv_shape shape = {MEDIAN_WIDTH, ROWS, 1};
    conv_plan *plan = conv_plan_new(&median, 1, shape, type, type, NULL);
    conv_worker *worker = plan ? conv_worker_new(plan, -1) : NULL;
    ck_assert_ptr_nonnull(worker);
    conv_stats stats;
    conv_stats_none(&stats);
    conv_worker_run(worker, 0, ROWS, pattern_row, in, out, sizeof out[0], &stats);
    for (int y = 1; y < ROWS - 1; y++) {
        for (int p = 0; p < PATTERNS; p++) {
            const int x = 3 * p + 1;
            const float got = type == CONV_U8 ? ((const uint8_t *)out[y])[x] : out[y][x];
            require(got == (__builtin_popcount((unsigned)p) > 4), "%s, type %d, row %d: %x",
                    conv_isa(), type, y, (unsigned)p);
        }
    }
    conv_worker_free(worker);
    conv_plan_free(plan);
}

/* What only compares and exchanges, and finds the middle of all zeros and ones, finds the middle of
 * any numbers (Knuth, The Art of Computer Programming 3, 5.3.4). */
START_TEST(medians_of_nine_count_ones) {
    static float in[3][MEDIAN_WIDTH];
    const conv_type types[] = {CONV_U8, CONV_F32};
    const char *isa;
    for (int i = 0; i < 2; i++) {
        fill_patterns(in, types[i]);
        for (size_t k = 0; (isa = conv_isa_name(k)); k++) {
            ck_assert(conv_isa_choose(isa, NULL));
            check_patterns(in, types[i]);
        }
    }
}
END_TEST

START_TEST(instruction_sets_are_chosen_by_name) {
    ct_error err = {""};
    const char *name = conv_isa();
    ck_assert(!conv_isa_choose("mmx", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "mmx"));
    ck_assert_ptr_nonnull(strstr(err.text, "baseline"));
    ck_assert_str_eq(conv_isa(), name);
    ck_assert_str_eq(conv_isa_name(0), "baseline");
    ck_assert(conv_isa_choose("baseline", &err));
    ck_assert_str_eq(conv_isa(), "baseline");
}
END_TEST

TCase *conv_facts(void) {
    TCase *facts = tcase_create("facts");
    tcase_set_timeout(facts, 600);
    tcase_add_test(facts, borders_are_as_their_pictures);
    tcase_add_test(facts, samples_round_to_even_and_clamp);
    tcase_add_test(facts, range_is_of_the_finite);
    tcase_add_test(facts, whole_sums_are_exact_whatever_the_path);
    tcase_add_test(facts, sums_of_bytes_fit_whatever_the_order_of_signs);
    tcase_add_test(facts, paths_are_preferred_by_name);
    tcase_add_test(facts, angles_of_gray_are_not_those_of_rounding);
    tcase_add_test(facts, pooling_has_the_shapes_of_pytorch);
    tcase_add_test(facts, nan_is_counted_by_itself);
    tcase_add_test(facts, relu_keeps_nan);
    tcase_add_test(facts, nan_of_whole_numbers_is_counted);
    tcase_add_test(facts, impossible_stages_are_refused);
    tcase_add_test(facts, barriers_are_those_that_need_all_rows);
    tcase_add_test(facts, roots_after_pooling_are_those_before);
    tcase_add_test(facts, choices_are_of_the_stages_that_were_given);
    tcase_add_test(facts, a_worker_holds_some_rows_whatever_the_height);
    tcase_add_test(facts, large_outputs_are_whole);
    tcase_add_test(facts, medians_of_nine_count_ones);
    tcase_add_test(facts, instruction_sets_are_chosen_by_name);
    return facts;
}
