/* Files that are cut off, damaged or forged: an error or a whole image, never a crash, and a forged
 * header makes nothing large be allocated. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "codec/bytes.h"
#include "codec_tests.h"

static const char *const names[] = {"png", "jpeg", "pgm", "ppm", "pam", "pfm"};
enum { NAMES = sizeof names / sizeof names[0] };

static ct_text make_file(const char *name, int width, int height) {
    const bool gray = strcmp(name, "pgm") == 0, real = strcmp(name, "pfm") == 0;
    codec_image image =
        codec_image_random(width, height, gray ? 1 : 3, real ? CODEC_F32 : CODEC_U8, 7);
    ct_text file;
    ct_error err = {""};
    ck_assert_msg(codec_encode(name, &image, NULL, &file, &err), "%s", err.text);
    codec_image_free(&image);
    return file;
}

/* Where in a JPEG the segment with this marker begins. */
static uint8_t *find_marker(const ct_text *file, int marker) {
    uint8_t *bytes = (uint8_t *)file->bytes;
    size_t at = 2;
    while (at + 4 <= file->length && bytes[at + 1] != marker) {
        at += 2 + codec_get16(bytes + at + 2);
    }
    ck_assert_uint_lt(at + 4, file->length);
    return bytes + at;
}

START_TEST(test_truncated) {
    ct_text file = make_file(names[_i], 9, 7);
    codec_image image;
    ct_error err;
    for (size_t size = 0; size < file.length; size++) {
        err.text[0] = '\0';
        ck_assert_msg(!codec_decode(file.bytes, size, NULL, &image, &err), "%s: %zu of %zu bytes",
                      names[_i], size, file.length);
        ck_assert_msg(err.text[0], "%s: %zu bytes: no message", names[_i], size);
    }
    ct_text_free(&file);
}
END_TEST

/* Plain files end with a line end that isn't needed; everything else is. */
START_TEST(test_truncated_plain) {
    codec_image image = codec_image_random(5, 4, 3, CODEC_U8, 1), back;
    ct_text file = codec_plain_file(&image);
    ct_error err;
    for (size_t size = 0; size < file.length; size++) {
        const bool ok = codec_decode(file.bytes, size, NULL, &back, &err);
        /* A last number without a digit is still a number. */
        ck_assert(!ok || size + 4 > file.length);
        ck_assert(ok || size + 1 < file.length);
        ck_assert(size + 1 < file.length || codec_image_same(&image, &back));
        codec_image_free(&back);
    }
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* PNG has checksums for everything but its signature and lengths, which fail in other ways. */
START_TEST(test_png_any_byte) {
    ct_text file = make_file("png", 9, 7);
    codec_image image;
    ct_error err;
    for (size_t i = 0; i < file.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            file.bytes[i] ^= (char)(1 << bit);
            ck_assert_msg(!codec_decode(file.bytes, file.length, NULL, &image, &err),
                          "byte %zu, bit %d: no error", i, bit);
            file.bytes[i] ^= (char)(1 << bit);
        }
    }
    file.bytes[41 + 5] ^= 1;
    codec_expect_error(file.bytes, file.length,
                       "damaged: the checksum of the chunk IDAT at byte 33 is wrong");
    ct_text_free(&file);
}
END_TEST

/* Whatever another format's file contains: an error or an image, no crash. */
START_TEST(test_any_byte) {
    ct_text file = make_file(names[_i], 9, 7);
    codec_image image;
    ct_error err;
    uint32_t state = 1;
    for (size_t i = 0; i < file.length; i++) {
        for (int k = 0; k < 4; k++) {
            const char was = file.bytes[i];
            state = state * 1664525U + 1013904223U;
            file.bytes[i] = (char)(state >> 24);
            if (codec_decode(file.bytes, file.length, NULL, &image, &err)) {
                codec_image_free(&image);
            }
            file.bytes[i] = was;
        }
    }
    ct_text_free(&file);
}
END_TEST

/* ---- forged sizes: refused with less memory than the image would need ---- */

/* The sanitizers map terabytes. */
#if defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

static void limit_memory(void) {
#if !SANITIZED
    const struct rlimit limit = {256 << 20, 256 << 20};
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
#endif
}

