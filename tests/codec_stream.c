/* Streams: several images in one file or pipe. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec_tests.h"

/* Every image of the stream as "WIDTHxHEIGHTxCHANNELS: samples", joined by ", ", then " ! ERROR";
 * the caller frees it. */
static char *read_stream(codec_reader *reader) {
    ct_text out = {0};
    ct_error err = {""};
    bool more = true, ok = true;
    for (int n = 0; ok && more; n++) {
        const codec_info *info = codec_reader_info(reader);
        ct_text_print(&out, "%s%dx%dx%d:", n ? ", " : "", info->width, info->height,
                      info->channels);
        uint8_t *row = malloc(codec_row_bytes(info));
        for (int y = 0; ok && y < info->height; y++) {
            ok = codec_read_row(reader, row, &err);
            for (int i = 0; ok && i < info->width * info->channels; i++) {
                const double sample = info->sample == CODEC_U8    ? row[i]
                                      : info->sample == CODEC_U16 ? ((uint16_t *)(void *)row)[i]
                                                                  : ((float *)(void *)row)[i];
                ct_text_print(&out, " %g", sample);
            }
        }
        free(row);
        ok = ok && codec_next(reader, &more, &err);
    }
    if (!ok) {
        ct_text_print(&out, " ! %s", err.text);
        ck_assert(!codec_next(reader, &more, NULL));
    }
    const codec_warnings *warnings = codec_reader_warnings(reader);
    for (int i = 0; i < warnings->count; i++) {
        ct_text_print(&out, " ? %s", warnings->at[i].text);
    }
    return out.bytes;
}

#define PAM_HEAD "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n"

#define Y4M "YUV4MPEG2 W1 H1 Cmono\nFRAME\n"

static const struct {
    const char *file;
    size_t size; /* 0: up to a NUL */
    const char *expected;
} streams[] = {
    {"P5 1 1 255\nA", 0, "1x1x1: 65"},
    {"P5 1 1 255\nAP5 1 1 255\nBP5 1 1 255\nC", 0, "1x1x1: 65, 1x1x1: 66, 1x1x1: 67"},
    {"P5 2 1 9\n\1\2P6 1 2 255\nABCDEFP4 3 1\n\xA0", 0,
     "2x1x1: 1 2, 1x2x3: 65 66 67 68 69 70, 3x1x1: 0 255 0"},
    {"P2 1 1 300 299\nP2 2 1 9 1 2 P1 1 1 1", 0, "1x1x1: 299, 2x1x1: 1 2, 1x1x1: 0"},
    {PAM_HEAD "AB" PAM_HEAD "CD", 0, "1x1x2: 65 66, 1x1x2: 67 68"},
    {"Pf 1 2 -1\n\0\0\x80\x3f\0\0\0\x40Pf 1 1 1\n\x40\x80\0\0P5 1 1 9\n\1", 41,
     "1x2x1: 2 1, 1x1x1: 4, 1x1x1: 1"},
    {"P5 1 1 255\nA and more", 0, "1x1x1: 65"},
    {"P5 1 1 255\nAP5 1 1 255\nB and more", 0,
     "1x1x1: 65, 1x1x1: 66 ? what follows image 2 isn't an image and is left out"},
    {"P5 1 1 255\nA\n\nP5 1 1 255\nB\n \n", 0, "1x1x1: 65, 1x1x1: 66"},
    /* Cut off, or damaged: the images before are whole. */
    {"P5 1 1 255\nAP5 1 2 255\nB", 0, "1x1x1: 65 ! frame 2: the file ends in row 2 of 2"},
    {"P5 1 1 255\nAP5 1 1", 0, "1x1x1: 65 ! frame 2: the file ends within its header"},
    {"P5 1 1 255\nAP5 1 1 255\nBP5", 0,
     "1x1x1: 65, 1x1x1: 66 ! frame 3: the file ends within its header"},
    {"P5 1 1 255\nAP", 0, "1x1x1: 65 ! frame 2: the file ends within its header"},
    {"P5 1 1 255\nAP5 1 2 9\n\1\17", 0,
     "1x1x1: 65 ! frame 2: row 2: the sample 15 is above the header's maximum of 9"},
    {"P5 1 1 255\nAP5 0 2 9\n\1\17", 0,
     "1x1x1: 65 ! frame 2: 0x2 pixels: an image needs at least "
     "one"},
    {"Pf 1 1 1\nABCDPf 1 1 1\nAB", 0,
     "1x1x1: 12.1414 ! frame 2: the file ends in row 1 of 1 (counted as stored)"},
    /* Video. */
    {Y4M "\1FRAME Ip\n\2FRAME\n\3", 0, "1x1x1: 1, 1x1x1: 2, 1x1x1: 3"},
    {Y4M "\1FRAME\n", 0, "1x1x1: 1 ! frame 2: the file ends after 0 of its 1 bytes"},
    {Y4M "\1FRA", 0, "1x1x1: 1 ! frame 2: the file ends within its header"},
    {Y4M "\1\n", 0, "1x1x1: 1 ! frame 2: expected the word FRAME"},
};
enum { STREAMS = sizeof streams / sizeof streams[0] };

