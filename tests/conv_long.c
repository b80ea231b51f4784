/* Kernels of hundreds of cells per side, given as columns times rows: every path that the engine
 * has for them against a column and then a row summed in double precision. */
#include "conv_long.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_run.h"

/* One case: an image, and a kernel of `terms` columns times rows. */
typedef struct long_case {
    conv_shape in;
    int width, height, terms;
    double *column, *row; /* terms x height, terms x width */
    conv_border border;
    int dilation_x, stride_x, dilation_y, stride_y;
    conv_type in_type, out_type;
    double *expected; /* of the whole output */
    double most;      /* the unit of errors: the sum of absolute weights times white */
} long_case;

/* A kernel on a gray image, without dilation, strides or anything else that is unusual. */
static long_case plain_case(int image_width, int image_height, int width, int height) {
    return (long_case){.in = {image_width, image_height, 1},
                       .width = width,
                       .height = height,
                       .border = CONV_SYMMETRIC,
                       .dilation_x = 1,
                       .stride_x = 1,
                       .dilation_y = 1,
                       .stride_y = 1};
}

/* ---- kernels ---- */

/* (r^2 / sigma^2)^power times a Gaussian, over `cells`. */
static void bell(double *weights, int cells, double sigma, int power) {
    for (int i = 0; i < cells; i++) {
        const double x = (i - (cells - 1) / 2.0) / sigma;
        weights[i] = pow(x * x, power) * exp(-x * x / 2);
    }
}

static void divide_by_sum(double *weights, int cells) {
    double sum = 0;
    for (int i = 0; i < cells; i++) {
        sum += weights[i];
    }
    for (int i = 0; i < cells; i++) {
        weights[i] /= sum;
    }
}

typedef enum kernel_kind { GAUSSIAN, BOX, LAPLACIAN, KINDS } kernel_kind;

static void make_kernel(long_case *test, kernel_kind kind) {
    const int w = test->width, h = test->height;
    test->terms = kind == LAPLACIAN ? 2 : 1;
    test->column = calloc((size_t)(2 * h), sizeof *test->column);
    test->row = calloc((size_t)(2 * w), sizeof *test->row);
    ck_assert(test->column && test->row);
    if (kind == BOX) {
        for (int i = 0; i < h; i++) {
            test->column[i] = 1.0 / h;
        }
        for (int i = 0; i < w; i++) {
            test->row[i] = 1.0 / w;
        }
        return;
    }
    const double reach = kind == LAPLACIAN ? 8 : 6, sigma_x = w / reach, sigma_y = h / reach;
    bell(test->column, h, sigma_y, kind == LAPLACIAN);
    bell(test->row, w, sigma_x, 0);
    divide_by_sum(test->column, h);
    divide_by_sum(test->row, w);
    if (kind == LAPLACIAN) { /* one bell minus the other */
        bell(test->column + h, h, sigma_y, 0);
        bell(test->row + w, w, sigma_x, 1);
        divide_by_sum(test->column + h, h);
        divide_by_sum(test->row + w, w);
        for (int i = 0; i < h; i++) {
            test->column[h + i] *= -1;
        }
    }
}

/* ---- what is expected ---- */

static double sample_of(const long_case *test, const void *samples, int x, int y, int c) {
    x = conv_border_index(test->border, x, test->in.width);
    y = conv_border_index(test->border, y, test->in.height);
    if (x < 0 || y < 0) {
        return 0;
    }
    const size_t i =
        ((size_t)y * (size_t)test->in.width + (size_t)x) * (size_t)test->in.channels + (size_t)c;
    return test->in_type == CONV_U8    ? ((const uint8_t *)samples)[i]
           : test->in_type == CONV_U16 ? ((const uint16_t *)samples)[i]
                                       : (double)((const float *)samples)[i];
}

/* Adds term k's result for channel c, the column first. */
static void add_term(long_case *test, const void *samples, int k, int c, conv_shape out) {
    const int reach = test->dilation_x * (test->width - 1);
    const int left = test->dilation_x * ((test->width - 1) / 2);
    const int top = test->dilation_y * ((test->height - 1) / 2);
    const int columns = test->in.width + reach;
    double *sums = malloc((size_t)columns * sizeof *sums);
    ck_assert_ptr_nonnull(sums);
    for (int y = 0; y < out.height; y++) {
        for (int x = 0; x < columns; x++) {
            sums[x] = 0;
            for (int i = 0; i < test->height; i++) {
                const int row = y * test->stride_y - top + i * test->dilation_y;
                sums[x] +=
                    test->column[k * test->height + i] * sample_of(test, samples, x - left, row, c);
            }
        }
        for (int x = 0; x < out.width; x++) {
            double *to = test->expected + (y * out.width + x) * test->in.channels + c;
            for (int i = 0; i < test->width; i++) {
                *to += test->row[k * test->width + i] *
                       sums[x * test->stride_x + i * test->dilation_x];
            }
        }
    }
    free(sums);
}

