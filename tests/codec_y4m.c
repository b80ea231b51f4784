/* YUV4MPEG2: every layout, compared with the standards' formulas in double precision, and what is
 * refused. tests/cli/videos.py compares with FFmpeg. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec_tests.h"

static const struct {
    const char *name;
    int across, down, depth; /* of a chroma sample: pixels; 0: there is none */
} layouts[] = {
    {"420jpeg", 2, 2, 8}, {"420mpeg2", 2, 2, 8}, {"420paldv", 2, 2, 8}, {"420", 2, 2, 8},
    {"422", 2, 1, 8},     {"444", 1, 1, 8},      {"mono", 0, 0, 8},     {"420p10", 2, 2, 10},
    {"422p10", 2, 1, 10}, {"444p10", 1, 1, 10},  {"mono10", 0, 0, 10},
};
enum { LAYOUTS = sizeof layouts / sizeof layouts[0] };

/* A frame of random samples, and how to look at it. */
typedef struct frame {
    int width, height, across, down, depth;
    bool full;
    ct_text file;
    size_t planes; /* where they begin in the file */
} frame;

static frame make_frame(int layout, int width, int height, bool full) {
    frame f = {
        width, height, layouts[layout].across, layouts[layout].down, layouts[layout].depth, full,
        {0},   0};
    ct_text_print(&f.file, "YUV4MPEG2 W%d H%d F30000:1001 Ip A4:3 C%s XCOLORRANGE=%s\nFRAME\n",
                  width, height, layouts[layout].name, full ? "FULL" : "LIMITED");
    f.planes = f.file.length;
    const int chroma =
        f.across ? (width + f.across - 1) / f.across * ((height + f.down - 1) / f.down) : 0;
    uint32_t state = (uint32_t)(layout * 2 + full + 1);
    for (int i = 0; i < width * height + 2 * chroma; i++) {
        state = state * 1664525U + 1013904223U;
        const uint8_t bytes[2] = {(uint8_t)(state >> 24), (uint8_t)(state >> 16 & 3)};
        ct_text_add(&f.file, bytes, f.depth > 8 ? 2 : 1);
    }
    return f;
}

/* Plane 0 is luma, 1 and 2 are chroma; x and y are a pixel's. */
static double sample_at(const frame *f, int plane, int x, int y) {
    const int size = f->depth > 8 ? 2 : 1;
    size_t at = (size_t)(y * f->width + x);
    if (plane) {
        const int width = (f->width + f->across - 1) / f->across;
        const int height = (f->height + f->down - 1) / f->down;
        at = (size_t)(f->width * f->height + (plane - 1) * width * height + y / f->down * width +
                      x / f->across);
    }
    const uint8_t *bytes = (const uint8_t *)f->file.bytes + f->planes + at * (size_t)size;
    return size == 2 ? bytes[0] + 256 * bytes[1] : bytes[0];
}

/* Y' from 0 to 1, or Cb, Cr from -0.5 to 0.5. */
static double level_at(const frame *f, int plane, int x, int y) {
    const double unit = f->depth > 8 ? 4 : 1, white = f->depth > 8 ? 1023 : 255;
    const double zero = plane ? 128 * unit : f->full ? 0 : 16 * unit;
    return (sample_at(f, plane, x, y) - zero) / (f->full ? white : plane ? 224 * unit : 219 * unit);
}

static double to_sample(double level, double white) {
    return fmin(fmax(level, 0), 1) * white;
}

static void check_pixel(const frame *f, const codec_image *image, int x, int y) {
    const double white = f->depth > 8 ? 1023 : 255;
    const int channels = image->info.channels;
    const double kr = f->height > 576 ? 0.2126 : 0.299, kb = f->height > 576 ? 0.0722 : 0.114;
    const double luma = level_at(f, 0, x, y);
    double expected[3] = {luma, luma, luma};
    if (channels == 3) {
        const double cb = level_at(f, 1, x, y), cr = level_at(f, 2, x, y);
        expected[0] = luma + 2 * (1 - kr) * cr;
        expected[2] = luma + 2 * (1 - kb) * cb;
        expected[1] = (luma - kr * expected[0] - kb * expected[2]) / (1 - kr - kb);
    }
    for (int i = 0; i < channels; i++) {
        const size_t at = (size_t)((y * f->width + x) * channels + i);
        const double got =
            f->depth > 8 ? ((const uint16_t *)(const void *)image->rows)[at] : image->rows[at];
        ck_assert_msg(fabs(got - to_sample(expected[i], white)) <= 0.51,
                      "pixel %d,%d channel %d: got %g, expected %g", x, y, i, got,
                      to_sample(expected[i], white));
    }
}

