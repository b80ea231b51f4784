/* Decimal numbers: compared with the C library's strtof and printf. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/numbers/decimal.h"
#include "codec_tests.h"

static uint32_t state;

static uint32_t random_bits(void) {
    state = state * 1664525U + 1013904223U;
    return state >> 8;
}

static uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* In a buffer of just this size, so that the sanitizer sees what is read behind it. */
static void expect_as_strtof(const char *text) {
    const size_t length = strlen(text);
    char *copy = malloc(length);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, length);
    codec_decimal number;
    const size_t taken = codec_decimal_read(copy, copy + length, &number);
    const float expected = strtof(text, NULL);
    ck_assert_msg(taken == length, "%s: %zu characters taken", text, taken);
    ck_assert_msg(bits_of(number.value) == bits_of(expected), "%s: got %.9g, expected %.9g", text,
                  (double)number.value, (double)expected);
    ck_assert_int_eq(number.beyond, isinf(expected) != 0);
    free(copy);
}

/* Digits with a point somewhere, and often an exponent. */
static void random_number(char *text) {
    const uint32_t digits = random_bits() % 24 + 1, point = random_bits() % (digits + 1);
    const char *signs[] = {"", "-", "+", ""};
    text += sprintf(text, "%s", signs[random_bits() % 4]);
    for (uint32_t i = 0; i < digits; i++) {
        text += sprintf(text, "%s%u", i == point ? "." : "", random_bits() % 10);
    }
    if (random_bits() % 2) {
        sprintf(text, "%c%d", random_bits() % 2 ? 'e' : 'E', (int)(random_bits() % 110) - 55);
    }
}

START_TEST(test_random_numbers) {
    char text[64];
    state = 1;
    for (int i = 0; i < 100000; i++) {
        random_number(text);
        expect_as_strtof(text);
    }
}
END_TEST

/* Exactly between two floats, and a little beside that: where the last digit decides. */
START_TEST(test_halfway) {
    char text[200];
    state = 2;
    for (int i = 0; i < 20000; i++) {
        const float low = float_of(random_bits() << 7 & 0x7F7FFFFF);
        const double half = ((double)low + (double)nextafterf(low, INFINITY)) / 2;
        if (!isnormal(low) || !isfinite(half)) {
            continue;
        }
        for (int digits = 9; digits <= 40; digits += 6) {
            sprintf(text, "%.*e", digits, half);
            expect_as_strtof(text);
        }
        sprintf(text, "%.30f", half > 1e30 || half < 1e-10 ? 16777217.0 : half);
        expect_as_strtof(text);
    }
}
END_TEST

START_TEST(test_special_numbers) {
    static const char *const same[] = {"0",
                                       "-0",
                                       "0.0e99",
                                       "1.",
                                       ".5",
                                       "1e0",
                                       "007",
                                       "1E+5",
                                       "16777217",
                                       "16777219",
                                       "3.4028235e38",
                                       "3.40282356e38",
                                       "3.40282357e38",
                                       "1e39",
                                       "1e-45",
                                       "7e-46",
                                       "1.17549429e-38",
                                       "1e99999999",
                                       "1e-99999999",
                                       "18446744073709551615",
                                       "18446744073709551616",
                                       "9999999999999999999",
                                       "99999999999999999999",
                                       "0.00000000000000000000000000000000000000000000123",
                                       "123456789012345678901234567890123456789",
                                       "12345678",
                                       "1234567812345678",
                                       "0.1234567812345678"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        expect_as_strtof(same[i]);
    }
}
END_TEST