/* ---- the engine ---- */

static conv_stage stage_of(const long_case *test) {
    const int w = test->width, h = test->height, left = (w - 1) / 2, top = (h - 1) / 2;
    return (conv_stage){.op = CONV_CORRELATE,
                        .kernels = 1,
                        .terms = test->terms,
                        .column = test->column,
                        .row = test->row,
                        .window = {.width = w,
                                   .height = h,
                                   .stride_x = test->stride_x,
                                   .stride_y = test->stride_y,
                                   .dilation_x = test->dilation_x,
                                   .dilation_y = test->dilation_y,
                                   .left = left * test->dilation_x,
                                   .right = (w - 1 - left) * test->dilation_x,
                                   .top = top * test->dilation_y,
                                   .bottom = (h - 1 - top) * test->dilation_y,
                                   .anchor_x = left,
                                   .anchor_y = top,
                                   .border = test->border,
                                   .alpha = -1}};
}

static random_case random_case_of(const long_case *test, void *samples) {
    random_case r = {.in = test->in,
                     .in_type = test->in_type,
                     .out_type = test->out_type,
                     .count = 1,
                     .samples = samples};
    r.stages[0] = stage_of(test);
    ct_error err = {0};
    ck_assert_msg(conv_stage_shape(&r.stages[0], test->in, &r.out, &err), "%s", err.text);
    r.row_bytes = conv_row_bytes(test->in, r.in_type);
    r.out_row_bytes = conv_row_bytes(r.out, test->out_type);
    return r;
}

static double got_at(conv_type type, const void *out, size_t i) {
    return type == CONV_F32   ? (double)((const float *)out)[i]
           : type == CONV_U16 ? ((const uint16_t *)out)[i]
                              : ((const uint8_t *)out)[i];
}

/* Compares with what is expected, to `error` of test->most and the rounding of the output. */
static void check_values(const long_case *test, const random_case *run, const void *got,
                         double error, const char *what) {
    const size_t n = (size_t)(run->out.width * run->out.height * run->out.channels);
    const double white = run->out_type == CONV_U8 ? 255 : 65535;
    const bool whole = run->out_type != CONV_F32;
    const double slack = error * test->most + (whole ? 0.5 : 0);
    for (size_t i = 0; i < n; i++) {
        double wanted = test->expected[i];
        wanted = whole ? fmin(fmax(wanted, 0), white) : wanted;
        require(fabs(got_at(run->out_type, got, i) - wanted) <= slack,
                "%s, %dx%d on %dx%dx%d: sample %zu is %.9g, expected %.9g", what, test->width,
                test->height, test->in.width, test->in.height, test->in.channels, i,
                got_at(run->out_type, got, i), wanted);
    }
}

/* The most that a result may be wrong, where the unit is test->most. Sums of cosines keep what
 * rounding loses; others don't. */
static double most_error(const char *path) {
    return strncmp(path, "cosines", 7) == 0 ? 1e-6 : 4e-6;
}

/* The whole image, and again in bands that two workers take in turn: the same bytes. Returns the
 * path that made them. */
static const char *check_path(const long_case *test, random_case *run, const char *isa) {
    engine e = engine_new(run);
    const char *path = conv_plan_choice(e.plan, 0)->path;
    char what[64];
    conv_stats stats;
    snprintf(what, sizeof what, "%s %s", isa, path);
    char *whole = engine_image(&e, -1, &stats);
    check_values(test, run, whole, most_error(path), what);
    const size_t size = run->out_row_bytes * (size_t)run->out.height;
    char *parts = malloc(size);
    conv_worker *workers[2] = {conv_worker_new(e.plan, -1), conv_worker_new(e.plan, -1)};
    ck_assert(parts && workers[0] && workers[1]);
    memset(parts, 0xCC, size);
    for (int y = 0, i = 0; y < run->out.height; i++) {
        const int end =
            y + 7 + 30 * (i % 3) < run->out.height ? y + 7 + 30 * (i % 3) : run->out.height;
        engine_run(&e, workers[i % 2], y, end, parts + (size_t)y * run->out_row_bytes, &stats);
        y = end;
    }
    require(memcmp(whole, parts, size) == 0, "%s: other bytes in bands", what);
    conv_worker_free(workers[0]);
    conv_worker_free(workers[1]);
    free(whole);
    free(parts);
    engine_free(&e);
    return path;
}

