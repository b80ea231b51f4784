/* Rows of .npy files, read and written in any order: the same as in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec_tests.h"
#include "random_case.h"

enum { HEIGHT = 37 };

static const struct npy_kind {
    const char *type; /* of the elements read; NULL: of those written */
    int width, channels;
    codec_sample sample;
    bool planes;
} kinds[] = {
    {"|u1", 70, 3, CODEC_U8, false},    {"<u2", 33, 1, CODEC_U16, false},
    {">u2", 9, 2, CODEC_U16, false},    {"<f4", 40, 8, CODEC_F32, false},
    {">f4", 5000, 8, CODEC_F32, false}, {"<f4", 1, 1, CODEC_F32, false},
    {"<i2", 50, 4, CODEC_F32, false},   {"<f4", 6, 5, CODEC_F32, true},
    {"<f4", 6, 1, CODEC_F32, true},
};

/* Groups of rows in a random order; returns how many. */
static int make_groups(int first[HEIGHT], int length[HEIGHT], unsigned seed) {
    random_state r = random_start(5, (int)seed);
    int count = 0;
    for (int y = 0; y < HEIGHT; y += length[count++]) {
        first[count] = y;
        length[count] = random_int(&r, 1, HEIGHT - y < 9 ? HEIGHT - y : 9);
    }
    for (int i = count - 1; i > 0; i--) {
        const int other = random_int(&r, 0, i), y = first[i], n = length[i];
        first[i] = first[other];
        length[i] = length[other];
        first[other] = y;
        length[other] = n;
    }
    return count;
}

/* A file of random elements, without NaN and infinity. */
static ct_text make_file(const struct npy_kind *kind, unsigned seed) {
    random_state r = random_start(6, (int)seed);
    ct_text file = {0};
    char head[128];
    const int n = snprintf(head, sizeof head,
                           "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d, %d)}\n",
                           kind->type, HEIGHT, kind->width, kind->channels);
    ct_text_add(&file, "\x93NUMPY\x01\x00", 8);
    ct_text_add(&file, (const char[]){(char)n, 0}, 2);
    ct_text_add(&file, head, (size_t)n);
    for (int i = HEIGHT * kind->width * kind->channels * (kind->type[2] - '0'); i > 0; i--) {
        const char byte = (char)random_int(&r, 0, 100);
        ct_text_add(&file, &byte, 1);
    }
    return file;
}

static void read_any_order(codec_reader *reader, uint8_t *rows, size_t stride, unsigned seed) {
    ct_error err = {""};
    int first[HEIGHT], length[HEIGHT];
    const int count = make_groups(first, length, seed);
    ck_assert_int_eq(codec_reader_step(reader, 2), 1);
    for (int i = 0; i < count; i++) {
        ck_assert_msg(codec_read_at(reader, first[i], length[i], rows + stride * (size_t)first[i],
                                    stride, &err),
                      "%s", err.text);
    }
    codec_read_end(reader);
}

/* From a file and from memory; with and without gaps between rows. */
START_TEST(test_read) {
    const struct npy_kind *kind = &kinds[_i];
    ct_text file = make_file(kind, (unsigned)_i);
    for (unsigned way = 0; way < 4; way++) {
        ct_error err = {""};
        FILE *disk = tmpfile();
        ck_assert(disk && fwrite(file.bytes, 1, file.length, disk) == file.length);
        rewind(disk);
        codec_reader *reader = way < 2 ? codec_open(fileno(disk), NULL, &err)
                                       : codec_open_memory(file.bytes, file.length, NULL, &err);
        codec_reader *in_order = codec_open_memory(file.bytes, file.length, NULL, &err);
        ck_assert_msg(reader && in_order, "%s", err.text);
        const size_t bytes = codec_row_bytes(codec_reader_info(reader));
        const size_t stride = bytes + (way % 2 ? 12 : 0);
        uint8_t *rows = malloc(stride * HEIGHT), *row = malloc(bytes);
        read_any_order(reader, rows, stride, way);
        for (size_t y = 0; y < HEIGHT; y++) {
            ck_assert_msg(codec_read_row(in_order, row, &err), "%s", err.text);
            ck_assert_mem_eq(rows + stride * y, row, bytes);
        }
        free(rows);
        free(row);
        codec_close(reader);
        codec_close(in_order);
        fclose(disk);
    }
    ct_text_free(&file);
}
END_TEST

