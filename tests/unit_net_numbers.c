/* Networks' arithmetic on single numbers: types, functions, shapes that are stretched. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conv/conv.h"
#include "net/convert.h"
#include "net/half.h"
#include "net/ops/stretch.h"
#include "net/unary.h"

/* ---- types ---- */

START_TEST(floats_become_whole) {
    const float in[] = {2.9F, -2.9F, 300, -1, NAN, 3e9F, -INFINITY};
    const size_t n = sizeof in / sizeof *in;
    static const int8_t bytes[] = {2, -2, 44, -1, 0, -128, 0}; /* 3e9 is cut to 2^31 - 128 */
    static const int32_t ints[] = {2, -2, 300, -1, 0, 2147483520, INT32_MIN};
    static const int64_t longs[] = {2, -2, 300, -1, 0, 3000000000, INT64_MIN};
    static const uint32_t naturals[] = {2, 4294967294, 300, 4294967295, 0, 3000000000, 0};
    static const uint8_t truths[] = {1, 1, 1, 1, 1, 1, 1};
    char out[8 * sizeof in];
    net_convert(NET_I8, out, NET_FLOAT, in, n);
    ck_assert_mem_eq(out, bytes, sizeof bytes);
    net_convert(NET_I32, out, NET_FLOAT, in, n);
    ck_assert_mem_eq(out, ints, sizeof ints);
    net_convert(NET_I64, out, NET_FLOAT, in, n);
    ck_assert_mem_eq(out, longs, sizeof longs);
    net_convert(NET_U32, out, NET_FLOAT, in, n);
    ck_assert_mem_eq(out, naturals, sizeof naturals);
    net_convert(NET_BOOL, out, NET_FLOAT, in, n);
    ck_assert_mem_eq(out, truths, sizeof truths);
}
END_TEST

START_TEST(halves_go_by_way_of_floats) {
    const int64_t in[] = {0, 1, -2, 2049, 70000};
    static const uint16_t halves[] = {0, 0x3C00, 0xC000, 0x6800, 0x7C00}; /* 2048, infinity */
    uint16_t out[5];
    uint8_t back[5];
    net_convert(NET_HALF, out, NET_I64, in, 5);
    ck_assert_mem_eq(out, halves, sizeof halves);
    net_convert(NET_BOOL, back, NET_HALF, out, 5);
    ck_assert_int_eq(back[0], 0);
    ck_assert_int_eq(back[4], 1);
}
END_TEST

/* ---- functions: floats by the engine's rows, doubles by the C library ---- */

static const char *const functions[] = {
    "Abs",        "Ceil",     "Celu",      "Elu",         "Erf",
    "Exp",        "Floor",    "Gelu",      "Log",         "Mish",
    "Neg",        "Relu",     "Selu",      "HardSigmoid", "HardSwish",
    "Sigmoid",    "Softplus", "Round",     "Softsign",    "Sqrt",
    "Reciprocal", "Tanh",     "LeakyRelu", "Shrink",      "ThresholdedRelu",
};
enum { POINTS = 1002, LEFT_OUT = 500 /* 0: 1 / x jumps */ };

static void check_function(const char *name) {
    const net_node node = {.name = name, .type = name, .opset = 18};
    const net_tensor x = {NET_FLOAT, {0}, NULL};
    const net_tensor *const in[] = {&x};
    double numbers[2], wide[POINTS], exact[POINTS];
    float narrow[POINTS];
    const net_unary *f = net_unary_of(&node, in, numbers);
    ck_assert_msg(f != NULL, "%s", name);
    for (int i = 0; i < POINTS; i++) {
        narrow[i] = (float)(i - LEFT_OUT) * 0.04F;
        wide[i] = (double)narrow[i];
    }
    narrow[POINTS - 1] = NAN;
    wide[POINTS - 1] = NAN;
    net_unary_floats(f, numbers, narrow, narrow, POINTS);
    net_unary_doubles(f, numbers, exact, wide, POINTS);
    for (int i = 0; i < POINTS; i++) {
        const double apart = fabs((double)narrow[i] - exact[i]);
        const bool both_nan = isnan(narrow[i]) && isnan(exact[i]);
        ck_assert_msg(i == LEFT_OUT || both_nan || apart <= 1e-6 * (fabs(exact[i]) + 0.06),
                      "%s, %s: %s(%g) = %.9g, not %.9g", conv_isa(), name, name, wide[i],
                      (double)narrow[i], exact[i]);
    }
    ck_assert_msg(isnan(narrow[POINTS - 1]) && isnan(exact[POINTS - 1]), "%s, %s: nan is lost",
                  conv_isa(), name);
}

