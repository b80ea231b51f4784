/* The flow: the same result for every number of jobs and band height, and errors get reported. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow/flow.h"
#include "flow_help.h"
#include "oracle.h"
#include "random_case.h"

/* Runs the case from memory to memory; the caller frees the result. */
static void *run_kept(const random_case *test, int jobs, int band, flow_keeper *keeper,
                      flow_report *report) {
    const codec_info in = flow_help_info(test->in, test->in_type);
    const codec_info out = flow_help_info(test->out, test->out_type);
    const size_t bytes = test->out_row_bytes * (size_t)test->out.height;
    ct_error err = {""};
    void *result = malloc(bytes);
    memset(result, 0x55, bytes);
    codec_reader *reader = codec_open_image(&in, test->samples, test->row_bytes, &err);
    codec_writer *writer = codec_create_image(&out, result, test->out_row_bytes, &err);
    ck_assert_msg(reader && writer, "%s", err.text);
    const flow_options options = {.jobs = jobs, .band = band, .alpha = -1, .keeper = keeper};
    const flow_job job = {.in = reader,
                          .stages = test->stages,
                          .count = test->count,
                          .out = writer,
                          .out_info = &out};
    char text[1024];
    ck_assert_msg(flow_run(&job, &options, report, &err), "%s: %s", err.text,
                  random_case_text(test, text));
    codec_close(reader);
    codec_writer_free(writer);
    return result;
}

static void *run_case(const random_case *test, int jobs, int band, flow_report *report) {
    return run_kept(test, jobs, band, NULL, report);
}

/* The rows in reverse: another image of the same kind. */
static void turn_over(random_case *test) {
    const size_t bytes = test->row_bytes;
    char *rows = (char *)test->samples, *spare = malloc(bytes);
    for (int y = 0; y < test->in.height / 2; y++) {
        char *a = rows + bytes * (size_t)y, *b = rows + bytes * (size_t)(test->in.height - 1 - y);
        memcpy(spare, a, bytes);
        memcpy(a, b, bytes);
        memcpy(b, spare, bytes);
    }
    free(spare);
}

/* What is kept for the next image changes nothing in it. */
START_TEST(kept_plans_change_nothing) {
    const uint64_t seed = random_seed();
    const int cases = random_count(150);
    char text[1024];
    flow_keeper *keeper = flow_keeper_new();
    for (int i = 0; i < cases; i++) {
        random_state r = random_start(seed, i);
        random_case test =
            random_case_new(&r, (random_wish){.barriers = i % 4 == 0, .max_side = 90});
        const size_t bytes = test.out_row_bytes * (size_t)test.out.height;
        const int band = i % 2 ? 7 : 0;
        flow_report report, kept;
        for (int k = 0; k < 4; k++) {
            const int jobs = (i + k / 2) % 3 + 1;
            void *expected = run_case(&test, jobs, band, &report);
            void *got = run_kept(&test, jobs, band, keeper, &kept);
            ck_assert_int_eq(kept.jobs, report.jobs);
            if (memcmp(got, expected, bytes) != 0) {
                ck_abort_msg("image %d, %d jobs, bands of %d: %s", k + 1, jobs, band,
                             random_case_text(&test, text));
            }
            free(expected);
            free(got);
            turn_over(&test);
        }
        flow_keeper_clear(keeper);
        random_case_free(&test);
    }
    flow_keeper_free(keeper);
}
END_TEST

START_TEST(jobs_and_bands_change_nothing) {
    static const int jobs[] = {1, 2, 3, 8}, bands[] = {1, 2, 7, 64};
    const uint64_t seed = random_seed();
    const int cases = random_count(150);
    char text[1024];
    for (int i = 0; i < cases; i++) {
        random_state r = random_start(seed, i);
        random_case test = random_case_new(&r, (random_wish){.barriers = true, .max_side = 90});
        const size_t bytes = test.out_row_bytes * (size_t)test.out.height;
        flow_report first, other;
        void *expected = run_case(&test, 0, 0, &first);
        for (int k = 0; k < 16; k++) {
            void *got = run_case(&test, jobs[k % 4], bands[k / 4], &other);
            if (memcmp(got, expected, bytes) != 0) {
                ck_abort_msg("%d jobs, bands of %d: %s", jobs[k % 4], bands[k / 4],
                             random_case_text(&test, text));
            }
            ck_assert_uint_eq(first.stats.samples, other.stats.samples);
            ck_assert_uint_eq(first.stats.negative, other.stats.negative);
            ck_assert_uint_eq(first.stats.above, other.stats.above);
            free(got);
        }
        free(expected);
        random_case_free(&test);
    }
}
END_TEST

