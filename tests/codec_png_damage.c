/* PNG files that are cut off, damaged or forged, in every decoder of the build. What only ISA-L's
 * decoder checks (checksums within the image data) is tried only with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec/bytes.h"
#include "codec_libpng.h"
#include "codec_tests.h"

void codec_small_png(ct_text *file, int i) {
#if defined(CT_TEST_LIBPNG)
    static const int kinds[CODEC_SMALL_PNGS] = {
        6 * 12 + 5,  /* RGB of 16 bits */
        18 * 12 + 5, /* gray of 4 bits with a key */
        8 * 12 + 11, /* palette of 2 bits, interlaced */
        13 * 12 + 4, /* RGBA, Paeth */
        5 * 12 + 11, /* RGB, interlaced */
        20 * 12 + 3, /* RGB with a key, average */
    };
    const libpng_kind kind = libpng_kind_at(kinds[i]);
    libpng_make(file, &kind, 9, 7, (unsigned)i);
#else
    codec_image image = codec_image_random(9, 7, i % 4 + 1, CODEC_U8, (unsigned)i);
    ck_assert(codec_encode("png", &image, NULL, file, NULL));
    codec_image_free(&image);
#endif
}

/* The file is read, or refused with a message; nothing else. */
static bool decodes(const codec_decoder *decoder, const ct_text *file, size_t size) {
    codec_image image;
    ct_error err = {""};
    if (codec_decode_with(decoder, file->bytes, size, NULL, &image, &err)) {
        codec_image_free(&image);
        return true;
    }
    ck_assert(err.text[0]);
    return false;
}

START_TEST(test_truncated) {
    ct_text file;
    codec_small_png(&file, _i);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        for (size_t size = 0; size < file.length; size++) {
            ck_assert_msg(!decodes(codec_png_decoder_at(d), &file, size),
                          "file %d, decoder %d: %zu of %zu bytes", _i, d, size, file.length);
        }
    }
    ct_text_free(&file);
}
END_TEST

START_TEST(test_any_bit) {
    ct_text file;
    codec_small_png(&file, _i);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        for (size_t i = 8; i < file.length; i++) { /* the table of formats checks the signature */
            for (int bit = 0; bit < 8; bit++) {
                file.bytes[i] ^= (char)(1 << bit);
                ck_assert_msg(!decodes(codec_png_decoder_at(d), &file, file.length),
                              "file %d, decoder %d: byte %zu, bit %d", _i, d, i, bit);
                file.bytes[i] ^= (char)(1 << bit);
            }
        }
    }
    ct_text_free(&file);
}
END_TEST

/* ---- damage that the CRCs don't see ---- */

/* Corrects every chunk's CRC, as far as chunks can be found. */
static void mend_crcs(ct_text *file) {
    uint8_t *bytes = (uint8_t *)file->bytes;
    for (size_t at = 8; file->length - at >= 12;) {
        const size_t length = codec_get32(bytes + at);
        if (length > file->length - at - 12) {
            return;
        }
        codec_put32(bytes + at + 8 + length, codec_crc_of(bytes + at + 4, length + 4));
        at += 12 + length;
    }
}

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

static int cases(int usual) {
    const char *text = getenv("CONVTOOL_CASES");
    return text && atoi(text) > 0 ? atoi(text) * 10 : usual;
}

START_TEST(test_mutations) {
    ct_text file, changed = {0};
    codec_small_png(&file, _i);
    uint32_t state = (uint32_t)_i + 1;
    for (int n = cases(20000); n > 0; n--) {
        ct_text_free(&changed);
        ck_assert(ct_text_add(&changed, file.bytes, file.length));
        for (uint32_t k = next_random(&state) % 4 + 1; k > 0; k--) {
            const size_t at = 8 + next_random(&state) % (file.length - 8);
            changed.bytes[at] = (char)next_random(&state);
        }
        if (next_random(&state) % 8) {
            mend_crcs(&changed);
        }
        for (int d = 0; codec_png_decoder_at(d); d++) {
            decodes(codec_png_decoder_at(d), &changed, changed.length);
        }
    }
    ct_text_free(&changed);
    ct_text_free(&file);
}
END_TEST

