/* JPEG that is cut off, damaged, forged, or made to waste time; and what --lenient accepts of it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec/bytes.h"
#include "jpeg_tools.h"

static const struct {
    const char *options;
    int channels;
} kinds[] = {
    {"-sample 2x2", 3},          {"-sample 1x1 -restart 1", 3},  {"-progressive -sample 2x1", 3},
    {"-grayscale -optimize", 1}, {"-progressive -grayscale", 1}, {"-rgb", 3},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static ct_text make_kind(int kind) {
    codec_image image = jpeg_picture(19, 17, kinds[kind].channels);
    ct_text file = jpeg_make(kinds[kind].options, &image);
    codec_image_free(&image);
    return file;
}

/* Opens and reads; *warned: damage was accepted. */
static bool decode(const void *file, size_t size, bool lenient, bool gray, bool *warned,
                   ct_error *err) {
    codec_limits limits = codec_default_limits();
    codec_image image;
    uint8_t row[19 * 3];
    limits.lenient = lenient;
    err->text[0] = '\0';
    codec_reader *reader = codec_open_memory(file, size, &limits, err);
    if (!reader) {
        return false;
    }
    const codec_info info = *codec_reader_info(reader);
    *warned = false;
    if (gray) {
        codec_reader_gray(reader);
    }
    if (info.width != 19) { /* the flipped bit changed the size */
        return codec_read_all(reader, &image, err) ? (codec_image_free(&image), true) : false;
    }
    bool ok = true;
    for (int y = 0; ok && y < info.height; y++) {
        ok = codec_read_row(reader, row, err);
    }
    *warned = codec_reader_warnings(reader)->count > 0;
    codec_close(reader);
    return ok;
}

START_TEST(test_every_length) {
    ct_text file = make_kind(_i);
    const size_t scan = jpeg_find(&file, 0xDA, 0);
    ct_error err;
    bool warned;
    for (size_t size = 0; size < file.length; size++) {
        for (int gray = 0; gray < 2; gray++) {
            ck_assert_msg(!decode(file.bytes, size, false, gray, &warned, &err),
                          "%s: %zu of %zu bytes", kinds[_i].options, size, file.length);
            ck_assert_msg(err.text[0], "%zu bytes: no message", size);
        }
        const bool ok = decode(file.bytes, size, true, false, &warned, &err);
        ck_assert_msg(!ok || warned, "%zu bytes: accepted without a word", size);
        /* With the scan's header there is an image; progressive ones may end in a later table. */
        const bool must =
            CODEC_JPEG_STREAMS && !strstr(kinds[_i].options, "progressive") && size >= scan + 14;
        ck_assert_msg(ok || !must, "%s: %zu of %zu bytes: %s", kinds[_i].options, size, file.length,
                      err.text);
    }
    ck_assert_msg(decode(file.bytes, file.length, false, false, &warned, &err), "%s", err.text);
    ck_assert(!warned);
    ct_text_free(&file);
}
END_TEST

/* An error or an image, strict or lenient; never a crash, nor a fault under the sanitizers. */
START_TEST(test_flipped_bits) {
    ct_text file = make_kind(_i);
    ct_error err;
    bool warned;
    uint32_t state = 9;
    for (size_t i = 0; i < file.length; i++) {
        const char was = file.bytes[i];
        for (int k = 0; k < 3; k++) {
            state = state * 1664525U + 1013904223U;
            const uint32_t flipped = (uint8_t)was ^ (1U << (state >> 29));
            file.bytes[i] = (char)(uint8_t)(k ? flipped : state >> 24);
            const bool strict = decode(file.bytes, file.length, false, k & 1, &warned, &err);
            ck_assert(strict || err.text[0]);
            ck_assert(!strict || !warned);
            decode(file.bytes, file.length, true, k & 1, &warned, &err);
        }
        file.bytes[i] = was;
    }
    ct_text_free(&file);
}
END_TEST

START_TEST(test_trailing_bytes) {
    ct_text file = make_kind(_i);
    ct_error err;
    bool warned;
    ck_assert(ct_text_add(&file, "\xFF\xD8 more", 7));
    ck_assert_msg(decode(file.bytes, file.length, false, false, &warned, &err), "%s", err.text);
    ct_text_free(&file);
}
END_TEST

