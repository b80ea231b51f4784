/* Pictures made smaller as rows come, and writers that pass rows on to two others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "codec/terminal/small.h"
#include "codec_tests.h"
#include "random_case.h"

static double sample_at(const codec_image *image, int x, int y, int c) {
    const size_t i = (size_t)x * (size_t)image->info.channels + (size_t)c;
    const uint8_t *row = image->rows + image->stride * (size_t)y;
    const double v = image->info.sample == CODEC_U8    ? row[i]
                     : image->info.sample == CODEC_U16 ? ((const uint16_t *)(const void *)row)[i]
                                                       : ((const float *)(const void *)row)[i];
    const double white = codec_info_white(&image->info);
    return fmin(fmax(v, 0), white) * 255 / white;
}

/* How much of [i, i+1) lies within [low, high). */
static double overlap(int i, double low, double high) {
    return fmax(0, fmin(i + 1, high) - fmax(i, low));
}

/* The mean over the area of pixel (x, y) of `small`, in the simplest way: colours weighed by
 * alpha, then alpha. */
static void mean_of(const codec_image *image, const codec_small *small, int x, int y,
                    double rgba[4]) {
    const codec_info *info = &image->info;
    const double wide = (double)info->width / small->width;
    const double high = (double)info->height / small->height;
    double colors[3] = {0}, alphas = 0, all = 0;
    for (int v = 0; v < info->height; v++) {
        for (int u = 0; u < info->width; u++) {
            const double part =
                overlap(u, x * wide, (x + 1) * wide) * overlap(v, y * high, (y + 1) * high);
            const double alpha = info->alpha ? sample_at(image, u, v, info->channels - 1) : 255;
            for (int c = 0; c < 3; c++) {
                colors[c] += part * alpha * sample_at(image, u, v, info->channels < 3 ? 0 : c);
            }
            alphas += part * alpha;
            all += part;
        }
    }
    for (int c = 0; c < 3; c++) {
        rgba[c] = alphas > 0 ? colors[c] / alphas : 0;
    }
    rgba[3] = alphas / all;
}

static void check_small(const codec_image *image, const codec_small *small) {
    const uint8_t *at = small->rgba;
    for (int y = 0; y < small->height; y++) {
        for (int x = 0; x < small->width; x++, at += 4) {
            double wanted[4];
            mean_of(image, small, x, y, wanted);
            for (int c = 0; c < 4; c++) {
                /* Of hardly any colour at all, rounding shows. */
                const double slack = 0.501 + (c < 3 && wanted[3] < 1 ? 2 : 0);
                ck_assert_msg(fabs(at[c] - wanted[c]) <= slack,
                              "%dx%dx%d to %dx%d: %d,%d channel %d is %d, not %g",
                              image->info.width, image->info.height, image->info.channels,
                              small->width, small->height, x, y, c, at[c], wanted[c]);
            }
        }
    }
}

/* In calls of so many rows. */
static void write_all(codec_writer *writer, const codec_image *image, int step) {
    ct_error err = {""};
    for (int y = 0; y < image->info.height; y += step) {
        const int count = y + step < image->info.height ? step : image->info.height - y;
        ck_assert_msg(codec_write(writer, count, image->rows + image->stride * (size_t)y,
                                  image->stride, NULL, &err),
                      "%s", err.text);
    }
    ck_assert_msg(codec_finish(writer, &err), "%s", err.text);
}

START_TEST(test_means) {
    static const codec_sample samples[] = {CODEC_U8, CODEC_U16, CODEC_F32};
    for (int i = 0; i < random_count(300); i++) {
        random_state r = random_start(random_seed(), i);
        const int width = random_int(&r, 1, 40), height = random_int(&r, 1, 40);
        codec_image image = codec_image_random(width, height, random_int(&r, 1, 4),
                                               samples[random_int(&r, 0, 2)], (unsigned)i);
        ct_error err = {""};
        codec_small small;
        codec_writer *writer = codec_create_small(&image.info, random_int(&r, 1, width),
                                                  random_int(&r, 1, height), &small, &err);
        ck_assert_msg(writer != NULL, "%s", err.text);
        write_all(writer, &image, random_int(&r, 1, 5));
        check_small(&image, &small);
        codec_writer_free(writer);
        codec_small_free(&small);
        codec_image_free(&image);
    }
}
END_TEST

START_TEST(test_same_size_is_the_same) {
    codec_image image = codec_image_random(7, 5, 3, CODEC_U8, 1);
    codec_small small;
    codec_writer *writer = codec_create_small(&image.info, 7, 5, &small, NULL);
    write_all(writer, &image, 5);
    for (size_t i = 0; i < 35; i++) {
        ck_assert_mem_eq(small.rgba + 4 * i, image.rows + 3 * i, 3);
        ck_assert_int_eq(small.rgba[4 * i + 3], 255);
    }
    codec_writer_free(writer);
    codec_small_free(&small);
    codec_image_free(&image);
}
END_TEST

START_TEST(test_pictures) {
    static const struct {
        int channels;
        bool alpha, picture;
    } cases[] = {{1, false, true},  {2, true, true},  {3, false, true},  {4, true, true},
                 {2, false, false}, {3, true, false}, {4, false, false}, {5, true, false},
                 {8, false, false}, {1, true, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const codec_info info = {.channels = cases[i].channels, .alpha = cases[i].alpha};
        ck_assert_msg(codec_is_picture(&info) == cases[i].picture, "case %zu", i);
    }
}
END_TEST

START_TEST(test_tee) {
    codec_image image = codec_image_random(6, 9, 3, CODEC_U16, 2);
    uint8_t *a = calloc(9, image.stride), *b = calloc(9, image.stride);
    codec_writer *first = codec_create_image(&image.info, a, image.stride, NULL);
    codec_writer *second = codec_create_image(&image.info, b, image.stride, NULL);
    codec_writer *tee = codec_create_tee(first, second, NULL);
    write_all(tee, &image, 4);
    ck_assert_mem_eq(a, image.rows, 9 * image.stride);
    ck_assert_mem_eq(b, image.rows, 9 * image.stride);
    ck_assert(!codec_finish(first, NULL) && !codec_finish(second, NULL)); /* both are finished */
    codec_writer_free(tee);
    codec_writer_free(first);
    codec_writer_free(second);
    free(a);
    free(b);
    codec_image_free(&image);
}
END_TEST

Suite *codec_small_suite(void) {
    Suite *suite = suite_create("small pictures");
    TCase *tests = tcase_create("small pictures");
    tcase_add_test(tests, test_means);
    tcase_add_test(tests, test_same_size_is_the_same);
    tcase_add_test(tests, test_pictures);
    tcase_add_test(tests, test_tee);
    suite_add_tcase(suite, tests);
    return suite;
}
