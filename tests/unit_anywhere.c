/* The flow where threads decode and write side by side: the same as in order, and the same error.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "codec/format.h"
#include "flow/flow.h"
#include "flow_help.h"
#include "random_case.h"

/* ---- a reader and a writer for rows in any order ---- */

/* An image in memory whose rows are decoded in groups. */
typedef struct grouped {
    const char *rows;
    int step;          /* 0: in order only */
    int bad;           /* the first row that can't be read, and then every 7th; -1: none */
    int slow;          /* rows before it take a while; 0: none */
    atomic_int *begun; /* counts groups; the first two wait for each other. NULL: nobody waits */
    bool ended;
} grouped;

static void rest(void) {
    const struct timespec while_others_work = {.tv_nsec = 300000};
    nanosleep(&while_others_work, NULL);
}

/* Waits, but not for ever, until two groups are being read. */
static bool meet(atomic_int *begun, ct_error *err) {
    enum { PATIENCE = 5000 }; /* rests: 2 s */
    atomic_fetch_add(begun, 1);
    for (int i = 0; i < PATIENCE && atomic_load(begun) < 2; i++) {
        rest();
    }
    return atomic_load(begun) >= 2 || ct_fail(err, "no two groups are read at once");
}

static bool read_one(const codec_reader *reader, int y, void *row, ct_error *err) {
    const grouped *g = reader->state;
    const size_t bytes = codec_row_bytes(&reader->info);
    if (g->bad >= 0 && y >= g->bad && (y - g->bad) % 7 == 0) {
        return ct_fail(err, "row %d is bad", y);
    }
    memcpy(row, g->rows + bytes * (size_t)y, bytes);
    return true;
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    return read_one(reader, reader->next_row, row, err);
}

static int step_of(codec_reader *reader, int threads) {
    (void)threads;
    return ((const grouped *)reader->state)->step;
}

static int most_step_of(const codec_reader *reader, int threads) {
    (void)threads;
    return ((const grouped *)reader->state)->step;
}

static bool read_at(const codec_reader *reader, int first, int count, void *rows, size_t stride,
                    ct_error *err) {
    const grouped *g = reader->state;
    const int end = first + count;
    if (first % g->step || count <= 0 || (end % g->step && end != reader->info.height)) {
        return ct_fail(err, "rows %d to %d aren't whole groups of %d", first, end - 1, g->step);
    }
    if (first < g->slow) {
        rest();
    }
    if (g->begun && !meet(g->begun, err)) {
        return false;
    }
    for (int y = first; y < end; y++) {
        if (!read_one(reader, y, (char *)rows + stride * (size_t)(y - first), err)) {
            return false;
        }
    }
    return true;
}

static void read_end(codec_reader *reader) {
    ((grouped *)reader->state)->ended = true;
}

static void close_grouped(codec_reader *reader) {
    (void)reader;
}

static const codec_decoder grouped_decoder = {.read_row = read_row,
                                              .close = close_grouped,
                                              .step = step_of,
                                              .most_step = most_step_of,
                                              .read_at = read_at,
                                              .read_end = read_end};

static codec_reader *open_grouped(grouped *g, codec_info info) {
    codec_reader *reader = codec_reader_new(NULL, NULL);
    ck_assert_ptr_nonnull(reader);
    reader->decoder = &grouped_decoder;
    reader->format = "memory";
    reader->info = info;
    reader->state = g;
    return reader;
}

/* Puts rows where they belong; `most` of them, then the disk is full. */
typedef struct placed {
    char *rows;
    atomic_int count;
    int most;
} placed;

static bool put_rows(const codec_writer *writer, int first, int count, const void *rows,
                     size_t stride, ct_error *err) {
    placed *p = writer->state;
    const size_t bytes = codec_row_bytes(&writer->info);
    if (atomic_fetch_add(&p->count, count) + count > p->most) {
        return ct_fail(err, "the disk is full");
    }
    for (int y = 0; y < count; y++) {
        memcpy(p->rows + bytes * (size_t)(first + y), (const char *)rows + stride * (size_t)y,
               bytes);
    }
    return true;
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    (void)packed;
    return put_rows(writer, writer->next_row, count, rows, stride, err);
}

