/* The engine against the oracle, and against itself: instruction sets, bands, statistics. Links
 * only with src/conv and src/base. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conv_edges.h"
#include "conv_facts.h"
#include "conv_long.h"
#include "conv_points.h"
#include "engine_run.h"
#include "oracle.h"

static const random_wish any = {.max_side = 150}, exact = {.exact = true, .max_side = 150};
static const random_wish sums = {.max_side = 150, .sums = true},
                         exact_sums = {.exact = true, .max_side = 150, .sums = true},
                         wide_sums = {.max_side = 150, .sums = true, .wide = true};

/* ---- every instruction set against the oracle ---- */

static double sample_at(conv_type type, const void *samples, size_t i) {
    return type == CONV_U8    ? (double)((const uint8_t *)samples)[i]
           : type == CONV_U16 ? (double)((const uint16_t *)samples)[i]
                              : (double)((const float *)samples)[i];
}

static double maximum_of(conv_type type) {
    return type == CONV_U8 ? 255 : 65535;
}

/* `tolerance` times the scale is how far the engine may be from the oracle before it rounds. */
static uint64_t compared, skipped; /* samples */

static void compare(const random_case *test, const oracle_image *expected, const void *got,
                    double tolerance, const char *way) {
    const size_t n =
        (size_t)test->out.width * (size_t)test->out.height * (size_t)test->out.channels;
    char text[1024];
    for (size_t i = 0; i < n; i++) {
        const double v = expected->value[i], slack = tolerance * expected->scale[i];
        const double g = sample_at(test->out_type, got, i);
        compared++;
        if (slack == INFINITY || isnan(slack)) { /* on the step of a threshold or an angle */
            skipped++;
            continue;
        }
        const bool floats = test->out_type == CONV_F32;
        const double most = maximum_of(test->out_type);
        const double low = floats ? v - slack - 1e-30 : oracle_round(v - slack, most);
        const double high = floats ? v + slack + 1e-30 : oracle_round(v + slack, most);
        require(g >= low && g <= high, "%s: sample %zu is %.9g, expected %.9g (%.3g): %s", way, i,
                g, v, slack, random_case_text(test, text));
    }
}

/* The counts must lie between what is certain and what is possible. */
static void compare_stats(const random_case *test, const oracle_image *expected, const void *got,
                          int alpha, double tolerance, const conv_stats *stats) {
    const size_t channels = (size_t)test->out.channels;
    const size_t n = (size_t)test->out.width * (size_t)test->out.height * channels;
    char text[1024];
    uint64_t samples = 0, negative[2] = {0}, above[2] = {0};
    double min = (double)INFINITY, max = -(double)INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (alpha >= 0 && i % channels == (size_t)alpha) {
            continue;
        }
        const double v = expected->value[i];
        const double slack = tolerance > 0 ? tolerance * expected->scale[i] : 0;
        const double limit = maximum_of(test->out_type) + 0.5;
        samples++;
        negative[0] += v + slack < -0.5;
        negative[1] += !(v - slack >= -0.5);
        above[0] += v - slack >= limit;
        above[1] += !(v + slack < limit);
        const double g = sample_at(test->out_type, got, i);
        min = g < min ? g : min; /* GCC 12 for aarch64 crashes on fmin here */
        max = g > max ? g : max;
    }
    ck_assert_uint_eq(stats->samples, samples);
    if (test->out_type == CONV_F32) {
        require(samples == 0 || ((double)stats->min == min && (double)stats->max == max),
                "range %g..%g, expected %g..%g: %s", (double)stats->min, (double)stats->max, min,
                max, random_case_text(test, text));
        return;
    }
    require(stats->negative >= negative[0] && stats->negative <= negative[1], "alpha %d: %s", alpha,
            random_case_text(test, text));
    ck_assert_uint_ge(stats->above, above[0]);
    ck_assert_uint_le(stats->above, above[1]);
}