static double sample_at(const random_case *test, const void *rows, size_t i) {
    switch (test->out_type) {
    case CONV_U8:
        return ((const uint8_t *)rows)[i];
    case CONV_U16:
        return ((const uint16_t *)rows)[i];
    default:
        return (double)((const float *)rows)[i];
    }
}

/* Chains with normalizing and wrapping anywhere, which only the flow can run. */
START_TEST(chains_with_barriers_equal_the_oracle) {
    const uint64_t seed = random_seed();
    const int cases = random_count(300);
    char text[1024];
    for (int i = 0; i < cases; i++) {
        random_state r = random_start(seed, 100000 + i);
        random_case test = random_case_new(&r, (random_wish){.barriers = true, .max_side = 40});
        flow_report report;
        void *got = run_case(&test, 2, 3, &report);
        oracle_image in = oracle_from(test.in, test.in_type, test.samples);
        oracle_image out = oracle_chain(test.stages, test.count, &in);
        const size_t n = (size_t)out.width * (size_t)out.height * (size_t)out.channels;
        const double most = test.out_type == CONV_U8 ? 255 : 65535;
        for (size_t k = 0; k < n; k++) {
            const double slack = ORACLE_TOLERANCE * out.scale[k] + 1e-6,
                         v = sample_at(&test, got, k);
            const bool whole = test.out_type != CONV_F32;
            const double low = out.value[k] - slack, high = out.value[k] + slack;
            const bool good = isnan(out.value[k]) ? whole ? v == 0 : isnan(v)
                              : whole
                                  ? v >= oracle_round(low, most) && v <= oracle_round(high, most)
                                  : v >= low && v <= high;
            if (!good && !(isinf(out.value[k]) && v == out.value[k])) {
                ck_abort_msg("sample %zu is %.9g, expected %.9g: %s", k, v, out.value[k],
                             random_case_text(&test, text));
            }
        }
        oracle_free(&in);
        oracle_free(&out);
        free(got);
        random_case_free(&test);
    }
}
END_TEST

/* ---- errors ---- */

enum { SIDE = 200 };

typedef struct short_sink {
    size_t left;
} short_sink;

static bool put_some(void *context, const void *bytes, size_t size, ct_error *err) {
    short_sink *sink = context;
    (void)bytes;
    if (size > sink->left) {
        return ct_fail(err, "the disk is full");
    }
    sink->left -= size;
    return true;
}

static const conv_stage stretch = {.op = CONV_NORMALIZE, .b = 255, .window.alpha = -1};

/* A PGM of SIDE x SIDE with `rows` rows in it, through `stages` into a sink of `room` bytes. */
static bool run_file(int rows, size_t room, const conv_stage *stages, int count,
                     flow_options options, bool *from_writer, ct_error *err) {
    static char file[32 + SIDE * SIDE];
    const int head = snprintf(file, 32, "P5 %d %d 255\n", SIDE, SIDE);
    memset(file + head, 7, SIDE * SIDE);
    const codec_limits limits = codec_default_limits();
    const codec_options how = codec_default_options();
    conv_shape shape = {SIDE, SIDE, 1};
    for (int i = 0; i < count; i++) {
        ck_assert(conv_stage_shape(&stages[i], shape, &shape, err));
    }
    const codec_info info = flow_help_info(shape, CONV_U8);
    int ends[2]; /* a pipe, whose length isn't known beforehand; it holds the whole file */
    ck_assert_int_eq(pipe(ends), 0);
    const size_t size = (size_t)head + (size_t)(rows * SIDE);
    ck_assert_int_eq(write(ends[1], file, size), (ssize_t)size);
    close(ends[1]);
    codec_reader *reader = codec_open(ends[0], &limits, err);
    ck_assert_msg(reader != NULL, "%s", err->text);
    short_sink sink = {room};
    codec_writer *writer = codec_create(codec_format_by_name("pgm"), &info, &how,
                                        (codec_sink){.put = put_some, .context = &sink}, err);
    flow_report report;
    const flow_job job = {
        .in = reader, .stages = stages, .count = count, .out = writer, .out_info = &info};
    const bool ok = writer && flow_run(&job, &options, &report, err);
    *from_writer = writer && report.from_writer;
    codec_writer_free(writer);
    codec_close(reader);
    close(ends[0]);
    return ok;
}

