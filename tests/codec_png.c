/* PNG: every kind of file against libpng, in every decoder of the build; what we write, read by
 * libpng; the scale of --compression; the bytes of a run of blocks; pixels past a palette. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"
#include "codec/png/filter.h"
#include "codec/png/unfilter.h"
#include "codec_libpng.h"
#include "codec_tests.h"

static const int sizes[][2] = {{1, 1}, {3, 2}, {5, 5}, {9, 7}, {37, 1}, {1, 37}, {33, 18}, {70, 9}};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

#if defined(CT_TEST_LIBPNG)

static void check_same(const ct_text *file, const codec_image *expected, const char *what) {
    codec_image image;
    ct_error err = {""};
    for (int d = 0; codec_png_decoder_at(d); d++) {
        ck_assert_msg(codec_decode_with(codec_png_decoder_at(d), file->bytes, file->length, NULL,
                                        &image, &err),
                      "%s, decoder %d: %s", what, d, err.text);
        ck_assert_msg(codec_image_same(&image, expected), "%s, decoder %d: other pixels", what, d);
        codec_image_free(&image);
    }
}

START_TEST(test_every_kind) {
    const libpng_kind kind = libpng_kind_at(_i);
    char what[100];
    for (int s = 0; s < SIZES; s++) {
        ct_text file;
        codec_image expected;
        const unsigned seed = (unsigned)(_i * SIZES + s);
        libpng_make(&file, &kind, sizes[s][0], sizes[s][1], seed);
        ck_assert(libpng_read(file.bytes, file.length, &expected));
        snprintf(what, sizeof what, "colour %d, %d bits, interlaced %d, tRNS %d, filters %d, %dx%d",
                 kind.color, kind.depth, kind.interlaced, kind.transparent, kind.filters,
                 sizes[s][0], sizes[s][1]);
        check_same(&file, &expected, what);
        codec_image_free(&expected);
        ct_text_free(&file);
    }
}
END_TEST

/* Large enough for several reads, segments and bands. */
START_TEST(test_large) {
    for (int i = 0; i < LIBPNG_KINDS; i += 11) {
        const libpng_kind kind = libpng_kind_at(i);
        ct_text file;
        codec_image expected;
        libpng_make(&file, &kind, 701, 403, (unsigned)i);
        ck_assert(libpng_read(file.bytes, file.length, &expected));
        check_same(&file, &expected, "701x403");
        codec_image_free(&expected);
        ct_text_free(&file);
    }
}
END_TEST

/* ---- writing ---- */

/* Smooth with some noise, as images are. */
static codec_image make_image(int width, int height, int channels, codec_sample sample) {
    codec_image image = codec_image_random(width, height, channels, sample, 5);
    const size_t count = (size_t)width * (size_t)height * (size_t)channels;
    for (size_t i = 0; i < count; i++) {
        const size_t x = i / (size_t)channels % (size_t)width;
        const size_t y = i / (size_t)channels / (size_t)width;
        if (sample == CODEC_U8) {
            image.rows[i] =
                (uint8_t)(3 * x + 2 * y + 40 * (i % (size_t)channels) + (image.rows[i] & 7));
        } else {
            const uint16_t value =
                (uint16_t)(700 * x + 500 * y + (image.rows[2 * i] & 63) + 9000 * (i % 3));
            memcpy(image.rows + 2 * i, &value, 2);
        }
    }
    return image;
}