/* Between instruction sets: 1e-5, before rounding. */
static void compare_variants(const random_case *test, const oracle_image *scale, const float *a,
                             const float *b, const char *isa) {
    const size_t n =
        (size_t)test->out.width * (size_t)test->out.height * (size_t)test->out.channels;
    char text[1024];
    for (size_t i = 0; i < n && test->out_type == CONV_F32; i++) {
        const double slack = ORACLE_STRICTEST * scale->scale[i];
        require(!(fabs((double)a[i] - (double)b[i]) > slack),
                "sample %zu: baseline %.9g, %s %.9g: %s", i, (double)a[i], isa, (double)b[i],
                random_case_text(test, text));
    }
}

/* Paths whose errors are proportional to the image's largest products, not to a pixel's own. */
static bool is_rough(const conv_choice *choice) {
    return choice && (strcmp(choice->path, "fft") == 0 || strcmp(choice->path, "low-rank") == 0);
}

/* The most that rounding can leave of the stage's gradients that are 0, or somewhat more: before an
 * angle is taken, the engine makes such gradients 0. */
static double flat_gradient(const random_case *test, int i) {
    const conv_stage *stage = &test->stages[i];
    const int cells = stage->window.width * stage->window.height;
    const conv_samples before = conv_samples_after(test->stages, i, conv_samples_of(test->in_type));
    double most = 0;
    for (int kernel = 0; kernel < 2; kernel++) {
        double sum = 0;
        for (int k = 0; k < cells; k++) {
            sum += fabs(stage->weights[kernel * cells + k]);
        }
        most = fmax(most, sum);
    }
    return 4 * most * before.noise;
}

/* Widens what the angles of short gradients may be. */
static void allow_flat(const random_case *test, int i, const oracle_image *before,
                       oracle_image *angles) {
    conv_stage stage = test->stages[i];
    if (stage.op != CONV_GRADIENT || stage.gradient != CONV_ANGLE) {
        return;
    }
    const double flat = flat_gradient(test, i), tau = 2 * acos(-1);
    stage.gradient = CONV_X;
    oracle_image x = oracle_stage(&stage, before);
    stage.gradient = CONV_Y;
    oracle_image y = oracle_stage(&stage, before);
    for (int k = 0; k < x.width * x.height * x.channels; k++) {
        const double length = hypot(x.value[k], y.value[k]);
        const bool near_a_turn = x.value[k] > 0 && fabs(y.value[k]) <= flat;
        if (flat > 0 && (length <= flat || near_a_turn)) {
            angles->scale[k] = INFINITY;
        } else if (flat > 0) {
            angles->scale[k] +=
                asin(flat / length) / tau * fabs((double)stage.b) / ORACLE_STRICTEST;
        }
    }
    oracle_free(&x);
    oracle_free(&y);
}

static oracle_image expect(const random_case *test, const oracle_image *in) {
    conv_plan *plan =
        conv_plan_new(test->stages, test->count, test->in, test->in_type, test->out_type, NULL);
    oracle_image image = oracle_chain(test->stages, 0, in);
    ck_assert_ptr_nonnull(plan);
    for (int i = 0; i < test->count; i++) {
        oracle_image next = oracle_stage(&test->stages[i], &image);
        const int n = next.width * next.height * next.channels;
        double most = 0;
        for (int k = 0; k < n && is_rough(conv_plan_choice(plan, i)); k++) {
            most = fmax(most, next.scale[k]);
        }
        for (int k = 0; k < n && most > 0; k++) {
            next.scale[k] = fmax(next.scale[k], most);
        }
        allow_flat(test, i, &image, &next);
        oracle_free(&image);
        image = next;
    }
    conv_plan_free(plan);
    return image;
}

/* How many cases had a stage that took the requested path. */
static int served;

static void count_served(const random_case *test, const conv_plan *plan, const char *path) {
    for (int i = 0; path && i < test->count; i++) {
        const conv_choice *choice = conv_plan_choice(plan, i);
        if (choice && strcmp(choice->path, path) == 0) {
            served++;
            return;
        }
    }
}