START_TEST(test_forged_png) {
    static const uint8_t raw[8000];
    ct_text file;
    limit_memory();
    codec_make_png(&file, 20000, 20000, 8, 2, NULL, raw, sizeof raw);
    codec_image image;
    ct_error err;
    ck_assert(!codec_decode(file.bytes, file.length, NULL, &image, &err));
    ck_assert_ptr_nonnull(strstr(
        err.text, "20000x20000 pixels: more than the limit of 268435456 pixels (--max-pixels)"));
    ct_text_free(&file);
    codec_make_png(&file, 16000, 16000, 8, 2, NULL, raw, sizeof raw);
    ck_assert(!codec_decode(file.bytes, file.length, NULL, &image, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "truncated or forged: 16000x16000 pixels can't fit in"));
    ct_text_free(&file);
}
END_TEST

START_TEST(test_forged_jpeg) {
    ct_text file = make_file("jpeg", 9, 7);
    limit_memory();
    uint8_t *frame = find_marker(&file, 0xC0);
    codec_put16(frame + 5, 16000);
    codec_put16(frame + 7, 16000);
    codec_image image;
    ct_error err;
    ck_assert(!codec_decode(file.bytes, file.length, NULL, &image, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "truncated or forged: 16000x16000 pixels can't fit in"));
    ct_text_free(&file);
}
END_TEST

START_TEST(test_forged_pnm) {
    limit_memory();
    codec_expect_error("P5 16000 16000 255\n01234567", 27, "the file ends in row 1 of 16000");
    codec_expect_error("P3 16000 16000 255\n01234567", 27, "the file ends in row 1 of 16000");
    codec_expect_error("PF 16000 16000 -1\n01234567", 26,
                       "the file ends in row 1 of 16000 (counted as stored)");
}
END_TEST

/* A PNG whose data inflates to far more than its pixels: ISA-L stops after the last of them, stb at
 * the memory limit. */
START_TEST(test_png_bomb) {
    const size_t size = 1000000;
    uint8_t *raw = calloc(1, size);
    ck_assert_ptr_nonnull(raw);
    ct_text file;
    codec_make_png(&file, 4, 4, 8, 0, NULL, raw, size);
    codec_limits limits = codec_default_limits();
    codec_image image;
    ct_error err;
    ck_assert_uint_lt(file.length, 100000);
    limits.max_memory = 200000;
    ck_assert(!codec_decode(file.bytes, file.length, &limits, &image, &err));
    ck_assert_str_eq(
        err.text, codec_isal() ? "damaged: more pixels than the header says"
                               : "needs more memory than the limit of 195.31 KiB (--max-memory)");
    ct_text_free(&file);
    free(raw);
}
END_TEST

START_TEST(test_limits) {
    ct_text file = make_file(names[_i], 9, 7);
    codec_limits limits = codec_default_limits();
    codec_image image;
    ct_error err;
    limits.max_side = 8;
    ck_assert(!codec_decode(file.bytes, file.length, &limits, &image, &err));
    ck_assert_str_eq(err.text, "9x7 pixels: wider than the limit of 8 (--max-side)");
    limits = codec_default_limits();
    limits.max_pixels = 62;
    ck_assert(!codec_decode(file.bytes, file.length, &limits, &image, &err));
    ck_assert_str_eq(err.text, "9x7 pixels: more than the limit of 62 pixels (--max-pixels)");
    limits.max_pixels = 63;
    limits.max_memory = 400;
    const bool pnm = names[_i][0] == 'p' && strchr("gpaf", names[_i][1]) && names[_i][2] == 'm';
    const bool streams = pnm || (CODEC_JPEG_STREAMS && strcmp(names[_i], "jpeg") == 0);
    ck_assert_int_eq(codec_decode(file.bytes, file.length, &limits, &image, &err), streams);
    codec_image_free(&image);
    ct_text_free(&file);
}
END_TEST

/* ---- PNG's structure ---- */

