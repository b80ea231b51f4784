/* Between PNG's metadata and JPEG's: gamma and chromaticities as a profile, resolution as EXIF has
 * it, profiles in pieces. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"
#include "codec/exif.h"
#include "codec/icc_make.h"
#include "jpeg_tools.h"

/* ---- gamma and chromaticities ---- */

static const codec_meta none = {.srgb_intent = -1};

/* Where a profile has a tag's data, after its type; 0: nowhere. */
static size_t find_icc_tag(const uint8_t *icc, size_t size, const char *name) {
    ck_assert_uint_ge(size, 132);
    ck_assert_uint_eq(codec_get32(icc), size);
    const uint32_t count = codec_get32(icc + 128);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *entry = icc + 132 + (size_t)12 * i;
        if (memcmp(entry, name, 4) == 0) {
            ck_assert_uint_le((uint64_t)codec_get32(entry + 4) + codec_get32(entry + 8), size);
            ck_assert_uint_eq(codec_get32(entry + 4) % 4, 0);
            return codec_get32(entry + 4) + 8;
        }
    }
    return 0;
}

static void expect_xyz(const uint8_t *icc, size_t size, const char *name, double x, double y,
                       double z) {
    const double expected[3] = {x, y, z};
    const size_t at = find_icc_tag(icc, size, name);
    ck_assert_msg(at != 0, "no tag %s", name);
    for (size_t i = 0; i < 3; i++) {
        const double value = (int32_t)codec_get32(icc + at + 4 * i) / 65536.0;
        ck_assert_msg(fabs(value - expected[i]) < 2e-4, "%s, %zu: %.5f", name, i, value);
    }
}

/* The colorants of sRGB and of Adobe RGB (1998) as their own profiles have them. */
START_TEST(test_icc_made) {
    static const uint32_t adobe[8] = {31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000};
    uint8_t icc[CODEC_ICC_MADE_MOST];
    codec_meta meta = none;
    meta.gamma = 100000;
    size_t size = codec_icc_make(&meta, 3, icc);
    expect_xyz(icc, size, "wtpt", 0.9642, 1, 0.8249);
    expect_xyz(icc, size, "rXYZ", 0.4361, 0.2225, 0.0139);
    expect_xyz(icc, size, "gXYZ", 0.3851, 0.7169, 0.0971);
    expect_xyz(icc, size, "bXYZ", 0.1431, 0.0606, 0.7141);
    ck_assert_uint_eq(codec_get16(icc + find_icc_tag(icc, size, "bTRC") + 4), 256);
    meta.gamma = 45455;
    memcpy(meta.chroma, adobe, sizeof adobe);
    size = codec_icc_make(&meta, 3, icc);
    expect_xyz(icc, size, "rXYZ", 0.6097, 0.3111, 0.0195);
    expect_xyz(icc, size, "gXYZ", 0.2053, 0.6257, 0.0609);
    expect_xyz(icc, size, "bXYZ", 0.1492, 0.0632, 0.7446);
    ck_assert_uint_eq(codec_get16(icc + find_icc_tag(icc, size, "gTRC") + 4), 563);
    ck_assert_uint_eq(find_icc_tag(icc, size, "kTRC"), 0);
    meta.gamma = 100000;
    size = codec_icc_make(&meta, 1, icc);
    ck_assert_mem_eq(icc + 16, "GRAY", 4);
    ck_assert_uint_eq(codec_get16(icc + find_icc_tag(icc, size, "kTRC") + 4), 256);
}
END_TEST

/* No profile for what needs none, and for impossible values. */
START_TEST(test_icc_not_made) {
    static const uint32_t srgb[8] = {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000};
    uint8_t icc[CODEC_ICC_MADE_MOST];
    codec_meta meta = none;
    ck_assert_uint_eq(codec_icc_make(&meta, 3, icc), 0);
    meta.gamma = 45455;
    ck_assert_uint_eq(codec_icc_make(&meta, 3, icc), 0);
    memcpy(meta.chroma, srgb, sizeof srgb);
    ck_assert_uint_eq(codec_icc_make(&meta, 3, icc), 0);
    meta.gamma = 50000;
    ck_assert_uint_gt(codec_icc_make(&meta, 3, icc), 0);
    meta.srgb_intent = 0; /* then gAMA and cHRM are for programs that don't know it */
    ck_assert_uint_eq(codec_icc_make(&meta, 3, icc), 0);
    meta.srgb_intent = -1;
    for (size_t i = 0; i < 8; i++) {
        static const uint32_t odd[] = {0, 1, 99999, 100000, 100001, 0x7FFFFFFF, 0xFFFFFFFF};
        for (size_t k = 0; k < sizeof odd / sizeof odd[0]; k++) {
            memcpy(meta.chroma, srgb, sizeof srgb);
            meta.chroma[i] = odd[k];
            codec_icc_make(&meta, 3, icc); /* a profile or none, but no crash */
        }
    }
    memset(meta.chroma, 1, sizeof meta.chroma); /* all the same */
    ck_assert_uint_eq(codec_icc_make(&meta, 3, icc), 0);
    meta = none;
    meta.gamma = 0xFFFFFFFF;
    ck_assert_uint_eq(codec_icc_make(&meta, 3, icc), 0);
    meta.gamma = 1;
    ck_assert_uint_eq(codec_icc_make(&meta, 3, icc), 0);
}
END_TEST

