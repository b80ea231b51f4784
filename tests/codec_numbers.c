/* Tables and .npy files: what is refused, and how; what is recognised. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "codec/numbers/npy.h"
#include "codec_tests.h"

/* ---- tables ---- */

static const struct {
    const char *text, *error;
} bad_tables[] = {
    {"1 2\n3\n", "line 2, column 2: 1 number in this row, but 2 numbers in those before"},
    {"1,2\r\n3,4,5\r\n", "line 2, column 6: 3 numbers in this row, but 2 numbers in those before"},
    {"1 2\n3 four\n", "line 2, column 3: expected a number, got 'four'"},
    {"# two lines\n\n  1 2x 3\n", "line 3, column 5: expected a number, got '2x'"},
    {"1, 2\n3,\n", "line 2, column 3: a number is missing here"},
    {"1,,2\n", "line 1, column 3: a number is missing here"},
    {"1\n,2\n", "line 2, column 1: a number is missing here"},
    {"1,2;3\n",
     "line 1, column 4: ';' between numbers, but ',' before; a file has one separator, and its "
     "decimal point is '.'"},
    {"0,5 1,5\n",
     "line 1, column 4: blanks between numbers, but ',' before; a file has one separator, and its "
     "decimal point is '.'"},
    {"1 2\n3 nan\n", "line 2, column 3: nan isn't a finite number; --allow-nonfinite accepts it"},
    {"1 2\n3 -Infinity\n",
     "line 2, column 3: -Infinity isn't a finite number; --allow-nonfinite accepts it"},
    {"1\n1e39\n", "line 2, column 1: 1e39 is more than a float can hold, which is about 3.4e38"},
    {"1 2\n\n3 4\n5 6\n",
     "line 4, column 1: more rows than the 1 of the first channel; a blank line begins another "
     "channel"},
    {"1\n2\n\n3\n", "the file ends after 1 row of channel 2, but the first has 2"},
    {"1 2\n\"3\" 4\n", "line 2, column 1: expected a number without quotes, got \"3\""},
    {"1 2\n3 \x01 4\n", "line 2, column 3: a byte 0x01 is no text"},
    {"1 Nancy 3\n", "line 1, column 3: expected a number, got 'Nancy'"},
    {"\xEF\xBB\xBF"
     "1 x\n",
     "line 1, column 3: expected a number, got 'x'"},
    {"1 2\r3 4\r", "line 1, column 3: the line ends in CR alone; expected LF, or CR LF"},
    {"1\n2\n\n3\n\n4\n",
     "line 5, column 1: a blank line ends a channel of 1 row, but the first has 2"},
};

START_TEST(test_bad_tables) {
    codec_expect_error(bad_tables[_i].text, strlen(bad_tables[_i].text), bad_tables[_i].error);
}
END_TEST

static codec_image decode(const void *file, size_t size, const codec_limits *limits) {
    codec_image image;
    ct_error err = {""};
    ck_assert_msg(codec_decode(file, size, limits, &image, &err), "%s", err.text);
    return image;
}

static void expect_table(const char *text, int width, int height, int channels,
                         const float *expected) {
    codec_image image = decode(text, strlen(text), NULL);
    ck_assert_int_eq(image.info.width, width);
    ck_assert_int_eq(image.info.height, height);
    ck_assert_int_eq(image.info.channels, channels);
    ck_assert_int_eq(image.info.sample, CODEC_F32);
    ck_assert(image.info.plain && image.info.white == 255);
    ck_assert_mem_eq(image.rows, expected, (size_t)(width * height * channels) * sizeof(float));
    codec_image_free(&image);
}

START_TEST(test_good_tables) {
    const float four[] = {1, 2, 3, 4}, two[] = {1, 3, 2, 4};
    static const char *const same[] = {"1 2\n3 4",
                                       "1,2\n3,4\n",
                                       "1;2\r\n3;4\r\n",
                                       ("\xEF\xBB\xBF"
                                        "1 2\n3 4\n"),
                                       "1\t2\n3\t4\n",
                                       "# a\n1 2 # b\n#c\n3 4\n",
                                       "\n\n 1  2 \n\t3 \t 4\n\n\n",
                                       "+1 , 2.0\n.3e1, 40e-1\n"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        expect_table(same[i], 2, 2, 1, four);
    }
    expect_table("1 2\n\n3 4\n", 2, 1, 2, two);
    expect_table("1 2\n# not blank\n3 4\n", 2, 2, 1, four);
    expect_table("1 2\n \t\n\n3 4\n\n", 2, 1, 2, two);
    expect_table("4", 1, 1, 1, four + 3);
}
END_TEST