START_TEST(test_png_structure) {
    static const uint8_t raw[8];
    ct_text file, extra = {0};
    codec_image image;
    ct_error err;
    /* An index past the palette is black, not what was in memory. */
    codec_add_chunk(&extra, "PLTE", "\xFF\xFE\xFD", 3);
    codec_make_png(&file, 2, 1, 8, 3, &extra, "\0\0\xC8", 3);
    ck_assert_msg(codec_decode(file.bytes, file.length, NULL, &image, &err), "%s", err.text);
    ck_assert_int_eq(image.info.channels, 3);
    ck_assert_mem_eq(image.rows, "\xFF\xFE\xFD\0\0\0", 6);
    codec_image_free(&image);
    /* What follows IEND is ignored. */
    ck_assert(ct_text_add(&file, "rest", 4));
    ck_assert(codec_decode(file.bytes, file.length, NULL, &image, &err));
    codec_image_free(&image);
    ct_text_free(&file);
    codec_make_png(&file, 2, 1, 8, 3, NULL, raw, 3);
    codec_expect_error(file.bytes, file.length, "damaged: a palette image without a PLTE chunk");
    ct_text_free(&file);
    codec_make_png(&file, 2, 1, 8, 0, &extra, raw, 3);
    codec_expect_error(file.bytes, file.length, "damaged: a gray image with a PLTE chunk");
    ct_text_free(&file);
    codec_make_png(&file, 2, 1, 16, 3, NULL, raw, 5);
    codec_expect_error(file.bytes, file.length, "damaged: colour type 3 can't have 16 bits");
    ct_text_free(&file);
    codec_make_png(&file, 2, 2, 8, 0, NULL, raw, 5);
    codec_expect_error(file.bytes, file.length,
                       "truncated: the compressed data ends before the last row");
    ct_text_free(&file);
    codec_make_png(&file, 1, 1, 8, 0, NULL, "\7\7", 2);
    codec_expect_error(file.bytes, file.length, "damaged: a row has an invalid filter");
    ct_text_free(&file);
    ct_text_free(&extra);
    codec_add_chunk(&extra, "CgBI", "\0\0\0\0", 4);
    codec_make_png(&file, 1, 1, 8, 0, &extra, raw, 2);
    ck_assert(!codec_decode(file.bytes, file.length, NULL, &image, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "an Apple-optimised PNG"));
    ct_text_free(&file);
    ct_text_free(&extra);
    codec_add_chunk(&extra, "NEWX", "", 0);
    codec_make_png(&file, 1, 1, 8, 0, &extra, raw, 2);
    codec_expect_error(file.bytes, file.length,
                       "unknown chunk NEWX, which the image can't be shown without");
    ct_text_free(&file);
    ct_text_free(&extra);
}
END_TEST

/* 1, 2 and 4 bits are spread over 0..255; a transparent colour becomes alpha; 16 bits stay. */
START_TEST(test_png_kinds) {
    ct_text file, extra = {0};
    codec_image image;
    ct_error err;
    codec_make_png(&file, 4, 1, 2, 0, NULL, "\0\x1B", 2);
    ck_assert(codec_decode(file.bytes, file.length, NULL, &image, &err));
    ck_assert_mem_eq(image.rows, "\0\x55\xAA\xFF", 4);
    codec_image_free(&image);
    ct_text_free(&file);
    codec_add_chunk(&extra, "tRNS", "\0\2", 2);
    codec_make_png(&file, 4, 1, 2, 0, &extra, "\0\x1B", 2);
    ck_assert(codec_decode(file.bytes, file.length, NULL, &image, &err));
    ck_assert_int_eq(image.info.channels, 2);
    ck_assert_mem_eq(image.rows, "\0\xFF\x55\xFF\xAA\0\xFF\xFF", 8);
    codec_image_free(&image);
    ct_text_free(&file);
    codec_make_png(&file, 2, 1, 16, 0, NULL, "\0\1\2\xFE\xFF", 5);
    ck_assert(codec_decode(file.bytes, file.length, NULL, &image, &err));
    const uint16_t deep[2] = {0x0102, 0xFEFF};
    ck_assert_int_eq((int)image.info.sample, CODEC_U16);
    ck_assert_mem_eq(image.rows, deep, 4);
    codec_image_free(&image);
    ct_text_free(&file);
    ct_text_free(&extra);
}
END_TEST

/* ---- JPEG's structure ---- */

static const struct {
    int marker;
    const char *error;
} processes[] = {
    {0xC3, "a lossless JPEG, which isn't supported"},
    {0xC5, "a hierarchical JPEG, which isn't supported"},
    {0xC9, "an arithmetic-coded JPEG, which isn't supported"},
    {0xCA, "an arithmetic-coded JPEG, which isn't supported"},
};

