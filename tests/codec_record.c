/* The record: every format that has room for one says what made the image, and such files are told
 * from those that convtool didn't write. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec_tests.h"

static const char *const formats[] = {"png", "jpeg", "pgm", "ppm", "pnm", "pam", "txt", "npy"};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static FILE *on_disk(const ct_text *file) {
    FILE *disk = tmpfile();
    ck_assert_ptr_nonnull(disk);
    ck_assert_uint_eq(fwrite(file->bytes, 1, file->length, disk), file->length);
    ck_assert_int_eq(fflush(disk), 0);
    return disk;
}

/* codec_find_record of these bytes as a file; the position must not move. */
static bool find(const ct_text *file, char record[CODEC_RECORD_MOST + 1]) {
    FILE *disk = on_disk(file);
    const bool found = codec_find_record(fileno(disk), record) != NULL;
    ck_assert_int_eq(ftell(disk), (long)file->length);
    fclose(disk);
    return found;
}

/* On the disk; in memory gives the same. */
static void seal(ct_text *file) {
    ct_error err = {""};
    ct_text memory = {0};
    ck_assert(ct_text_add(&memory, file->bytes, file->length));
    codec_seal_bytes(memory.bytes, memory.length);
    FILE *disk = on_disk(file);
    ck_assert_msg(codec_seal_record(fileno(disk), &err), "%s", err.text);
    ck_assert_int_eq(fseek(disk, 0, SEEK_SET), 0);
    ck_assert_uint_eq(fread(file->bytes, 1, file->length, disk), file->length);
    ck_assert_int_eq(fgetc(disk), EOF);
    fclose(disk);
    ck_assert(memcmp(file->bytes, memory.bytes, memory.length) == 0);
    ct_text_free(&memory);
}

/* An image of so many columns and 3 rows in the format, with the record. */
static void encode_wide(const char *format, int width, int channels, const char *record,
                        ct_text *file) {
    ct_error err = {""};
    codec_image image = codec_image_random(width, 3, channels, CODEC_U8, 3);
    codec_options options = codec_default_options();
    options.record = record;
    ck_assert_msg(codec_encode(format, &image, &options, file, &err), "%s: %s", format, err.text);
    codec_image_free(&image);
    seal(file);
}

static void encode(const char *format, int channels, const char *record, ct_text *file) {
    encode_wide(format, 5, channels, record, file);
}

static void expect_found(const char *format, int channels, const char *record) {
    char found[CODEC_RECORD_MOST + 1] = "";
    ct_text file, plain;
    codec_image image, same;
    ct_error err = {""};
    encode(format, channels, record, &file);
    ck_assert_msg(find(&file, found), "%s: no record", format);
    ck_assert_str_eq(found, record);
    /* The pixels don't depend on it, and it costs a few dozen bytes. */
    encode(format, channels, NULL, &plain);
    ck_assert(!find(&plain, found));
    /* A .npy header is padded to a multiple of 64. */
    const size_t padding = strcmp(format, "npy") == 0 ? 63 : 0;
    ck_assert_uint_le(file.length, plain.length + strlen(record) + 44 + padding);
    ck_assert(codec_decode(file.bytes, file.length, NULL, &image, &err));
    ck_assert(codec_decode(plain.bytes, plain.length, NULL, &same, &err));
    ck_assert(codec_image_same(&image, &same));
    codec_image_free(&image);
    codec_image_free(&same);
    ct_text_free(&file);
    ct_text_free(&plain);
}

START_TEST(test_every_format) {
    const char *format = formats[_i];
    char longest[CODEC_RECORD_MOST + 1];
    memset(longest, 'x', CODEC_RECORD_MOST);
    longest[CODEC_RECORD_MOST] = '\0';
    const int channels = strcmp(format, "pgm") == 0 ? 1 : 3;
    expect_found(format, channels, "sobel");
    expect_found(format, channels, "conv:k\xc3\xa4rnel.txt --map signed");
    expect_found(format, channels, "x");
    expect_found(format, channels, longest);
    ck_assert(codec_format_keeps_record(codec_format_by_name(format)));
}
END_TEST

START_TEST(test_pfm_has_no_room) {
    char found[CODEC_RECORD_MOST + 1];
    ct_error err = {""};
    ct_text file;
    codec_image image = codec_image_random(5, 3, 1, CODEC_F32, 3);
    codec_options options = codec_default_options();
    options.record = "sobel";
    ck_assert(codec_encode("pfm", &image, &options, &file, &err));
    ck_assert(!find(&file, found));
    ck_assert(!codec_format_keeps_record(codec_format_by_name("pfm")));
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* A record that would break a comment's line, or couldn't be found again, is refused. */
START_TEST(test_refused) {
    char too_long[CODEC_RECORD_MOST + 2];
    memset(too_long, 'x', sizeof too_long - 1);
    too_long[sizeof too_long - 1] = '\0';
    const char *const records[] = {"", "a\nb", "a\rb", "a\tb", "a\x1b[1m", "a\x7f", too_long};
    codec_image image = codec_image_random(5, 3, 1, CODEC_U8, 3);
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        ct_error err = {""};
        ct_text file;
        codec_options options = codec_default_options();
        options.record = records[i];
        ck_assert(!codec_encode("pgm", &image, &options, &file, &err));
        ck_assert_str_eq(err.text, "the record of what made the image: expected one line of 1 to "
                                   "200 bytes");
        ct_text_free(&file);
    }
    codec_image_free(&image);
}
END_TEST

