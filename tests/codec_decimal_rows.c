/* Rows of decimal numbers: compared with the C library's strtof. */
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

/* Text with what may be looked at around it, and no more, so that the sanitizer sees the rest. */
typedef struct row_text {
    char *buffer, *text, *end;
} row_text;

static row_text row_of(const char *text) {
    const size_t length = strlen(text);
    row_text row = {.buffer = calloc(1, CODEC_DECIMAL_BEFORE + length + CODEC_DECIMAL_BEYOND)};
    ck_assert_ptr_nonnull(row.buffer);
    memset(row.buffer, '7', CODEC_DECIMAL_BEFORE);
    row.text = row.buffer + CODEC_DECIMAL_BEFORE;
    row.end = row.text + length;
    memcpy(row.text, text, length);
    return row;
}

/* Reads all, though some may stop a run, and expects the same as strtof's; *loses as for a run. */
static void expect_row_as_strtof(const char *text, char separator, bool *loses) {
    const row_text row = row_of(text);
    const char *at = row.text, *expected = text;
    codec_decimal_ends ends;
    float values[5];
    codec_decimal_find(&ends, row.text, row.end);
    *loses = false;
    for (;;) {
        const size_t count = codec_decimal_run(&ends, &at, separator, values, 5, loses);
        for (size_t i = 0; i < count; i++) {
            char *end;
            const float value = strtof(expected, &end);
            ck_assert_msg(bits_of(values[i]) == bits_of(value), "%.*s: got %.9g, expected %.9g",
                          (int)(end - expected), expected, (double)values[i], (double)value);
            expected = end + (*end == separator);
        }
        if (!count || at == row.end) {
            break;
        }
        ck_assert_int_eq(*at, separator);
        at++;
    }
    ck_assert_msg(at == row.end, "stopped at %s", at);
    free(row.buffer);
}

static const char *const forms[] = {"%.18e", "%.6g", "%.17g", "%+.12g", "%.0f",
                                    "%.3f",  "%.9E", "%.25f", "%.15e",  "%.16g"};

START_TEST(test_rows) {
    enum { ROW = 100, MOST = 80 };
    const char separators[] = ",; \t";
    char text[ROW * MOST];
    bool loses;
    state = 4;
    for (int i = 0; i < 4000; i++) {
        const char separator = separators[i % 4];
        const uint32_t count = random_bits() % ROW + 1, mixed = random_bits() % 2;
        size_t length = 0;
        for (uint32_t k = 0; k < count; k++) {
            const uint32_t form = mixed ? random_bits() : (uint32_t)i / 4;
            const double value = ldexp((double)random_bits() - (1 << 23),
                                       (int)(random_bits() % 60) - 50 - (int)(form % 3) * 9);
            length += (size_t)sprintf(text + length, forms[form % 10], value);
            text[length++] = separator;
        }
        text[length - 1] = '\0';
        expect_row_as_strtof(text, separator, &loses);
    }
}
END_TEST

/* Digits of which only the last tell on which side of the middle between two floats it is. */
START_TEST(test_halfway_in_rows) {
    char text[400];
    bool loses;
    state = 5;
    for (int i = 0; i < 20000; i++) {
        const float low = ldexpf((float)(random_bits() | 1 << 23), (int)(random_bits() % 40) - 30);
        const double half = ((double)low + (double)nextafterf(low, INFINITY)) / 2;
        sprintf(text, "%.18e,%.25e,%.16g,%.30f,%.17g,%.15g", half, half, half, half,
                half * (1 + 1e-15), half * (1 - 1e-12));
        expect_row_as_strtof(text, ',', &loses);
    }
}
END_TEST

