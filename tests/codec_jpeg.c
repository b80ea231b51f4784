/* JPEG of every kind, compared with djpeg; other people's files; our writer's files. */
#include <dirent.h>
#include <stdio.h> /* jpeglib.h needs it */
#include <stdlib.h>
#include <string.h>

#ifdef CT_HAVE_JPEG
#include <jpeglib.h>
#endif

#include "jpeg_tools.h"

/* ---- reading ---- */

static const char *const samplings[] = {"1x1",         "2x1",         "1x2",        "2x2", "4x1",
                                        "1x4",         "4x2",         "2x4",        "3x1", "1x3",
                                        "2x2,1x2,1x2", "2x2,2x1,1x1", "1x1,2x2,1x1"};
enum { SAMPLINGS = sizeof samplings / sizeof samplings[0] };

/* stb_image upsamples components only by whole factors, and takes the first for the finest. */
static bool supported(const char *sampling) {
    return CODEC_JPEG_STREAMS || strcmp(sampling, "1x1,2x2,1x1") != 0;
}

START_TEST(test_samplings) {
    static const char *const forms[] = {"", "-progressive", "-restart 1", "-optimize -restart 3B",
                                        "-progressive -restart 1"};
    static const int sizes[][2] = {{1, 1}, {33, 17}, {50, 41}};
    if (!supported(samplings[_i])) {
        return;
    }
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        codec_image image = jpeg_picture(sizes[s][0], sizes[s][1], 3);
        for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
            char options[96];
            snprintf(options, sizeof options, "-quality 85 -sample %s %s", samplings[_i], forms[f]);
            ct_text file = jpeg_make(options, &image);
            jpeg_check(&file, options);
            ct_text_free(&file);
        }
        codec_image_free(&image);
    }
}
END_TEST

START_TEST(test_gray) {
    static const char *const forms[] = {"-grayscale", "-grayscale -progressive",
                                        "-grayscale -sample 2x2", "-grayscale -restart 1"};
    codec_image image = jpeg_picture(37, 29, 1);
    for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
        ct_text file = jpeg_make(forms[f], &image);
        jpeg_check(&file, forms[f]);
        ct_text_free(&file);
    }
    codec_image_free(&image);
}
END_TEST

START_TEST(test_rgb) {
    codec_image image = jpeg_picture(37, 29, 3);
    ct_text file = jpeg_make("-rgb", &image);
    ct_error err;
    jpeg_check(&file, "-rgb");
    codec_reader *reader = codec_open_memory(file.bytes, file.length, NULL, &err);
    ck_assert_ptr_nonnull(reader);
    ck_assert(!codec_reader_gray(reader)); /* there is no luma */
    codec_close(reader);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* The gray that is asked for is the stored luma, and nearly the gray of the colours. */
START_TEST(test_want_gray) {
    static const char *const forms[] = {"-sample 2x2", "-sample 1x1 -progressive",
                                        "-sample 2x1 -restart 1"};
    codec_image image = jpeg_picture(37, 29, 3);
    for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
        ct_text file = jpeg_make(forms[f], &image);
        codec_image luma = jpeg_read("-grayscale", &file), gray;
        ct_error err = {""};
        codec_reader *reader = codec_open_memory(file.bytes, file.length, NULL, &err);
        ck_assert_ptr_nonnull(reader);
        ck_assert_int_eq(codec_reader_gray(reader), CODEC_JPEG_STREAMS);
        ck_assert(!codec_reader_gray(reader)); /* it's gray already */
        ck_assert_msg(codec_read_all(reader, &gray, &err), "%s", err.text);
        if (CODEC_JPEG_STREAMS) {
            ck_assert(codec_image_same(&luma, &gray));
        }
        codec_image_free(&gray);
        codec_image_free(&luma);
        ct_text_free(&file);
    }
    codec_image_free(&image);
}
END_TEST

