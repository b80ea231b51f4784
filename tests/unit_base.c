/* Numbers, text, near misses, sizes and errors. */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/cpu.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cpu_ways.h"

static bool number(const char *text, double *out) {
    return ct_parse_number(text, strlen(text), out);
}

START_TEST(numbers_are_read_whole) {
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},         {"-1", -1},      {"+2.5", 2.5},   {".5", 0.5},
                {"5.", 5},        {"1e3", 1000},   {"1E-2", .01},   {"1/4", 0.25},
                {"-1.5/-3", 0.5}, {"1e400/1", -1}, {"1/9", 1.0 / 9}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double value = NAN;
        const bool ok = number(good[i].text, &value);
        if (strcmp(good[i].text, "1e400/1") == 0) {
            ck_assert_msg(!ok, "1e400 overflows");
        } else {
            ck_assert_msg(ok && value == good[i].value, "%s gave %g", good[i].text, value);
        }
    }
}
END_TEST

START_TEST(what_is_no_number_is_refused) {
    static const char *const bad[] = {"",    " 1",    "1 ",  "nan",  "inf", "-inf", "0x10",
                                      "1e",  "1e+",   "1/0", "1//2", "/2",  "1/",   "1,5",
                                      "--1", "1.2.3", "e5",  ".",    "+",   "one",  "1/2/3"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double value = 7;
        ck_assert_msg(!number(bad[i], &value) && value == 7, "'%s' was taken", bad[i]);
    }
    char many[1000];
    memset(many, '1', sizeof many);
    double value = 7;
    ck_assert(!ct_parse_number(many, sizeof many, &value));
}
END_TEST

START_TEST(a_length_ends_the_number) {
    double value = 0;
    ck_assert(ct_parse_number("12345", 2, &value));
    ck_assert_double_eq(value, 12);
    long whole = 0;
    ck_assert(ct_parse_int("987", 1, 0, 10, &whole));
    ck_assert_int_eq(whole, 9);
}
END_TEST

START_TEST(integers_keep_to_their_range) {
    long v = 7;
    ck_assert(ct_parse_int("255", 3, 0, 255, &v) && v == 255);
    ck_assert(!ct_parse_int("256", 3, 0, 255, &v));
    ck_assert(!ct_parse_int("-1", 2, 0, 255, &v));
    ck_assert(ct_parse_int("-5", 2, -5, 5, &v) && v == -5);
    ck_assert(ct_parse_int("+5", 2, -5, 5, &v) && v == 5);
    ck_assert(ct_parse_int("-9223372036854775808", 20, INT64_MIN, INT64_MAX, &v) && v == INT64_MIN);
    ck_assert(!ct_parse_int("9223372036854775808", 19, INT64_MIN, INT64_MAX, &v));
    ck_assert(!ct_parse_int("-", 1, -5, 5, &v));
    ck_assert(!ct_parse_int("", 0, -5, 5, &v));
    ck_assert(!ct_parse_int("1 ", 2, -5, 5, &v));
    ck_assert(!ct_parse_int("0x1", 3, -5, 5, &v));
}
END_TEST

static const char *const words[] = {"sobel", "scharr", "sharpen", "mirror", "zero", NULL};

static bool count(const char *text, uint64_t low, uint64_t high, uint64_t *out) {
    return ct_parse_count(text, strlen(text), low, high, out);
}

START_TEST(counts_have_units_and_powers) {
    static const struct {
        const char *text;
        uint64_t value;
    } good[] = {{"0", 0},
                {"1000000", 1000000},
                {"8K", 8192},
                {"3m", 3 << 20},
                {"1G", 1 << 30},
                {"2T", UINT64_C(1) << 41},
                {"4g", UINT64_C(4) << 30},
                {"2^29", 1 << 29},
                {"10^6", 1000000},
                {"7^0", 1},
                {"0^5", 0},
                {"1^18446744073709551615", 1},
                {"18446744073709551615", UINT64_MAX},
                {"17179869183G", UINT64_MAX - ((1 << 30) - 1)}};
    static const char *const bad[] = {"",
                                      "K",
                                      "^",
                                      "2^",
                                      "^2",
                                      "-1",
                                      "+1",
                                      "1 ",
                                      "1KK",
                                      "1.5G",
                                      "0x10",
                                      "1e6",
                                      "2^3K",
                                      "2K^3",
                                      "18446744073709551616",
                                      "17179869184G",
                                      "2^64",
                                      "1P",
                                      "2^-1",
                                      "1G1"};
    uint64_t value = 7;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        ck_assert_msg(count(good[i].text, 0, UINT64_MAX, &value) && value == good[i].value, "%s",
                      good[i].text);
    }
    value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(!count(bad[i], 0, UINT64_MAX, &value) && value == 7, "'%s' was taken",
                      bad[i]);
    }
    ck_assert(count("1K", 1024, 1024, &value) && !count("1K", 1025, 2000, &value) &&
              !count("1K", 0, 1023, &value));
}
END_TEST