START_TEST(test_gamma_in_jpeg) {
    codec_image image = jpeg_picture(8, 8, 3), back;
    uint8_t icc[CODEC_ICC_MADE_MOST];
    ct_text file;
    ct_error err = {""};
    image.info.meta.gamma = 100000;
    const size_t size = codec_icc_make(&image.info.meta, 3, icc);
    ck_assert_msg(codec_encode("jpeg", &image, NULL, &file, &err), "%s", err.text);
    ck_assert(codec_decode(file.bytes, file.length, NULL, &back, &err));
    ck_assert_uint_eq(back.info.meta.icc_size, size);
    ck_assert_mem_eq(back.info.meta.icc, icc, size);
    codec_image_free(&back);
    codec_image_free(&image);
    ct_text_free(&file);
}
END_TEST

/* ---- resolution ---- */

/* XResolution 300, YResolution 150 and the unit; the numbers follow the directory. */
static const uint8_t resolutions[] = {
    'M', 'M',  0, '*', 0, 0, 0, 8,    0, 3,        /* */
    1,   0x1A, 0, 5,   0, 0, 0, 1,    0, 0, 0, 50, /* XResolution */
    1,   0x1B, 0, 5,   0, 0, 0, 1,    0, 0, 0, 58, /* YResolution */
    1,   0x28, 0, 3,   0, 0, 0, 1,    0, 2, 0, 0,  /* ResolutionUnit */
    0,   0,    0, 0,   0, 0, 1, 0x2C, 0, 0, 0, 1,  0, 0, 1, 0x2C, 0, 0, 0, 2};

START_TEST(test_exif_density) {
    uint8_t exif[sizeof resolutions];
    double x = 0, y = 0;
    memcpy(exif, resolutions, sizeof exif);
    ck_assert(codec_exif_density(exif, sizeof exif, &x, &y));
    ck_assert_double_eq_tol(x, 300 / 0.0254, 1e-6);
    ck_assert_double_eq_tol(y, 150 / 0.0254, 1e-6);
    exif[43] = 3; /* centimetres */
    ck_assert(codec_exif_density(exif, sizeof exif, &x, &y));
    ck_assert_double_eq_tol(x, 30000, 1e-6);
    exif[43] = 1; /* none */
    ck_assert(!codec_exif_density(exif, sizeof exif, &x, &y));
    exif[43] = 2;
    exif[sizeof exif - 1] = 0; /* a fraction of 0 */
    ck_assert(!codec_exif_density(exif, sizeof exif, &x, &y));
    for (size_t size = 0; size < sizeof exif; size++) {
        ck_assert(!codec_exif_density(resolutions, size, &x, &y));
    }
    for (size_t i = 0; i < sizeof exif; i++) {
        memcpy(exif, resolutions, sizeof exif);
        exif[i] = 0xFF;
        codec_exif_density(exif, sizeof exif, &x, &y);
    }
}
END_TEST

static void add_segment(ct_text *file, int marker, const void *head, size_t head_size,
                        const void *data, size_t size) {
    uint8_t start[4] = {0xFF, (uint8_t)marker};
    codec_put16(start + 2, (uint32_t)(2 + head_size + size));
    ck_assert(ct_text_add(file, start, 4) && ct_text_add(file, head, head_size) &&
              ct_text_add(file, data, size));
}