static void *make_samples(const long_case *test, random_state *r) {
    const size_t n = (size_t)(test->in.width * test->in.height * test->in.channels);
    char *samples = malloc(n * conv_type_size(test->in_type));
    ck_assert_ptr_nonnull(samples);
    const bool bright = random_chance(r, 2); /* else mostly black, with white spots */
    for (size_t i = 0; i < n; i++) {
        const int noise = bright || random_chance(r, 200) ? random_int(r, 0, 255) : 0;
        if (test->in_type == CONV_U8) {
            ((uint8_t *)samples)[i] = (uint8_t)noise;
        } else if (test->in_type == CONV_U16) {
            ((uint16_t *)samples)[i] = (uint16_t)(257 * noise);
        } else {
            ((float *)samples)[i] = (float)noise;
        }
    }
    return samples;
}

/* The first EACH serve some case here, whatever the seed. */
static const char *const ways[] = {
    "cosines",
    "cosines-bytes",
    "separable",
    "separable-bytes",
    "separable-long",
    "separable-long-bytes",
    "low-rank",
    "box",
    "fft",
    "box-bytes",
    "runs",
};
enum { WAYS = sizeof ways / sizeof ways[0], EACH = 9 };

/* Every path, on every instruction set; counts the cases that each served. */
static void check_long(long_case test, kernel_kind kind, random_state *r, int served[WAYS]) {
    const double white = test.in_type == CONV_U16 ? 65535 : 255;
    void *samples = make_samples(&test, r);
    make_kernel(&test, kind);
    test.most = (kind == LAPLACIAN ? 2 : 1) * white;
    random_case run = random_case_of(&test, samples);
    test.expected =
        calloc((size_t)(run.out.width * run.out.height * run.out.channels), sizeof(double));
    ck_assert_ptr_nonnull(test.expected);
    for (int k = 0; k < test.terms; k++) {
        for (int c = 0; c < test.in.channels; c++) {
            add_term(&test, samples, k, c, run.out);
        }
    }
    const char *isa;
    for (size_t i = 0; (isa = conv_isa_name(i)); i++) {
        ck_assert(conv_isa_choose(isa, NULL));
        for (int way = 0; way < WAYS; way++) {
            ck_assert(conv_path_prefer(ways[way], NULL));
            served[way] += strcmp(check_path(&test, &run, isa), ways[way]) == 0;
        }
    }
    conv_path_prefer(NULL, NULL);
    free(test.expected);
    free(test.column);
    free(test.row);
    free(samples);
}

START_TEST(long_kernels_are_those_of_double_precision) {
    static const struct {
        conv_shape in;
        int width, height;
    } cases[] = {
        {{70, 60, 1}, 61, 61},   {{40, 70, 3}, 121, 97}, {{33, 25, 1}, 400, 30},
        {{30, 41, 2}, 26, 301},  {{20, 700, 1}, 31, 61}, {{4300, 3, 1}, 65, 25},
        {{1500, 2, 3}, 301, 24}, {{50, 30, 5}, 49, 49},  {{300, 20, 1}, 257, 1},
        {{20, 300, 1}, 1, 257},
    };
    static const conv_type types[3] = {CONV_U8, CONV_U16, CONV_F32};
    int served[WAYS] = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const bool line = cases[i].width == 1 || cases[i].height == 1;
        for (kernel_kind kind = GAUSSIAN; kind < (line ? LAPLACIAN : KINDS); kind++) {
            random_state r = random_start(random_seed(), (int)(3 * i + kind));
            long_case test = {.in = cases[i].in,
                              .width = cases[i].width,
                              .height = cases[i].height,
                              .border = (conv_border)random_int(&r, CONV_MIRROR, CONV_CONSTANT),
                              .dilation_x = i > 2 && random_chance(&r, 4) ? 2 : 1,
                              .stride_x = i > 2 && random_chance(&r, 3) ? 2 : 1,
                              .dilation_y = i > 2 && random_chance(&r, 4) ? 2 : 1,
                              .stride_y = i > 2 && random_chance(&r, 3) ? 3 : 1,
                              .in_type = types[(i + kind) % 3],
                              .out_type = (conv_type)random_int(&r, CONV_U8, CONV_F32)};
            check_long(test, kind, &r, served);
        }
    }
    for (int way = 0; way < EACH; way++) {
        ck_assert_msg(served[way] > 0, "no case was computed by %s", ways[way]);
    }
}
END_TEST

