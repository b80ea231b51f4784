/* The limits of memory and time, where a whole image is held or visited many times. */
#include <string.h>

#include "codec/bytes.h"
#include "codec/jpeg/checks.h"
#include "codec_tests.h"

/* ---- writers ---- */

/* What needs the whole image first: PFM, and stb's two writers. */
START_TEST(test_held_memory) {
    const codec_encoder *const encoders[] = {&codec_pfm_encoder, &codec_stb_png_encoder,
                                             &codec_stb_jpeg_encoder};
    codec_format format = *codec_format_by_name("pfm");
    codec_image image = codec_image_random(50, 40, 3, _i ? CODEC_U8 : CODEC_F32, 1);
    codec_options options = codec_default_options();
    const size_t bytes = image.stride * 40;
    ct_text file = {0};
    ct_error err;
    format.encoder = encoders[_i];
    options.max_memory = bytes - 1;
    ck_assert_ptr_null(codec_create(&format, &image.info, &options,
                                    (codec_sink){.put = codec_put_text, .context = &file}, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "(--max-memory)"));
    /* The image fits, which is all that PFM needs; the other encoders need more. */
    options.max_memory = bytes;
    codec_writer *writer =
        codec_create(&format, &image.info, &options,
                     (codec_sink){.put = codec_put_text, .context = &file}, &err);
    ck_assert_ptr_nonnull(writer);
    ck_assert(codec_write(writer, 40, image.rows, image.stride, NULL, &err));
    const bool ok = codec_finish(writer, &err);
    ck_assert_int_eq(ok, _i == 0);
    ck_assert(ok || strstr(err.text, "needs more memory than the limit"));
    codec_writer_free(writer);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* ---- JPEGs of many scans ---- */

static void add(ct_text *file, const void *bytes, size_t size) {
    ck_assert(ct_text_add(file, bytes, size));
}

/* Scan n of a progressive gray image: first the DC values, all the same, in one bit per block; then
 * one coefficient after another, in runs of 32767 blocks without it, and each of its bits below the
 * first (T.81, G.1.2). */
static void add_scan(ct_text *file, int n, uint64_t blocks) {
    static const uint8_t zeros[1024], run[2] = {0x7F, 0xFE};
    const int ac = n ? 1 + (n - 1) / 8 : 0, refined = n ? (n - 1) % 8 : 0;
    const int bits = n ? (refined ? (8 - refined) << 4 | (7 - refined) : 7) : 0;
    const uint8_t head[10] = {0xFF, 0xDA, 0, 8, 1, 1, 0, (uint8_t)ac, (uint8_t)ac, (uint8_t)bits};
    add(file, head, sizeof head);
    for (uint64_t left = n ? 0 : (blocks + 7) / 8; left > 0;) {
        const size_t some = left < sizeof zeros ? (size_t)left : sizeof zeros;
        add(file, zeros, some);
        left -= some;
    }
    /* A run: 0 is its code, then 14 bits, and one that fills the byte. */
    if (n) {
        ck_assert_uint_le(blocks, 32767);
        add(file, run, sizeof run);
    }
}

/* A progressive gray JPEG of this size and so many scans. Beyond 32767 blocks its later scans are
 * cut short: it must be refused before they are decoded. */
static void make_scans(ct_text *file, uint32_t side, int scans) {
    static const uint8_t tables[] = {
        0xFF, 0xC4, 0, 20, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0};
    uint8_t frame[] = {0xFF, 0xC2, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0};
    uint8_t quantization[69] = {0xFF, 0xDB, 0, 67};
    const uint64_t across = (side + 7) / 8;
    memset(quantization + 5, 1, 64);
    codec_put16(frame + 5, side);
    codec_put16(frame + 7, side);
    *file = (ct_text){0};
    add(file, "\xFF\xD8", 2);
    add(file, quantization, sizeof quantization);
    add(file, frame, sizeof frame);
    add(file, tables, sizeof tables);
    for (int n = 0; n < scans; n++) {
        add_scan(file, n, across * across < 32767 || !n ? across * across : 32767);
    }
    add(file, "\xFF\xD9", 2);
}

/* The decoder that the build has, and stb's. */
static const codec_decoder *const jpegs[] = {NULL, &codec_stb_jpeg_decoder};
enum { JPEGS = 2 };

START_TEST(test_many_scans_of_a_large_image) {
    codec_image image;
    codec_limits limits = codec_default_limits();
    ct_error err = {""};
    ct_text file;
    make_scans(&file, 16384, 490);
    for (int lenient = 0; lenient < 2; lenient++) {
        limits.lenient = lenient;
        ck_assert(!codec_decode_with(jpegs[_i], file.bytes, file.length, &limits, &image, &err));
        ck_assert_msg(strstr(err.text, "made to waste time: its scans go over 16384x16384 pixels "),
                      "%s", err.text);
    }
    ct_text_free(&file);
}
END_TEST

/* As many scans as JPEG has a use for. */
START_TEST(test_many_scans_of_a_small_image) {
    codec_image image;
    ct_error err = {""};
    ct_text file;
    make_scans(&file, 1200, 490);
    ck_assert_msg(codec_decode_with(jpegs[_i], file.bytes, file.length, NULL, &image, &err), "%s",
                  err.text);
    ck_assert_int_eq(image.rows[1200 * 1200 - 1], 128);
    codec_image_free(&image);
    ct_text_free(&file);
}
END_TEST

/* Twenty scans of every component of the largest image, in the smallest possible file. */
START_TEST(test_usual_scans_of_any_image) {
    codec_info info = {.width = 16384, .height = 16384};
    const uint64_t blocks = 4 * (uint64_t)2048 * 2048;
    ct_error err;
    ck_assert(codec_jpeg_check_visits(&info, blocks, 20 * blocks, blocks / 8, &err));
    ck_assert(!codec_jpeg_check_visits(&info, blocks, 40 * blocks, blocks / 8, &err));
    ck_assert_str_eq(err.text, "made to waste time: its scans go over 16384x16384 pixels 40 times "
                               "in 2097152 bytes");
}
END_TEST

/* ---- what is told beforehand ---- */

/* How many times the image a writer holds. */
static int images_of(const char *format, int channels, bool planes, bool anywhere) {
    const codec_info info = {
        .width = 1000, .height = 6400, .channels = channels, .sample = CODEC_F32};
    const uint64_t row = codec_row_bytes(&info), some = 64 * row;
    const uint64_t bytes =
        codec_writer_memory(codec_format_by_name(format), &info, planes, anywhere);
    ck_assert_uint_eq((bytes - some) % (row * 6400), 0);
    return (int)((bytes - some) / (row * 6400));
}

START_TEST(test_writers) {
    ck_assert_int_eq(images_of("pfm", 3, false, false), 1);
    ck_assert_int_eq(images_of("pfm", 3, false, true), 0);
    ck_assert_int_eq(images_of("pgm", 1, false, false), 0);
    ck_assert_int_eq(images_of("npy", 3, false, true), 0);
    ck_assert_int_eq(images_of("npy", 3, true, false), 1);
    ck_assert_int_eq(images_of("npy", 3, true, true), 0);
    ck_assert_int_eq(images_of("npy", 1, true, true), 0);
    ck_assert_int_eq(images_of("csv", 3, false, true), 1);
    ck_assert_int_eq(images_of("csv", 1, false, true), 0);
}
END_TEST

/* Of a stream, the image behind the first is held, and once it is, no other beside it. */
START_TEST(test_streams) {
    enum { SMALL = 13 + 100 * 200, LARGE = 13 + 300 * 200 };
    static char bytes[SMALL + LARGE] = "P5 100 200 6\n";
    const char head[] = "P5 300 200 6\n";
    memcpy(bytes + SMALL, head, sizeof head - 1);
    ct_error err = {""};
    codec_reader *reader = codec_open_memory(bytes, sizeof bytes, NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    codec_read_stream(reader);
    ck_assert_uint_eq(codec_reader_memory(reader), 100 * (64 + 200)); /* its like follows */
    ck_assert_uint_eq(codec_reader_held(reader), 0);
    uint8_t row[300];
    for (int y = 0; y < 200; y++) {
        ck_assert(codec_read_row(reader, row, &err));
    }
    bool more;
    ck_assert(codec_next(reader, &more, &err) && more);
    ck_assert_uint_eq(codec_reader_memory(reader), 300 * (64 + 200));
    ck_assert_uint_eq(codec_reader_held(reader), 300 * 200);
    codec_close(reader);
}
END_TEST

Suite *codec_limits_suite(void) {
    Suite *suite = suite_create("codec: limits");
    TCase *tests = tcase_create("limits");
    tcase_add_loop_test(tests, test_held_memory, 0, 3);
    tcase_add_loop_test(tests, test_many_scans_of_a_large_image, 0, JPEGS);
    tcase_add_loop_test(tests, test_many_scans_of_a_small_image, 0, JPEGS);
    tcase_add_test(tests, test_usual_scans_of_any_image);
    tcase_add_test(tests, test_writers);
    tcase_add_test(tests, test_streams);
    suite_add_tcase(suite, tests);
    return suite;
}