static size_t size_of(int i) {
    return streams[i].size ? streams[i].size : strlen(streams[i].file);
}

START_TEST(test_memory) {
    ct_error err = {""};
    codec_reader *reader = codec_open_memory(streams[_i].file, size_of(_i), NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    codec_read_stream(reader);
    char *text = read_stream(reader);
    ck_assert_str_eq(text, streams[_i].expected);
    ck_assert(!codec_reader_has_more(reader));
    free(text);
    codec_close(reader);
}
END_TEST

/* The same in a pipe, of which nobody knows the length. */
START_TEST(test_pipe) {
    int ends[2];
    ct_error err = {""};
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], streams[_i].file, size_of(_i)), (ssize_t)size_of(_i));
    close(ends[1]);
    codec_reader *reader = codec_open(ends[0], NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    codec_read_stream(reader);
    char *text = read_stream(reader);
    ck_assert_str_eq(text, streams[_i].expected);
    free(text);
    codec_close(reader);
    close(ends[0]);
}
END_TEST

START_TEST(test_lenient) {
    static const char file[] = "P5 1 1 255\nAP5 1 2 255\nB";
    ct_error err = {""};
    codec_limits limits = codec_default_limits();
    limits.lenient = true;
    codec_reader *reader = codec_open_memory(file, sizeof file - 1, &limits, &err);
    codec_read_stream(reader);
    char *text = read_stream(reader);
    ck_assert_str_eq(text, "1x1x1: 65 ? frame 2: the file ends in row 2 of 2; it is left out");
    free(text);
    codec_close(reader);
}
END_TEST

/* An image behind the first is held in memory, within the limit. */
START_TEST(test_limit) {
    static const char file[] = "P2 1 1 9 1 P1 8 8 ";
    ct_error err = {""};
    codec_limits limits = codec_default_limits();
    limits.max_memory = 63;
    ct_text text = {0};
    ct_text_print(&text, "%s%064d", file, 0);
    codec_reader *reader = codec_open_memory(text.bytes, text.length, &limits, &err);
    codec_read_stream(reader);
    char *got = read_stream(reader);
    ck_assert_str_eq(got, "1x1x1: 1 ! frame 2: 8x8 pixels need 64 bytes of memory; the limit is 63 "
                          "bytes (--max-memory)");
    free(got);
    ct_text_free(&text);
    codec_close(reader);
}
END_TEST

/* Writes images of several shapes behind each other, and compares the file. */
static void write_next(codec_writer *writer, const char *format, const codec_info *info,
                       const char *samples, bool first, ct_error *err) {
    ck_assert_msg(first || codec_writer_next(writer, codec_format_by_name(format), info, err), "%s",
                  err->text);
    ck_assert_msg(codec_write(writer, info->height, samples, codec_row_bytes(info), NULL, err) &&
                      codec_finish(writer, err),
                  "%s", err->text);
}

