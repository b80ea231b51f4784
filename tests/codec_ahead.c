/* Readers that decode ahead in a thread of their own: the same rows and the same errors. */
#include <stdlib.h>
#include <string.h>

#include "codec_tests.h"

enum { WIDTH = 701, HEIGHT = 900 }; /* several blocks of a PNG */

static ct_text make_file(codec_image *image) {
    ct_text file;
    ct_error err = {""};
    *image = codec_image_random(WIDTH, HEIGHT, 3, CODEC_U8, 4);
    ck_assert_msg(codec_encode("png", image, NULL, &file, &err), "%s", err.text);
    return file;
}

/* Reads to the end or an error, with reading ahead from row `begin` on. Returns the number of
 * rows. */
static int read_rows(const ct_text *file, size_t size, int begin, const codec_image *image,
                     ct_error *err) {
    codec_reader *reader = codec_open_memory(file->bytes, size, NULL, err);
    uint8_t *row = malloc(image->stride);
    ck_assert(reader && row);
    int y = 0;
    for (bool ok = true; ok && y < HEIGHT; y += ok) {
        if (y == begin) {
            codec_read_ahead(reader);
            codec_read_ahead(reader); /* again does no harm */
        }
        ok = codec_read_row(reader, row, err);
        ck_assert(!ok || memcmp(row, image->rows + image->stride * (size_t)y, image->stride) == 0);
    }
    free(row);
    codec_close(reader);
    return y;
}

START_TEST(test_rows) {
    static const int begins[] = {0, 1, 100, 500, HEIGHT - 1};
    codec_image image;
    ct_error err = {""};
    ct_text file = make_file(&image);
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        ck_assert_int_eq(read_rows(&file, file.length, begins[i], &image, &err), HEIGHT);
    }
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* The reader is closed while the thread waits, works, or has ended. */
START_TEST(test_closed) {
    codec_image image;
    ct_error err = {""};
    ct_text file = make_file(&image);
    uint8_t *row = malloc(image.stride);
    ck_assert_ptr_nonnull(row);
    for (int rows = 0; rows < HEIGHT; rows += 73) {
        codec_reader *reader = codec_open_memory(file.bytes, file.length, NULL, &err);
        ck_assert_ptr_nonnull(reader);
        codec_read_ahead(reader);
        for (int y = 0; y < rows; y++) {
            ck_assert(codec_read_row(reader, row, &err));
        }
        codec_close(reader);
    }
    free(row);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

START_TEST(test_errors) {
    codec_image image;
    ct_text file = make_file(&image);
    for (size_t part = 1; part < 8; part++) {
        const size_t size = file.length / 8 * part;
        ct_error ahead = {""}, plain = {""};
        ck_assert_int_lt(read_rows(&file, size, 0, &image, &ahead), HEIGHT);
        ck_assert_int_lt(read_rows(&file, size, -1, &image, &plain), HEIGHT);
        ck_assert_str_eq(ahead.text, "truncated: the file ends before its IEND chunk");
        ck_assert_str_eq(plain.text, ahead.text);
        file.bytes[size] ^= 4;
        ahead.text[0] = '\0';
        ck_assert_int_lt(read_rows(&file, file.length, 0, &image, &ahead), HEIGHT);
        ck_assert_msg(strncmp(ahead.text, "damaged: the checksum of the chunk IDAT", 39) == 0, "%s",
                      ahead.text);
        file.bytes[size] ^= 4;
    }
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

Suite *codec_ahead_suite(void) {
    Suite *suite = suite_create("codec: reading ahead");
    TCase *tests = tcase_create("ahead");
    tcase_set_timeout(tests, 60);
    if (codec_isal()) { /* stb decodes everything at once */
        tcase_add_test(tests, test_rows);
        tcase_add_test(tests, test_closed);
        tcase_add_test(tests, test_errors);
    }
    suite_add_tcase(suite, tests);
    return suite;
}
