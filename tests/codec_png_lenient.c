/* What PNG readers go on with: damage under codec_limits.lenient, and pixels that point past their
 * palette. In every decoder of the build. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"
#include "codec_tests.h"

/* Reads the file, and gives what was warned of. */
static bool decode(const codec_decoder *decoder, const ct_text *file, size_t size, bool lenient,
                   codec_image *image, codec_warnings *warnings, ct_error *err) {
    codec_limits limits = codec_default_limits();
    limits.lenient = lenient;
    codec_reader *reader = codec_reader_new(&limits, err);
    uint8_t *copy = malloc(size ? size : 1);
    ck_assert(reader && copy);
    memcpy(copy, file->bytes, size);
    codec_input_open_memory(&reader->input, copy, size);
    reader->decoder = decoder;
    *image = (codec_image){0};
    bool ok = decoder->open(reader, err);
    if (ok) {
        *image = (codec_image){.info = reader->info, .stride = codec_row_bytes(&reader->info)};
        image->info.meta = (codec_meta){.srgb_intent = -1};
        image->rows = malloc(image->stride * (size_t)image->info.height);
        ck_assert_ptr_nonnull(image->rows);
        codec_read_ahead(reader);
    }
    for (int y = 0; ok && y < image->info.height; y++) {
        ok = codec_read_row(reader, image->rows + image->stride * (size_t)y, err);
    }
    *warnings = reader->warnings;
    codec_close(reader);
    free(copy);
    if (!ok) {
        codec_image_free(image);
    }
    return ok;
}

/* Where the image data begins: behind the head of the first IDAT chunk. */
static size_t data_at(const ct_text *file) {
    const char *idat = memmem(file->bytes, file->length, "IDAT", 4);
    ck_assert_ptr_nonnull(idat);
    return (size_t)(idat - file->bytes) + 4;
}

static int same_rows(const codec_image *a, const codec_image *b) {
    int y = 0;
    while (y < a->info.height && memcmp(a->rows + a->stride * (size_t)y,
                                        b->rows + a->stride * (size_t)y, a->stride) == 0) {
        y++;
    }
    return y;
}

/* ---- cut off ---- */

/* With the image data an image is there, and the more of the file, the more of the image. */
START_TEST(test_every_length) {
    ct_text file;
    codec_image whole, image;
    codec_warnings warnings;
    ct_error err;
    codec_small_png(&file, _i);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        const codec_decoder *decoder = codec_png_decoder_at(d);
        int rows = 0;
        ck_assert(decode(decoder, &file, file.length, true, &whole, &warnings, &err));
        ck_assert_int_eq(warnings.count, 0);
        for (size_t size = 0; size < file.length; size++) {
            const bool ok = decode(decoder, &file, size, true, &image, &warnings, &err);
            ck_assert_msg(ok == (size >= data_at(&file)), "%zu bytes: %s", size, err.text);
            if (ok) {
                ck_assert_int_eq(warnings.count, 1);
                ck_assert_int_eq(warnings.at[0].kind, CODEC_ACCEPTED);
                ck_assert_ptr_nonnull(strstr(warnings.at[0].text, "truncated"));
                const int same = same_rows(&whole, &image);
                ck_assert_msg(same >= rows, "%zu bytes: %d rows, were %d", size, same, rows);
                rows = same;
                codec_image_free(&image);
            }
        }
        ck_assert_int_eq(rows, whole.info.height);
        codec_image_free(&whole);
    }
    ct_text_free(&file);
}
END_TEST

/* Rows that are missing are zeros; those before are whole, also where a thread inflates ahead. Of a
 * block that isn't compressed, 36 rows here, stb takes all or nothing. */