/* Longer than the reader's buffer: lines that it cuts, and one that doesn't fit it. */
START_TEST(test_long_tables) {
    static const int shapes[][2] = {{7, 20000}, {60000, 2}, {1, 65535}};
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        const int width = shapes[k][0], height = shapes[k][1];
        ct_text text = {0};
        for (int i = 0; i < width * height; i++) {
            ck_assert(ct_text_print(&text, "%d%s", i, (i + 1) % width ? "," : "\n"));
        }
        codec_image image = decode(text.bytes, text.length, NULL);
        ck_assert_int_eq(image.info.width, width);
        ck_assert_int_eq(image.info.height, height);
        for (int i = 0; i < width * height; i++) {
            float value;
            memcpy(&value, image.rows + 4 * i, sizeof value);
            ck_assert(value == (float)i);
        }
        codec_image_free(&image);
        ct_text_free(&text);
    }
}
END_TEST

/* Groups of rows in reverse, and in order, where comments and channels lie between. */
START_TEST(test_tables_in_groups) {
    const int width = 3, channels = _i ? 2 : 1;
    const int height = 20000;
    ct_text text = {0};
    ct_error err = {""};
    ck_assert(ct_text_print(&text, "\xEF\xBB\xBF# two comments\n\n#\n"));
    for (int i = 0; i < height * channels; i++) {
        const char *end = i % 1000 == 7 ? " # note\r\n#\n" : i % 3 ? "\n" : "\r\n";
        ck_assert(ct_text_print(&text, "%d;%d ; -%d.5%s", i, i % 7, i, end));
        ck_assert(i % height < height - 1 || ct_text_print(&text, " \n"));
    }
    codec_reader *reader = codec_open_memory(text.bytes, text.length, NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    ck_assert_int_eq(codec_reader_info(reader)->height, height);
    ck_assert_int_eq(codec_reader_info(reader)->channels, channels);
    const int step = codec_reader_step(reader, 2), samples = width * channels;
    ck_assert_int_gt(step, 1000);
    ck_assert_int_lt(step, height);
    float *rows = malloc((size_t)(height * samples) * sizeof *rows);
    for (int first = height / step * step; first >= 0; first -= step) {
        const int count = height - first < step ? height - first : step;
        ck_assert_msg(codec_read_at(reader, first, count, rows + first * samples,
                                    (size_t)samples * sizeof *rows, &err),
                      "%s", err.text);
    }
    for (int y = 0; y < height; y++) {
        for (int c = 0; c < channels; c++) {
            const int i = y + c * height;
            const float *row = rows + y * samples + c;
            ck_assert(row[0] == (float)i && row[channels] == (float)(i % 7) &&
                      row[2 * channels] == -(float)i - 0.5F);
        }
    }
    codec_read_end(reader);
    codec_close(reader);
    free(rows);
    ct_text_free(&text);
}
END_TEST

/* The fifth row of a group, whichever way it's read, and its line. */
START_TEST(test_errors_in_groups) {
    static const char text[] = "1,2\n3,4\n#\n5,6\n7,x8\n9,10\n";
    static const char wrong[] = "line 5, column 3: expected a number, got 'x8'";
    ct_error err = {""};
    float rows[10];
    codec_expect_error(text, sizeof text - 1, wrong);
    codec_reader *reader = codec_open_memory(text, sizeof text - 1, NULL, &err);
    ck_assert(!codec_read_at(reader, 0, 5, rows, 8, &err));
    ck_assert_str_eq(err.text, wrong);
    codec_close(reader);
}
END_TEST

START_TEST(test_table_limits) {
    codec_limits limits = codec_default_limits();
    codec_image image;
    ct_error err = {""};
    limits.max_side = limits.max_plain_side = 3;
    ck_assert(!codec_decode("1 2 3 4\n", 8, &limits, &image, &err));
    ck_assert_str_eq(err.text, "4x1 pixels: wider than the limit of 3 (--max-side)");
    ck_assert(!codec_decode("1\n2\n3\n4\n", 8, &limits, &image, &err));
    ck_assert_str_eq(err.text, "1x4 pixels: higher than the limit of 3 (--max-side)");
    limits = codec_default_limits();
    limits.max_memory = 12;
    ck_assert(!codec_decode("1\n2\n3\n4\n", 8, &limits, &image, &err));
    ck_assert_str_eq(err.text, "the rows need more memory than the limit of 12 bytes "
                               "(--max-memory)");
    limits.max_memory = 16;
    image = decode("1\n2\n3\n4\n", 8, &limits);
    codec_image_free(&image);
    limits.nonfinite = true;
    image = decode("nan -inf\n", 9, &limits);
    const float *values = (const float *)(const void *)image.rows;
    ck_assert(isnan(values[0]) && values[1] == -INFINITY);
    codec_image_free(&image);
}
END_TEST

/* What is read as a table, and so may go to a terminal. */
START_TEST(test_what_is_a_table) {
    static const char *const tables[] = {"1 2\n3 4\n",
                                         "-1e5,.5",
                                         "# note\n3",
                                         "\n 7\n",
                                         "1;2;-",
                                         "1e",
                                         "nan 1",
                                         ("\xEF\xBB\xBF"
                                          "1"),
                                         "-",
                                         "1. Introduction\n"};
    static const char *const others[] = {"",
                                         "# only a comment\n",
                                         "2026-11-28 12:00\n",
                                         "x,y\n1,2\n",
                                         "---\n",
                                         "#!/bin/sh\necho 1\n",
                                         "1.2.3\n",
                                         ",1",
                                         "0x10\n",
                                         "nano\n",
                                         "-x"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        ck_assert_msg(codec_is_text(tables[i], strlen(tables[i])), "%s", tables[i]);
        ck_assert(!codec_is_image(tables[i], strlen(tables[i])));
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        ck_assert_msg(!codec_is_text(others[i], strlen(others[i])), "%s", others[i]);
    }
    ck_assert(!codec_is_text("P2\n1 1 1 1", 10));
    codec_expect_error("1. Introduction\n", 16,
                       "line 1, column 4: expected a number, got 'Introduction'");
}
END_TEST

/* ---- .npy ---- */

/* A version 1 file with the dict, and `size` zeros. */
static void make_npy(ct_text *file, const char *dict, size_t size) {
    const size_t length = strlen(dict);
    const char head[] = {(char)0x93,         'N', 'U', 'M', 'P', 'Y', 1, 0, (char)(length & 255),
                         (char)(length >> 8)};
    *file = (ct_text){0};
    ck_assert(ct_text_add(file, head, sizeof head) && ct_text_add(file, dict, length));
    for (size_t i = 0; i < size; i++) {
        ck_assert(ct_text_add(file, "", 1));
    }
}

#define IN_HEADER "the header of the .npy file: expected "
#define KEYS      IN_HEADER "'descr', 'fortran_order' or 'shape', each once, at character "

static const struct {
    const char *dict, *error;
} bad_npy[] = {
    {"", IN_HEADER "'{' at character 1"},
    {"{", KEYS "2"},
    {"{'descr': '<f4', 'fortran_order': False, }", KEYS "42"},
    {"{'descr': '<f4', 'descr': '<f4', 'shape': (1,), }", KEYS "19"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
     IN_HEADER "'}' at character 57"},
    {"{'descr' '<f4', 'fortran_order': False, 'shape': (1,)}", IN_HEADER "':' at character 10"},
    {"{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}", IN_HEADER "',' at character 17"},
    {"{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
     IN_HEADER "True or False at character 35"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': 1}", IN_HEADER "'(' at character 51"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
     IN_HEADER "a number at character 52"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551616,)}",
     "the header of the .npy file: the number at character 52 is too large for a size"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}", IN_HEADER "',' at character 54"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
     IN_HEADER "the end at character 57"},
    {"{'descr': '<f4", IN_HEADER "the type at character 12"},
    {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}",
     "an array of type '<c8'; expected b1, u1, i1, u2, i2, u4, i4, u8, i8, f2, f4 or f8"},
    {"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
     "an array of type '|O'; expected b1, u1, i1, u2, i2, u4, i4, u8, i8, f2, f4 or f8"},
    {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
     "an array of structs; expected one of numbers"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': ()}",
     "an array of 0 dimensions; expected 1 to 3: (width), (height, width) or (height, width, "
     "channels)"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1)}",
     "an array of 4 dimensions; expected 1 to 3: (width), (height, width) or (height, width, "
     "channels)"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0)}",
     "an array without numbers: one of its sides is 0"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (20000000,)}",
     "20000000x1 pixels: wider than the limit of 16777216 (--max-side)"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 4097)}",
     "4097 channels; expected 1 to 4096"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551615, "
     "4611686018427387905, "
     "4611686018427387905)}",
     "4611686018427387905x18446744073709551615 pixels: wider than the limit of 16777216 "
     "(--max-side)"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (30000, 30000)}",
     "30000x30000 pixels: more than the limit of 268435456 pixels (--max-pixels)"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", "the file ends in row 2 of 2"},
    {"{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3)}", "the file ends in row 1 of 2"},
};