static bool finish_placed(codec_writer *writer, ct_error *err) {
    (void)writer;
    (void)err;
    return true;
}

static bool put_nothing(void *context, uint64_t offset, const void *bytes, size_t size,
                        ct_error *err) {
    (void)context;
    (void)offset;
    (void)bytes;
    (void)size;
    return ct_fail(err, "nobody asked for this");
}

static const codec_encoder placed_encoder = {
    .write = write_rows, .write_at = put_rows, .finish = finish_placed};

static codec_writer make_placed(placed *p, codec_info info, bool anywhere) {
    return (codec_writer){.encoder = &placed_encoder,
                          .info = info,
                          .state = p,
                          .sink.put_at = anywhere ? put_nothing : NULL};
}

/* ---- the same results ---- */

typedef struct run {
    int step; /* of the reader; 0: rows in order */
    bool anywhere;
    int bad, slow, most; /* of the reader and the writer; most 0: all */
    atomic_int *begun;
    flow_options options;
    flow_report report;
    bool ended;
} run;

/* The result, which the caller frees; NULL with an error. */
static char *run_case(const random_case *test, run *how, ct_error *err) {
    const codec_info in = flow_help_info(test->in, test->in_type);
    const codec_info out = flow_help_info(test->out, test->out_type);
    const size_t bytes = test->out_row_bytes * (size_t)test->out.height;
    grouped g = {.rows = test->samples,
                 .step = how->step,
                 .bad = how->bad,
                 .slow = how->slow,
                 .begun = how->begun};
    placed p = {.rows = malloc(bytes), .most = how->most ? how->most : test->out.height};
    ck_assert_ptr_nonnull(p.rows);
    memset(p.rows, 0x55, bytes);
    codec_reader *reader = open_grouped(&g, in);
    codec_writer writer = make_placed(&p, out, how->anywhere);
    how->options.alpha = -1;
    const flow_job job = {.in = reader,
                          .stages = test->stages,
                          .count = test->count,
                          .out = &writer,
                          .out_info = &out};
    const bool ok = flow_run(&job, &how->options, &how->report, err);
    how->ended = g.ended;
    codec_close(reader);
    if (!ok) {
        free(p.rows);
        return NULL;
    }
    ck_assert_int_eq(atomic_load(&p.count), test->out.height);
    return p.rows;
}

static void expect_same(const random_case *test, run *how, const run *first, const char *expected) {
    char text[1024];
    ct_error err = {""};
    char *got = run_case(test, how, &err);
    if (!got || memcmp(got, expected, test->out_row_bytes * (size_t)test->out.height) != 0) {
        ck_abort_msg("groups of %d, %d jobs, bands of %d: %s%s%s", how->step, how->options.jobs,
                     how->options.band, err.text, got ? "" : ": ", random_case_text(test, text));
    }
    ck_assert_uint_eq(how->report.stats.samples, first->report.stats.samples);
    ck_assert_uint_eq(how->report.stats.above, first->report.stats.above);
    ck_assert(!how->ended || how->step > 0);
    free(got);
}

START_TEST(any_order_changes_nothing) {
    static const int jobs[] = {2, 3, 8}, bands[] = {0, 1, 2, 7, 64};
    const uint64_t seed = random_seed();
    const int cases = random_count(150);
    int side_by_side = 0;
    flow_keeper *keeper = flow_keeper_new();
    for (int i = 0; i < cases; i++) {
        random_state r = random_start(seed, 200000 + i);
        random_case test =
            random_case_new(&r, (random_wish){.barriers = random_chance(&r, 4), .max_side = 90});
        ct_error err = {""};
        run first = {.bad = -1, .options = {.jobs = 1}};
        char *expected = run_case(&test, &first, &err);
        ck_assert_msg(expected != NULL, "%s", err.text);
        for (int k = 0; k < 8; k++) {
            run how = {.step = random_int(&r, 0, 12), .anywhere = k % 2, .bad = -1};
            how.slow = random_chance(&r, 8) ? random_int(&r, 0, test.in.height) : 0;
            how.options.jobs = jobs[random_int(&r, 0, 2)];
            how.options.band = bands[random_int(&r, 0, 4)];
            expect_same(&test, &how, &first, expected);
            side_by_side += how.ended;
            /* With what is kept of other groups. */
            how.options.jobs = 3;
            how.options.band = 2;
            how.options.keeper = keeper;
            expect_same(&test, &how, &first, expected);
        }
        flow_keeper_clear(keeper);
        free(expected);
        random_case_free(&test);
    }
    ck_assert_int_gt(side_by_side, cases * 2); /* of 8: one band is for one thread */
    flow_keeper_free(keeper);
}
END_TEST