START_TEST(test_missing_rows) {
    codec_image image = codec_image_random(600, 900, 3, CODEC_U8, 4), back;
    codec_warnings warnings;
    ct_text file;
    ct_error err;
    ck_assert(codec_encode("png", &image, NULL, &file, &err));
    for (int d = 0; codec_png_decoder_at(d); d++) {
        for (size_t part = 1; part < 4; part++) {
            const size_t size = file.length * part / 4;
            ck_assert_msg(
                decode(codec_png_decoder_at(d), &file, size, true, &back, &warnings, &err), "%s",
                err.text);
            const int same = same_rows(&image, &back), last = 900 * (int)part / 4 + 20;
            ck_assert_msg(same > 900 * (int)part / 4 - 40 && same < last,
                          "decoder %d: %d rows of %zu/4", d, same, part);
            for (size_t i = (size_t)last * back.stride; i < 900 * back.stride; i++) {
                ck_assert_msg(back.rows[i] == 0, "%zu/4: sample %zu is %d", part, i, back.rows[i]);
            }
            codec_image_free(&back);
        }
    }
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* Whatever is wrong: an image with a warning, or an error; what strict reading takes, lenient
 * reading takes as it is. */
START_TEST(test_any_byte) {
    ct_text file;
    codec_image strict, lenient;
    codec_warnings warnings;
    ct_error err;
    uint32_t state = 3;
    codec_small_png(&file, _i);
    const size_t data = data_at(&file);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        const codec_decoder *decoder = codec_png_decoder_at(d);
        for (size_t i = 8; i < file.length; i++) {
            const char was = file.bytes[i];
            state = state * 1664525U + 1013904223U;
            file.bytes[i] = (char)(was ^ (1 << (state >> 29)));
            ck_assert(!decode(decoder, &file, file.length, false, &strict, &warnings, &err));
            if (decode(decoder, &file, file.length, true, &lenient, &warnings, &err)) {
                ck_assert_msg(warnings.count == 1, "byte %zu: no warning", i);
                codec_image_free(&lenient);
            } else {
                ck_assert_msg(i < data, "byte %zu: %s", i, err.text);
            }
            file.bytes[i] = was;
        }
    }
    ct_text_free(&file);
}
END_TEST

/* ---- one by one ---- */

/* The file is refused with this error, and under lenient taken with it as a warning. `junk`: stb
 * doesn't look there. */
static void expect(const ct_text *file, bool junk, const char *rows, const char *message) {
    for (int d = 0; codec_png_decoder_at(d); d++) {
        const codec_decoder *decoder = codec_png_decoder_at(d);
        const bool blind = junk && decoder == &codec_stb_png_decoder;
        codec_image image;
        codec_warnings warnings;
        ct_error err = {""};
        const bool ok = decode(decoder, file, file->length, false, &image, &warnings, &err);
        ck_assert_int_eq(ok, blind);
        ck_assert(ok || strcmp(err.text, message) == 0);
        codec_image_free(&image);
        ck_assert_msg(decode(decoder, file, file->length, true, &image, &warnings, &err), "%s: %s",
                      message, err.text);
        ck_assert_int_eq(warnings.count, blind ? warnings.count : 1);
        ck_assert_str_eq(warnings.count ? warnings.at[0].text : message, message);
        ck_assert_int_eq(image.info.channels, 1);
        ck_assert_mem_eq(image.rows, rows, 4);
        codec_image_free(&image);
    }
}

static const uint8_t raw[] = {0, 1, 2, 0, 3, 4, 0};

/* 2x2 gray pixels with a chunk before them. */
static void make(ct_text *file, const char *type, const void *data, size_t size) {
    ct_text chunk = {0};
    codec_add_chunk(&chunk, type, data, size);
    codec_make_png(file, 2, 2, 8, 0, &chunk, raw, 6);
    ct_text_free(&chunk);
}

START_TEST(test_checksums) {
    ct_text file;
    make(&file, "gAMA", "\0\0\1\0", 4);
    file.bytes[33 + 8] ^= 1;
    expect(&file, false, "\1\2\3\4", "damaged: the checksum of the chunk gAMA at byte 33 is wrong");
    ct_text_free(&file);
    make(&file, "tEXt", "a\0b", 3);
    file.bytes[33 + 12] ^= 1; /* the checksum itself */
    expect(&file, false, "\1\2\3\4", "damaged: the checksum of the chunk tEXt at byte 33 is wrong");
    ct_text_free(&file);
    make(&file, "tEXt", "a\0b", 3);
    file.bytes[file.length - 1] ^= 1;
    char message[80];
    snprintf(message, sizeof message,
             "damaged: the checksum of the chunk IEND at byte %zu is wrong", file.length - 12);
    expect(&file, false, "\1\2\3\4", message);
    ct_text_free(&file);
}
END_TEST

/* What a damaged chunk says isn't taken. */
START_TEST(test_distrusted) {
    ct_text file;
    make(&file, "gAMA", "\0\0\1\0", 4);
    file.bytes[33 + 8] ^= 1;
    for (int d = 0; codec_png_decoder_at(d); d++) {
        codec_limits limits = codec_default_limits();
        codec_image image;
        ct_error err;
        limits.lenient = true;
        ck_assert(codec_decode_with(codec_png_decoder_at(d), file.bytes, file.length, &limits,
                                    &image, &err));
        ck_assert_uint_eq(image.info.meta.gamma, 0);
        codec_image_free(&image);
    }
    ct_text_free(&file);
}
END_TEST