/* The row is named whatever the order. */
START_TEST(test_read_errors) {
    static const struct npy_kind kind = {"<f4", 2, 1, CODEC_F32, false};
    const uint32_t nan = 0x7FC00000;
    ct_error err = {""};
    ct_text file = make_file(&kind, 3);
    float rows[2 * HEIGHT];
    memcpy(file.bytes + file.length - sizeof nan, &nan, sizeof nan);
    codec_reader *reader = codec_open_memory(file.bytes, file.length, NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    ck_assert_int_eq(codec_reader_step(reader, 2), 1);
    ck_assert(codec_read_at(reader, 30, 5, rows, sizeof *rows * 2, &err));
    ck_assert(!codec_read_at(reader, 30, 7, rows, sizeof *rows * 2, &err));
    ck_assert_str_eq(err.text, "the number at [36, 1, 0] is nan; --allow-nonfinite accepts it");
    codec_close(reader);
    ct_text_free(&file);
}
END_TEST

/* Whole numbers that lose digits are warned of, and columns that come first are held: in order. */
START_TEST(test_not_anywhere) {
    static const struct npy_kind kind = {"<i4", 3, 2, CODEC_F32, false};
    ct_error err = {""};
    ct_text file = make_file(&kind, 4);
    codec_reader *reader = codec_open_memory(file.bytes, file.length, NULL, &err);
    ck_assert_int_eq(codec_reader_step(reader, 2), 0);
    codec_close(reader);
    codec_limits limits = codec_default_limits();
    limits.planes = true;
    ct_text planes = make_file(&kinds[3], 4);
    reader = codec_open_memory(planes.bytes, planes.length, &limits, &err);
    ck_assert_int_eq(codec_reader_step(reader, 2), 0);
    codec_close(reader);
    ct_text_free(&file);
    ct_text_free(&planes);
}
END_TEST

/* ---- writing ---- */

static bool put_at(void *context, uint64_t offset, const void *bytes, size_t size, ct_error *err) {
    (void)err;
    ct_text *file = context;
    while (file->length < offset + size) {
        ct_text_add(file, "?", 1);
    }
    memcpy(file->bytes + offset, bytes, size);
    return true;
}

/* `way`: in order; in order, to a place; in any order, without and with gaps. */
static ct_text write_image(const codec_image *image, bool planes, int way) {
    ct_error err = {""};
    ct_text file = {0};
    const codec_sink sink = {
        .put = codec_put_text, .context = &file, .put_at = way ? put_at : NULL};
    codec_options options = codec_default_options();
    options.planes = planes;
    codec_writer *writer =
        codec_create(codec_format_by_name("npy"), &image->info, &options, sink, &err);
    ck_assert_msg(writer != NULL, "%s", err.text);
    const size_t stride = image->stride + (way == 3 ? 4 : 0);
    uint8_t *rows = calloc(HEIGHT, stride);
    for (size_t y = 0; y < HEIGHT; y++) {
        memcpy(rows + stride * y, image->rows + image->stride * y, image->stride);
    }
    int first[HEIGHT], length[HEIGHT];
    const int count = make_groups(first, length, 9);
    if (way < 2) {
        ck_assert_msg(codec_write(writer, HEIGHT, rows, stride, NULL, &err), "%s", err.text);
    }
    for (int i = 0; way >= 2 && i < count; i++) {
        ck_assert(codec_writes_anywhere(writer));
        ck_assert_msg(codec_write_at(writer, first[i], length[i], rows + stride * (size_t)first[i],
                                     stride, &err),
                      "%s", err.text);
    }
    ck_assert_msg(codec_finish(writer, &err), "%s", err.text);
    codec_writer_free(writer);
    free(rows);
    return file;
}

START_TEST(test_write) {
    const struct npy_kind *kind = &kinds[_i];
    codec_image image =
        codec_image_random(kind->width, HEIGHT, kind->channels, kind->sample, (unsigned)_i);
    ct_text expected = write_image(&image, kind->planes, 0);
    for (int way = 1; way < 4; way++) {
        ct_text file = write_image(&image, kind->planes, way);
        ck_assert_uint_eq(file.length, expected.length);
        ck_assert_mem_eq(file.bytes, expected.bytes, file.length);
        ct_text_free(&file);
    }
    ct_text_free(&expected);
    codec_image_free(&image);
}
END_TEST

Suite *codec_npy_anywhere_suite(void) {
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    Suite *suite = suite_create("codec: rows of .npy in any order");
    TCase *tests = tcase_create("npy anywhere");
    tcase_add_loop_test(tests, test_read, 0, KINDS);
    tcase_add_test(tests, test_read_errors);
    tcase_add_test(tests, test_not_anywhere);
    tcase_add_loop_test(tests, test_write, 0, KINDS);
    suite_add_tcase(suite, tests);
    return suite;
}