START_TEST(test_gray_too_late) {
    codec_image image = jpeg_picture(9, 7, 3);
    ct_text file = jpeg_make("", &image);
    uint8_t row[27];
    ct_error err;
    codec_reader *reader = codec_open_memory(file.bytes, file.length, NULL, &err);
    ck_assert(reader && codec_read_row(reader, row, &err));
    ck_assert(!codec_reader_gray(reader));
    ck_assert_int_eq(codec_reader_info(reader)->channels, 3);
    codec_close(reader);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

#ifdef CT_HAVE_JPEG
/* As djpeg reads them: Adobe's are inverted; without Adobe's marker inks are stored directly. */
START_TEST(test_cmyk) {
    static const int stored[] = {JCS_CMYK, JCS_YCCK};
    codec_image image = jpeg_picture(37, 29, 4), plain;
    ct_error err = {""};
    for (int i = 0; i < 2; i++) {
        ct_text file = jpeg_make_space(&image, JCS_CMYK, stored[i], true);
        jpeg_check(&file, i ? "YCCK" : "CMYK");
        ct_text_free(&file);
    }
    ct_text file = jpeg_make_space(&image, JCS_CMYK, JCS_CMYK, false);
    codec_image inverted = jpeg_read("", &file);
    for (size_t i = 0; i < image.stride * 29; i++) {
        image.rows[i] = (uint8_t)(255 - image.rows[i]);
    }
    ct_text_free(&file);
    file = jpeg_make_space(&image, JCS_CMYK, JCS_CMYK, false);
    ck_assert_msg(codec_decode(file.bytes, file.length, NULL, &plain, &err), "%s", err.text);
    ck_assert_double_lt(jpeg_distance(&inverted, &plain), 1);
    codec_image_free(&plain);
    codec_image_free(&inverted);
    ct_text_free(&file);
    image.info.channels = 2;
    image.info.width = 74;
    file = jpeg_make_space(&image, JCS_UNKNOWN, JCS_UNKNOWN, false);
    codec_expect_error(file.bytes, file.length, "a JPEG with 2 components; expected 1, 3 or 4");
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST
#endif

/* ---- other people's files ---- */

#define GO "/usr/share/go-1.19/src/image/testdata"

/* One of them is a progressive image without its last scans: complete but coarse. */
START_TEST(test_go) {
    DIR *folder = opendir(GO);
    ck_assert_msg(folder != NULL, "no " GO " (Debian: golang-1.19-src)");
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512];
        ct_text file;
        snprintf(path, sizeof path, "%s/%s", GO, entry->d_name);
        if (!strstr(entry->d_name, ".jpeg") || !jpeg_load(path, &file)) {
            continue;
        }
        jpeg_check(&file, entry->d_name);
        ct_text_free(&file);
        count++;
    }
    closedir(folder);
    ck_assert_int_ge(count, 20);
}
END_TEST

#define IMAGING "/usr/share/gocode/src/github.com/disintegration/imaging/testdata"

/* Eight pictures, each stored in another orientation: upright they're the same. */
START_TEST(test_orientations) {
    codec_image first = {0};
    for (int i = 1; i <= 8; i++) {
        char path[512];
        ct_text file;
        codec_image image;
        ct_error err = {""};
        snprintf(path, sizeof path, "%s/orientation_%d.jpg", IMAGING, i);
        ck_assert_msg(jpeg_load(path, &file),
                      "no %s (Debian: golang-github-disintegration-imaging-dev)", path);
        codec_reader *reader = codec_open_memory(file.bytes, file.length, NULL, &err);
        ck_assert_msg(reader != NULL, "%s", err.text);
        ck_assert_int_eq(codec_reader_info(reader)->meta.orientation, i);
        reader = codec_upright(reader, NULL, &err);
        ck_assert_msg(codec_read_all(reader, &image, &err), "%s", err.text);
        ck_assert_int_eq(image.info.meta.orientation, 1);
        if (i == 1) {
            first = image;
        } else {
            ck_assert_double_lt(jpeg_distance(&first, &image), 2);
            codec_image_free(&image);
        }
        ct_text_free(&file);
    }
    codec_image_free(&first);
}
END_TEST