/* As many threads as there are bands, up to the limit. */
START_TEST(as_many_jobs_as_asked_for) {
    static uint8_t samples[2 * FLOW_MOST_JOBS * 2];
    static const conv_stage same = {.op = CONV_POINT, .point = CONV_ABS, .window.alpha = -1};
    const conv_shape shape = {2, 2 * FLOW_MOST_JOBS, 1};
    random_case test = {.in = shape, .out = shape, .samples = samples, .row_bytes = 2};
    test.out_row_bytes = 2;
    test.stages[test.count++] = same;
    flow_report report;
    free(run_case(&test, 300, 1, &report));
    ck_assert_int_eq(report.jobs, 300);
    free(run_case(&test, FLOW_MOST_JOBS + 1, 1, &report));
    ck_assert_int_eq(report.jobs, FLOW_MOST_JOBS);
}
END_TEST

START_TEST(errors_of_the_reader_arrive) {
    for (int jobs = 1; jobs <= 4; jobs++) {
        /* The box of stride 2 doesn't read the last row, but its absence must still be noticed. */
        for (int rows = 1; rows < SIDE; rows += rows < SIDE - 5 ? 65 : 1) {
            ct_error err = {""};
            bool from_writer = true;
            const flow_options options = {.jobs = jobs, .band = 8, .alpha = -1};
            ck_assert(!run_file(rows, SIZE_MAX, &flow_help_box, 1, options, &from_writer, &err));
            ck_assert(!from_writer);
            ck_assert_msg(strlen(err.text) > 5, "no message");
        }
        ct_error err = {""};
        bool from_writer = true;
        const flow_options options = {.jobs = jobs, .band = 8, .alpha = -1};
        ck_assert_msg(run_file(SIDE, SIZE_MAX, &flow_help_box, 1, options, &from_writer, &err),
                      "%s", err.text);
    }
}
END_TEST

START_TEST(errors_of_the_writer_arrive) {
    for (int jobs = 1; jobs <= 4; jobs++) {
        ct_error err = {""};
        bool from_writer = false;
        const flow_options options = {.jobs = jobs, .band = 8, .alpha = -1};
        ck_assert(!run_file(SIDE, SIDE * SIDE / 4, &flow_help_box, 1, options, &from_writer, &err));
        ck_assert(from_writer);
        ck_assert_str_eq(err.text, "the disk is full");
    }
}
END_TEST

START_TEST(a_job_can_be_cancelled) {
    const atomic_bool cancel = true;
    ct_error err = {""};
    bool from_writer = true;
    const flow_options options = {.jobs = 2, .alpha = -1, .cancel = &cancel};
    ck_assert(!run_file(SIDE, SIZE_MAX, &flow_help_box, 1, options, &from_writer, &err));
    ck_assert_str_eq(err.text, "interrupted");
}
END_TEST

/* flow_memory says beforehand what flow_run would. */
static void expect_refused(const conv_stage *stage, const flow_options *options, const char *said) {
    static uint8_t samples[SIDE * SIDE];
    const conv_shape in = {SIDE, SIDE, 1};
    conv_shape out;
    ct_error err = {""};
    ck_assert(conv_stage_shape(stage, in, &out, &err));
    const codec_info from = flow_help_info(in, CONV_U8), to = flow_help_info(out, CONV_U8);
    codec_reader *reader = codec_open_image(&from, samples, SIDE, &err);
    const flow_job job = {.in = reader, .stages = stage, .count = 1, .out_info = &to};
    uint64_t bytes;
    ck_assert(!flow_memory(&job, options, &bytes, &err));
    ck_assert_str_eq(err.text, said);
    codec_close(reader);
}

START_TEST(memory_is_limited) {
    ct_error err = {""};
    bool from_writer = true;
    flow_options options = {.jobs = 2, .alpha = -1, .memory = SIDE * SIDE * 4 - 1};
    ck_assert(!run_file(SIDE, SIZE_MAX, &stretch, 1, options, &from_writer, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "must be held in memory"));
    expect_refused(&stretch, &options, err.text);
    options.memory++;
    ck_assert_msg(run_file(SIDE, SIZE_MAX, &stretch, 1, options, &from_writer, &err), "%s",
                  err.text);
    options.memory = 500;
    ck_assert(!run_file(SIDE, SIZE_MAX, &flow_help_box, 1, options, &from_writer, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "the rows of the stages take"));
    expect_refused(&flow_help_box, &options, err.text);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("flow");
    TCase *tests = tcase_create("flow");
    tcase_add_test(tests, jobs_and_bands_change_nothing);
    tcase_add_test(tests, chains_with_barriers_equal_the_oracle);
    tcase_add_test(tests, kept_plans_change_nothing);
    tcase_add_test(tests, as_many_jobs_as_asked_for);
    tcase_add_test(tests, errors_of_the_reader_arrive);
    tcase_add_test(tests, errors_of_the_writer_arrive);
    tcase_add_test(tests, a_job_can_be_cancelled);
    tcase_add_test(tests, memory_is_limited);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