/* Decodes the file with more segments after SOI. */
static codec_image decode_with(const ct_text *file, const ct_text *segments) {
    ct_text with = {0};
    codec_image image;
    ct_error err = {""};
    ck_assert(ct_text_add(&with, file->bytes, 2) &&
              ct_text_add(&with, segments->bytes, segments->length) &&
              ct_text_add(&with, file->bytes + 2, file->length - 2));
    ck_assert_msg(codec_decode(with.bytes, with.length, NULL, &image, &err), "%s", err.text);
    ct_text_free(&with);
    return image;
}

START_TEST(test_density_of_jpeg) {
    codec_image image = jpeg_picture(8, 8, 1), back;
    ct_text file, segments = {0};
    ct_error err;
    add_segment(&segments, 0xE1, "Exif\0", 6, resolutions, sizeof resolutions);
    ck_assert(codec_encode("jpeg", &image, NULL, &file, &err)); /* JFIF with an aspect ratio */
    back = decode_with(&file, &segments);
    ck_assert_double_eq_tol(back.info.meta.density_x, 300 / 0.0254, 1e-6);
    codec_image_free(&back);
    ct_text_free(&file);
    image.info.meta.density_x = image.info.meta.density_y = 72 / 0.0254;
    ck_assert(codec_encode("jpeg", &image, NULL, &file, &err)); /* JFIF's own comes first */
    back = decode_with(&file, &segments);
    ck_assert_double_eq_tol(back.info.meta.density_x, 72 / 0.0254, 1e-6);
    codec_image_free(&back);
    ct_text_free(&file);
    ct_text_free(&segments);
    codec_image_free(&image);
}
END_TEST

/* ---- profiles in pieces ---- */

/* "order" gives each piece's number, and how many they say there are. */
static const struct {
    const char *order, *counts;
    bool whole;
} pieces[] = {
    {"123", "333", true},  {"312", "333", true},  {"12", "33", false},   {"1", "3", false},
    {"122", "333", false}, {"123", "323", false}, {"023", "333", false}, {"124", "333", false},
};

START_TEST(test_pieces) {
    codec_image image = jpeg_picture(8, 8, 3);
    ct_text file, segments = {0};
    ct_error err;
    uint8_t profile[600];
    for (size_t i = 0; i < sizeof profile; i++) {
        profile[i] = (uint8_t)(i * 7 >> 2);
    }
    ck_assert(codec_encode("jpeg", &image, NULL, &file, &err));
    for (size_t i = 0; pieces[_i].order[i]; i++) {
        uint8_t head[14] = "ICC_PROFILE";
        head[12] = (uint8_t)(pieces[_i].order[i] - '0');
        head[13] = (uint8_t)(pieces[_i].counts[i] - '0');
        const size_t at = head[12] >= 1 && head[12] <= 3 ? 200U * (head[12] - 1U) : 0;
        add_segment(&segments, 0xE2, head, sizeof head, profile + at, 200);
    }
    codec_image back = decode_with(&file, &segments);
    ck_assert_uint_eq(back.info.meta.icc_size, pieces[_i].whole ? sizeof profile : 0);
    if (pieces[_i].whole) {
        ck_assert_mem_eq(back.info.meta.icc, profile, sizeof profile);
    }
    codec_image_free(&back);
    ct_text_free(&segments);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* Gray that was asked for has no colour profile. */
START_TEST(test_gray_without_profile) {
    codec_image image = jpeg_picture(8, 8, 3), gray;
    ct_text file;
    ct_error err;
    image.info.meta.gamma = 100000;
    ck_assert(codec_encode("jpeg", &image, NULL, &file, &err));
    codec_reader *reader = codec_open_memory(file.bytes, file.length, NULL, &err);
    ck_assert(reader && codec_reader_info(reader)->meta.icc);
    const bool asked = codec_reader_gray(reader);
    ck_assert(codec_read_all(reader, &gray, &err));
    ck_assert_int_eq(gray.info.meta.icc == NULL, asked);
    codec_image_free(&gray);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

Suite *codec_jpeg_meta_suite(void) {
    Suite *suite = suite_create("codec: beside JPEG's pixels");
    TCase *tests = tcase_create("beside JPEG's pixels");
    tcase_add_test(tests, test_icc_made);
    tcase_add_test(tests, test_icc_not_made);
    tcase_add_test(tests, test_gamma_in_jpeg);
    tcase_add_test(tests, test_exif_density);
    tcase_add_test(tests, test_density_of_jpeg);
    tcase_add_loop_test(tests, test_pieces, 0, sizeof pieces / sizeof pieces[0]);
    tcase_add_test(tests, test_gray_without_profile);
    suite_add_tcase(suite, tests);
    return suite;
}