START_TEST(test_forms_in_rows) {
    static const struct {
        const char *text;
        bool loses;
    } cases[] = {{"0,-0,+0,0.0,-0.0,.5,5.,-.5,+5.,007", false},
                 {"1e5,1e-5,1E+05,1.5e+02,1.5e2,1.5e+002,1e+38,1e-38,1e-45,-1.5e-40,0e+99", false},
                 {"16777216,-16777216,9007199254740992,1125899906842624", false},
                 {"1,16777217", true},
                 {"-33554433,1", true},
                 {"9007199254740993", true},
                 {"16777217.0", true},
                 {"16777217e+00", true},
                 {"12345678901234567890e+00", true},
                 {"1.677721700000000000e+07", true},
                 {"16777216.0,1.677721600000000000e+07,16777217.5,1.6777217e+30", false},
                 {"123456789012345678901234567890,1", true},
                 {"1234567890.1234567890123456789012", false},
                 {"123456789012345.6,1234567890123456.7,12345678901234567.8", false},
                 {"0.00000000000000123456789012345678,0.0123456789012345678", false},
                 {"0.000000000000000000000000000000000001234567890123456789", false},
                 {"3.4028234663852885e+38,1.1754943508222875e-38", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool loses;
        expect_row_as_strtof(cases[i].text, ',', &loses);
        ck_assert_msg(loses == cases[i].loses, "%s", cases[i].text);
    }
}
END_TEST

START_TEST(test_where_a_run_ends) {
    static const struct {
        const char *text;
        char separator;
        size_t count, length;
    } cases[] = {{"1,2\n3", ',', 2, 3},
                 {"1,2\r\n", ',', 2, 3},
                 {"1;2", ',', 1, 1},
                 {"1, 2,   3", ',', 3, 9},
                 {"1 ,2", ',', 1, 1},
                 {"1  2   3 \n", ' ', 3, 8},
                 {"1\t 2", '\t', 2, 4},
                 {"1,,2", ',', 1, 1},
                 {"1,\n2", ',', 1, 1},
                 {"1,2#3", ',', 1, 1},
                 {"1,nan", ',', 1, 1},
                 {"1,-inf", ',', 1, 1},
                 {"1,1e39", ',', 1, 1},
                 {"1,2x,3", ',', 1, 1},
                 {"1,2.3.4", ',', 1, 1},
                 {"1,-,2", ',', 1, 1},
                 {"1,.,2", ',', 1, 1},
                 {"1,-.,2", ',', 1, 1},
                 {"1,+-2", ',', 1, 1},
                 {"1,--2", ',', 1, 1},
                 {"1,e+05", ',', 1, 1},
                 {"1,2e+0x", ',', 1, 1},
                 {"1,2e 05", ',', 1, 1},
                 {"1,2e+05e+05", ',', 1, 1},
                 {"1,.e+05", ',', 1, 1},
                 {"1,\xB2\xFF", ',', 1, 1},
                 {"1,2:3/4", ',', 1, 1},
                 {"1,-/,2", ',', 1, 1},
                 {"", ',', 0, 0},
                 {",1", ',', 0, 0},
                 {"1,/5", ',', 1, 1},
                 {"1,1.23456789012345x67", ',', 1, 1},
                 {"1,1.2345678901234567.9", ',', 1, 1},
                 {"1,1.234567890123456\x80"
                  "e+05",
                  ',', 1, 1},
                 {"1,1234567890123456789012345678901234567890x", ',', 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const row_text row = row_of(cases[i].text);
        const char *at = row.text;
        codec_decimal_ends ends;
        float values[4];
        bool loses = false;
        codec_decimal_find(&ends, row.text, row.end);
        const size_t count = codec_decimal_run(&ends, &at, cases[i].separator, values, 4, &loses);
        ck_assert_msg(count == cases[i].count && (size_t)(at - row.text) == cases[i].length,
                      "%s: %zu numbers, %zu characters", cases[i].text, count,
                      (size_t)(at - row.text));
        free(row.buffer);
    }
}
END_TEST

Suite *codec_decimal_rows_suite(void) {
    Suite *suite = suite_create("codec: rows of decimal numbers");
    TCase *tests = tcase_create("decimal rows");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_rows);
    tcase_add_test(tests, test_halfway_in_rows);
    tcase_add_test(tests, test_forms_in_rows);
    tcase_add_test(tests, test_where_a_run_ends);
    suite_add_tcase(suite, tests);
    return suite;
}
