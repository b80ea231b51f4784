/* PNM, PAM and PFM files as people and programs write them, good ones and bad ones. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "codec_tests.h"

/* `samples`: what is expected, as bytes or as 16-bit numbers; `error`: instead of them. The file is
 * text up to a NUL, or `size` bytes where it has some itself. */
static const struct {
    const char *file;
    size_t size;
    int width, height, channels;
    uint16_t samples[8];
    codec_sample sample;
    const char *format, *error;
} files[] = {
    /* Numbers stay the same, whatever the maximum. */
    {"P2 3 1 2 0 1 2", 0, 3, 1, 1, {0, 1, 2}, CODEC_U8, "pgm", NULL},
    {"P2 3 1 300 0 150 300", 0, 3, 1, 1, {0, 150, 300}, CODEC_U16, "pgm", NULL},
    {"P5 3 1 7\n\0\3\7", 12, 3, 1, 1, {0, 3, 7}, CODEC_U8, "pgm", NULL},
    {"P5 1 1 256\n\0\x80", 13, 1, 1, 1, {128}, CODEC_U16, "pgm", NULL},
    {"P3\n1 1\n255\n1 2 3\n", 0, 1, 1, 3, {1, 2, 3}, CODEC_U8, "ppm", NULL},
    {"P6 1 1 255\n\1\2\3", 0, 1, 1, 3, {1, 2, 3}, CODEC_U8, "ppm", NULL},
    /* Bitmaps: 1 is black; plain ones need no blanks; binary rows end on a byte. */
    {"P1 3 2 1 0 1\n011", 0, 3, 2, 1, {0, 255, 0, 255, 0, 0}, CODEC_U8, "pgm", NULL},
    {"P4 3 2\n\xA0\x60", 0, 3, 2, 1, {0, 255, 0, 255, 0, 0}, CODEC_U8, "pgm", NULL},
    /* Comments and blanks wherever netpbm accepts them. */
    {"P2 # a\n# b\n2# c\n 1 255#d\n7 8", 0, 2, 1, 1, {7, 8}, CODEC_U8, "pgm", NULL},
    {"P2#x\r2\r1\r\n255\t\v7\f# 9\n8", 0, 2, 1, 1, {7, 8}, CODEC_U8, "pgm", NULL},
    {"P5\n2 1\n255\n#A", 0, 2, 1, 1, {35, 65}, CODEC_U8, "pgm", NULL},
    /* CR LF after the header: LF is a sample only if the length says so. */
    {"P5\r\n2 1\r\n255\r\n\1\2", 0, 2, 1, 1, {1, 2}, CODEC_U8, "pgm", NULL},
    {"P5 2 1 255\r\n\1\2", 0, 2, 1, 1, {1, 2}, CODEC_U8, "pgm", NULL},
    {"P5 2 1 255\r\n\2", 0, 2, 1, 1, {10, 2}, CODEC_U8, "pgm", NULL},
    {"P5 2 1 255\r\2\3", 0, 2, 1, 1, {2, 3}, CODEC_U8, "pgm", NULL},
    {"P5 # c\r\n2 1 256\r\n\1\0\0\2", 21, 2, 1, 1, {256, 2}, CODEC_U16, "pgm", NULL},
    {"P4\r\n8 1\r\n\xAA", 0, 8, 1, 1, {0, 255, 0, 255, 0, 255, 0, 255}, CODEC_U8, "pgm", NULL},
    {"P5\r\n1 1\r\n255\r\nAP5 1 1 255\nB", 0, 1, 1, 1, {65}, CODEC_U8, "pgm", NULL},
    {"P7\r\nWIDTH 1\r\nHEIGHT 1\r\nDEPTH 1\r\nMAXVAL 255\r\nENDHDR\r\nA",
     0,
     1,
     1,
     1,
     {65},
     CODEC_U8,
     "pam",
     NULL},
    /* The second image is ignored. */
    {"P5 1 1 255\nAP5 1 1 255\nB", 0, 1, 1, 1, {65}, CODEC_U8, "pgm", NULL},
    {"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcd",
     0,
     1,
     1,
     4,
     {97, 98, 99, 100},
     CODEC_U8,
     "pam",
     NULL},
    {"P7\n# c\n\n HEIGHT 1\nWIDTH  1\nMAXVAL 1\nDEPTH 2\nTUPLTYPE "
     "BLACKANDWHITE_ALPHA\nENDHDR\n\1\1",
     0,
     1,
     1,
     2,
     {1, 1},
     CODEC_U8,
     "pam",
     NULL},
    {"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nENDHDR\nabc",
     0,
     1,
     1,
     3,
     {97, 98, 99},
     CODEC_U8,
     "pam",
     NULL},
    /* What is refused. */
    {.file = "P2 3 1 2 0 1 3", .error = "row 1: the sample 3 is above the header's maximum of 2"},
    {.file = "P5 1 2 100\nAe",
     .error = "row 2: the sample 101 is above the header's maximum of 100"},
    {.file = "P5 1 1 256\n\1\1",
     .error = "row 1: the sample 257 is above the header's maximum of 256"},
    {.file = "P2 1 1 9 99999999999999999999",
     .error = "row 1: the sample 99 is above the header's maximum of 9"},
    {.file = "P2 2 1 9 1 x", .error = "row 1: expected a number, found 'x'"},
    {.file = "P2 2 1 9 1 -1", .error = "row 1: expected a number, found '-'"},
    {.file = "P2 2 1 9 1x2", .error = "row 1: expected a blank after the number, found 'x'"},
    {.file = "P1 2 1 12", .error = "row 1: expected 0 or 1, found '2'"},
    {.file = "P2 2 2 9 1 2 3", .error = "the file ends in row 2 of 2"},
    {.file = "P2 2 2 9 1 2   # 3 4", .error = "the file ends in row 2 of 2"},
    {.file = "P6 2 3 255\n0123456", .error = "the file ends in row 2 of 3"},
    {.file = "P5 4 2 255\n", .error = "the file ends in row 1 of 2"},
    {.file = "P5 4", .error = "the file ends within its header"},
    {.file = "P5 4 ", .error = "the file ends within its header"},
    {.file = "P5 4 x", .error = "expected the height in the header, found 'x'"},
    {.file = "P5 -4 1 255\n", .error = "expected the width in the header, found '-'"},
    {.file = "P5 4294967296 1 255\n", .error = "the width in the header is above 4294967295"},
    {.file = "P5 0 1 255\n", .error = "0x1 pixels: an image needs at least one"},
    {.file = "P5 1 1 0\n", .error = "the maximum in the header is 0; expected 1 to 65535"},
    {.file = "P5 1 1 65536\n", .error = "the maximum in the header is 65536; expected 1 to 65535"},
    {.file = "P5 70000 10 255\n",
     .error = "70000x10 pixels: wider than the limit of 65535 (--max-side)"},
    {.file = "P5 10 70000 255\n",
     .error = "10x70000 pixels: higher than the limit of 65535 (--max-side)"},
    {.file = "P5 60000 60000 255\n",
     .error = "60000x60000 pixels: more than the limit of 268435456 pixels (--max-pixels)"},
    {.file = "P5 2 1 255\r\n\1\2\3",
     .error = "the header ends in CR LF, but the LF may be the first byte of the image; end the "
              "header with only one of the two"},
    {.file = "P5\r\n2 1\r\n255\r\n\1\2\3",
     .error = "the header's lines end in CR LF, and the file is 1 byte longer than its image; it "
              "was probably converted as text, which damages images"},
    {.file = "P5\r\n2 1\r\n255\r\n\1", .error = "the file ends in row 1 of 1"},
    {.file = "Pf\r\n1 1\r\n-1\r\n0123456",
     .error = "the header's lines end in CR LF, and the file is 3 bytes longer than its image; it "
              "was probably converted as text, which damages images"},
    {.file = "P7\nWIDTH 1\nWIDTH 1\n", .error = "WIDTH is given twice in the header"},
    {.file = "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nENDHDR\n", .error = "no MAXVAL in the header"},
    {.file = "P7\nWIDTH 1x\n", .error = "WIDTH in the header: expected a number, found '1x'"},
    {.file = "P7\nCOLOUR 1\n", .error = "unknown line 'COLOUR' in the header"},
    {.file = "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcd",
     .error = "TUPLTYPE RGB_ALPHA needs DEPTH 4, found 3"},
    {.file = "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\nabcde",
     .error = "DEPTH 5: expected 1 to 4"},
    {.file = "P7\nWIDTH 1\n", .error = "the file ends within its header"},
    {.file = "PF 1 1 0\n0123456789ab",
     .error = "expected the scale in the header, a number other than 0, found '0'"},
    {.file = "PF 1 1 9e-31\n0123456789ab",
     .error =
         "the scale in the header is 9e-31; expected 1e-30 to 1e+30, or the same with a minus"},
    {.file = "PF 1 1 -1e31\n0123456789ab",
     .error =
         "the scale in the header is -1e31; expected 1e-30 to 1e+30, or the same with a minus"},
    {.file = "PF 1 1 nan\n0123456789ab",
     .error = "expected the scale in the header, a number other than 0, found 'nan'"},
    {.file = "PF 2 1 1\n0123456789ab0123\x7f\x80\0\0abcd",
     .size = 33,
     .error = "column 1, row 0 is inf; --allow-nonfinite accepts it"},
    {.file = "Pf 1 2 -1\n\0\0\xc0\xff"
             "0123",
     .size = 18,
     .error = "column 0, row 1 is nan; --allow-nonfinite accepts it"},
    {.file = "Pf 1 x -1\n0123", .error = "expected the height in the header, found 'x'"},
    {.file = "Pf 1 2 -1\n0123456", .error = "the file ends in row 2 of 2 (counted as stored)"},
    {.file = "Pf 70000 1 -1\n",
     .error = "70000x1 pixels: wider than the limit of 65535 (--max-side)"},
};
enum { FILES = sizeof files / sizeof files[0] };