/* Cut off within the record, or with any byte changed: not convtool's. */
START_TEST(test_cut_off_and_changed) {
    char found[CODEC_RECORD_MOST + 1];
    ct_text file;
    encode(formats[_i], 1, "sobel", &file);
    const char *mark = memmem(file.bytes, file.length, "convtool sobel", 14);
    ck_assert_ptr_nonnull(mark);
    const size_t at = (size_t)(mark - file.bytes);
    for (size_t size = 0; size < at + 14; size++) {
        ck_assert(!find(&(ct_text){.bytes = file.bytes, .length = size}, found));
    }
    ck_assert(find(&file, found));
    /* Only the checksum of PNG's text isn't covered. */
    const bool png = strcmp(formats[_i], "png") == 0;
    for (size_t i = 0; i < file.length; i++) {
        const bool crc = png && i >= at + 24 && i < at + 28;
        file.bytes[i] ^= 0x20;
        ck_assert_msg(find(&file, found) == crc, "%s: byte %zu", formats[_i], i);
        file.bytes[i] ^= 0x20;
    }
    file.bytes[at + 10] = '\x01';
    ck_assert(!find(&file, found));
    file.bytes[at + 10] = 'o';
    ck_assert(ct_text_add(&file, "", 1));
    ck_assert(!find(&file, found));
    ct_text_free(&file);
}
END_TEST

static bool find_changed(ct_text *file, size_t first, size_t count) {
    char found[CODEC_RECORD_MOST + 1];
    for (size_t i = first; i < first + count; i++) {
        file->bytes[i] ^= 1;
    }
    const bool there = find(file, found);
    for (size_t i = first; i < first + count; i++) {
        file->bytes[i] ^= 1;
    }
    return there;
}

/* One byte of 64 KiB counts. Of more, pieces do: a region as long as the distance between them. */
START_TEST(test_changed_where) {
    char found[CODEC_RECORD_MOST + 1];
    ct_text file;
    encode_wide("pgm", 65536 / 3, 1, "sobel", &file);
    for (size_t i = 0; i < file.length; i += 97) {
        ck_assert_msg(!find_changed(&file, i, 1), "byte %zu of %zu", i, file.length);
    }
    ct_text_free(&file);
    encode_wide("pgm", 60000, 1, "sobel", &file);
    ck_assert(find(&file, found));
    for (size_t i = 0; i + 12000 <= file.length; i += 4000) {
        ck_assert_msg(!find_changed(&file, i, 12000), "bytes from %zu of %zu", i, file.length);
    }
    for (size_t i = file.length - 4096; i < file.length; i++) {
        ck_assert_msg(!find_changed(&file, i, 1), "byte %zu of %zu", i, file.length);
    }
    ct_text_free(&file);
}
END_TEST

/* Another program kept the text, and put something before it. */
START_TEST(test_elsewhere) {
    static const uint8_t app1[] = {0xFF, 0xE1, 0, 4, 'E', 'x'};
    char found[CODEC_RECORD_MOST + 1];
    ct_text file, moved = {0};
    encode("jpeg", 3, "sobel", &file);
    ck_assert(ct_text_add(&moved, file.bytes, 20) && ct_text_add(&moved, app1, sizeof app1) &&
              ct_text_add(&moved, file.bytes + 20, file.length - 20));
    ck_assert(!find(&moved, found));
    ct_text_free(&file);
    ct_text_free(&moved);
    encode("png", 3, "sobel", &file);
    ck_assert(ct_text_add(&moved, file.bytes, 33));
    codec_add_chunk(&moved, "gAMA", "\0\0\261\217", 4);
    ck_assert(ct_text_add(&moved, file.bytes + 33, file.length - 33));
    ck_assert(!find(&moved, found));
    ct_text_free(&file);
    ct_text_free(&moved);
    encode("pgm", 1, "sobel", &file);
    ck_assert(ct_text_print(&moved, "P5\n# by hand\n") &&
              ct_text_add(&moved, file.bytes + 3, file.length - 3));
    ck_assert(!find(&moved, found));
    ct_text_free(&file);
    ct_text_free(&moved);
}
END_TEST

/* The record of what was read isn't copied: the new one replaces it. */
START_TEST(test_only_the_newest) {
    char found[CODEC_RECORD_MOST + 1];
    ct_error err = {""};
    ct_text file, again;
    codec_image image;
    codec_options options = codec_default_options();
    encode(formats[_i], 1, "sobel", &file);
    ck_assert(codec_decode(file.bytes, file.length, NULL, &image, &err));
    options.record = "box:9";
    ck_assert(codec_encode(formats[_i], &image, &options, &again, &err));
    ck_assert(!find(&again, found)); /* it isn't sealed */
    seal(&again);
    ck_assert(find(&again, found));
    ck_assert_str_eq(found, "box:9");
    ck_assert_ptr_null(memmem(again.bytes, again.length, "sobel", 5));
    codec_image_free(&image);
    ct_text_free(&file);
    ct_text_free(&again);
}
END_TEST

Suite *codec_record_suite(void) {
    Suite *suite = suite_create("codec: the record");
    TCase *tests = tcase_create("record");
    tcase_add_loop_test(tests, test_every_format, 0, FORMATS);
    tcase_add_test(tests, test_pfm_has_no_room);
    tcase_add_test(tests, test_refused);
    tcase_add_loop_test(tests, test_cut_off_and_changed, 0, FORMATS);
    tcase_add_test(tests, test_changed_where);
    tcase_add_test(tests, test_elsewhere);
    tcase_add_loop_test(tests, test_only_the_newest, 0, FORMATS);
    suite_add_tcase(suite, tests);
    return suite;
}