START_TEST(the_nearest_name_is_found) {
    ck_assert_str_eq(ct_nearest("sobl", ct_listed_name_at, words), "sobel");
    ck_assert_str_eq(ct_nearest("mirorr", ct_listed_name_at, words), "mirror");
    ck_assert_str_eq(ct_nearest("sharr", ct_listed_name_at, words), "scharr");
    ck_assert_str_eq(ct_nearest("ezro", ct_listed_name_at, words), "zero");
    ck_assert_str_eq(ct_nearest("sch", ct_listed_name_at, words), "scharr");
    ck_assert_str_eq(ct_nearest("scha", ct_listed_name_at, words), "scharr");
    ck_assert_str_eq(ct_nearest("sobe", ct_listed_name_at, words), "sobel");
    ck_assert_str_eq(ct_nearest("SOBEL", ct_listed_name_at, words), "sobel");
    ck_assert_ptr_null(ct_nearest("gaussian", ct_listed_name_at, words));
    ck_assert_ptr_null(ct_nearest("", ct_listed_name_at, words));
    char longest[200];
    memset(longest, 's', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    ck_assert_ptr_null(ct_nearest(longest, ct_listed_name_at, words));
}
END_TEST

START_TEST(text_grows) {
    ct_text text = {0};
    for (int i = 0; i < 1000; i++) {
        ck_assert(ct_text_print(&text, "%d,", i % 10));
    }
    ck_assert_uint_eq(text.length, 2000);
    ck_assert_uint_eq(strlen(text.bytes), 2000);
    ck_assert(ct_text_add(&text, "a\0b", 3));
    ck_assert_uint_eq(text.length, 2003);
    ck_assert_mem_eq(text.bytes + 2000, "a\0b", 4);
    ct_text_free(&text);
    ck_assert_ptr_null(text.bytes);
}
END_TEST

START_TEST(one_is_singular) {
    ck_assert_str_eq(ct_count(0, "byte").text, "0 bytes");
    ck_assert_str_eq(ct_count(1, "byte").text, "1 byte");
    ck_assert_str_eq(ct_count(2, "channel").text, "2 channels");
    ck_assert_str_eq(ct_count(UINT64_MAX, "bit").text, "18446744073709551615 bits");
}
END_TEST

START_TEST(sizes_do_not_overflow) {
    size_t out = 5;
    ck_assert(ct_mul(SIZE_MAX / 2, 2, &out) && out == SIZE_MAX - 1);
    out = 5;
    ck_assert(!ct_mul(SIZE_MAX / 2 + 1, 2, &out) && out == 5);
    ck_assert(!ct_add(SIZE_MAX, 1, &out) && out == 5);
    ck_assert(ct_add(SIZE_MAX, 0, &out) && out == SIZE_MAX);
}
END_TEST

START_TEST(sizes_read_well) {
    static const struct {
        uint64_t bytes;
        const char *text;
    } sizes[] = {{0, "0 bytes"},
                 {1, "1 byte"},
                 {1023, "1023 bytes"},
                 {1024, "1 KiB"},
                 {1025, "1025 bytes"},
                 {9999, "9999 bytes"},
                 {10000, "9.77 KiB"},
                 {4096, "4 KiB"},
                 {10 * 1024 + 512, "10.50 KiB"},
                 {1 << 20, "1 MiB"},
                 {(1 << 20) - 1, "1.00 MiB"},
                 {(1 << 20) - 6000, "1018.14 KiB"},
                 {UINT64_C(1) << 32, "4 GiB"},
                 {UINT64_C(1) << 50, "1 PiB"},
                 {UINT64_MAX, "16.00 EiB"}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        ck_assert_str_eq(ct_size_of(sizes[i].bytes).text, sizes[i].text);
    }
}
END_TEST

START_TEST(errors_are_cut_and_prefixed) {
    ct_error err;
    ck_assert(!ct_fail(&err, "row %d", 7));
    ck_assert_str_eq(err.text, "row 7");
    ck_assert(!ct_fail_at(&err, "%s: ", "file"));
    ck_assert_str_eq(err.text, "file: row 7");
    char many[5000];
    memset(many, 'x', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    ct_fail(&err, "%s", many);
    ck_assert_uint_eq(strlen(err.text), sizeof err.text - 1);
    ct_fail_at(&err, "%s", many);
    ck_assert_uint_eq(strlen(err.text), sizeof err.text - 1);
    ck_assert(!ct_fail(NULL, "nobody listens"));
}
END_TEST

/* Without glibc the same instruction sets are found. */
START_TEST(processors_are_known_in_every_way) {
    ck_assert_int_eq(compiler_cpu_avx2(), ct_cpu_avx2());
    ck_assert_int_eq(compiler_cpu_v3(), ct_cpu_v3());
    ck_assert_int_eq(compiler_cpu_v4(), ct_cpu_v4());
    ck_assert(!other_cpu_avx2() && !other_cpu_v3() && !other_cpu_v4());
}
END_TEST

int main(void) {
    Suite *suite = suite_create("base");
    TCase *tests = tcase_create("base");
    tcase_add_test(tests, numbers_are_read_whole);
    tcase_add_test(tests, what_is_no_number_is_refused);
    tcase_add_test(tests, a_length_ends_the_number);
    tcase_add_test(tests, integers_keep_to_their_range);
    tcase_add_test(tests, counts_have_units_and_powers);
    tcase_add_test(tests, the_nearest_name_is_found);
    tcase_add_test(tests, text_grows);
    tcase_add_test(tests, one_is_singular);
    tcase_add_test(tests, sizes_do_not_overflow);
    tcase_add_test(tests, sizes_read_well);
    tcase_add_test(tests, errors_are_cut_and_prefixed);
    tcase_add_test(tests, processors_are_known_in_every_way);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