/* ---- writing ---- */

/* Writes bands of `band` rows, packed if `packs` and the format does so. */
static ct_text write_bands(const codec_image *image, int quality, int band, bool packs) {
    ct_text file = {0};
    ct_error err = {""};
    codec_options options = codec_default_options();
    options.quality = quality;
    codec_writer *writer =
        codec_create(codec_format_by_name("jpeg"), &image->info, &options,
                     (codec_sink){.put = codec_put_text, .context = &file}, &err);
    ck_assert_msg(writer != NULL, "%s", err.text);
    for (int y = 0; y < image->info.height; y += band) {
        const int left = image->info.height - y, count = left < band ? left : band;
        const uint8_t *rows = image->rows + image->stride * (size_t)y;
        codec_packed *packed = NULL;
        ck_assert(!packs || codec_pack(writer, y, count, rows, image->stride, &packed, &err));
        ck_assert_msg(codec_write(writer, count, rows, image->stride, packed, &err), "%s",
                      err.text);
        codec_packed_free(packed);
    }
    ck_assert_msg(codec_finish(writer, &err), "%s", err.text);
    codec_writer_free(writer);
    return file;
}

/* However it's cut into bands, the bytes are the same, and the pixels are those of cjpeg. */
START_TEST(test_write) {
    static const int bands[] = {1, 7, 8, 16, 24, 100, 1000};
    static const struct {
        int channels, quality;
        const char *options;
    } kinds[] = {{1, 30, "-quality 30"},
                 {1, 95, "-quality 95"},
                 {3, 89, "-quality 89 -sample 2x2"},
                 {3, 90, "-quality 90 -sample 1x1"}};
    static const int sizes[][2] = {{1, 1}, {8, 8}, {64, 100}, {37, 115}};
    for (size_t n = 0; n < 16; n++) {
        const int *size = sizes[n % 4];
        codec_image image = jpeg_picture(size[0], size[1], kinds[n / 4].channels);
        ct_text whole = write_bands(&image, kinds[n / 4].quality, 1000, false);
        for (size_t b = 0; b < 2 * sizeof bands / sizeof bands[0]; b++) {
            ct_text file = write_bands(&image, kinds[n / 4].quality, bands[b / 2], b % 2);
            ck_assert_uint_eq(file.length, whole.length);
            ck_assert_mem_eq(file.bytes, whole.bytes, file.length);
            ct_text_free(&file);
        }
        if (CODEC_JPEG_STREAMS) {
            ct_text reference = jpeg_make(kinds[n / 4].options, &image);
            codec_image ours = jpeg_read("", &whole), theirs = jpeg_read("", &reference);
            ck_assert_msg(codec_image_same(&ours, &theirs), "%s, %dx%d", kinds[n / 4].options,
                          size[0], size[1]);
            codec_image_free(&ours);
            codec_image_free(&theirs);
            ct_text_free(&reference);
        }
        ct_text_free(&whole);
        codec_image_free(&image);
    }
}
END_TEST

Suite *codec_jpeg_suite(void) {
    Suite *suite = suite_create("codec: JPEG");
    TCase *tests = tcase_create("JPEG");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, test_samplings, 0, SAMPLINGS);
    tcase_add_test(tests, test_gray);
    tcase_add_test(tests, test_rgb);
    tcase_add_test(tests, test_want_gray);
    tcase_add_test(tests, test_gray_too_late);
#ifdef CT_HAVE_JPEG
    tcase_add_test(tests, test_cmyk);
#endif
    tcase_add_test(tests, test_go);
    tcase_add_test(tests, test_orientations);
    tcase_add_test(tests, test_write);
    suite_add_tcase(suite, tests);
    return suite;
}