#if defined(CT_HAVE_ISAL)

static void expect(const ct_text *file, const char *expected) {
    codec_image image;
    ct_error err = {""};
    ck_assert_msg(
        !codec_decode_with(&codec_isal_png_decoder, file->bytes, file->length, NULL, &image, &err),
        "no error; expected: %s", expected);
    ck_assert_str_eq(err.text, expected);
}

/* A gray image of 2x2 pixels whose image data is this stream, cut into chunks of `piece` bytes with
 * empty ones between. */
static void make_gray(ct_text *file, const void *stream, size_t size, size_t piece) {
    static const uint8_t header[13] = {0, 0, 0, 2, 0, 0, 0, 2, 8};
    *file = (ct_text){0};
    ck_assert(ct_text_add(file, "\x89PNG\r\n\x1a\n", 8));
    codec_add_chunk(file, "IHDR", header, sizeof header);
    for (size_t at = 0; at < size; at += piece) {
        const size_t count = size - at < piece ? size - at : piece;
        codec_add_chunk(file, "IDAT", (const char *)stream + at, count);
        codec_add_chunk(file, "IDAT", "", 0);
    }
    codec_add_chunk(file, "IEND", "", 0);
}

/* 0 1 2 and 0 3 4, stored. */
static const uint8_t stored[17] = {0x78, 1, 1, 6, 0, 0xF9, 0xFF, 0, 1, 2, 0, 3, 4, 0, 29, 0, 11};

START_TEST(test_pieces) {
    for (size_t piece = 1; piece <= sizeof stored; piece++) {
        ct_text file;
        codec_image image;
        ct_error err = {""};
        make_gray(&file, stored, sizeof stored, piece);
        ck_assert_msg(
            codec_decode_with(&codec_isal_png_decoder, file.bytes, file.length, NULL, &image, &err),
            "%zu bytes in a chunk: %s", piece, err.text);
        ck_assert_mem_eq(image.rows, "\1\2\3\4", 4);
        codec_image_free(&image);
        ct_text_free(&file);
    }
}
END_TEST

/* What is wrong within the image data; each with whole chunks and with one byte in a chunk. */
static const struct {
    size_t at; /* the byte of `stored` that becomes the value */
    uint8_t value;
    size_t size; /* bytes of the stream */
    const char *error;
} damages[] = {
    {0, 0x79, 17, "damaged: the compressed data has no valid zlib header"},
    {0, 0x88, 17, "damaged: the compressed data has no valid zlib header"},
    {1, 0x20, 17, "damaged: the compressed data has no valid zlib header"},
    {2, 7, 17, "damaged: the compressed data has invalid code lengths"},
    {5, 0, 17, "damaged: the compressed data has invalid code lengths"},
    {16, 0x0C, 17, "damaged: the checksum of the image data is wrong"},
    {8, 2, 17, "damaged: the checksum of the image data is wrong"},
    {2, 0, 13, "truncated: the compressed data ends too early"},
    {2, 1, 16, "truncated: the compressed data ends too early"},
    {2, 1, 1, "truncated: the compressed data ends too early"},
    {2, 1, 18, "damaged: bytes after the end of the compressed data"},
};

START_TEST(test_damages) {
    uint8_t stream[18] = {0};
    memcpy(stream, stored, sizeof stored);
    stream[damages[_i].at] = damages[_i].value;
    for (size_t piece = 1; piece <= 18; piece += 17) {
        ct_text file;
        make_gray(&file, stream, damages[_i].size, piece);
        expect(&file, damages[_i].error);
        ct_text_free(&file);
    }
}
END_TEST

/* Longer and shorter than the pixels, both with a correct checksum. */
START_TEST(test_wrong_length) {
    ct_text file;
    codec_make_png(&file, 2, 2, 8, 0, NULL, "\0\1\2\0\3\4\0", 7);
    expect(&file, "damaged: more pixels than the header says");
    ct_text_free(&file);
    codec_make_png(&file, 2, 2, 8, 0, NULL, "\0\1\2\0\3", 5);
    expect(&file, "truncated: the compressed data ends before the last row");
    ct_text_free(&file);
    codec_make_png(&file, 2, 2, 8, 0, NULL, "\0\1\2\5\3\4", 6);
    expect(&file, "damaged: a row has an invalid filter");
    ct_text_free(&file);
}
END_TEST

