/* What PNG readers accept with codec_limits.lenient, in every decoder of the build. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec_tests.h"

/* Where the image data begins: after the head of the first IDAT chunk. */
static size_t data_at(const ct_text *file) {
    const char *idat = memmem(file->bytes, file->length, "IDAT", 4);
    ck_assert_ptr_nonnull(idat);
    return (size_t)(idat - file->bytes) + 4;
}

static int same_rows(const codec_image *a, const codec_image *b) {
    int y = 0;
    while (y < a->info.height && memcmp(a->rows + a->stride * (size_t)y,
                                        b->rows + a->stride * (size_t)y, a->stride) == 0) {
        y++;
    }
    return y;
}

/* ---- cut off ---- */

static const char no_row[] = "; not one row can be decoded";

/* Once there is a row there is an image, and the more of the file, the more of the image. */
START_TEST(test_every_length) {
    ct_text file;
    codec_image whole, image;
    codec_warnings warnings;
    ct_error err;
    codec_small_png(&file, _i);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        const codec_decoder *decoder = codec_png_decoder_at(d);
        const bool interlaced = file.bytes[28];
        int rows = 0, images = 0;
        ck_assert(codec_decode_warned(decoder, &file, file.length, true, &whole, &warnings, &err));
        ck_assert_int_eq(warnings.count, 0);
        for (size_t size = 0; size < file.length; size++) {
            const bool ok =
                codec_decode_warned(decoder, &file, size, true, &image, &warnings, &err);
            ck_assert_msg(ok || (!images && (size < data_at(&file) || strstr(err.text, no_row))),
                          "%zu bytes: %s", size, err.text);
            if (ok) {
                images++;
                ck_assert_int_eq(warnings.count, 1);
                ck_assert_int_eq(warnings.at[0].kind, CODEC_ACCEPTED);
                ck_assert_ptr_nonnull(strstr(warnings.at[0].text, "truncated"));
                const int same = same_rows(&whole, &image);
                ck_assert_msg(same >= rows, "%zu bytes: %d rows, were %d", size, same, rows);
                ck_assert_msg(interlaced || same > 0, "%zu bytes: no row", size);
                rows = same;
                codec_image_free(&image);
            }
        }
        ck_assert_int_eq(rows, whole.info.height);
        codec_image_free(&whole);
    }
    ct_text_free(&file);
}
END_TEST

/* Missing rows are zeros; those before are intact, even where a thread inflates ahead. Of a stored
 * block, 36 rows here, stb takes all or nothing. */
