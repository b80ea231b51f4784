/* Round trips, the table of formats, what writers refuse, and images in memory. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec_tests.h"

static const int sizes[][2] = {{1, 1}, {1, 9}, {9, 1}, {8, 8}, {17, 16}, {37, 23}, {300, 3}};
enum { SIZES = sizeof sizes / sizeof sizes[0], FORMATS = 12 };

/* Every kind of image that the format holds, in every size; JPEG and YUV4MPEG2, whose samples
 * change, have tests of their own. */
static void round_trip(const codec_format *format, const codec_image *image, bool plain) {
    const char *name = codec_format_name(format);
    ct_text file;
    codec_image back;
    ct_error err = {""};
    if (plain) {
        file = codec_plain_file(image);
    } else {
        ck_assert_msg(codec_encode(name, image, NULL, &file, &err), "%s: %s", name, err.text);
    }
    ck_assert_msg(codec_decode(file.bytes, file.length, NULL, &back, &err), "%s: %s", name,
                  err.text);
    ck_assert_msg(codec_image_same(image, &back), "%s: %dx%d of %d channels changed", name,
                  image->info.width, image->info.height, image->info.channels);
    codec_image_free(&back);
    ct_text_free(&file);
}

START_TEST(test_round_trip) {
    const codec_format *format = codec_format_at((size_t)_i);
    if (strcmp(codec_format_name(format), "jpeg") == 0 ||
        strcmp(codec_format_name(format), "y4m") == 0) {
        return;
    }
    const bool has_plain = strstr("pgm ppm pnm", codec_format_name(format)) != NULL;
    int tried = 0;
    for (int kind = 0; kind < SIZES * 4 * 3; kind++) {
        const int channels = kind / SIZES % 4 + 1, *size = sizes[kind % SIZES];
        codec_image image = codec_image_random(size[0], size[1], channels,
                                               (codec_sample)(kind / SIZES / 4), (unsigned)kind);
        image.info.alpha = image.info.alpha && !codec_format_plain(format);
        /* PPM makes RGB of gray (see test_ppm_gray), and tables are read as floats. */
        const bool changes = (strcmp(codec_format_name(format), "ppm") == 0 && channels == 1) ||
                             (codec_format_text(format) && image.info.sample != CODEC_F32);
        if (!changes && codec_format_check(format, &image.info, NULL)) {
            tried++;
            round_trip(format, &image, false);
            if (has_plain) {
                round_trip(format, &image, true);
            }
        }
        codec_image_free(&image);
    }
    ck_assert_int_ge(tried, 2 * SIZES);
}
END_TEST

START_TEST(test_ppm_gray) {
    const uint16_t gray[2] = {0x0102, 0xFFFE};
    codec_image image = {.info = {.width = 2, .height = 1, .channels = 1, .sample = CODEC_U16},
                         .stride = 4,
                         .rows = (uint8_t *)(uintptr_t)gray};
    ct_text file;
    ct_error err;
    ck_assert(codec_encode("ppm", &image, NULL, &file, &err));
    static const char expected[] = "P6\n2 1\n65535\n\1\2\1\2\1\2\xFF\xFE\xFF\xFE\xFF\xFE";
    ck_assert_uint_eq(file.length, sizeof expected - 1);
    ck_assert_mem_eq(file.bytes, expected, file.length);
    ct_text_free(&file);
}
END_TEST

/* A smooth image survives JPEG to within a few levels, better with higher quality. */
static double jpeg_error(int channels, int quality, size_t *size) {
    codec_image image = codec_image_random(40, 33, channels, CODEC_U8, 1), back;
    for (int i = 0; i < 40 * 33 * channels; i++) {
        const int x = i / channels % 40, y = i / channels / 40;
        image.rows[i] = (uint8_t)(40 + 4 * x + y + 20 * (i % channels));
    }
    codec_options options = codec_default_options();
    options.quality = quality;
    ct_text file;
    ct_error err = {""};
    ck_assert_msg(codec_encode("jpeg", &image, &options, &file, &err), "%s", err.text);
    ck_assert_msg(codec_decode(file.bytes, file.length, NULL, &back, &err), "%s", err.text);
    ck_assert_int_eq(back.info.width, 40);
    ck_assert_int_eq(back.info.height, 33);
    const int made = channels == 3 ? 3 : CODEC_JPEG_GRAY;
    ck_assert_int_eq(back.info.channels, made);
    double sum = 0;
    for (int i = 0; i < 40 * 33 * made; i++) {
        sum += abs(back.rows[i] - image.rows[i * channels / made]);
    }
    *size = file.length;
    ct_text_free(&file);
    codec_image_free(&image);
    codec_image_free(&back);
    return sum / (40 * 33 * made);
}