START_TEST(test_arithmetic) {
    codec_image image = jpeg_picture(19, 17, 3);
    ct_text file = jpeg_make("-arithmetic", &image);
    codec_expect_error(file.bytes, file.length, "an arithmetic-coded JPEG, which isn't supported");
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* ---- made to waste time or memory ---- */

/* The last scan of three, again and again. */
START_TEST(test_scan_bomb) {
    codec_image image = jpeg_picture(19, 17, 3);
    ct_text file = jpeg_make("-progressive", &image), bomb = {0};
    const size_t end = file.length - 2;
    size_t last = 0;
    for (int n = 0; jpeg_find(&file, 0xDA, n) < file.length; n++) {
        last = jpeg_find(&file, 0xDA, n);
    }
    ck_assert(ct_text_add(&bomb, file.bytes, last));
    for (int n = 0; n < 600; n++) {
        ck_assert(ct_text_add(&bomb, file.bytes + last, end - last));
    }
    ck_assert(ct_text_add(&bomb, "\xFF\xD9", 2));
    ct_error err;
    bool warned;
    /* libjpeg-turbo notices first that the scan refines what is refined already. */
    ck_assert(!decode(bomb.bytes, bomb.length, false, false, &warned, &err));
    ck_assert(!decode(bomb.bytes, bomb.length, true, false, &warned, &err));
    ck_assert_str_eq(err.text, "more scans than the limit of 500");
    ct_text_free(&bomb);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

static void forge(ct_text *file, uint32_t width, uint32_t height) {
    uint8_t *frame = (uint8_t *)file->bytes + jpeg_find(file, 0xC2, 0);
    codec_put16(frame + 5, height);
    codec_put16(frame + 7, width);
}

/* From a pipe, whose length isn't known. */
static bool decode_pipe(const ct_text *file, const codec_limits *limits, ct_error *err) {
    int ends[2];
    codec_image image;
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_uint_lt(file->length, 65536); /* a pipe's buffer */
    ck_assert_int_eq((int)write(ends[1], file->bytes, file->length), (int)file->length);
    close(ends[1]);
    codec_reader *reader = codec_open(ends[0], limits, err);
    const bool ok = reader && codec_read_all(reader, &image, err);
    if (ok) {
        codec_image_free(&image);
    }
    close(ends[0]);
    return ok;
}

START_TEST(test_forged_progressive) {
    codec_image image = jpeg_picture(19, 17, 3);
    ct_text file = jpeg_make("-progressive", &image);
    codec_limits limits = codec_default_limits();
    ct_error err = {""};
    ck_assert_msg(decode_pipe(&file, NULL, &err), "%s", err.text);
    limits.max_memory = 3000;
    ck_assert(!decode_pipe(&file, &limits, &err));
    ck_assert_ptr_nonnull(strstr(err.text, CODEC_JPEG_STREAMS ? "as a progressive JPEG it needs"
                                                              : "memory than the limit"));
    forge(&file, 16000, 16000);
    ck_assert(!decode_pipe(&file, NULL, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "truncated or forged: 16000x16000 pixels can't fit in"));
    forge(&file, 20000, 20000);
    ck_assert(!decode_pipe(&file, NULL, &err));
    ck_assert_ptr_nonnull(
        strstr(err.text, "more than the limit of 268435456 pixels (--max-pixels)"));
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* Lenient is about damage, not about limits. */
START_TEST(test_lenient_limits) {
    codec_image image = jpeg_picture(19, 17, 3);
    ct_text file = jpeg_make("-progressive", &image);
    codec_limits limits = codec_default_limits();
    ct_error err;
    limits.lenient = true;
    limits.max_pixels = 19 * 17 - 1;
    ck_assert_ptr_null(codec_open_memory(file.bytes, file.length, &limits, &err));
    ck_assert_str_eq(err.text, "19x17 pixels: more than the limit of 322 pixels (--max-pixels)");
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* Thousands of segments don't take memory. */
START_TEST(test_many_segments) {
    codec_image image = jpeg_picture(19, 17, 3), back;
    ct_text file = jpeg_make("", &image), with = {0};
    ct_error err = {""};
    uint8_t segment[2002] = {0xFF, 0xE1, 2000 >> 8, 2000 & 255};
    ck_assert(ct_text_add(&with, file.bytes, 2));
    for (int i = 0; i < 3000; i++) {
        segment[1] = (uint8_t)(0xE1 + i % 15);
        ck_assert(ct_text_add(&with, segment, sizeof segment));
    }
    ck_assert(ct_text_add(&with, file.bytes + 2, file.length - 2));
    ck_assert_msg(codec_decode(with.bytes, with.length, NULL, &back, &err), "%s", err.text);
    ck_assert_ptr_null(back.info.meta.exif);
    codec_image_free(&back);
    ct_text_free(&with);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

Suite *codec_jpeg_damage_suite(void) {
    Suite *suite = suite_create("codec: damaged JPEG");
    TCase *tests = tcase_create("damaged JPEG");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, test_every_length, 0, KINDS);
    tcase_add_loop_test(tests, test_flipped_bits, 0, KINDS);
    tcase_add_loop_test(tests, test_trailing_bytes, 0, KINDS);
    tcase_add_test(tests, test_arithmetic);
    tcase_add_test(tests, test_scan_bomb);
    tcase_add_test(tests, test_forged_progressive);
    tcase_add_test(tests, test_lenient_limits);
    tcase_add_test(tests, test_many_segments);
    suite_add_tcase(suite, tests);
    return suite;
}