START_TEST(test_missing_rows) {
    codec_image image = codec_image_random(600, 900, 3, CODEC_U8, 4), back;
    codec_warnings warnings;
    ct_text file;
    ct_error err;
    ck_assert(codec_encode("png", &image, NULL, &file, &err));
    for (int d = 0; codec_png_decoder_at(d); d++) {
        for (size_t part = 1; part < 4; part++) {
            const size_t size = file.length * part / 4;
            ck_assert_msg(codec_decode_warned(codec_png_decoder_at(d), &file, size, true, &back,
                                              &warnings, &err),
                          "%s", err.text);
            const int same = same_rows(&image, &back), last = 900 * (int)part / 4 + 20;
            ck_assert_msg(same > 900 * (int)part / 4 - 40 && same < last,
                          "decoder %d: %d rows of %zu/4", d, same, part);
            for (size_t i = (size_t)last * back.stride; i < 900 * back.stride; i++) {
                ck_assert_msg(back.rows[i] == 0, "%zu/4: sample %zu is %d", part, i, back.rows[i]);
            }
            codec_image_free(&back);
        }
    }
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* Damage in the middle: every decoder keeps the same rows before it. */
START_TEST(test_rows_before_damage) {
    codec_image image = codec_image_random(600, 900, 3, CODEC_U8, 4), back;
    codec_warnings warnings;
    ct_text file;
    ct_error err;
    for (size_t i = 0; i < image.stride * 900; i++) {
        image.rows[i] &= 15; /* so that there are codes to break */
    }
    ck_assert(codec_encode("png", &image, NULL, &file, &err));
    memset(file.bytes + file.length * (size_t)_i / 8, 0x5A, 100);
    int least = 900, most = 0;
    for (int d = 0; codec_png_decoder_at(d); d++) {
        ck_assert_msg(codec_decode_warned(codec_png_decoder_at(d), &file, file.length, true, &back,
                                          &warnings, &err),
                      "%s", err.text);
        const int same = same_rows(&image, &back);
        least = same < least ? same : least;
        most = same > most ? same : most;
        codec_image_free(&back);
    }
    ck_assert_msg(least + 1 >= most && abs(least - 900 * _i / 8) < 20, "%d to %d rows", least,
                  most);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* Whatever is wrong: an image with a warning, or an error; what strict reading accepts, lenient
 * reading reads the same. */
START_TEST(test_any_byte) {
    ct_text file;
    codec_image strict, lenient;
    codec_warnings warnings;
    ct_error err;
    uint32_t state = 3;
    codec_small_png(&file, _i);
    const size_t data = data_at(&file);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        const codec_decoder *decoder = codec_png_decoder_at(d);
        for (size_t i = 8; i < file.length; i++) {
            const char was = file.bytes[i];
            state = state * 1664525U + 1013904223U;
            file.bytes[i] = (char)(was ^ (1 << (state >> 29)));
            ck_assert(
                !codec_decode_warned(decoder, &file, file.length, false, &strict, &warnings, &err));
            if (codec_decode_warned(decoder, &file, file.length, true, &lenient, &warnings, &err)) {
                ck_assert_msg(warnings.count == 1, "byte %zu: no warning", i);
                codec_image_free(&lenient);
            } else {
                ck_assert_msg(i < data || strstr(err.text, no_row), "byte %zu: %s", i, err.text);
            }
            file.bytes[i] = was;
        }
    }
    ct_text_free(&file);
}
END_TEST

/* ---- one by one ---- */

/* The file is refused with this error, and with lenient accepted with it as a warning. `junk`: stb
 * doesn't check that. */
static void expect(const ct_text *file, bool junk, const char *rows, const char *message) {
    for (int d = 0; codec_png_decoder_at(d); d++) {
        const codec_decoder *decoder = codec_png_decoder_at(d);
        const bool blind = junk && decoder == &codec_stb_png_decoder;
        codec_image image;
        codec_warnings warnings;
        ct_error err = {""};
        const bool ok =
            codec_decode_warned(decoder, file, file->length, false, &image, &warnings, &err);
        ck_assert_int_eq(ok, blind);
        ck_assert(ok || strcmp(err.text, message) == 0);
        codec_image_free(&image);
        ck_assert_msg(
            codec_decode_warned(decoder, file, file->length, true, &image, &warnings, &err),
            "%s: %s", message, err.text);
        ck_assert_int_eq(warnings.count, blind ? warnings.count : 1);
        ck_assert_str_eq(warnings.count ? warnings.at[0].text : message, message);
        ck_assert_int_eq(image.info.channels, 1);
        ck_assert_mem_eq(image.rows, rows, 4);
        codec_image_free(&image);
    }
}

static const uint8_t raw[] = {0, 1, 2, 0, 3, 4, 0};

/* 2x2 gray pixels with a chunk before them. */
static void make(ct_text *file, const char *type, const void *data, size_t size) {
    ct_text chunk = {0};
    codec_add_chunk(&chunk, type, data, size);
    codec_make_png(file, 2, 2, 8, 0, &chunk, raw, 6);
    ct_text_free(&chunk);
}

START_TEST(test_checksums) {
    ct_text file;
    make(&file, "gAMA", "\0\0\1\0", 4);
    file.bytes[33 + 8] ^= 1;
    expect(&file, false, "\1\2\3\4", "damaged: the checksum of the chunk gAMA at byte 33 is wrong");
    ct_text_free(&file);
    make(&file, "tEXt", "a\0b", 3);
    file.bytes[33 + 12] ^= 1; /* the checksum itself */
    expect(&file, false, "\1\2\3\4", "damaged: the checksum of the chunk tEXt at byte 33 is wrong");
    ct_text_free(&file);
    make(&file, "tEXt", "a\0b", 3);
    file.bytes[file.length - 1] ^= 1;
    char message[80];
    snprintf(message, sizeof message,
             "damaged: the checksum of the chunk IEND at byte %zu is wrong", file.length - 12);
    expect(&file, false, "\1\2\3\4", message);
    ct_text_free(&file);
}
END_TEST

/* What a damaged chunk says is ignored. */
START_TEST(test_distrusted) {
    ct_text file;
    make(&file, "gAMA", "\0\0\1\0", 4);
    file.bytes[33 + 8] ^= 1;
    for (int d = 0; codec_png_decoder_at(d); d++) {
        codec_limits limits = codec_default_limits();
        codec_image image;
        ct_error err;
        limits.lenient = true;
        ck_assert(codec_decode_with(codec_png_decoder_at(d), file.bytes, file.length, &limits,
                                    &image, &err));
        ck_assert_uint_eq(image.info.meta.gamma, 0);
        codec_image_free(&image);
    }
    ct_text_free(&file);
}
END_TEST

START_TEST(test_transparency) {
    ct_text file;
    make(&file, "tRNS", "\0\1\0", 3);
    expect(&file, false, "\1\2\3\4", "damaged: a tRNS chunk of 3 bytes with colour type 0");
    ct_text_free(&file);
}
END_TEST

START_TEST(test_junk) {
    ct_text file;
    codec_make_png(&file, 2, 2, 8, 0, NULL, raw, 7);
    expect(&file, true, "\1\2\3\4", "damaged: more pixels than the header says");
    ct_text_free(&file);
    make(&file, "tEXt", "a", 1);
    file.length -= 12;
    codec_add_chunk(&file, "IDAT", "junk", 4);
    codec_add_chunk(&file, "tEXt", "b", 1);
    codec_add_chunk(&file, "IEND", "", 0);
    expect(&file, true, "\1\2\3\4", "damaged: bytes after the end of the compressed data");
    ct_text_free(&file);
    make(&file, "tEXt", "a", 1);
    file.length -= 12;
    ck_assert(ct_text_add(&file, "junk that is no chunk", 21));
    char message[80];
    snprintf(message, sizeof message, "damaged: expected a chunk at byte %zu", file.length - 21);
    expect(&file, false, "\1\2\3\4", message);
    ct_text_free(&file);
}
END_TEST

/* The first byte of the second row, then all that follows. */
START_TEST(test_filter) {
    ct_text file;
    codec_make_png(&file, 2, 2, 8, 0, NULL, "\0\1\2\5\3\4", 6);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        codec_image image;
        codec_warnings warnings;
        ct_error err;
        ck_assert(!codec_decode_warned(codec_png_decoder_at(d), &file, file.length, false, &image,
                                       &warnings, &err));
        ck_assert(codec_decode_warned(codec_png_decoder_at(d), &file, file.length, true, &image,
                                      &warnings, &err));
        ck_assert_str_eq(warnings.at[0].text, "damaged: a row has an invalid filter");
        ck_assert_mem_eq(image.rows, "\1\2\0\0", 4);
        codec_image_free(&image);
    }
    ct_text_free(&file);
}
END_TEST

