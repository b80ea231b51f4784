/* What comes with the pixels: orientation, ICC profiles, EXIF, density, gamma. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "codec/exif.h"
#include "codec_tests.h"

/* ---- turning ---- */

/* The stored rows "abc" and "def" upright, row by row, by orientation. */
static const struct {
    int width;
    const char *upright;
} turned[9] = {
    {3, "abcdef"}, {3, "abcdef"}, {3, "cbafed"}, {3, "fedcba"}, {3, "defabc"},
    {2, "adbecf"}, {2, "daebfc"}, {2, "fcebda"}, {2, "cfbead"},
};

START_TEST(test_upright) {
    static const size_t sizes[] = {1, 2, 3, 4, 5, 8};
    codec_info info = {.width = 3, .height = 2};
    info.meta.orientation = _i;
    info.meta.density_x = 100;
    info.meta.density_y = 200;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        const size_t pixel = sizes[s];
        uint8_t rows[6 * 8];
        for (size_t i = 0; i < 6 * pixel; i++) {
            rows[i] = (uint8_t)((size_t) "abcdef"[i / pixel] + 16 * (i % pixel));
        }
        info.channels = (int)pixel;
        ct_error err;
        codec_image image;
        codec_reader *reader = codec_open_image(&info, rows, 3 * pixel, &err);
        codec_reader *upright = codec_upright(reader, NULL, &err);
        ck_assert_ptr_nonnull(upright);
        ck_assert(_i > 1 || upright == reader);
        ck_assert(codec_read_all(upright, &image, &err));
        ck_assert_int_eq(image.info.width, turned[_i].width);
        ck_assert_int_eq(image.info.height, 6 / turned[_i].width);
        ck_assert_int_eq(image.info.meta.orientation, _i ? 1 : 0);
        ck_assert_double_eq(image.info.meta.density_x, _i >= 5 ? 200 : 100);
        for (size_t i = 0; i < 6 * pixel; i++) {
            ck_assert_uint_eq(image.rows[i],
                              (uint8_t)((size_t)turned[_i].upright[i / pixel] + 16 * (i % pixel)));
        }
        codec_image_free(&image);
    }
}
END_TEST

START_TEST(test_upright_fails) {
    ct_error err;
    codec_image image = codec_image_random(50, 50, 1, CODEC_U8, 1);
    codec_limits limits = codec_default_limits();
    limits.max_memory = 2499; /* one byte too few */
    image.info.meta.orientation = 3;
    codec_reader *reader = codec_open_image(&image.info, image.rows, image.stride, &err);
    codec_reader *upright = codec_upright(reader, &limits, &err);
    uint8_t row[50];
    ck_assert_ptr_nonnull(upright);
    ck_assert(!codec_read_row(upright, row, &err));
    ck_assert_str_eq(
        err.text, "50x50 pixels need 2500 bytes of memory; the limit is 2499 bytes (--max-memory)");
    codec_close(upright);
    codec_image_free(&image);
}
END_TEST

/* ---- EXIF ---- */

/* One entry: orientation 6, as SHORT. */
static const uint8_t little[26] = {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3,
                                   0,   1,   0,   0, 0, 6, 0, 0, 0, 0, 0,    0, 0};
static const uint8_t big[26] = {'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 1, 0x12, 0,
                                3,   0,   0, 0,   1, 0, 6, 0, 0, 0, 0, 0,    0};