START_TEST(test_write) {
    const codec_info gray = {.width = 1, .height = 2, .channels = 1, .meta.srgb_intent = -1};
    codec_info color = gray;
    color.channels = 3;
    color.height = 1;
    ct_error err = {""};
    ct_text file = {0};
    codec_options options = codec_default_options();
    options.record = "sobel";
    codec_writer *writer =
        codec_create(codec_format_by_name("pgm"), &gray, &options,
                     (codec_sink){.put = codec_put_text, .context = &file}, &err);
    write_next(writer, "pgm", &gray, "AB", true, &err);
    write_next(writer, "pgm", &gray, "CD", false, &err);
    write_next(writer, "ppm", &color, "EFG", false, &err);
    write_next(writer, "ppm", &gray, "HI", false, &err);
    ck_assert_str_eq(file.bytes, "P5\n# convtool sobel #00000000\n1 2\n255\nABP5\n1 2\n255\nCD"
                                 "P6\n1 1\n255\nEFGP6\n1 2\n255\nHHHIII");
    /* What the format can't hold, and another format. */
    ck_assert(!codec_writer_next(writer, codec_format_by_name("pgm"), &color, &err));
    ck_assert_str_eq(err.text, "PGM holds only gray; write RGB as .ppm");
    ck_assert(!codec_writer_next(writer, codec_format_by_name("png"), &color, &err));
    ck_assert_str_eq(err.text, "PNG holds one image");
    codec_writer_free(writer);
    ct_text_free(&file);
}
END_TEST

START_TEST(test_write_pfm) {
    codec_info info = {.width = 1, .height = 1, .channels = 1, .sample = CODEC_F32};
    ct_error err = {""};
    ct_text file = {0};
    codec_writer *writer =
        codec_create(codec_format_by_name("pfm"), &info, NULL,
                     (codec_sink){.put = codec_put_text, .context = &file}, &err);
    write_next(writer, "pfm", &info, "ABCD", true, &err);
    write_next(writer, "pfm", &info, "EFGH", false, &err);
    info.height = 2;
    write_next(writer, "pfm", &info, "abcdefgh", false, &err);
    ck_assert_str_eq(file.bytes, "Pf\n1 1\n-1.0\nABCDPf\n1 1\n-1.0\nEFGHPf\n1 2\n-1.0\nefghabcd");
    codec_writer_free(writer);
    ct_text_free(&file);
}
END_TEST

START_TEST(test_write_y4m) {
    codec_info info = {.width = 2, .height = 1, .channels = 1};
    ct_error err = {""};
    ct_text file = {0};
    const codec_format *format = codec_format_by_name("y4m");
    codec_writer *writer = codec_create(
        format, &info, NULL, (codec_sink){.put = codec_put_text, .context = &file}, &err);
    write_next(writer, "y4m", &info, "AB", true, &err);
    write_next(writer, "y4m", &info, "CD", false, &err);
    ck_assert_str_eq(file.bytes, "YUV4MPEG2 W2 H1 F25:1 Ip A1:1 Cmono XCOLORRANGE=FULL\n"
                                 "FRAME\nABFRAME\nCD");
    info.channels = 3;
    ck_assert(!codec_writer_next(writer, format, &info, &err));
    ck_assert_str_eq(err.text, "2x1 pixels of 3 channels: all frames of YUV4MPEG2 must be like the "
                               "first");
    codec_writer_free(writer);
    ct_text_free(&file);
}
END_TEST

START_TEST(test_formats) {
    static const char *const streaming[] = {"pgm", "ppm", "pnm", "pam", "pfm", "y4m"};
    for (size_t i = 0; i < sizeof streaming / sizeof streaming[0]; i++) {
        ck_assert(codec_format_streams(codec_format_by_name(streaming[i])));
    }
    ck_assert(!codec_format_streams(codec_format_by_name("png")));
    ck_assert(!codec_format_streams(codec_format_by_name("jpeg")));
}
END_TEST

Suite *codec_stream_suite(void) {
    Suite *suite = suite_create("codec: streams");
    TCase *tests = tcase_create("streams");
    tcase_add_loop_test(tests, test_memory, 0, STREAMS);
    tcase_add_loop_test(tests, test_pipe, 0, STREAMS);
    tcase_add_test(tests, test_lenient);
    tcase_add_test(tests, test_limit);
    tcase_add_test(tests, test_write);
    tcase_add_test(tests, test_write_pfm);
    tcase_add_test(tests, test_write_y4m);
    tcase_add_test(tests, test_formats);
    suite_add_tcase(suite, tests);
    return suite;
}