START_TEST(test_jpeg) {
    size_t small, large;
    for (int channels = 1; channels <= 3; channels += 2) {
        const double coarse = jpeg_error(channels, 20, &small);
        const double fine = jpeg_error(channels, 95, &large);
        ck_assert_double_lt(fine, 1.0);
        ck_assert_double_lt(fine, coarse);
        ck_assert_uint_lt(small, large);
    }
}
END_TEST

START_TEST(test_descriptors) {
    const char *name = codec_format_name(codec_format_at((size_t)_i));
    codec_image image = codec_image_random(
        700, 90, 3, strcmp(name, "pfm") == 0 ? CODEC_F32 : CODEC_U8, (unsigned)_i);
    codec_image back, again;
    ct_text file;
    ct_error err = {""};
    if (strcmp(name, "pgm") == 0) {
        image.info.channels = 1;
        image.info.width *= 3;
    }
    ck_assert_msg(codec_encode(name, &image, NULL, &file, &err), "%s", err.text);
    ck_assert(codec_decode(file.bytes, file.length, NULL, &back, &err));
    FILE *temporary = tmpfile();
    ck_assert_ptr_nonnull(temporary);
    ck_assert_uint_eq(fwrite(file.bytes, 1, file.length, temporary), file.length);
    ck_assert_int_eq(fflush(temporary), 0);
    ck_assert_int_eq((int)lseek(fileno(temporary), 0, SEEK_SET), 0);
    codec_reader *reader = codec_open(fileno(temporary), NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    ck_assert(codec_read_all(reader, &again, &err));
    ck_assert(codec_image_same(&back, &again));
    fclose(temporary);
    ct_text_free(&file);
    codec_image_free(&image);
    codec_image_free(&back);
    codec_image_free(&again);
}
END_TEST

/* Through a pipe, whose length isn't known, in small pieces. */
START_TEST(test_pipe) {
    const char *name = codec_format_name(codec_format_at((size_t)_i));
    codec_image image =
        codec_image_random(20, 10, strcmp(name, "pgm") == 0 ? 1 : 3,
                           strcmp(name, "pfm") == 0 ? CODEC_F32 : CODEC_U8, (unsigned)_i);
    codec_image back, again;
    ct_text file;
    ct_error err = {""};
    int ends[2];
    ck_assert_msg(codec_encode(name, &image, NULL, &file, &err), "%s", err.text);
    ck_assert(codec_decode(file.bytes, file.length, NULL, &back, &err));
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        for (size_t i = 0; i < file.length; i += 100) {
            const size_t left = file.length - i;
            if (write(ends[1], file.bytes + i, left < 100 ? left : 100) < 0) {
                _exit(1);
            }
        }
        _exit(0);
    }
    close(ends[1]);
    codec_reader *reader = codec_open(ends[0], NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    ck_assert_msg(codec_read_all(reader, &again, &err), "%s", err.text);
    ck_assert(codec_image_same(&back, &again));
    close(ends[0]);
    ct_text_free(&file);
    codec_image_free(&image);
    codec_image_free(&back);
    codec_image_free(&again);
}
END_TEST

START_TEST(test_unreadable) {
    ct_error err;
    const int folder = open("/", O_RDONLY | O_DIRECTORY);
    ck_assert_int_ge(folder, 0);
    ck_assert_ptr_null(codec_open(folder, NULL, &err));
    ck_assert_str_eq(err.text, "can't read: Is a directory");
    close(folder);
    codec_expect_error("", 0, "the file is empty");
    codec_expect_error("GIF90a", 6,
                       "not a known image format; expected PNG, JPEG, PNM, PAM, PFM, "
                       "YUV4MPEG2, .npy or a table of numbers");
}
END_TEST

/* ---- what writers refuse, and how they say it ---- */

static const struct {
    const char *format;
    int channels;
    bool alpha;
    codec_sample sample;
    const char *error;
} refused[] = {
    {"pgm", 3, false, CODEC_U8, "PGM holds only gray; write RGB as .ppm"},
    {"pgm", 2, true, CODEC_U8,
     "PGM has no alpha; write .pam or .png, or add 'flatten' to the chain"},
    {"pnm", 4, true, CODEC_U16, "PNM has no alpha; write .pam, or add 'flatten' to the chain"},
    {"pam", 1, false, CODEC_F32, "PAM can't hold floating-point samples; write .pfm"},
    {"png", 1, false, CODEC_U16,
     "this build reads 16-bit PNG but can't write it; for 16 bits write .pgm or .ppm"},
    {"png", 4, true, CODEC_U16,
     "this build reads 16-bit PNG but can't write it; for 16 bits write .pam"},
    {"png", 3, false, CODEC_F32, "PNG can't hold floating-point samples; write .pfm"},
    {"jpeg", 4, true, CODEC_U8,
     "JPEG has no alpha; write .png or .pam, or add 'flatten' to the chain"},
    {"jpeg", 3, false, CODEC_U16,
     "JPEG holds only 8 bits; convtool --version lists the formats that hold 16"},
    {"pfm", 3, false, CODEC_U8,
     "PFM holds only floating-point samples; for 8 or 16 bits write .pgm or .ppm"},
    {"pfm", 4, true, CODEC_F32,
     "PFM has no alpha; write .pam or .png (with --depth 8), or add 'flatten' to the chain"},
    {"pfm", 5, false, CODEC_F32, "5 channels; PFM can hold 1 to 4; write .npy or .txt"},
    {"png", 4, false, CODEC_U8,
     "4 channels without alpha are neither gray nor RGB, which is all that PNG can hold; write "
     ".pam"},
    {"pgm", 2, false, CODEC_U8,
     "2 channels without alpha are neither gray nor RGB, which is all that PGM can hold; write "
     ".pam"},
    {"pam", 3, true, CODEC_U8, "2 channels and alpha; expected gray or RGB"},
};

/* PNG's row as in a build without ISA-L. */
static const codec_format *stb_png(void) {
    static codec_format format;
    format = *codec_format_by_name("png");
    format.encoder = &codec_stb_png_encoder;
    return &format;
}

START_TEST(test_refused) {
    const codec_info info = {.width = 1,
                             .height = 1,
                             .channels = refused[_i].channels,
                             .alpha = refused[_i].alpha,
                             .sample = refused[_i].sample};
    ct_error err;
    const codec_format *format = codec_format_by_name(refused[_i].format);
    if (strcmp(refused[_i].format, "png") == 0 && info.sample == CODEC_U16 && codec_isal()) {
        ck_assert(codec_format_check(format, &info, &err));
        format = stb_png(); /* it is stb that can't */
    }
    ck_assert(!codec_format_check(format, &info, &err));
    ck_assert_str_eq(err.text, refused[_i].error);
}
END_TEST

START_TEST(test_order_of_rows) {
    codec_image image = codec_image_random(3, 4, 1, CODEC_U8, 1);
    ct_text file = {0};
    ct_error err;
    const codec_sink sink = {.put = codec_put_text, .context = &file};
    codec_writer *writer = codec_create(codec_format_by_name("pgm"), &image.info, NULL, sink, &err);
    ck_assert(codec_write(writer, 3, image.rows, image.stride, NULL, &err));
    ck_assert(!codec_finish(writer, &err));
    ck_assert_str_eq(err.text, "rows are missing: got 3 of 4");
    ck_assert(!codec_write(writer, 2, image.rows, image.stride, NULL, &err));
    ck_assert_str_eq(err.text, "more rows than the image's 4");
    codec_writer_free(writer);
    ct_text_free(&file);
    codec_options options = codec_default_options();
    options.quality = 101;
    ck_assert_ptr_null(
        codec_create(codec_format_by_name("jpg"), &image.info, &options, sink, &err));
    ck_assert_str_eq(err.text, "quality 101: expected 1 to 100");
    codec_image_free(&image);
}
END_TEST

/* A sink that is full after some bytes. */
static bool put_some(void *context, const void *bytes, size_t size, ct_error *err) {
    (void)bytes;
    size_t *room = context;
    if (size > *room) {
        return ct_fail(err, "No space left on device");
    }
    *room -= size;
    return true;
}

/* Whether *room is enough for the whole image; reduces it by what was written. */
static bool write_whole(const codec_format *format, const codec_image *image, size_t *room,
                        ct_error *err) {
    codec_writer *writer = codec_create(format, &image->info, NULL,
                                        (codec_sink){.put = put_some, .context = room}, err);
    const bool ok =
        writer && codec_write(writer, image->info.height, image->rows, image->stride, NULL, err) &&
        codec_finish(writer, err);
    codec_writer_free(writer);
    return ok;
}

START_TEST(test_full_disk) {
    const codec_format *format = codec_format_at((size_t)_i);
    const bool real = strcmp(codec_format_name(format), "pfm") == 0;
    codec_image image = codec_image_random(5, 4, 1, real ? CODEC_F32 : CODEC_U8, 1);
    ct_error err;
    const size_t plenty = 1 << 20;
    size_t left = plenty;
    ck_assert(write_whole(format, &image, &left, &err));
    const size_t size = plenty - left;
    for (size_t room = 0; room <= size; room++) {
        left = room;
        err.text[0] = '\0';
        ck_assert_int_eq(write_whole(format, &image, &left, &err), room == size);
        ck_assert_str_eq(err.text, room == size ? "" : "No space left on device");
    }
    codec_image_free(&image);
}
END_TEST

/* ---- the table, and memory ---- */

START_TEST(test_table) {
    ck_assert_ptr_nonnull(codec_format_at(FORMATS - 1));
    ck_assert_ptr_null(codec_format_at(FORMATS));
    ck_assert_str_eq(codec_format_name(codec_format_by_path("/a.b/x.y.JPG")), "jpeg");
    ck_assert_str_eq(codec_format_name(codec_format_by_path("x.Png")), "png");
    ck_assert_str_eq(codec_format_name(codec_format_by_name("JPEG")), "jpeg");
    ck_assert_ptr_null(codec_format_by_path("/a.png/x"));
    ck_assert_ptr_null(codec_format_by_path("x."));
    ck_assert_ptr_null(codec_format_by_path(".png"));
    ck_assert_ptr_null(codec_format_by_path("x.jp"));
    ck_assert_ptr_null(codec_format_by_name("jpg jpeg"));
    int a, b, c, d, end = 0;
    const char *library = codec_format_library(codec_format_by_name("png"));
    if (codec_isal()) {
        sscanf(library, "ISA-L %d.%d.%d%n", &a, &b, &c, &end);
        ck_assert_msg(end && (!library[end] || library[end] == ','), "%s", library);
    } else {
        sscanf(library, "stb_image %d.%d, stb_image_write %d.%d%n", &a, &b, &c, &d, &end);
        ck_assert_msg(end && !library[end], "%s", library);
    }
    for (size_t i = 0; i < FORMATS; i++) {
        const codec_format *format = codec_format_at(i);
        ck_assert_ptr_eq(codec_format_by_name(codec_format_name(format)), format);
        const codec_sample sample = codec_format_sample(format, CODEC_U8);
        const codec_info info = {.width = 1, .height = 1, .channels = 1, .sample = sample};
        ck_assert(codec_format_check(format, &info, NULL));
    }
}
END_TEST

START_TEST(test_memory) {
    codec_image image = codec_image_random(5, 4, 7, CODEC_F32, 3), back;
    ct_error err;
    codec_reader *reader = codec_open_image(&image.info, image.rows, image.stride, &err);
    ck_assert_ptr_nonnull(reader);
    ck_assert(codec_read_all(reader, &back, &err));
    ck_assert(codec_image_same(&image, &back));
    memset(back.rows, 0, back.stride * 4);
    codec_writer *writer = codec_create_image(&image.info, back.rows, back.stride, &err);
    ck_assert_ptr_nonnull(writer);
    codec_packed *packed;
    ck_assert(codec_pack(writer, 0, 4, image.rows, image.stride, &packed, &err));
    ck_assert_ptr_null(packed);
    ck_assert(codec_write(writer, 4, image.rows, image.stride, packed, &err));
    ck_assert(codec_finish(writer, &err));
    ck_assert(codec_image_same(&image, &back));
    codec_writer_free(writer);
    ck_assert_ptr_null(codec_open_image(&image.info, image.rows, image.stride - 1, &err));
    codec_image_free(&image);
    codec_image_free(&back);
}
END_TEST

Suite *codec_round_suite(void) {
    Suite *suite = suite_create("codec: round trips");
    TCase *tests = tcase_create("round trips");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_round_trip, 0, FORMATS);
    tcase_add_loop_test(tests, test_descriptors, 0, FORMATS);
    tcase_add_loop_test(tests, test_pipe, 0, FORMATS);
    tcase_add_loop_test(tests, test_full_disk, 0, FORMATS);
    tcase_add_loop_test(tests, test_refused, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(tests, test_ppm_gray);
    tcase_add_test(tests, test_jpeg);
    tcase_add_test(tests, test_unreadable);
    tcase_add_test(tests, test_order_of_rows);
    tcase_add_test(tests, test_table);
    tcase_add_test(tests, test_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