/* The lengths that gaussian has for sigma 5 to 1000, and box to its limit. */
START_TEST(long_averages_keep_white_16_bit_images_white) {
    enum { SIDE = 40, WHITE = 65535 };
    static const int lengths[] = {25, 31, 61, 181, 255, 601, 1801, 4095, 6001};
    uint16_t samples[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
        samples[i] = WHITE;
    }
    for (size_t i = 0; i < 2 * sizeof lengths / sizeof lengths[0]; i++) {
        const int length = lengths[i / 2];
        long_case test = plain_case(SIDE, SIDE, length, length);
        test.in_type = test.out_type = CONV_U16;
        make_kernel(&test, i % 2 ? BOX : GAUSSIAN);
        random_case run = random_case_of(&test, samples);
        const char *isa;
        for (size_t k = 0; (isa = conv_isa_name(k)); k++) {
            ck_assert(conv_isa_choose(isa, NULL));
            engine e = engine_new(&run);
            conv_stats stats;
            uint16_t *out = engine_image(&e, -1, &stats);
            for (int j = 0; j < SIDE * SIDE; j++) {
                require(out[j] == WHITE, "%s %s, %s of %d cells: %d", isa,
                        conv_plan_choice(e.plan, 0)->path, i % 2 ? "box" : "Gaussian", length,
                        out[j]);
            }
            free(out);
            engine_free(&e);
        }
        free(test.column);
        free(test.row);
    }
}
END_TEST

/* A plain sum has no error while it fits a float: 300 x 200 cells of bytes. */
START_TEST(long_boxes_of_bytes_are_exact) {
    enum { WIDTH = 300, HEIGHT = 200, SIDE = 260 };
    uint8_t *samples = malloc(SIDE * SIDE);
    double column[HEIGHT], row[WIDTH];
    ck_assert_ptr_nonnull(samples);
    for (int i = 0; i < HEIGHT; i++) {
        column[i] = 1;
    }
    for (int i = 0; i < WIDTH; i++) {
        row[i] = 1;
    }
    random_state r = random_start(random_seed(), 5);
    for (int i = 0; i < SIDE * SIDE; i++) {
        samples[i] = (uint8_t)random_int(&r, 0, 255);
    }
    long_case test = plain_case(SIDE, SIDE, WIDTH, HEIGHT);
    test.terms = 1;
    test.column = column;
    test.row = row;
    test.out_type = CONV_F32;
    random_case run = random_case_of(&test, samples);
    test.expected = calloc(SIDE * SIDE, sizeof(double));
    ck_assert_ptr_nonnull(test.expected);
    add_term(&test, samples, 0, 0, run.out);
    const char *isa;
    for (size_t i = 0; (isa = conv_isa_name(i)); i++) {
        ck_assert(conv_isa_choose(isa, NULL));
        ck_assert(conv_path_prefer("cosines-bytes", NULL));
        ck_assert_str_eq(check_path(&test, &run, isa), "cosines-bytes");
    }
    conv_path_prefer(NULL, NULL);
    free(test.expected);
    free(samples);
}
END_TEST

/* Two bands both make some rows: with the height that the plan advises, they are a small share. */
START_TEST(bands_of_long_kernels_repeat_little_work) {
    static const int lengths[] = {25, 61, 181, 601, 1801, 4095};
    for (size_t i = 0; i < 2 * sizeof lengths / sizeof lengths[0]; i++) {
        long_case test = plain_case(64, 12000, 61, lengths[i / 2]);
        test.in.channels = 3;
        make_kernel(&test, i % 2 ? BOX : GAUSSIAN);
        random_case run = random_case_of(&test, NULL);
        run.stages[1] = run.stages[0];
        const char *isa;
        for (size_t k = 0; (isa = conv_isa_name(k)); k++) {
            ck_assert(conv_isa_choose(isa, NULL));
            for (run.count = 1; run.count <= 2; run.count++) {
                engine e = engine_new(&run);
                const int band = conv_plan_band(e.plan), unit = conv_plan_unit(e.plan);
                const double repeats = conv_plan_repeats(e.plan, band);
                const double most = run.count == 1 ? 1 : test.height < 600 ? 1.4 : 2.5;
                require(band % unit == 0, "bands of %d rows, made in blocks of %d", band, unit);
                require(repeats >= 1 && repeats <= most, "%d stages of height %d: %g times",
                        run.count, test.height, repeats);
                engine_free(&e);
            }
        }
        free(test.column);
        free(test.row);
    }
}
END_TEST

TCase *conv_long(void) {
    TCase *longs = tcase_create("long");
    tcase_add_test(longs, long_kernels_are_those_of_double_precision);
    tcase_add_test(longs, long_averages_keep_white_16_bit_images_white);
    tcase_add_test(longs, bands_of_long_kernels_repeat_little_work);
    tcase_add_test(longs, long_boxes_of_bytes_are_exact);
    return longs;
}