START_TEST(test_transparency) {
    ct_text file;
    make(&file, "tRNS", "\0\1\0", 3);
    expect(&file, false, "\1\2\3\4", "damaged: a tRNS chunk of 3 bytes with colour type 0");
    ct_text_free(&file);
}
END_TEST

START_TEST(test_junk) {
    ct_text file;
    codec_make_png(&file, 2, 2, 8, 0, NULL, raw, 7);
    expect(&file, true, "\1\2\3\4", "damaged: more pixels than the header says");
    ct_text_free(&file);
    make(&file, "tEXt", "a", 1);
    file.length -= 12;
    codec_add_chunk(&file, "IDAT", "junk", 4);
    codec_add_chunk(&file, "tEXt", "b", 1);
    codec_add_chunk(&file, "IEND", "", 0);
    expect(&file, true, "\1\2\3\4", "damaged: bytes behind the end of the compressed data");
    ct_text_free(&file);
    make(&file, "tEXt", "a", 1);
    file.length -= 12;
    ck_assert(ct_text_add(&file, "junk that is no chunk", 21));
    char message[80];
    snprintf(message, sizeof message, "damaged: no chunk where one should begin, at byte %zu",
             file.length - 21);
    expect(&file, false, "\1\2\3\4", message);
    ct_text_free(&file);
}
END_TEST

/* The first byte of the second row, then all that follows. */
START_TEST(test_filter) {
    ct_text file;
    codec_make_png(&file, 2, 2, 8, 0, NULL, "\0\1\2\5\3\4", 6);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        codec_image image;
        codec_warnings warnings;
        ct_error err;
        ck_assert(
            !decode(codec_png_decoder_at(d), &file, file.length, false, &image, &warnings, &err));
        ck_assert(
            decode(codec_png_decoder_at(d), &file, file.length, true, &image, &warnings, &err));
        ck_assert_str_eq(warnings.at[0].text, "damaged: a row has a filter that doesn't exist");
        ck_assert_mem_eq(image.rows, "\1\2\0\0", 4);
        codec_image_free(&image);
    }
    ct_text_free(&file);
}
END_TEST

/* What the image can't do without stays an error. */
START_TEST(test_not_accepted) {
    codec_image image;
    codec_warnings warnings;
    ct_error err;
    ct_text file;
    for (int d = 0; codec_png_decoder_at(d); d++) {
        make(&file, "IHDR", raw, 1);
        ck_assert(
            !decode(codec_png_decoder_at(d), &file, file.length, true, &image, &warnings, &err));
        ck_assert_str_eq(err.text, "damaged: two IHDR chunks");
        ct_text_free(&file);
        make(&file, "tEXt", "a", 1);
        file.bytes[20] ^= 1;
        ck_assert(
            !decode(codec_png_decoder_at(d), &file, file.length, true, &image, &warnings, &err));
        ck_assert_str_eq(err.text, "damaged: the checksum of the chunk IHDR at byte 8 is wrong");
        ct_text_free(&file);
    }
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
     * the sixth; the rest have no rows here. */
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
    if (interlaced) { /* codec_make_png knows nothing of it */
        codec_crc crc;
        codec_crc_init(&crc);
        file->bytes[28] = 1;
        codec_put32((uint8_t *)file->bytes + 29,
                    codec_crc_of(&crc, (const uint8_t *)file->bytes + 12, 17));
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
                 "some pixels point past its palette of %d colour%s, and "
                 "became black",
                 entries, entries == 1 ? "" : "s");
        make_palette(&file, depth, entries, most / 2, alpha, interlaced);
        for (int d = 0; codec_png_decoder_at(d); d++) {
            codec_image image;
            codec_warnings warnings;
            ct_error err = {""};
            ck_assert_msg(
                decode(codec_png_decoder_at(d), &file, file.length, false, &image, &warnings, &err),
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

Suite *codec_png_lenient_suite(void) {
    Suite *suite = suite_create("codec: PNG, lenient");
    TCase *tests = tcase_create("lenient");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, test_every_length, 0, CODEC_SMALL_PNGS);
    tcase_add_loop_test(tests, test_any_byte, 0, CODEC_SMALL_PNGS);
    tcase_add_test(tests, test_missing_rows);
    tcase_add_test(tests, test_checksums);
    tcase_add_test(tests, test_distrusted);
    tcase_add_test(tests, test_transparency);
    tcase_add_test(tests, test_junk);
    tcase_add_test(tests, test_filter);
    tcase_add_test(tests, test_not_accepted);
    tcase_add_test(tests, test_past_the_palette);
    suite_add_tcase(suite, tests);
    return suite;
}