START_TEST(test_file) {
    const size_t size = files[_i].size ? files[_i].size : strlen(files[_i].file);
    if (files[_i].error) {
        codec_expect_error(files[_i].file, size, files[_i].error);
        return;
    }
    codec_image image;
    ct_error err = {""};
    ck_assert_msg(codec_decode(files[_i].file, size, NULL, &image, &err), "%s", err.text);
    ck_assert_int_eq(image.info.width, files[_i].width);
    ck_assert_int_eq(image.info.height, files[_i].height);
    ck_assert_int_eq(image.info.channels, files[_i].channels);
    ck_assert_int_eq((int)image.info.sample, (int)files[_i].sample);
    for (int i = 0; i < image.info.width * image.info.height * image.info.channels; i++) {
        uint16_t deep;
        memcpy(&deep, image.rows + (files[_i].sample == CODEC_U16 ? 2 * i : 0), 2);
        ck_assert_uint_eq(files[_i].sample == CODEC_U16 ? deep : image.rows[i],
                          files[_i].samples[i]);
    }
    codec_image_free(&image);
    codec_reader *reader = codec_open_memory(files[_i].file, size, NULL, &err);
    ck_assert_str_eq(codec_format_name(codec_reader_format(reader)), files[_i].format);
    codec_close(reader);
}
END_TEST