START_TEST(test_bad_npy) {
    ct_text file;
    make_npy(&file, bad_npy[_i].dict, 20);
    codec_expect_error(file.bytes, file.length, bad_npy[_i].error);
    ct_text_free(&file);
}
END_TEST

START_TEST(test_npy_start) {
    static const char old[] = "\x93NUMPY\0\0\x10\0................";
    static const char long_head[] = "\x93NUMPY\2\0\xFF\xFF\xFF\x7F....";
    static const char cut[] = "the file ends within its header";
    codec_expect_error(old, sizeof old - 1, ".npy of version 0.0; expected 1.0, 2.0 or 3.0");
    codec_expect_error(long_head, sizeof long_head - 1,
                       "a .npy header of 2147483647 bytes; expected at most 65536");
    codec_expect_error("\x93NUMPY\1\0\x10\0{", 11, cut);
    codec_expect_error("\x93NUMPY\2\0\x10\0", 10, cut);
}
END_TEST

/* What NumPy doesn't write, but Python reads. */
START_TEST(test_npy_spelling) {
    static const char *const dicts[] = {
        "{\"shape\":(2,3L,),\"fortran_order\":False,\"descr\":\"|u1\"}",
        " { 'descr' : 'u1' , # a comment }\n 'fortran_order':False,'shape':( 2 , 3 ) } # end"};
    for (size_t i = 0; i < sizeof dicts / sizeof dicts[0]; i++) {
        ct_text file;
        make_npy(&file, dicts[i], 6);
        file.bytes[file.length - 1] = 9;
        codec_image image = decode(file.bytes, file.length, NULL);
        ck_assert_int_eq(image.info.width, 3);
        ck_assert_int_eq(image.info.height, 2);
        ck_assert_int_eq(image.info.sample, CODEC_U8);
        ck_assert(image.info.plain);
        ck_assert_uint_eq(image.rows[5], 9);
        codec_image_free(&image);
        ct_text_free(&file);
    }
}
END_TEST

