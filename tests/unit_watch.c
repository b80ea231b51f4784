/* Watched rows: those of the chain up to there, each once and in order; nothing else changes. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/cut.h"
#include "flow/flow.h"
#include "flow_help.h"
#include "random_case.h"

/* What was seen at one place. */
typedef struct seen {
    conv_shape shape;
    int rows;
    float *image;
} seen;

static bool see(void *context, int y, int count, const float *rows, size_t stride, ct_error *err) {
    seen *s = context;
    const size_t bytes = conv_row_bytes(s->shape, CONV_F32);
    (void)err;
    ck_assert_int_eq(y, s->rows);
    ck_assert_int_le(y + count, s->shape.height);
    for (int i = 0; i < count; i++) {
        memcpy((char *)s->image + (size_t)(y + i) * bytes, (const char *)rows + (size_t)i * stride,
               bytes);
    }
    s->rows += count;
    return true;
}

/* Runs the first `count` stages from memory to memory. */
static void *run(const random_case *test, int count, conv_shape shape, conv_type type,
                 const flow_options *options, flow_report *report) {
    const codec_info in = flow_help_info(test->in, test->in_type);
    const codec_info out = flow_help_info(shape, type);
    const size_t bytes = conv_row_bytes(shape, type);
    ct_error err = {""};
    void *result = calloc((size_t)shape.height, bytes);
    codec_reader *reader = codec_open_image(&in, test->samples, test->row_bytes, &err);
    codec_writer *writer = codec_create_image(&out, result, bytes, &err);
    ck_assert_msg(reader && writer, "%s", err.text);
    const flow_job job = {
        .in = reader, .stages = test->stages, .count = count, .out = writer, .out_info = &out};
    char text[1024];
    ck_assert_msg(flow_run(&job, options, report, &err), "%s: %s", err.text,
                  random_case_text(test, text));
    codec_close(reader);
    codec_writer_free(writer);
    return result;
}

/* Whether two images of floats are the same, but for rounding; NaN is NaN. */
static bool alike(const float *a, const float *b, size_t n, double within) {
    float most = 0;
    for (size_t i = 0; i < n; i++) {
        most = isfinite(a[i]) && fabsf(a[i]) > most ? fabsf(a[i]) : most;
    }
    for (size_t i = 0; i < n; i++) {
        const bool same = a[i] == b[i] || (isnan(a[i]) && isnan(b[i]));
        if (!same && !(fabs((double)a[i] - (double)b[i]) <= within * (double)most)) {
            return false;
        }
    }
    return true;
}

/* The same paths for the stages that both chains have; the last of the shorter one may be computed
 * another way where nothing follows. */
static bool same_paths(const random_case *test, int count) {
    conv_choice whole[RANDOM_STAGES], part[RANDOM_STAGES];
    ct_error err;
    ck_assert(flow_choices(test->stages, test->count, test->in, test->in_type, whole, &err) &&
              flow_choices(test->stages, count, test->in, test->in_type, part, &err));
    for (int i = 0; i < count; i++) {
        if ((whole[i].path == NULL) != (part[i].path == NULL) ||
            (whole[i].path && strcmp(whole[i].path, part[i].path) != 0)) {
            return false;
        }
    }
    return true;
}

/* What flow_choices tells is what is run, so far as the report has room for it. */
static void check_choices(const random_case *test, const flow_report *report) {
    conv_choice choices[RANDOM_STAGES];
    char paths[1024] = "", text[1024];
    ct_error err;
    ck_assert(flow_choices(test->stages, test->count, test->in, test->in_type, choices, &err));
    for (int i = 0; i < test->count; i++) {
        const size_t used = strlen(paths);
        snprintf(paths + used, sizeof paths - used, "%s%s", used && choices[i].path ? ", " : "",
                 choices[i].path ? choices[i].path : "");
    }
    if (strlen(paths) < sizeof report->paths - 2 && strcmp(paths, report->paths) != 0) {
        ck_abort_msg("%s were told, %s run: %s", paths, report->paths,
                     random_case_text(test, text));
    }
}

/* At all places, or at some. */
static int choose_places(random_state *r, const random_case *test, seen *places,
                         flow_watch *watches) {
    conv_shape shape = test->in;
    int count = 0;
    const bool all = random_chance(r, 2);
    for (int i = 0; i <= test->count; i++) {
        if (i > 0) {
            ck_assert(conv_stage_shape(&test->stages[i - 1], shape, &shape, NULL));
        }
        if (all || random_chance(r, 2)) {
            const size_t bytes = conv_row_bytes(shape, CONV_F32) * (size_t)shape.height;
            places[count] = (seen){.shape = shape, .image = malloc(bytes)};
            watches[count] = (flow_watch){i, see, &places[count]};
            count++;
        }
    }
    return count;
}

static void check_places(const random_case *test, const seen *places, const flow_watch *watches,
                         int count) {
    char text[1024];
    for (int i = 0; i < count; i++) {
        const flow_options plain = {.alpha = -1, .jobs = 1};
        const conv_shape shape = places[i].shape;
        flow_report report;
        float *alone = run(test, watches[i].after, shape, CONV_F32, &plain, &report);
        const size_t n = (size_t)shape.width * (size_t)shape.height * (size_t)shape.channels;
        ck_assert_int_eq(places[i].rows, shape.height);
        const double within = same_paths(test, watches[i].after) ? 0 : 1e-5;
        if (!alike(alone, places[i].image, n, within)) {
            ck_abort_msg("after %d stages: %s", watches[i].after, random_case_text(test, text));
        }
        free(alone);
    }
}