/* ---- high groups, and errors ---- */

enum { SIDE = 200 };

/* The box of stride 2, which doesn't look at the last row, over a square. */
static random_case make_square(void) {
    random_case test = {.in = {SIDE, SIDE, 1}, .row_bytes = SIDE};
    test.samples = calloc(SIDE, SIDE);
    ck_assert_ptr_nonnull(test.samples);
    test.stages[test.count++] = flow_help_box;
    ck_assert(conv_stage_shape(&flow_help_box, test.in, &test.out, NULL));
    test.out_row_bytes = SIDE;
    return test;
}

/* Whatever groups the image before had, an image whose groups can be read side by side is. */
START_TEST(kept_windows_take_other_groups) {
    static const int steps[] = {0, 5, 0, 1, 7, 7, 0, 1, 0, 3};
    const random_case test = make_square();
    flow_keeper *keeper = flow_keeper_new();
    ct_error err = {""};
    run first = {.bad = -1, .options = {.jobs = 1}};
    char *expected = run_case(&test, &first, &err);
    ck_assert_ptr_nonnull(expected);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        run how = {.step = steps[i], .bad = -1};
        how.options = (flow_options){.jobs = 3, .band = 3, .keeper = keeper};
        expect_same(&test, &how, &first, expected);
        ck_assert_int_eq(how.ended, how.step > 0);
    }
    free(expected);
    free(test.samples);
    flow_keeper_free(keeper);
}
END_TEST

/* Where a group has the rows of many bands, a thread whose band is in it doesn't wait for it, but
 * reads the next. */
START_TEST(two_groups_are_read_at_once) {
    const random_case test = make_square();
    for (int jobs = 2; jobs <= 4; jobs++) {
        ct_error err = {""};
        atomic_int begun = 0;
        run how = {.step = 50, .bad = -1, .begun = &begun, .anywhere = true};
        how.options = (flow_options){.jobs = jobs, .band = 2};
        char *got = run_case(&test, &how, &err);
        ck_assert_msg(got != NULL, "%s", err.text);
        free(got);
    }
    free(test.samples);
}
END_TEST

/* Where the groups of all threads would take more than 32 MiB, the window has room for a few. */
START_TEST(few_groups_are_alive_where_they_are_large) {
    static const conv_stage same = {.op = CONV_POINT, .point = CONV_ABS, .window.alpha = -1};
    const conv_shape shape = {1 << 19, 100, 1};
    random_case test = {.in = shape, .out = shape, .row_bytes = (size_t)shape.width};
    const size_t bytes = test.row_bytes * (size_t)shape.height;
    test.out_row_bytes = test.row_bytes;
    test.stages[test.count++] = same;
    uint32_t *samples = malloc(bytes);
    ck_assert_ptr_nonnull(samples);
    for (size_t i = 0; i < bytes / sizeof *samples; i++) {
        samples[i] = (uint32_t)i * 2654435761U;
    }
    test.samples = (void *)samples;
    for (int step = 8; step <= 99; step += 91) {
        ct_error err = {""};
        run how = {.step = step, .bad = -1, .anywhere = true};
        how.options = (flow_options){.jobs = 16, .band = 1};
        char *got = run_case(&test, &how, &err);
        ck_assert_msg(got != NULL, "%s", err.text);
        ck_assert(how.ended && memcmp(got, samples, bytes) == 0);
        free(got);
    }
    free(samples);
}
END_TEST