START_TEST(test_exif) {
    uint8_t exif[26];
    for (int order = 0; order < 2; order++) {
        const uint8_t *from = order ? big : little;
        memcpy(exif, from, sizeof exif);
        for (size_t size = 0; size <= sizeof exif; size++) {
            /* The offset of a next directory, the last 4 bytes, isn't needed. */
            ck_assert_int_eq(codec_exif_orientation(exif, size), size >= 22 ? 6 : 0);
        }
        codec_exif_set_orientation(exif, sizeof exif, 1);
        ck_assert_int_eq(codec_exif_orientation(exif, sizeof exif), 1);
        const size_t value = order ? 19 : 18;
        exif[value] = 9;
        ck_assert_int_eq(codec_exif_orientation(exif, sizeof exif), 0);
        exif[value] = 0;
        ck_assert_int_eq(codec_exif_orientation(exif, sizeof exif), 0);
        memcpy(exif, from, sizeof exif);
        exif[order ? 13 : 12] = 4; /* LONG */
        ck_assert_int_eq(codec_exif_orientation(exif, sizeof exif), 0);
        memcpy(exif, from, sizeof exif);
        exif[order ? 17 : 14] = 2; /* two of them */
        ck_assert_int_eq(codec_exif_orientation(exif, sizeof exif), 0);
        for (size_t i = 0; i < sizeof exif; i++) {
            memcpy(exif, from, sizeof exif);
            exif[i] = 0xFF;
            codec_exif_set_orientation(exif, sizeof exif, 1);
        }
    }
}
END_TEST

/* ---- through files ---- */

static void add_meta(codec_image *image, size_t icc_size, const char *space) {
    codec_meta *meta = &image->info.meta;
    meta->icc = malloc(icc_size);
    meta->exif = malloc(sizeof big);
    ck_assert(meta->icc && meta->exif);
    for (size_t i = 0; i < icc_size; i++) {
        meta->icc[i] = (uint8_t)(i * i >> 5);
    }
    memcpy(meta->icc + 16, space, 4);
    meta->icc_size = icc_size;
    memcpy(meta->exif, big, sizeof big);
    meta->exif_size = sizeof big;
    meta->orientation = 1;
    meta->density_x = meta->density_y = 300 / 0.0254;
    meta->gamma = 45455;
    for (uint32_t i = 0; i < 8; i++) {
        meta->chroma[i] = 31270 + i;
    }
    meta->srgb_intent = 2;
}

static codec_image through(const char *format, const codec_image *image) {
    ct_text file;
    codec_image back;
    ct_error err = {""};
    ck_assert_msg(codec_encode(format, image, NULL, &file, &err), "%s", err.text);
    ck_assert_msg(codec_decode(file.bytes, file.length, NULL, &back, &err), "%s", err.text);
    ct_text_free(&file);
    return back;
}

static void check_kept(const codec_image *image, const codec_image *back) {
    const codec_meta *was = &image->info.meta, *is = &back->info.meta;
    ck_assert_uint_eq(is->icc_size, was->icc_size);
    ck_assert_mem_eq(is->icc, was->icc, was->icc_size);
    ck_assert_uint_eq(is->exif_size, was->exif_size);
    /* The pixels are upright, so EXIF says so too. */
    ck_assert_int_eq(codec_exif_orientation(is->exif, is->exif_size), 1);
    ck_assert_int_eq(is->orientation, 1);
    ck_assert_double_lt(fabs(is->density_x - was->density_x), 1);
    ck_assert_double_lt(fabs(is->density_y - was->density_y), 1);
}

START_TEST(test_png_meta) {
    codec_image image = codec_image_random(4, 3, 3, CODEC_U8, 1);
    add_meta(&image, 3000, "RGB ");
    codec_image back = through("png", &image);
    check_kept(&image, &back);
    ck_assert(codec_image_same(&image, &back));
    ck_assert_uint_eq(back.info.meta.gamma, 45455);
    ck_assert_mem_eq(back.info.meta.chroma, image.info.meta.chroma, sizeof back.info.meta.chroma);
    ck_assert_int_eq(back.info.meta.srgb_intent, -1); /* the profile says more */
    codec_image_free(&back);
    free(image.info.meta.icc);
    image.info.meta.icc = NULL;
    back = through("png", &image);
    ck_assert_ptr_null(back.info.meta.icc);
    ck_assert_int_eq(back.info.meta.srgb_intent, 2);
    codec_image_free(&back);
    codec_image_free(&image);
}
END_TEST