/* A few bytes of junk don't make a large image: an error, from every decoder, in any build. */
START_TEST(test_not_one_row) {
    static const struct {
        const char *junk;
        size_t size;
    } cases[] = {{"", 0}, {"junk", 4}, {"\x78\x9c", 2}, {"\x78\x9cjunk and more of it", 19}};
    uint8_t header[13] = {0, 0, 16, 0, 0, 0, 16, 0, 8}; /* 4096x4096, gray */
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        ct_text file = {0};
        header[12] = i & 1; /* interlaced */
        ck_assert(ct_text_add(&file, "\x89PNG\r\n\x1a\n", 8));
        codec_add_chunk(&file, "IHDR", header, sizeof header);
        codec_add_chunk(&file, "IDAT", cases[i / 2].junk, cases[i / 2].size);
        codec_add_chunk(&file, "IEND", "", 0);
        for (int d = 0; codec_png_decoder_at(d); d++) {
            codec_image image;
            codec_warnings warnings;
            ct_error err = {""};
            ck_assert(!codec_decode_warned(codec_png_decoder_at(d), &file, file.length, true,
                                           &image, &warnings, &err));
            ck_assert_msg(strstr(err.text, no_row), "case %zu: %s", i, err.text);
        }
        ct_text_free(&file);
    }
}
END_TEST