START_TEST(test_npy_trailing_bytes) {
    ct_text file;
    codec_image image;
    make_npy(&file, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", 3);
    codec_reader *reader = codec_open_memory(file.bytes, file.length, NULL, NULL);
    ck_assert_ptr_nonnull(reader);
    ck_assert_int_eq(codec_reader_warnings(reader)->count, 1);
    ck_assert_str_eq(codec_reader_warnings(reader)->at[0].text,
                     "has more bytes than its array needs; only the array is read");
    ck_assert(codec_read_all(reader, &image, NULL));
    codec_image_free(&image);
    ct_text_free(&file);
}
END_TEST

/* ---- codec_pick ---- */

START_TEST(test_pick) {
    static const uint16_t picks[] = {2, 0, 2};
    const uint8_t rows[] = {1, 2, 3, 4, 5, 6};
    const uint8_t expected[] = {3, 1, 3, 6, 4, 6};
    const codec_info info = {.width = 2, .height = 1, .channels = 3, .sample = CODEC_U8};
    codec_image image;
    ct_error err = {""};
    codec_reader *reader = codec_pick(codec_open_image(&info, rows, 6, &err), picks, 3, NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    ck_assert(codec_read_all(reader, &image, &err));
    ck_assert_int_eq(image.info.channels, 3);
    ck_assert_mem_eq(image.rows, expected, sizeof expected);
    codec_image_free(&image);
    static const uint16_t beyond[] = {3};
    ck_assert_ptr_null(codec_pick(codec_open_image(&info, rows, 6, &err), beyond, 1, NULL, &err));
    ck_assert_str_eq(err.text,
                     "--channels: there is no channel 3; the image has 3, counted from 0");
}
END_TEST

#define COUNT(list) (int)(sizeof(list) / sizeof(list)[0])

Suite *codec_numbers_suite(void) {
    Suite *suite = suite_create("codec: numbers");
    TCase *tests = tcase_create("numbers");
    tcase_add_loop_test(tests, test_bad_tables, 0, COUNT(bad_tables));
    tcase_add_test(tests, test_good_tables);
    tcase_add_test(tests, test_long_tables);
    tcase_add_loop_test(tests, test_tables_in_groups, 0, 2);
    tcase_add_test(tests, test_errors_in_groups);
    tcase_add_test(tests, test_table_limits);
    tcase_add_test(tests, test_what_is_a_table);
    tcase_add_loop_test(tests, test_bad_npy, 0, COUNT(bad_npy));
    tcase_add_test(tests, test_npy_start);
    tcase_add_test(tests, test_npy_spelling);
    tcase_add_test(tests, test_npy_trailing_bytes);
    tcase_add_test(tests, test_pick);
    suite_add_tcase(suite, tests);
    return suite;
}