START_TEST(test_jpeg_meta) {
    codec_image image = codec_image_random(4, 3, 3, CODEC_U8, 1);
    add_meta(&image, 150000, "RGB "); /* three segments */
    codec_image back = through("jpeg", &image);
    check_kept(&image, &back);
    codec_image_free(&back);
    codec_image_free(&image);
}
END_TEST

/* A profile is kept only with pixels of its kind. */
START_TEST(test_profile_kind) {
    static const struct {
        const char *format, *space;
        int channels;
        bool kept;
    } cases[] = {
        {"png", "RGB ", 1, false},
        {"png", "RGB ", 2, false},
        {"png", "RGB ", 4, true},
        {"png", "GRAY", 1, true},
        {"png", "GRAY", 2, true},
        {"png", "GRAY", 3, false},
        {"png", "CMYK", 3, false},
        {"jpeg", "RGB ", 1, CODEC_JPEG_GRAY == 3},
        {"jpeg", "GRAY", 1, CODEC_JPEG_GRAY == 1},
        {"jpeg", "GRAY", 3, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        codec_image image = codec_image_random(4, 3, cases[i].channels, CODEC_U8, 1);
        add_meta(&image, 500, cases[i].space);
        codec_image back = through(cases[i].format, &image);
        ck_assert_msg((back.info.meta.icc != NULL) == cases[i].kept, "case %zu", i);
        codec_image_free(&back);
        codec_image_free(&image);
    }
}
END_TEST

/* Without metadata none is written. */
START_TEST(test_no_meta) {
    codec_image image = codec_image_random(4, 3, 3, CODEC_U8, 1);
    for (int jpeg = 0; jpeg < 2; jpeg++) {
        codec_image back = through(jpeg ? "jpeg" : "png", &image);
        const codec_meta *meta = &back.info.meta;
        ck_assert(!meta->icc && !meta->exif && !meta->gamma && !meta->chroma[0]);
        ck_assert_double_eq(meta->density_x, 0);
        ck_assert_int_eq(meta->srgb_intent, -1);
        ck_assert_int_eq(meta->orientation, 0);
        codec_image_free(&back);
    }
    codec_image_free(&image);
}
END_TEST

/* Broken metadata is left out, and the image stays readable. */
START_TEST(test_broken_meta) {
    ct_text file, extra = {0};
    codec_image image;
    ct_error err;
    codec_add_chunk(&extra, "gAMA", "\0\0\0", 3);
    codec_add_chunk(&extra, "sRGB", "\4", 1);
    codec_add_chunk(&extra, "pHYs", "\0\0\1\0\0\0\1\0\0", 9); /* no unit */
    codec_add_chunk(&extra, "eXIf", "nothing", 7);
    codec_add_chunk(&extra, "iCCP", "name\0\0not zlib", 14);
    codec_make_png(&file, 1, 1, 8, 0, &extra, "\0\7", 2);
    ck_assert_msg(codec_decode(file.bytes, file.length, NULL, &image, &err), "%s", err.text);
    const codec_meta *meta = &image.info.meta;
    ck_assert(!meta->icc && !meta->exif && !meta->gamma);
    ck_assert_double_eq(meta->density_x, 0);
    ck_assert_int_eq(meta->srgb_intent, -1);
    ck_assert_uint_eq(image.rows[0], 7);
    codec_image_free(&image);
    ct_text_free(&file);
    ct_text_free(&extra);
}
END_TEST

Suite *codec_meta_suite(void) {
    Suite *suite = suite_create("codec: beside the pixels");
    TCase *tests = tcase_create("beside the pixels");
    tcase_add_loop_test(tests, test_upright, 0, 9);
    tcase_add_test(tests, test_upright_fails);
    tcase_add_test(tests, test_exif);
    tcase_add_test(tests, test_png_meta);
    tcase_add_test(tests, test_jpeg_meta);
    tcase_add_test(tests, test_profile_kind);
    tcase_add_test(tests, test_no_meta);
    tcase_add_test(tests, test_broken_meta);
    suite_add_tcase(suite, tests);
    return suite;
}