START_TEST(functions_are_those_of_the_c_library) {
    const char *before = conv_isa();
    ct_error err = {""};
    for (size_t k = 0; conv_isa_name(k); k++) {
        ck_assert(conv_isa_choose(conv_isa_name(k), &err));
        check_function(functions[_i]);
    }
    ck_assert(conv_isa_choose(before, &err));
}
END_TEST

/* ---- stretching ---- */

static void hundreds(void *out, const void *const *in, unsigned ones, size_t n) {
    const int32_t *a = in[0], *b = in[1];
    for (size_t i = 0; i < n; i++) {
        ((int32_t *)out)[i] = 1000 * a[ones & 1 ? 0 : i] + b[ones & 2 ? 0 : i];
    }
}

/* Element `at` of the output, in an input. */
static size_t place_in(const net_shape *out, const net_shape *in, size_t at) {
    size_t place = 0, step = 1;
    for (int axis = 1; axis <= out->rank; axis++) {
        const size_t size = (size_t)out->size[out->rank - axis], index = at % size;
        if (axis <= in->rank) {
            const size_t own = (size_t)in->size[in->rank - axis];
            place += own == 1 ? 0 : index * step;
            step *= own;
        }
        at /= size;
    }
    return place;
}

/* Short and long runs, stretched along every axis, and scalars. */
static const net_shape stretched[][2] = {
    {{0}, {0}},
    {{3, {2, 1, 3}}, {2, {4, 1}}},
    {{2, {700, 3}}, {1, {3}}},
    {{2, {700, 1}}, {2, {700, 3}}},
    {{4, {2, 5, 7, 9}}, {3, {5, 1, 1}}},
    {{4, {1, 5, 1, 40}}, {4, {2, 1, 7, 1}}},
    {{5, {2, 3, 2, 3, 2}}, {5, {2, 1, 2, 1, 2}}},
    {{1, {100000}}, {0}},
    {{2, {0, 3}}, {1, {3}}},
};

START_TEST(shapes_stretch) {
    static int32_t a[100000], b[100000], out[100000];
    const net_tensor x = {NET_I32, stretched[_i][0], a}, y = {NET_I32, stretched[_i][1], b};
    net_tensor z = {NET_I32, {0}, out};
    ct_error err = {""};
    for (int i = 0; i < 100000; i++) {
        a[i] = i + 1;
        b[i] = i + 5;
    }
    ck_assert(net_broadcast(&x.shape, &y.shape, &z.shape, &err));
    net_stretch(NULL, hundreds, &z, (const net_tensor *[]){&x, &y}, 2);
    for (size_t i = 0; i < net_count(&z); i++) {
        ck_assert_int_eq(out[i], 1000 * a[place_in(&z.shape, &x.shape, i)] +
                                     b[place_in(&z.shape, &y.shape, i)]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("net_numbers");
    TCase *t = tcase_create("net_numbers");
    tcase_add_test(t, floats_become_whole);
    tcase_add_test(t, halves_go_by_way_of_floats);
    tcase_add_loop_test(t, functions_are_those_of_the_c_library, 0,
                        sizeof functions / sizeof functions[0]);
    tcase_add_loop_test(t, shapes_stretch, 0, sizeof stretched / sizeof stretched[0]);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