/* There is alpha only where TUPLTYPE says so; a type of another name may have any depth. */
static const struct {
    const char *type; /* NULL: none */
    int depth;
    bool alpha;
    const char *again; /* the type that is written */
} types[] = {
    {"GRAYSCALE", 1, false, "GRAYSCALE"},
    {"GRAYSCALE_ALPHA", 2, true, "GRAYSCALE_ALPHA"},
    {"RGB", 3, false, "RGB"},
    {"RGB_ALPHA", 4, true, "RGB_ALPHA"},
    {NULL, 1, false, "GRAYSCALE"},
    {NULL, 2, false, NULL},
    {NULL, 3, false, "RGB"},
    {NULL, 4, false, NULL},
    {"elevation", 1, false, "GRAYSCALE"},
    {"complex", 2, false, NULL},
    {"HSV", 3, false, "RGB"},
    {"CMYK", 4, false, NULL},
};
enum { TYPES = sizeof types / sizeof types[0] };

START_TEST(test_tuple_type) {
    const char *type = types[_i].type, *again = types[_i].again;
    char head[128], expected[128];
    const int head_size = snprintf(
        head, sizeof head, "P7\nWIDTH 1\nHEIGHT 1\nDEPTH %d\nMAXVAL 255\n%s%s%sENDHDR\nabcd",
        types[_i].depth, type ? "TUPLTYPE " : "", type ? type : "", type ? "\n" : "");
    const size_t size = (size_t)(head_size - 4 + types[_i].depth);
    codec_image image;
    ct_error err = {""};
    ck_assert_msg(codec_decode(head, size, NULL, &image, &err), "%s", err.text);
    ck_assert_int_eq(image.info.channels, types[_i].depth);
    ck_assert(image.info.alpha == types[_i].alpha);
    ct_text file;
    ck_assert_msg(codec_encode("pam", &image, NULL, &file, &err), "%s", err.text);
    snprintf(expected, sizeof expected,
             "P7\nWIDTH 1\nHEIGHT 1\nDEPTH %d\nMAXVAL 255\n%s%s%sENDHDR\n", types[_i].depth,
             again ? "TUPLTYPE " : "", again ? again : "", again ? "\n" : "");
    ck_assert_uint_eq(file.length, strlen(expected) + (size_t)types[_i].depth);
    ck_assert_mem_eq(file.bytes, expected, strlen(expected));
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* A pipe's length isn't known, so the row is found by reading. */
START_TEST(test_truncated_pipe) {
    int ends[2];
    uint8_t row[12];
    ct_error err;
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq((int)write(ends[1], "P6 4 3 255\n0123456789abX", 24), 24);
    close(ends[1]);
    codec_reader *reader = codec_open(ends[0], NULL, &err);
    ck_assert_ptr_nonnull(reader);
    ck_assert(codec_read_row(reader, row, &err));
    ck_assert_mem_eq(row, "0123456789ab", 12);
    ck_assert(!codec_read_row(reader, row, &err));
    ck_assert_str_eq(err.text, "the file ends in row 2 of 3");
    ck_assert(!codec_read_row(reader, row, &err));
    ck_assert_str_eq(err.text, "no more rows after a row that couldn't be read");
    codec_close(reader);
    close(ends[0]);
}
END_TEST

/* Bottom row first; either byte order; the scale is the white, and samples stay the file's, even
 * those that aren't finite, if they are asked for. */
START_TEST(test_pfm) {
    static const char big[] = "Pf\n1 2\n1.0\n\x7F\x80\0\0\x3F\x80\0\0";
    static const char little[] = "Pf\n1 2\n-2.5\n\0\0\x80\x7F\0\0\x80\x3F";
    static const struct {
        const char *file;
        size_t size;
        double white;
    } both[] = {{big, sizeof big - 1, 1}, {little, sizeof little - 1, 2.5}};
    for (size_t i = 0; i < 2; i++) {
        codec_image image;
        ct_text file;
        ct_error err;
        codec_limits limits = codec_default_limits();
        float values[2];
        limits.nonfinite = true;
        ck_assert(codec_decode(both[i].file, both[i].size, &limits, &image, &err));
        memcpy(values, image.rows, sizeof values);
        ck_assert_float_eq(values[0], 1);
        ck_assert(isinf(values[1]));
        ck_assert_double_eq(image.info.white, both[i].white);
        ck_assert(codec_encode("pfm", &image, NULL, &file, &err));
        const char *head = both[i].white == 1 ? "Pf\n1 2\n-1.0\n" : "Pf\n1 2\n-2.5\n";
        ck_assert_mem_eq(file.bytes, head, strlen(head));
        ct_text_free(&file);
        codec_image_free(&image);
    }
}
END_TEST

START_TEST(test_pfm_crlf) {
    static const char *const ends[] = {"Pf\n1 1\n1\n?xyz", "Pf\r\n1 1\r\n1\r\n?xyz",
                                       "Pf 1 1 1\r\n?xyz"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        codec_image image;
        ct_error err = {""};
        ck_assert_msg(codec_decode(ends[i], strlen(ends[i]), NULL, &image, &err), "%s", err.text);
        uint32_t bits;
        memcpy(&bits, image.rows, sizeof bits);
        ck_assert_uint_eq(bits, 0x3F78797A);
        codec_image_free(&image);
    }
}
END_TEST

/* Another image after the first, and what only looks a little like one. */
START_TEST(test_several_images) {
    static const struct {
        const char *file;
        bool several;
    } cases[] = {
        {"P5 1 1 255\nA", false},
        {"P5 1 1 255\nAP5 1 1 255\nA", true},
        {"P5 1 1 255\nA\n\nP6 1 1 255\nABC", true},
        {"P6 1 1 255\nABCP4#", true},
        {"P2 1 1 9 1\nP2 1 1 9 1\n", true},
        {"P1 1 1 1\nP3", false},
        {"P1 1 1 1\nP3\n", true},
        {"Pf 1 1 -1\nabcdPF ", true},
        {"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\nAP7\n", true},
        {"P5 1 1 255\nAP8 ", false},
        {"P5 1 1 255\nAPK\1\2", false},
        {"P5 1 1 255\nA and more", false},
        {"P5 1 2 255\nAP5 1 1 255\nA", false}, /* the second row is "P" */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ct_error err = {""};
        codec_reader *reader = codec_open_memory(cases[i].file, strlen(cases[i].file), NULL, &err);
        ck_assert_msg(reader != NULL, "%s", err.text);
        uint8_t row[16];
        for (int y = 0; y < codec_reader_info(reader)->height; y++) {
            ck_assert(codec_read_row(reader, row, &err));
        }
        const codec_warnings *warnings = codec_reader_warnings(reader);
        ck_assert_int_eq(warnings->count, cases[i].several);
        if (cases[i].several) {
            ck_assert_str_eq(warnings->at[0].text,
                             "holds more than one image; only the first is read");
        }
        codec_close(reader);
    }
}
END_TEST

/* Every white is written as it was read. */
START_TEST(test_white) {
    static const struct {
        const char *format;
        codec_sample sample;
        double white;
        const char *head;
    } whites[] = {{"pgm", CODEC_U8, 9, "P5\n1 1\n9\n"},
                  {"pgm", CODEC_U8, 0, "P5\n1 1\n255\n"},
                  {"pgm", CODEC_U8, 1, "P5\n1 1\n1\n"},
                  {"pgm", CODEC_U16, 256, "P5\n1 1\n256\n"},
                  {"pgm", CODEC_U16, 0, "P5\n1 1\n65535\n"},
                  {"pfm", CODEC_F32, 0, "Pf\n1 1\n-1.0\n"},
                  {"pfm", CODEC_F32, 100, "Pf\n1 1\n-100\n"},
                  {"pfm", CODEC_F32, 1e-30, "Pf\n1 1\n-1e-30\n"},
                  {"pfm", CODEC_F32, 1.0 / 255, "Pf\n1 1\n-0.00392156862745098\n"}};
    for (size_t i = 0; i < sizeof whites / sizeof whites[0]; i++) {
        codec_image image = codec_image_random(1, 1, 1, whites[i].sample, 1), back;
        ct_text file;
        ct_error err = {""};
        memset(image.rows, 0, image.stride);
        image.info.white = whites[i].white;
        ck_assert_msg(codec_encode(whites[i].format, &image, NULL, &file, &err), "%s", err.text);
        ck_assert_mem_eq(file.bytes, whites[i].head, strlen(whites[i].head));
        ck_assert_msg(codec_decode(file.bytes, file.length, NULL, &back, &err), "%s", err.text);
        ck_assert_double_eq(codec_info_white(&back.info), codec_info_white(&image.info));
        ct_text_free(&file);
        codec_image_free(&image);
        codec_image_free(&back);
    }
}
END_TEST

START_TEST(test_white_refused) {
    static const struct {
        const char *format;
        codec_sample sample;
        double white;
        const char *error;
    } whites[] = {
        {"png", CODEC_U8, 9, "white is 9; in PNG it must be 255"},
        {"jpeg", CODEC_U8, 254, "white is 254; in JPEG it must be 255"},
        {"pgm", CODEC_U8, 256, "white is 256; expected a whole number from 1 to 255"},
        {"pam", CODEC_U8, 2.5, "white is 2.5; expected a whole number from 1 to 255"},
        {"ppm", CODEC_U16, 255, "white is 255; expected a whole number from 256 to 65535"},
        {"pfm", CODEC_F32, HUGE_VAL, "white is inf; expected a number"},
    };
    for (size_t i = 0; i < sizeof whites / sizeof whites[0]; i++) {
        const codec_info info = {.width = 1,
                                 .height = 1,
                                 .channels = 1,
                                 .sample = whites[i].sample,
                                 .white = whites[i].white};
        ct_error err;
        ck_assert(!codec_format_check(codec_format_by_name(whites[i].format), &info, &err));
        ck_assert_str_eq(err.text, whites[i].error);
    }
}
END_TEST

Suite *codec_pnm_suite(void) {
    Suite *suite = suite_create("codec: PNM");
    TCase *tests = tcase_create("PNM");
    tcase_add_loop_test(tests, test_file, 0, FILES);
    tcase_add_loop_test(tests, test_tuple_type, 0, TYPES);
    tcase_add_test(tests, test_truncated_pipe);
    tcase_add_test(tests, test_pfm);
    tcase_add_test(tests, test_pfm_crlf);
    tcase_add_test(tests, test_several_images);
    tcase_add_test(tests, test_white);
    tcase_add_test(tests, test_white_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
