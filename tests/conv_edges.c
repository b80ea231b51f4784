/* Otsu's threshold, with numbers worked out by hand or by scikit-image, and links between marks. */
#include "conv_edges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"
#include "random_case.h"

/* ---- Otsu's threshold ---- */

static double otsu_of(const void *rows, conv_type type, int width, int channels, int alpha,
                      bool absolute, bool whole) {
    const conv_shape shape = {width, 1, channels};
    const conv_image image = {shape, type, conv_row_bytes(shape, type), (void *)rows};
    double threshold = -1;
    ck_assert(conv_otsu(&image, alpha, absolute, whole, &threshold));
    return threshold;
}

START_TEST(otsu_splits_whole_numbers) {
    static const uint8_t two[] = {0, 10, 0, 10}, six[] = {1, 2, 9, 2, 10, 11}, flat[] = {7, 7};
    static const uint16_t wide[] = {1000, 60000, 1001, 60001};
    static const float spread[] = {-3, -2, -2, 70000, 70001};
    ck_assert_double_eq(otsu_of(two, CONV_U8, 4, 1, -1, false, true), 0);
    ck_assert_double_eq(otsu_of(six, CONV_U8, 6, 1, -1, false, true), 2);
    ck_assert_double_eq(otsu_of(flat, CONV_U8, 2, 1, -1, false, true), 7);
    ck_assert_double_eq(otsu_of(wide, CONV_U16, 4, 1, -1, false, true), 1001);
    /* Beyond 2^16: bins of 70004 / 256, of which the first has its centre at -3 + 136.73. */
    ck_assert_double_eq_tol(otsu_of(spread, CONV_F32, 5, 1, -1, false, true), 133.726, 0.01);
}
END_TEST

START_TEST(otsu_has_256_bins_for_fractions) {
    static const float half[] = {0, 1, 0, 1}, odd[] = {NAN, 0, INFINITY, 1, -INFINITY};
    static const float signs[] = {-1, 0, 0, 1}, none[] = {NAN, NAN};
    ck_assert_double_eq(otsu_of(half, CONV_F32, 4, 1, -1, false, false), 1.0 / 512);
    ck_assert_double_eq(otsu_of(odd, CONV_F32, 5, 1, -1, false, false), 1.0 / 512);
    ck_assert_double_eq(otsu_of(signs, CONV_F32, 4, 1, -1, true, false), 1.0 / 512);
    ck_assert_double_eq(otsu_of(none, CONV_F32, 2, 1, -1, false, false), 0);
}
END_TEST

START_TEST(otsu_leaves_alpha_out) {
    static const uint8_t pixels[] = {1, 255, 2, 0, 9, 255, 2, 0, 10, 0, 11, 255};
    ck_assert_double_eq(otsu_of(pixels, CONV_U8, 6, 2, 1, false, true), 2);
    ck_assert_double_ne(otsu_of(pixels, CONV_U8, 6, 2, -1, false, true), 2);
}
END_TEST

START_TEST(otsu_becomes_a_threshold_or_marks) {
    conv_stage s = {.op = CONV_OTSU, .point = CONV_THRESHOLD, .b = 255, .window.alpha = -1};
    const conv_stage threshold = conv_otsu_stage(&s, 111);
    ck_assert(threshold.op == CONV_POINT && threshold.point == CONV_THRESHOLD);
    ck_assert(threshold.a > 111 && threshold.a < 111.1F && threshold.b == 255);
    s.point = CONV_MARK;
    ck_assert(conv_otsu_stage(&s, 50).a == 25 && conv_otsu_stage(&s, 50).b == 50);
    s.a = 10;
    ck_assert(conv_otsu_stage(&s, 50).a == 10);
    s.a = 60;
    ck_assert(conv_otsu_stage(&s, 50).a == 50 && conv_otsu_stage(&s, 50).b == 50);
    ck_assert(conv_otsu_stage(&s, 0).b > 0);
}
END_TEST

/* ---- links ---- */

static void check_links(conv_shape shape, uint8_t *marks) {
    const size_t row = conv_row_bytes(shape, CONV_U8), n = row * (size_t)shape.height;
    const conv_stage link = {.op = CONV_LINK, .b = 2, .window.alpha = -1};
    oracle_image in = oracle_from(shape, CONV_U8, marks);
    oracle_image out = oracle_link(&link, &in);
    const conv_image image = {shape, CONV_U8, row, marks};
    ck_assert(conv_link(&image));
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg((marks[i] == 2) == (out.value[i] > 0), "%dx%dx%d: mark %zu is %d",
                      shape.width, shape.height, shape.channels, i, marks[i]);
    }
    oracle_free(&in);
    oracle_free(&out);
}

START_TEST(links_equal_the_oracle) {
    for (int i = 0; i < 200; i++) {
        random_state r = random_start(random_seed(), i);
        const conv_shape shape = {random_int(&r, 1, 40), random_int(&r, 1, 40),
                                  random_int(&r, 1, 3)};
        const int weak = random_int(&r, 1, 6), strong = random_int(&r, 10, 200);
        uint8_t marks[40 * 40 * 3];
        for (int k = 0; k < shape.width * shape.height * shape.channels; k++) {
            marks[k] = random_chance(&r, strong) ? 2 : random_chance(&r, weak);
        }
        check_links(shape, marks);
    }
}
END_TEST

/* A line from the top left corner to the middle, one sample wide and one apart, its end strong. */
START_TEST(links_follow_a_spiral) {
    enum { SIDE = 61 };
    uint8_t marks[SIDE * SIDE] = {0};
    int x = 0, y = 0, dx = 1, dy = 0, left = SIDE - 1, turns = 0;
    marks[0] = 1;
    for (; left > 0; turns++) {
        for (int i = 0; i < left; i++) {
            x += dx;
            y += dy;
            marks[y * SIDE + x] = 1;
        }
        const int spare = dx;
        dx = -dy;
        dy = spare;
        left -= turns >= 2 && turns % 2 == 0 ? 2 : 0;
    }
    marks[y * SIDE + x] = 2;
    check_links((conv_shape){SIDE, SIDE, 1}, marks);
    ck_assert_int_eq(marks[0], 2);
    ck_assert_int_eq(marks[SIDE], 0);
}
END_TEST

/* More samples wait than the stack has room for. */
START_TEST(links_fill_a_plain) {
    enum { SIDE = 700 };
    uint8_t *marks = malloc(SIDE * SIDE);
    ck_assert_ptr_nonnull(marks);
    memset(marks, 1, SIDE * SIDE);
    marks[SIDE * SIDE / 2 + SIDE / 2] = 2;
    const conv_image image = {{SIDE, SIDE, 1}, CONV_U8, SIDE, marks};
    ck_assert(conv_link(&image));
    for (int i = 0; i < SIDE * SIDE; i++) {
        ck_assert_int_eq(marks[i], 2);
    }
    free(marks);
}
END_TEST

TCase *conv_edges(void) {
    TCase *edges = tcase_create("edges");
    tcase_set_timeout(edges, 60);
    tcase_add_test(edges, otsu_splits_whole_numbers);
    tcase_add_test(edges, otsu_has_256_bins_for_fractions);
    tcase_add_test(edges, otsu_leaves_alpha_out);
    tcase_add_test(edges, otsu_becomes_a_threshold_or_marks);
    tcase_add_test(edges, links_equal_the_oracle);
    tcase_add_test(edges, links_follow_a_spiral);
    tcase_add_test(edges, links_fill_a_plain);
    return edges;
}