/* What is asked for beforehand is what is needed: with a byte less rows come in order. */
START_TEST(memory_for_groups_is_counted) {
    const random_case test = make_square();
    const codec_info in = flow_help_info(test.in, test.in_type),
                     out = flow_help_info(test.out, test.out_type);
    for (int step = 0; step < 30; step += 29) {
        ct_error err = {""};
        grouped g = {.rows = test.samples, .step = step, .bad = -1};
        codec_reader *reader = open_grouped(&g, in);
        const flow_job job = {.in = reader, .stages = test.stages, .count = 1, .out_info = &out};
        run how = {.step = step, .bad = -1, .options = {.jobs = 3, .band = 4, .alpha = -1}};
        uint64_t bytes;
        ck_assert(flow_memory(&job, &how.options, &bytes, &err));
        const uint64_t packed = (uint64_t)2 * 3 * 4 * SIDE;
        how.options.memory = bytes - packed;
        char *got = run_case(&test, &how, &err);
        ck_assert_msg(got && how.report.jobs == 3 && how.ended == (step > 0), "%s", err.text);
        free(got);
        how.options.memory--;
        got = run_case(&test, &how, &err);
        ck_assert_msg(got && !how.ended, "%s", err.text);
        ck_assert_int_eq(how.report.jobs, step ? 3 : 2);
        free(got);
        codec_close(reader);
    }
    free(test.samples);
}
END_TEST

/* Where many rows can't be read, the error is that of the first, though others fail sooner. */
START_TEST(the_error_is_that_of_the_lowest_row) {
    const random_case test = make_square();
    char expected[32];
    for (int bad = 0; bad < SIDE; bad += bad < SIDE - 20 ? 23 : 1) {
        snprintf(expected, sizeof expected, "row %d is bad", bad);
        for (int step = 0; step < 6; step++) {
            ct_error err = {""};
            run how = {.step = step, .bad = bad, .slow = bad + 1, .anywhere = true};
            how.options = (flow_options){.jobs = 2 + step, .band = 2};
            ck_assert_ptr_null(run_case(&test, &how, &err));
            ck_assert_str_eq(err.text, expected);
            ck_assert(!how.report.from_writer && !how.ended);
        }
    }
    free(test.samples);
}
END_TEST

START_TEST(errors_of_the_writer_arrive) {
    const random_case test = make_square();
    for (int jobs = 1; jobs <= 8; jobs++) {
        ct_error err = {""};
        run how = {.step = 1, .bad = -1, .most = SIDE / 4, .anywhere = true};
        how.options = (flow_options){.jobs = jobs, .band = 3};
        ck_assert_ptr_null(run_case(&test, &how, &err));
        ck_assert_str_eq(err.text, "the disk is full");
        ck_assert(how.report.from_writer);
    }
    free(test.samples);
}
END_TEST