static void check_case(random_case *test, int alpha, double tolerance, const char *path) {
    oracle_image in = oracle_from(test->in, test->in_type, test->samples);
    oracle_image expected = expect(test, &in);
    ck_assert_int_eq(expected.width, test->out.width);
    ck_assert_int_eq(expected.height, test->out.height);
    ck_assert_int_eq(expected.channels, test->out.channels);
    void *first = NULL;
    const char *isa;
    char text[1024];
    for (size_t i = 0; (isa = conv_isa_name(i)); i++) {
        ck_assert(conv_isa_choose(isa, NULL));
        ck_assert_str_eq(conv_isa(), isa);
        engine e = engine_new(test);
        count_served(test, e.plan, path);
        conv_stats stats;
        void *got = engine_image(&e, alpha, &stats);
        char way[64];
        const conv_choice *choice = test->count ? conv_plan_choice(e.plan, 0) : NULL;
        snprintf(way, sizeof way, "%s, %s", isa, choice ? choice->path : "no window");
        compare(test, &expected, got, tolerance, way);
        compare_stats(test, &expected, got, alpha, tolerance, &stats);
        if (test->out_type == CONV_U8) { /* with alpha, everything is rounded from floats */
            void *same = engine_image(&e, alpha >= 0 ? -1 : 0, &stats);
            require(memcmp(got, same, test->out_row_bytes * (size_t)test->out.height) == 0,
                    "%s: other bytes %s alpha: %s", isa, alpha >= 0 ? "without" : "with",
                    random_case_text(test, text));
            free(same);
        }
        if (first) {
            compare_variants(test, &expected, first, got, isa);
            free(got);
        } else {
            first = got;
        }
        engine_free(&e);
    }
    free(first);
    oracle_free(&expected);
    oracle_free(&in);
}

/* Cases `from` to from + count - 1. `path`: the requested one, or NULL. */
static void check_cases(int from, int count, random_wish wish, double tolerance, const char *path) {
    const uint64_t seed = random_seed();
    for (int i = from; i < from + count; i++) {
        random_state r = random_start(seed, i);
        random_case test = random_case_new(&r, wish);
        const int alpha = random_chance(&r, 3) ? test.out.channels - 1 : -1;
        check_case(&test, alpha, tolerance, path);
        random_case_free(&test);
    }
}

START_TEST(every_instruction_set_agrees_with_the_oracle) {
    check_cases(0, random_count(4000), any, ORACLE_TOLERANCE, NULL);
    ck_assert_msg(skipped <= compared / 20, "%llu of %llu samples weren't compared",
                  (unsigned long long)skipped, (unsigned long long)compared);
}
END_TEST

START_TEST(whole_numbers_are_exact) {
    check_cases(0, random_count(4000), exact, 0, NULL);
}
END_TEST

/* ---- every path that can serve a sum ---- */

/* Whether the path computes sums over one kernel. */
static bool is_for_sums(const char *path) {
    static const char *const others[] = {"gradient", "compass",   "median", "pool",  "nearest",
                                         "layer",    "depthwise", "crop",   "resize"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strncmp(path, others[i], strlen(others[i])) == 0) {
            return false;
        }
    }
    return true;
}

/* With few cases a path may have none that it serves: then more are drawn. */
static void check_path(const char *path) {
    const int count = random_count(1000);
    served = 0;
    for (int from = 0; from == 0 || (served == 0 && from < 4000); from += count) {
        if (is_for_sums(path)) {
            check_cases(from, count, sums, ORACLE_TOLERANCE, path);
            check_cases(from, count, exact_sums, 0, path);
            check_cases(from, count / 10, wide_sums, ORACLE_TOLERANCE, path); /* blocks */
        } else {
            check_cases(from, count, any, ORACLE_TOLERANCE, path);
        }
    }
    require(served > 0, "no case was computed by %s", path);
}

START_TEST(every_path_agrees_with_the_oracle) {
    const char *path;
    for (size_t i = 0; (path = conv_path_name(i)); i++) {
        ck_assert(conv_path_prefer(path, NULL));
        check_path(path);
    }
    conv_path_prefer(NULL, NULL);
}
END_TEST

/* ---- boxes where sums of columns outgrow 15 bits, of pixels of 1 to 5 channels ---- */

/* A white and noisy image under a box that is wider than a register. For float output its weights
 * are whole numbers, so that everything is exact. With columns more than 4 samples apart there are
 * no sliding sums. */