START_TEST(test_where_a_number_ends) {
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {{"1,2", 1},   {"12 3", 2}, {"1.5x", 3}, {"-", 0},         {"+-1", 0},
                 {".", 0},     {"-.", 0},   {"1e", 0},   {"1e+", 0},       {"e5", 0},
                 {"", 0},      {"x", 0},    {"nan", 3},  {"-INF,", 4},     {"Infinity", 8},
                 {"infin", 3}, {"0x10", 1}, {"1..2", 2}, {"12345678,", 8}, {"1-2", 1},
                 {"in", 0},    {"1,5", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        codec_decimal number;
        const char *text = cases[i].text;
        ck_assert_msg(codec_decimal_read(text, text + strlen(text), &number) == cases[i].length,
                      "%s", text);
    }
    char longest[401];
    codec_decimal number;
    memset(longest, '7', sizeof longest);
    ck_assert_uint_eq(codec_decimal_read(longest, longest + 399, &number), 399);
    ck_assert(number.beyond && number.loses);
    ck_assert_uint_eq(codec_decimal_read(longest, longest + 400, &number), 0);
}
END_TEST

START_TEST(test_lost_digits) {
    static const struct {
        const char *text;
        bool loses;
    } cases[] = {{"16777216", false},   {"16777217", true},    {"-16777217", true},
                 {"16777218", false},   {"33554433", true},    {"16777217.0", true},
                 {"1e30", false},       {"4294967296", false}, {"123456789012345678901", true},
                 {"16777216.0", false}, {"1.6777217e7", true}, {"-1677721.70e1", true},
                 {"16777217.5", false}, {"1.5e30", false},     {"16777217.0000000000000000", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        codec_decimal number;
        const char *text = cases[i].text;
        ck_assert_uint_gt(codec_decimal_read(text, text + strlen(text), &number), 0);
        ck_assert_msg(number.loses == cases[i].loses, "%s", text);
    }
}
END_TEST

static const char *written(float value, char text[CODEC_DECIMAL_TEXT + 1]) {
    text[codec_decimal_write(value, text)] = '\0';
    return text;
}

static int digits_of(const char *text) {
    char digits[64];
    int count = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text >= '0' && *text <= '9' && (count || *text != '0')) {
            digits[count++] = *text;
        }
    }
    while (count > 1 && digits[count - 1] == '0') {
        count--;
    }
    return count;
}

/* Reads back, and no printf with a digit less does. */
static void expect_shortest(float value) {
    char text[CODEC_DECIMAL_TEXT + 1], shorter[64];
    written(value, text);
    ck_assert_msg(bits_of(strtof(text, NULL)) == bits_of(value), "%.9g became %s", (double)value,
                  text);
    const int digits = digits_of(text);
    snprintf(shorter, sizeof shorter, "%.*e", digits > 1 ? digits - 2 : 0, (double)value);
    ck_assert_msg(digits <= 1 || strtof(shorter, NULL) != value, "%s: %s is enough", text, shorter);
}

START_TEST(test_shortest) {
    state = 3;
    for (int i = 0; i < 100000; i++) {
        const float any = float_of(random_bits() << 8 ^ random_bits());
        if (isfinite(any) && any != 0) {
            expect_shortest(any);
        }
        expect_shortest((float)(random_bits() % 100000 + 1) / 1000);
    }
    for (int exponent = -149; exponent < 128; exponent++) { /* where floats get twice as dense */
        expect_shortest(ldexpf(1, exponent));
    }
}
END_TEST

START_TEST(test_written) {
    static const struct {
        float value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0F, "-0"},
                 {7, "7"},
                 {-255, "-255"},
                 {16777216, "16777216"},
                 {0.5F, "0.5"},
                 {-12.25F, "-12.25"},
                 {0.1F, "0.1"},
                 {1e-5F, "0.00001"},
                 {1.5e-6F, "1.5e-6"},
                 {1e15F, "1000000000000000"},
                 {1e16F, "1e16"},
                 {123456792, "123456790"},
                 {FLT_MAX, "3.4028235e38"},
                 {FLT_TRUE_MIN, "1e-45"},
                 {0x1p-96F, "1.2621775e-29"},
                 {NAN, "nan"},
                 {INFINITY, "inf"},
                 {-INFINITY, "-inf"}};
    char text[CODEC_DECIMAL_TEXT + 1];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_str_eq(written(cases[i].value, text), cases[i].text);
    }
}
END_TEST

Suite *codec_decimal_suite(void) {
    Suite *suite = suite_create("codec: decimal numbers");
    TCase *tests = tcase_create("decimal");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_random_numbers);
    tcase_add_test(tests, test_halfway);
    tcase_add_test(tests, test_special_numbers);
    tcase_add_test(tests, test_where_a_number_ends);
    tcase_add_test(tests, test_lost_digits);
    tcase_add_test(tests, test_shortest);
    tcase_add_test(tests, test_written);
    suite_add_tcase(suite, tests);
    return suite;
}