START_TEST(test_jpeg_structure) {
    ct_text file = make_file("jpeg", 40, 30), with = {0};
    uint8_t *frame = find_marker(&file, 0xC0);
    for (size_t i = 0; i < sizeof processes / sizeof processes[0]; i++) {
        frame[1] = (uint8_t)processes[i].marker;
        codec_expect_error(file.bytes, file.length, processes[i].error);
    }
    frame[1] = 0xC0;
    frame[4] = 12;
    codec_expect_error(file.bytes, file.length, "a JPEG with 12 bits per sample; expected 8");
    frame[4] = 8;
    codec_put16(frame + 5, 0);
    codec_expect_error(file.bytes, file.length,
                       "a JPEG that gives its height after the image, which isn't supported");
    codec_put16(frame + 5, 30);
    frame[11] = 0x05;
    codec_expect_error(file.bytes, file.length,
                       CODEC_JPEG_STREAMS ? "damaged: a sampling factor outside 1 to 4"
                                          : "damaged: sampling factors of 0x5; expected 1 to 4");
    frame[11] = 0x22;
    /* A restart interval of 2 of the 6 units is announced, but there are no restart markers. */
    ck_assert(ct_text_add(&with, file.bytes, 2) && ct_text_add(&with, "\xFF\xDD\0\4\0\2", 6) &&
              ct_text_add(&with, file.bytes + 2, file.length - 2));
    codec_image image;
    ct_error err;
    ck_assert(!codec_decode(with.bytes, with.length, NULL, &image, &err));
    ck_assert_msg(CODEC_JPEG_STREAMS
                      ? strstr(err.text, " stray bytes before the marker 0x") != NULL
                      : strcmp(err.text, "damaged: only 1 of 3 restart intervals") == 0,
                  "%s", err.text);
    ct_text_free(&with);
    /* The end is there, the coded bytes before it aren't. */
    const size_t scan = (size_t)(find_marker(&file, 0xDA) - (uint8_t *)file.bytes);
    ck_assert(ct_text_add(&with, file.bytes, scan) && ct_text_add(&with, "\xFF\xD9", 2));
    codec_expect_error(with.bytes, with.length, "damaged: no image data");
    ct_text_free(&with);
    ct_text_free(&file);
}
END_TEST

/* Expects the error as our own walk words it, and as libjpeg-turbo's does. */
static void expect_table_error(const ct_text *file, const char *ours, const char *turbo) {
    codec_expect_error(file->bytes, file->length, CODEC_JPEG_STREAMS ? turbo : ours);
}

START_TEST(test_jpeg_tables) {
    ct_text file = make_file("jpeg", 40, 30);
    uint8_t *huffman = find_marker(&file, 0xC4), *frame = find_marker(&file, 0xC0);
    uint8_t counts[16];
    memcpy(counts, huffman + 5, sizeof counts);
    memset(huffman + 5, 0, 14);
    huffman[5 + 14] = 30;
    huffman[5 + 15] = 250;
    expect_table_error(&file, "damaged: a Huffman table of 280 codes; the limit is 256",
                       "damaged: an invalid Huffman table");
    memcpy(huffman + 5, counts, sizeof counts);
    huffman[5] = 3;
    expect_table_error(&file, "damaged: a Huffman table has too many codes of 1 bit",
                       "damaged: an invalid Huffman table");
    memcpy(huffman + 5, counts, sizeof counts);
    huffman[4] = 2;
    if (!CODEC_JPEG_STREAMS) { /* libjpeg-turbo uses the standard ones then, as for Motion JPEG */
        codec_expect_error(file.bytes, file.length,
                           "damaged: DC Huffman table 0 is used but missing");
    }
    huffman[4] = 0;
    frame[12] = 2;
    codec_expect_error(file.bytes, file.length,
                       "damaged: quantization table 2 is used but missing");
    ct_text_free(&file);
}
END_TEST

Suite *codec_damage_suite(void) {
    Suite *suite = suite_create("codec: damage");
    TCase *tests = tcase_create("damage");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, test_truncated, 0, NAMES);
    tcase_add_loop_test(tests, test_any_byte, 0, NAMES);
    tcase_add_loop_test(tests, test_limits, 0, NAMES);
    tcase_add_test(tests, test_truncated_plain);
    tcase_add_test(tests, test_png_any_byte);
    tcase_add_test(tests, test_forged_png);
    tcase_add_test(tests, test_forged_jpeg);
    tcase_add_test(tests, test_forged_pnm);
    tcase_add_test(tests, test_png_bomb);
    tcase_add_test(tests, test_png_structure);
    tcase_add_test(tests, test_png_kinds);
    tcase_add_test(tests, test_jpeg_structure);
    tcase_add_test(tests, test_jpeg_tables);
    suite_add_tcase(suite, tests);
    return suite;
}