START_TEST(test_order) {
    ct_text file;
    make_gray(&file, stored, sizeof stored, 99);
    file.length -= 12;
    codec_add_chunk(&file, "tEXt", "a\0b", 3);
    codec_add_chunk(&file, "IDAT", "", 0);
    codec_add_chunk(&file, "IEND", "", 0);
    expect(&file, "damaged: the image data is interrupted by other chunks");
    ct_text_free(&file);
}
END_TEST

/* ---- an eXIf chunk after the image data ---- */

static const uint8_t turned[26] = {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3,
                                   0,   1,   0,   0, 0, 6, 0, 0, 0, 0, 0,    0, 0};

static void make_late(ct_text *file, int orientation) {
    uint8_t exif[sizeof turned];
    memcpy(exif, turned, sizeof exif);
    exif[18] = (uint8_t)orientation;
    make_gray(file, stored, sizeof stored, 3);
    file->length -= 12;
    codec_add_chunk(file, "eXIf", exif, sizeof exif);
    codec_add_chunk(file, "IEND", "", 0);
}

static bool read_descriptor(int fd, codec_image *image, ct_error *err) {
    codec_reader *reader = codec_open(fd, NULL, err);
    return reader && codec_read_all(reader, image, err);
}

static int pipe_with(const ct_text *file) {
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq((int)write(ends[1], file->bytes, file->length), (int)file->length);
    close(ends[1]);
    return ends[0];
}

START_TEST(test_late_exif) {
    ct_text file;
    codec_image image;
    ct_error err = {""};
    make_late(&file, 6);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        ck_assert(codec_decode_with(codec_png_decoder_at(d), file.bytes, file.length, NULL, &image,
                                    &err));
        ck_assert_int_eq(image.info.meta.orientation, 6);
        codec_image_free(&image);
    }
    FILE *temporary = tmpfile();
    ck_assert_ptr_nonnull(temporary);
    ck_assert_uint_eq(fwrite(file.bytes, 1, file.length, temporary), file.length);
    ck_assert_int_eq(fflush(temporary), 0);
    ck_assert_int_eq((int)lseek(fileno(temporary), 0, SEEK_SET), 0);
    ck_assert_msg(read_descriptor(fileno(temporary), &image, &err), "%s", err.text);
    ck_assert_int_eq(image.info.meta.orientation, 6);
    ck_assert_mem_eq(image.rows, "\1\2\3\4", 4);
    codec_image_free(&image);
    fclose(temporary);
    int fd = pipe_with(&file);
    ck_assert(!read_descriptor(fd, &image, &err));
    ck_assert_str_eq(err.text, "its EXIF orientation comes after the image data, too late in a "
                               "pipe; give the file by name");
    close(fd);
    ct_text_free(&file);
    make_late(&file, 1); /* nothing to rotate */
    fd = pipe_with(&file);
    ck_assert(read_descriptor(fd, &image, &err));
    codec_image_free(&image);
    close(fd);
    ct_text_free(&file);
}
END_TEST

#endif

Suite *codec_png_damage_suite(void) {
    Suite *suite = suite_create("codec: PNG, damaged");
    TCase *tests = tcase_create("damage");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, test_truncated, 0, CODEC_SMALL_PNGS);
    tcase_add_loop_test(tests, test_any_bit, 0, CODEC_SMALL_PNGS);
    tcase_add_loop_test(tests, test_mutations, 0, CODEC_SMALL_PNGS);
#if defined(CT_HAVE_ISAL)
    tcase_add_test(tests, test_pieces);
    tcase_add_loop_test(tests, test_damages, 0, sizeof damages / sizeof damages[0]);
    tcase_add_test(tests, test_wrong_length);
    tcase_add_test(tests, test_order);
    tcase_add_test(tests, test_late_exif);
#endif
    suite_add_tcase(suite, tests);
    return suite;
}