static void check_box(int height, int apart, int channels, bool bytes_out) {
    enum { WIDTH = 150, REST = 20 };
    double *weights = malloc(19 * (size_t)height * sizeof *weights);
    random_case test = {.in = {WIDTH, height + REST, channels},
                        .in_type = CONV_U8,
                        .out_type = bytes_out ? CONV_U8 : CONV_F32,
                        .count = 1,
                        .stages = {{.op = CONV_CORRELATE,
                                    .kernels = 1,
                                    .weights = weights,
                                    .window = {.width = 19,
                                               .height = height,
                                               .stride_x = 1,
                                               .stride_y = 1,
                                               .dilation_x = apart,
                                               .dilation_y = 1,
                                               .border = CONV_MIRROR,
                                               .alpha = -1}}},
                        .row_bytes = (size_t)(WIDTH * channels)};
    const size_t size = test.row_bytes * (size_t)test.in.height;
    uint8_t *samples = malloc(size);
    ck_assert(weights && samples);
    for (int i = 0; i < 19 * height; i++) {
        weights[i] = bytes_out ? 1.0 / (19 * height) : 1;
    }
    random_state r = random_start(random_seed(), height + apart + channels);
    for (size_t i = 0; i < size; i++) { /* mostly white, so that sums are as large as possible */
        samples[i] = random_chance(&r, 50) ? (uint8_t)random_int(&r, 0, 255) : 255;
    }
    test.samples = samples;
    ck_assert(conv_stage_shape(&test.stages[0], test.in, &test.out, NULL));
    test.out_row_bytes = (size_t)(test.out.width * channels) * random_type_size(test.out_type);
    check_case(&test, -1, bytes_out ? ORACLE_TOLERANCE : 0, NULL);
    free(weights);
    free(samples);
}

START_TEST(tall_boxes_are_exact) {
    static const int heights[] = {16, 128, 129, 255};
    ck_assert(conv_path_prefer("box-bytes", NULL));
    for (size_t i = 0; i < sizeof heights / sizeof heights[0]; i++) {
        for (int channels = 1; channels <= 5; channels++) {
            check_box(heights[i], 1, channels, false);
            check_box(heights[i], 1, channels, true);
        }
        check_box(heights[i], 2, 1, false);
        check_box(heights[i], 3, 1, true);
    }
    conv_path_prefer(NULL, NULL);
}
END_TEST

/* ---- as many channels as there may be ---- */

START_TEST(pixels_of_4096_channels) {
    enum {
        WIDTH = 4,
        HEIGHT = 3,
        CHANNELS = CONV_MAX_CHANNELS,
        SAMPLES = WIDTH * HEIGHT * CHANNELS
    };
    static const conv_window window = {.width = 3,
                                       .height = 3,
                                       .stride_x = 1,
                                       .stride_y = 1,
                                       .dilation_x = 1,
                                       .dilation_y = 1,
                                       .left = 1,
                                       .right = 1,
                                       .top = 1,
                                       .bottom = 1,
                                       .border = CONV_MIRROR,
                                       .alpha = -1};
    static const double blur[9] = {1, 2, 1, 2, 4, 2, 1, 2, 1};
    static double layer[2 * CHANNELS * 9];
    static uint8_t samples[SAMPLES];
    random_state r = random_start(random_seed(), CHANNELS);
    for (size_t i = 0; i < sizeof layer / sizeof layer[0]; i++) {
        layer[i] = random_int(&r, -2, 2);
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        samples[i] = (uint8_t)random_int(&r, 0, 255);
    }
    const conv_stage stages[] = {
        {.op = CONV_CORRELATE, .kernels = 1, .weights = blur, .window = window},
        {.op = CONV_POOL, .pool = CONV_POOL_MAX, .window = window},
        {.op = CONV_LAYER, .filters = 2, .weights = layer, .window = window},
    };
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        random_case test = {.in = {WIDTH, HEIGHT, CHANNELS},
                            .in_type = CONV_U8,
                            .out_type = CONV_F32,
                            .count = 1,
                            .stages = {stages[i]},
                            .samples = samples,
                            .row_bytes = (size_t)WIDTH * CHANNELS};
        ck_assert(conv_stage_shape(&stages[i], test.in, &test.out, NULL));
        test.out_row_bytes = (size_t)test.out.width * (size_t)test.out.channels * sizeof(float);
        check_case(&test, -1, 0, NULL); /* whole numbers: exact */
    }
}
END_TEST