START_TEST(watched_rows_are_those_of_the_chain_up_to_there) {
    const uint64_t seed = random_seed();
    const int cases = random_count(200);
    char text[1024];
    for (int i = 0; i < cases; i++) {
        random_state r = random_start(seed, i);
        random_case test =
            random_case_new(&r, (random_wish){.barriers = i % 3 == 0, .max_side = 90});
        seen places[RANDOM_STAGES + 1];
        flow_watch watches[RANDOM_STAGES + 1];
        const int count = choose_places(&r, &test, places, watches);
        const flow_options plain = {.alpha = -1, .jobs = 3, .band = random_chance(&r, 2) ? 7 : 0};
        flow_options watched = plain;
        watched.watches = watches;
        watched.watch_count = count;
        flow_report a, b;
        void *expected = run(&test, test.count, test.out, test.out_type, &plain, &a);
        void *got = run(&test, test.count, test.out, test.out_type, &watched, &b);
        if (memcmp(expected, got, test.out_row_bytes * (size_t)test.out.height) != 0) {
            ck_abort_msg("watching changed the result: %s", random_case_text(&test, text));
        }
        ck_assert_str_eq(a.paths, b.paths);
        check_choices(&test, &a);
        ck_assert_uint_eq(a.stats.samples, b.stats.samples);
        ck_assert_uint_eq(a.stats.above, b.stats.above);
        ck_assert_int_eq(a.band, b.band);
        check_places(&test, places, watches, count);
        for (int k = 0; k < count; k++) {
            free(places[k].image);
        }
        free(expected);
        free(got);
        random_case_free(&test);
    }
}
END_TEST

/* Fourier transforms serve only chains of integers: what a whole image becomes counts as well. */
START_TEST(choices_behind_the_whole_image_are_those_that_run) {
    enum { SIDE = 70, CELLS = 9 };
    static const struct {
        conv_op op;
        bool integers; /* makes them */
    } cases[] = {{CONV_OTSU, true}, {CONV_LINK, true}, {CONV_TURN, true}, {CONV_NORMALIZE, false}};
    uint8_t samples[SIDE * SIDE];
    double weights[CELLS * CELLS];
    random_state r = random_start(random_seed(), 5);
    for (int i = 0; i < SIDE * SIDE; i++) {
        samples[i] = (uint8_t)random_int(&r, 0, 255);
    }
    for (int i = 0; i < CELLS * CELLS; i++) {
        weights[i] = random_int(&r, -3, 3);
    }
    random_case test = {.in = {SIDE, SIDE, 1},
                        .out = {SIDE, SIDE, 1},
                        .in_type = CONV_U8,
                        .out_type = CONV_F32,
                        .count = 2,
                        .samples = samples,
                        .row_bytes = SIDE};
    test.stages[1] = (conv_stage){.op = CONV_CORRELATE, .kernels = 1, .weights = weights};
    test.stages[1].window = (conv_window){CELLS, CELLS, 1, 1,           1, 1, 4,  4,     4,
                                          4,     4,     4, CONV_MIRROR, 0, 0, -1, false, false};
    ck_assert(conv_path_prefer("fft", NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flow_options plain = {.alpha = -1, .jobs = 1};
        flow_report report;
        test.stages[0] = (conv_stage){
            .op = cases[i].op, .point = CONV_THRESHOLD, .b = 255, .turns = 1, .window.alpha = -1};
        free(run(&test, 2, test.out, CONV_F32, &plain, &report));
        check_choices(&test, &report);
        ck_assert_msg((strcmp(report.paths, "fft") == 0) == cases[i].integers, "%zu: %s", i,
                      report.paths);
    }
    ck_assert(conv_path_prefer(NULL, NULL));
}
END_TEST

static bool refuse(void *context, int y, int count, const float *rows, size_t stride,
                   ct_error *err) {
    (void)context, (void)count, (void)rows, (void)stride;
    return y < 20 || ct_fail(err, "row %d can't be taken", y);
}

/* A watch that fails ends the run with its error. */
START_TEST(a_watch_may_fail) {
    const conv_shape shape = {40, 100, 1};
    const codec_info in = flow_help_info(shape, CONV_U8), out = flow_help_info(shape, CONV_U8);
    char samples[4000] = "", result[4000];
    const conv_stage twice = {.op = CONV_POINT, .point = CONV_SCALE, .a = 2, .window.alpha = -1};
    ct_error err = {""};
    flow_report report;
    const flow_watch watch = {0, refuse, NULL};
    const flow_options options = {.alpha = -1, .jobs = 2, .watches = &watch, .watch_count = 1};
    codec_reader *reader = codec_open_image(&in, samples, 40, &err);
    codec_writer *writer = codec_create_image(&out, result, 40, &err);
    const flow_job job = {
        .in = reader, .stages = &twice, .count = 1, .out = writer, .out_info = &out};
    ck_assert(!flow_run(&job, &options, &report, &err));
    ck_assert_str_eq(err.text, "row 20 can't be taken");
    codec_close(reader);
    codec_writer_free(writer);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("watch");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 300);
    tcase_add_test(all, watched_rows_are_those_of_the_chain_up_to_there);
    tcase_add_test(all, choices_behind_the_whole_image_are_those_that_run);
    tcase_add_test(all, a_watch_may_fail);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