/* A file that is cut to so many bytes once it's open. */
static void expect_cut(int rows, int bytes, int jobs, const char *expected) {
    enum { WIDE = 3000 };
    ct_error err = {""};
    conv_shape shape;
    ck_assert(conv_stage_shape(&flow_help_box, (conv_shape){WIDE, SIDE, 1}, &shape, &err));
    const codec_info out = flow_help_info(shape, CONV_U8);
    flow_report report;
    FILE *disk = tmpfile();
    ck_assert_ptr_nonnull(disk);
    const int head = fprintf(disk, "P5 %d %d 255\n", WIDE, SIDE);
    ck_assert_int_eq(fflush(disk), 0);
    ck_assert_int_eq(ftruncate(fileno(disk), head + WIDE * SIDE), 0);
    ck_assert_int_eq((int)lseek(fileno(disk), 0, SEEK_SET), 0);
    codec_reader *reader = codec_open(fileno(disk), NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    placed p = {.rows = malloc((size_t)WIDE * SIDE), .most = SIDE};
    codec_writer writer = make_placed(&p, out, true);
    const flow_job job = {
        .in = reader, .stages = &flow_help_box, .count = 1, .out = &writer, .out_info = &out};
    const flow_options options = {.jobs = jobs, .band = 3, .alpha = -1};
    ck_assert_int_eq(ftruncate(fileno(disk), head + WIDE * rows + bytes), 0);
    const bool ok = flow_run(&job, &options, &report, &err);
    ck_assert_str_eq(ok ? "" : err.text, expected);
    codec_close(reader);
    fclose(disk);
    free(p.rows);
}

START_TEST(a_file_cut_while_it_is_read) {
    for (int jobs = 1; jobs <= 8; jobs *= 2) {
        expect_cut(SIDE, 0, jobs, "");
        expect_cut(60, 7, jobs, "the file ends in row 61 of 200");
        expect_cut(90, 0, jobs, "the file ends in row 91 of 200");
        expect_cut(SIDE - 1, 2999, jobs, "the file ends in row 200 of 200");
    }
}
END_TEST

/* ---- what is told ---- */

typedef struct told {
    atomic_int callers;
    int done, calls;
} told;

static void tell(void *context, int done, int rows) {
    told *t = context;
    ck_assert_int_eq(atomic_fetch_add(&t->callers, 1), 0);
    ck_assert_int_gt(done, t->done);
    ck_assert_int_le(done, rows);
    t->done = done;
    t->calls++;
    atomic_fetch_sub(&t->callers, 1);
}

START_TEST(progress_counts_rows) {
    const random_case test = make_square();
    for (int jobs = 1; jobs <= 8; jobs++) {
        ct_error err = {""};
        told t = {0};
        run how = {.step = jobs % 3, .bad = -1, .anywhere = jobs % 2};
        how.options =
            (flow_options){.jobs = jobs, .band = 3, .progress = tell, .progress_context = &t};
        char *rows = run_case(&test, &how, &err);
        ck_assert_ptr_nonnull(rows);
        ck_assert_int_eq(t.done, test.out.height);
        ck_assert_int_eq(t.calls, (test.out.height + 2) / 3);
        free(rows);
    }
    free(test.samples);
}
END_TEST

static void expect_near(double a, double b) {
    ck_assert_msg(fabs(a - b) < 1e-9, "%g, expected %g", a, b);
}

/* What is serial is what the workers didn't do, and what they do in order. */
START_TEST(times_add_up) {
    const random_case test = make_square();
    for (int k = 0; k < 4; k++) {
        ct_error err = {""};
        run how = {.step = k % 2, .bad = -1, .anywhere = k / 2};
        how.options = (flow_options){.jobs = 3, .band = 3, .timed = true};
        free(run_case(&test, &how, &err));
        const flow_times *times = &how.report.times;
        flow_seconds sum = {0};
        ck_assert_int_eq(times->workers, 3);
        for (int i = 0; i < 3; i++) {
            const flow_seconds *worker = &times->worker[i];
            ck_assert(worker->decoding >= 0 && worker->computing > 0 && worker->encoding >= 0 &&
                      worker->waiting >= 0);
            sum.decoding += worker->decoding;
            sum.computing += worker->computing;
            sum.encoding += worker->encoding;
            sum.waiting += worker->waiting;
        }
        ck_assert(sum.decoding > 0 && sum.encoding > 0);
        const double rest_of_it = flow_busy(&times->all) - flow_busy(&sum);
        ck_assert(rest_of_it > 0);
        expect_near(times->all.waiting, sum.waiting);
        const double in_order = times->serial - rest_of_it - (k % 2 ? 0 : sum.decoding);
        if (how.anywhere) {
            expect_near(in_order, 0);
        } else {
            ck_assert_msg(in_order > 0 && in_order < sum.encoding, "%g of %g", in_order,
                          sum.encoding);
        }
    }
    run how = {.step = 1, .bad = -1, .options = {.jobs = 3}};
    ct_error err = {""};
    free(run_case(&test, &how, &err));
    ck_assert_int_eq(how.report.times.workers, 0);
    ck_assert(flow_busy(&how.report.times.all) == 0 && how.report.times.serial == 0);
    free(test.samples);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("flow, side by side");
    TCase *tests = tcase_create("anywhere");
    tcase_add_test(tests, any_order_changes_nothing);
    tcase_add_test(tests, kept_windows_take_other_groups);
    tcase_add_test(tests, two_groups_are_read_at_once);
    tcase_add_test(tests, few_groups_are_alive_where_they_are_large);
    tcase_add_test(tests, memory_for_groups_is_counted);
    tcase_add_test(tests, the_error_is_that_of_the_lowest_row);
    tcase_add_test(tests, errors_of_the_writer_arrive);
    tcase_add_test(tests, a_file_cut_while_it_is_read);
    tcase_add_test(tests, progress_counts_rows);
    tcase_add_test(tests, times_add_up);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