/* ---- bands ---- */

/* Cuts the output at random into bands; `shuffled` computes them in any order. */
static void run_partition(engine *e, random_state *r, bool reuse, bool shuffled, char *out,
                          conv_stats *stats) {
    const int height = e->test->out.height;
    const size_t room = ((size_t)height + 1) * sizeof(int);
    int *cut = malloc(room), *order = malloc(room), cuts = 0;
    conv_worker *worker = conv_worker_new(e->plan, -1);
    ck_assert(cut && order && worker);
    conv_stats_none(stats);
    for (int y = 0; y < height; y += random_int(r, 1, random_chance(r, 2) ? 3 : height)) {
        cut[cuts] = y;
        order[cuts] = cuts;
        cuts++;
    }
    cut[cuts] = height;
    for (int i = cuts - 1; shuffled && i > 0; i--) {
        const int k = random_int(r, 0, i), band = order[i];
        order[i] = order[k];
        order[k] = band;
    }
    for (int i = 0; i < cuts; i++) {
        const int first = cut[order[i]], end = cut[order[i] + 1];
        if (!reuse) {
            conv_worker_free(worker);
            worker = conv_worker_new(e->plan, -1);
            ck_assert_ptr_nonnull(worker);
        }
        engine_run(e, worker, first, end, out + (size_t)first * e->test->out_row_bytes, stats);
    }
    conv_worker_free(worker);
    free(cut);
    free(order);
}

static void check_bands(int count, random_wish wish) {
    const uint64_t seed = random_seed();
    for (int i = 0; i < count; i++) {
        random_state r = random_start(seed, 100000 + i);
        random_case test = random_case_new(&r, wish);
        const size_t size = test.out_row_bytes * (size_t)test.out.height;
        engine e = engine_new(&test);
        conv_stats whole, parts;
        char text[1024];
        void *expected = engine_image(&e, -1, &whole);
        char *got = malloc(size);
        ck_assert_ptr_nonnull(got);
        for (int way = 0; way < 4; way++) {
            memset(got, 0xCC, size);
            run_partition(&e, &r, way & 1, way & 2, got, &parts);
            require(memcmp(got, expected, size) == 0, "way %d: %s", way,
                    random_case_text(&test, text));
            ck_assert_uint_eq(parts.samples, whole.samples);
            ck_assert_uint_eq(parts.negative, whole.negative);
            ck_assert_uint_eq(parts.above, whole.above);
            ck_assert(parts.min == whole.min && parts.max == whole.max);
        }
        free(got);
        free(expected);
        engine_free(&e);
        random_case_free(&test);
    }
}

START_TEST(bands_change_nothing) {
    check_bands(random_count(3000), any);
    const char *path;
    for (size_t i = 0; (path = conv_path_name(i)); i++) {
        ck_assert(conv_path_prefer(path, NULL));
        check_bands(random_count(500), sums);
    }
    conv_path_prefer(NULL, NULL);
}
END_TEST

int main(void) {
    printf("seed: CONVTOOL_SEED=%llu\n", (unsigned long long)random_seed());
    TCase *random = tcase_create("random");
    tcase_set_timeout(random, 600);
    tcase_add_test(random, every_instruction_set_agrees_with_the_oracle);
    tcase_add_test(random, whole_numbers_are_exact);
    tcase_add_test(random, every_path_agrees_with_the_oracle);
    tcase_add_test(random, tall_boxes_are_exact);
    tcase_add_test(random, pixels_of_4096_channels);
    tcase_add_test(random, bands_change_nothing);
    Suite *suite = suite_create("conv");
    suite_add_tcase(suite, conv_facts());
    suite_add_tcase(suite, conv_long());
    suite_add_tcase(suite, conv_points());
    suite_add_tcase(suite, conv_edges());
    suite_add_tcase(suite, random);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