/* Whether a row is there: its last byte counts, zero or not, and its filter. */
START_TEST(test_first_row) {
    static const struct {
        const char *raw;
        size_t size;
        bool row;
    } cases[] = {{"\0\1", 2, false},
                 {"\0\1\2", 3, true},
                 {"\0\1\0", 3, true},
                 {"\0\0\0\0", 4, true},
                 {"\5\1\2\0\3\4", 6, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ct_text file;
        codec_make_png(&file, 2, 2, 8, 0, NULL, cases[i].raw, cases[i].size);
        for (int d = 0; codec_png_decoder_at(d); d++) {
            codec_image image;
            codec_warnings warnings;
            ct_error err = {""};
            const bool ok = codec_decode_warned(codec_png_decoder_at(d), &file, file.length, true,
                                                &image, &warnings, &err);
            ck_assert_msg(ok == cases[i].row && ok == !strstr(err.text, no_row),
                          "case %zu, decoder %d: %s", i, d, err.text);
            ck_assert(!ok || memcmp(image.rows, cases[i].raw + 1, 2) == 0);
            codec_image_free(&image);
        }
        ct_text_free(&file);
    }
}
END_TEST

/* The same where the compressed data breaks off, and the row's last byte is the one it would have
 * if it were missing. */
START_TEST(test_first_row_cut_off) {
    uint8_t pixels[300] = {0};
    ct_text file;
    uint32_t state = 5;
    for (size_t i = 1; i < sizeof pixels; i += 3) {
        state = state * 1664525U + 1013904223U;
        pixels[i] = (uint8_t)(state >> 24);
    }
    codec_make_png(&file, 2, 100, 8, 0, NULL, pixels, sizeof pixels);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        for (int row = 0; row < 2; row++) {
            codec_image image;
            codec_warnings warnings;
            ct_error err = {""};
            ck_assert_int_eq(codec_decode_warned(codec_png_decoder_at(d), &file,
                                                 data_at(&file) + (row ? 100 : 3), true, &image,
                                                 &warnings, &err),
                             row);
            ck_assert(!row || (image.rows[0] == pixels[1] && image.rows[2] == pixels[4]));
            codec_image_free(&image);
        }
    }
    ct_text_free(&file);
}
END_TEST

/* What the image can't do without stays an error. */
START_TEST(test_not_accepted) {
    codec_image image;
    codec_warnings warnings;
    ct_error err;
    ct_text file;
    for (int d = 0; codec_png_decoder_at(d); d++) {
        make(&file, "IHDR", raw, 1);
        ck_assert(!codec_decode_warned(codec_png_decoder_at(d), &file, file.length, true, &image,
                                       &warnings, &err));
        ck_assert_str_eq(err.text, "damaged: two IHDR chunks");
        ct_text_free(&file);
        make(&file, "tEXt", "a", 1);
        file.bytes[20] ^= 1;
        ck_assert(!codec_decode_warned(codec_png_decoder_at(d), &file, file.length, true, &image,
                                       &warnings, &err));
        ck_assert_str_eq(err.text, "damaged: the checksum of the chunk IHDR at byte 8 is wrong");
        ct_text_free(&file);
    }
}
END_TEST

Suite *codec_png_lenient_suite(void) {
    Suite *suite = suite_create("codec: PNG, lenient");
    TCase *tests = tcase_create("lenient");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, test_every_length, 0, CODEC_SMALL_PNGS);
    tcase_add_loop_test(tests, test_any_byte, 0, CODEC_SMALL_PNGS);
    tcase_add_test(tests, test_missing_rows);
    tcase_add_loop_test(tests, test_rows_before_damage, 1, 8);
    tcase_add_test(tests, test_checksums);
    tcase_add_test(tests, test_distrusted);
    tcase_add_test(tests, test_transparency);
    tcase_add_test(tests, test_junk);
    tcase_add_test(tests, test_filter);
    tcase_add_test(tests, test_not_one_row);
    tcase_add_test(tests, test_first_row);
    tcase_add_test(tests, test_first_row_cut_off);
    tcase_add_test(tests, test_not_accepted);
    suite_add_tcase(suite, tests);
    return suite;
}