static codec_image read_frame(const frame *f, bool gray) {
    ct_error err = {""};
    codec_image image;
    codec_reader *reader = codec_open_memory(f->file.bytes, f->file.length, NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    ck_assert_int_eq(codec_reader_info(reader)->channels, f->across ? 3 : 1);
    ck_assert(!gray || codec_reader_gray(reader) == (f->across != 0));
    ck_assert_str_eq(codec_format_name(codec_reader_format(reader)), "y4m");
    ck_assert(codec_read_all(reader, &image, &err));
    return image;
}

START_TEST(test_read) {
    static const int sizes[][2] = {{5, 3}, {6, 4}, {1, 1}, {2, 577}};
    for (int i = 0; i < 16; i++) {
        const int *size = sizes[i % 4];
        frame f = make_frame(_i, size[0], size[1], i / 4 & 1);
        codec_image image = read_frame(&f, i & 8);
        for (int y = 0; y < f.height; y++) {
            for (int x = 0; x < f.width; x++) {
                check_pixel(&f, &image, x, y);
            }
        }
        codec_image_free(&image);
        ct_text_free(&f.file);
    }
}
END_TEST

/* Gray that is read and written again has the same luma where it's in range, and neutral chroma;
 * the header is the same. */
START_TEST(test_gray_again) {
    frame f = make_frame(_i, 7, 5, false);
    ct_error err = {""};
    ct_text file = {0};
    codec_image image = read_frame(&f, true);
    ck_assert_msg(codec_encode("y4m", &image, NULL, &file, &err), "%s", err.text);
    ck_assert_uint_eq(file.length, f.file.length);
    ck_assert(memcmp(file.bytes, f.file.bytes, f.planes) == 0);
    frame again = f;
    again.file = file;
    const double unit = f.depth > 8 ? 4 : 1;
    for (int i = 0; i < f.width * f.height; i++) {
        const int x = i % f.width, y = i / f.width;
        const double low = fmax(sample_at(&f, 0, x, y), 16 * unit);
        ck_assert_double_eq(sample_at(&again, 0, x, y), fmin(low, 235 * unit));
        ck_assert(!f.across || (sample_at(&again, 1, x, y) == 128 * unit &&
                                sample_at(&again, 2, x, y) == 128 * unit));
    }
    codec_image_free(&image);
    ct_text_free(&f.file);
    ct_text_free(&file);
}
END_TEST

/* Colours that are written are read again as they were, but for rounding; chroma is the mean of its
 * block, here of equal pixels. */
START_TEST(test_colors_again) {
    static const uint8_t colors[][3] = {{255, 0, 0}, {0, 255, 0},    {0, 0, 255}, {255, 255, 255},
                                        {0, 0, 0},   {200, 100, 50}, {1, 2, 3},   {12, 240, 250}};
    const int deep = layouts[_i].depth > 8;
    frame f = make_frame(_i, 16, 3, false);
    codec_image image = read_frame(&f, false), again;
    ct_error err = {""};
    ct_text file;
    for (int i = 0; i < 16 * 3 * 3 && image.info.channels == 3; i++) {
        const uint8_t color = colors[i / 3 % 16 / 2][i % 3];
        image.rows[i] = deep ? image.rows[i] : color;
        if (deep) {
            ((uint16_t *)(void *)image.rows)[i] = (uint16_t)(color * 1023 / 255);
        }
    }
    ck_assert_msg(codec_encode("y4m", &image, NULL, &file, &err), "%s", err.text);
    ck_assert(codec_decode(file.bytes, file.length, NULL, &again, &err));
    for (int i = 0; i < 16 * 3 * image.info.channels; i++) {
        const int before = deep ? ((uint16_t *)(void *)image.rows)[i] : image.rows[i];
        const int after = deep ? ((uint16_t *)(void *)again.rows)[i] : again.rows[i];
        ck_assert_msg(abs(before - after) <= 2, "%d: %d became %d", i, before, after);
    }
    codec_image_free(&image);
    codec_image_free(&again);
    ct_text_free(&f.file);
    ct_text_free(&file);
}
END_TEST

/* What isn't from a video: 444 for colours, mono for gray, 10 bits for 16. */
START_TEST(test_other_images) {
    static const struct {
        int channels;
        codec_sample sample;
        const char *layout;
    } cases[] = {{1, CODEC_U8, "Cmono XCOLORRANGE=FULL"},
                 {3, CODEC_U8, "C444 XCOLORRANGE=LIMITED"},
                 {1, CODEC_U16, "Cmono10 XCOLORRANGE=FULL"},
                 {3, CODEC_U16, "C444p10 XCOLORRANGE=LIMITED"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ct_error err = {""};
        ct_text file;
        char head[128];
        codec_image image = codec_image_random(3, 2, cases[i].channels, cases[i].sample, 1);
        image.info.white = cases[i].sample == CODEC_U16 ? 1023 : 255;
        memset(image.rows, 3, image.stride * 2);
        ck_assert_msg(codec_encode("y4m", &image, NULL, &file, &err), "%s", err.text);
        snprintf(head, sizeof head, "YUV4MPEG2 W3 H2 F25:1 Ip A1:1 %s\nFRAME\n", cases[i].layout);
        ck_assert(memcmp(file.bytes, head, strlen(head)) == 0);
        codec_image_free(&image);
        ct_text_free(&file);
    }
}
END_TEST

#define HEAD "YUV4MPEG2 W1 H1 Cmono"

START_TEST(test_refused) {
    static const struct {
        const char *file, *error;
    } files[] = {
        {"YUV4MPEG2 W1 H1", "the file ends within its header"},
        {"YUV4MPEG2 H1\nFRAME\n", "0x1 pixels: an image needs at least one"},
        {"YUV4MPEG2 W1 H-1\n", "expected the height in the header, found '-1'"},
        {"YUV4MPEG2 W1x H1\n", "expected the width in the header, found '1x'"},
        {"YUV4MPEG2 W70000 H1\n", "70000x1 pixels: wider than the limit of 65535 (--max-side)"},
        {HEAD " It\n", "interlaced (It); expected whole frames, as ffmpeg -i IN -vf yadif OUT.y4m "
                       "makes them"},
        {"YUV4MPEG2 W1 H1 C444alpha\n",
         "colour space '444alpha'; expected 420, 422, 444 or mono with 8 or 10 bits, as ffmpeg -i "
         "IN -pix_fmt yuv420p OUT.y4m makes them"},
        {HEAD "\n", "a video without frames"},
        {HEAD "\nFRAM", "frame 1: the file ends within its header"},
        {HEAD "\nFRAMES\n", "frame 1: expected the word FRAME and a new line"},
        {HEAD "\nfoo", "frame 1: expected the word FRAME"},
        {HEAD "\nFRAME\n", "frame 1: the file ends after 0 of its 1 bytes"},
        {"YUV4MPEG2 W2 H2\nFRAME\n12345", "frame 1: the file ends after 5 of its 6 bytes"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        codec_expect_error(files[i].file, strlen(files[i].file), files[i].error);
    }
}
END_TEST

Suite *codec_y4m_suite(void) {
    Suite *suite = suite_create("codec: YUV4MPEG2");
    TCase *tests = tcase_create("y4m");
    tcase_add_loop_test(tests, test_read, 0, LAYOUTS);
    tcase_add_loop_test(tests, test_gray_again, 0, LAYOUTS);
    tcase_add_loop_test(tests, test_colors_again, 0, LAYOUTS);
    tcase_add_test(tests, test_other_images);
    tcase_add_test(tests, test_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