/* Every level, channel count and depth is read back by libpng and by every decoder. */
START_TEST(test_written) {
    const int channels = _i % 4 + 1;
    const codec_sample sample = _i < 4 ? CODEC_U8 : CODEC_U16;
    for (int s = 0; s < SIZES + 1; s++) {
        codec_image image = s < SIZES ? make_image(sizes[s][0], sizes[s][1], channels, sample)
                                      : make_image(640, 330, channels, sample);
        if (!codec_format_check(codec_format_by_name("png"), &image.info, NULL)) {
            codec_image_free(&image); /* stb writes no 16 bits */
            return;
        }
        for (int level = 0; level <= 9; level++) {
            codec_options options = codec_default_options();
            options.compression = level;
            ct_text file;
            codec_image back;
            ct_error err = {""};
            ck_assert_msg(codec_encode("png", &image, &options, &file, &err), "%s", err.text);
            ck_assert(libpng_read(file.bytes, file.length, &back));
            ck_assert_msg(codec_image_same(&image, &back), "level %d, %dx%d", level,
                          image.info.width, image.info.height);
            check_same(&file, &image, "what we wrote");
            codec_image_free(&back);
            ct_text_free(&file);
        }
        codec_image_free(&image);
    }
}
END_TEST

/* Not larger than libpng's file with its defaults, except for what bands cost. */
START_TEST(test_size) {
    ct_text file;
    ct_error err;
    codec_image image = make_image(900, 700, _i, CODEC_U8);
    ck_assert(codec_encode("png", &image, NULL, &file, &err));
    const double ratio = (double)file.length / (double)libpng_size(&image);
    ck_assert_msg(ratio < 1.05 || !codec_isal(), "%d channels: %.3f of libpng's size", _i, ratio);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

#endif

/* Unfiltering undoes filtering: for every filter and pixel size, and lengths around the ends of
 * vectors. This runs on every kind of processor, whichever decoder is used there. */
START_TEST(test_filters) {
    static const int pixels[] = {1, 2, 3, 4, 6, 8};
    const int pixel = pixels[_i];
    codec_image noise = codec_image_random(4000, 2, 1, CODEC_U8, (unsigned)_i);
    for (size_t count = 1; count < 400; count = count < 40 ? count + 1 : count + 61) {
        const size_t size = count * (size_t)pixel;
        uint8_t lines[2][PNG_MARGIN + 4000] = {{0}}, above[4000] = {0};
        uint8_t filtered[4000 + PNG_SLACK], back[4000 + PNG_SLACK];
        memcpy(lines[0] + PNG_MARGIN, noise.rows, size);
        memcpy(lines[1] + PNG_MARGIN, noise.rows + noise.stride, size);
        memcpy(above, noise.rows, size);
        for (int f = PNG_NONE; f < PNG_FILTERS; f++) {
            codec_png_filter(filtered, lines[1] + PNG_MARGIN, lines[0] + PNG_MARGIN, size, pixel,
                             1U << f);
            ck_assert_int_eq(filtered[0], f);
            ck_assert(codec_png_unfilter(f, back, filtered + 1, above, size, pixel));
            ck_assert_msg(memcmp(back, noise.rows + noise.stride, size) == 0,
                          "filter %d, %d bytes a pixel, %zu pixels", f, pixel, count);
        }
    }
    codec_image_free(&noise);
}
END_TEST

/* From 0 to 9 files get smaller, or stay within one per cent. */
START_TEST(test_levels) {
    codec_image image = codec_image_random(600, 400, 3, CODEC_U8, 3);
    for (size_t i = 0; i < image.stride * 400; i++) {
        const size_t x = i % image.stride, y = i / image.stride;
        const bool flat = (x / 200 + y / 100) % 3 == 0;
        image.rows[i] = (uint8_t)(flat ? 200 : x / 9 + y / 2 + (image.rows[i] & (y < 200 ? 7 : 1)));
    }
    size_t last = SIZE_MAX / 2;
    for (int level = 0; level <= 9; level++) {
        codec_options options = codec_default_options();
        options.compression = level;
        ct_text file;
        ct_error err;
        ck_assert(codec_encode("png", &image, &options, &file, &err));
        ck_assert_msg(file.length <= last + last / 100, "level %d: %zu bytes after %zu", level,
                      file.length, last);
        last = file.length;
        ct_text_free(&file);
    }
    codec_image_free(&image);
}
END_TEST

/* ---- palettes ---- */

/* One row of 8 pixels, the fourth of which points to `index` of a palette of so many entries. */
static void make_palette(ct_text *file, int depth, int entries, int index, bool alpha,
                         bool interlaced) {
    uint8_t colors[3 * 256], row[9] = {0};
    ct_text extra = {0};
    memset(colors, 77, sizeof colors);
    codec_add_chunk(&extra, "PLTE", colors, 3 * (size_t)entries);
    if (alpha) {
        codec_add_chunk(&extra, "tRNS", "\200", 1);
    }
    row[1 + 3 * depth / 8] = (uint8_t)(index << (8 - depth - 3 * depth % 8));
    /* Adam7 has pixel 0 in its first pass, 4 in the second, 2 and 6 in the fourth, the odd ones in
     * the sixth; the other passes have no rows here. */
    uint8_t passes[16] = {0};
    size_t size = 0;
    static const int counts[] = {1, 1, 2, 4};
    for (int p = 0; p < 4; p++) {
        const size_t bytes = (size_t)(counts[p] * depth + 7) / 8;
        if (p == 3) {
            passes[size + 1 + (size_t)(depth / 8)] = (uint8_t)(index << (8 - depth - depth % 8));
        }
        size += 1 + bytes;
    }
    codec_make_png(file, 8, 1, depth, 3, &extra, interlaced ? passes : row,
                   interlaced ? size : 1 + (size_t)depth);
    if (interlaced) { /* codec_make_png doesn't do it */
        file->bytes[28] = 1;
        codec_put32((uint8_t *)file->bytes + 29,
                    codec_crc_of((const uint8_t *)file->bytes + 12, 17));
    }
    ct_text_free(&extra);
}

START_TEST(test_past_the_palette) {
    static const int depths[] = {1, 2, 4, 8};
    for (int i = 0; i < 4 * 8; i++) {
        const int depth = depths[i % 4], most = 1 << depth;
        const bool alpha = i & 4, interlaced = i & 8, past = i & 16;
        const int entries = past ? most / 2 : most / 2 + 1;
        ct_text file;
        char expected[80];
        snprintf(expected, sizeof expected,
                 "some pixels are outside its palette of %d colour%s and became black", entries,
                 entries == 1 ? "" : "s");
        make_palette(&file, depth, entries, most / 2, alpha, interlaced);
        for (int d = 0; codec_png_decoder_at(d); d++) {
            codec_image image;
            codec_warnings warnings;
            ct_error err = {""};
            ck_assert_msg(codec_decode_warned(codec_png_decoder_at(d), &file, file.length, false,
                                              &image, &warnings, &err),
                          "depth %d, interlaced %d: %s", depth, interlaced, err.text);
            ck_assert_int_eq(warnings.count, past);
            ck_assert_str_eq(past ? warnings.at[0].text : expected, expected);
            ck_assert(!past || warnings.at[0].kind == CODEC_PIXELS);
            const uint8_t *pixel = image.rows + 3 * image.info.channels;
            ck_assert_int_eq(image.info.channels, alpha ? 4 : 3);
            ck_assert_int_eq(pixel[0], past ? 0 : 77);
            ck_assert(!alpha || pixel[3] == (past ? 0 : 255));
            codec_image_free(&image);
        }
        ct_text_free(&file);
    }
}
END_TEST

Suite *codec_png_suite(void) {
    Suite *suite = suite_create("codec: PNG");
    TCase *tests = tcase_create("PNG");
    tcase_set_timeout(tests, 120);
#if defined(CT_TEST_LIBPNG)
    tcase_add_loop_test(tests, test_every_kind, 0, LIBPNG_KINDS);
    tcase_add_test(tests, test_large);
    tcase_add_loop_test(tests, test_written, 0, 8);
    tcase_add_loop_test(tests, test_size, 1, 5);
#endif
    tcase_add_loop_test(tests, test_filters, 0, 6);
    tcase_add_test(tests, test_levels);
    tcase_add_test(tests, test_past_the_palette);
    suite_add_tcase(suite, tests);
    return suite;
}
