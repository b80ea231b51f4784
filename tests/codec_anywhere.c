/* Rows of PNM and PFM files, read and written in any order: the same as in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec_tests.h"
#include "random_case.h"

enum { HEIGHT = 61, WIDE = 65001 }; /* 16 packed rows of it are a piece */

static const struct kind {
    const char *format;
    int width, channels;
    codec_sample sample;
    double white;
} kinds[] = {
    {"pgm", 70, 1, CODEC_U8, 0},    {"ppm", 33, 3, CODEC_U8, 0},
    {"ppm", 70, 1, CODEC_U8, 0},    {"pgm", 20000, 1, CODEC_U8, 9},
    {"ppm", 33, 3, CODEC_U16, 0},   {"pgm", 5000, 1, CODEC_U16, 1000},
    {"ppm", 9, 1, CODEC_U16, 0},    {"pam", 50, 4, CODEC_U8, 0},
    {"pam", 51, 2, CODEC_U16, 0},   {"pfm", 45, 1, CODEC_F32, 0},
    {"pfm", 4000, 3, CODEC_F32, 0}, {"pfm", 1, 3, CODEC_F32, 0},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static codec_image make_image(int i, unsigned seed) {
    const struct kind *kind = &kinds[i];
    codec_image image = codec_image_random(kind->width, HEIGHT, kind->channels, kind->sample, seed);
    const size_t samples = image.stride * HEIGHT / codec_sample_size(kind->sample);
    const unsigned most = (unsigned)kind->white + 1;
    image.info.white = kind->white;
    for (size_t k = 0; kind->white > 0 && k < samples; k++) {
        uint16_t *deep = (uint16_t *)(void *)image.rows + k;
        if (kind->sample == CODEC_U8) {
            image.rows[k] = (uint8_t)(image.rows[k] % most);
        } else {
            *deep = (uint16_t)(*deep % most);
        }
    }
    return image;
}

/* A bitmap, which only others write. */
static codec_image make_bitmap(int width, ct_text *file) {
    codec_image image = codec_image_random(width, HEIGHT, 1, CODEC_U8, 3);
    *file = (ct_text){0};
    ct_text_print(file, "P4 %d %d\n", width, HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
        uint8_t *row = image.rows + image.stride * (size_t)y, packed[WIDE / 8 + 1] = {0};
        for (int x = 0; x < width; x++) {
            packed[x / 8] |= (uint8_t)((row[x] & 1) << (7 - x % 8));
            row[x] = row[x] & 1 ? 0 : 255;
        }
        ct_text_add(file, (const char *)packed, ((size_t)width + 7) / 8);
    }
    return image;
}

/* ---- groups of rows in a random order ---- */

typedef struct group {
    int first, count;
} group;

static int make_groups(group *groups, unsigned seed) {
    random_state r = random_start(1, (int)seed);
    int count = 0;
    for (int y = 0; y < HEIGHT; count++) {
        const int most = HEIGHT - y < 20 ? HEIGHT - y : 20;
        groups[count] = (group){y, random_int(&r, 1, most)};
        y += groups[count].count;
    }
    for (int i = count - 1; i > 0; i--) {
        const int other = random_int(&r, 0, i);
        const group saved = groups[i];
        groups[i] = groups[other];
        groups[other] = saved;
    }
    return count;
}

/* ---- reading ---- */

/* A file without a name; the caller closes it. */
static FILE *put_on_disk(const ct_text *file) {
    FILE *disk = tmpfile();
    ck_assert_ptr_nonnull(disk);
    ck_assert_uint_eq(fwrite(file->bytes, 1, file->length, disk), file->length);
    ck_assert_int_eq(fflush(disk), 0);
    ck_assert_int_eq((int)lseek(fileno(disk), 0, SEEK_SET), 0);
    return disk;
}

/* Reads the image in a random order, into rows with a gap of so many bytes. */
static void expect_rows(codec_reader *reader, const codec_image *image, size_t gap, unsigned seed) {
    ct_error err = {""};
    group groups[HEIGHT];
    const size_t stride = image->stride + gap;
    uint8_t *rows = malloc(stride * HEIGHT);
    ck_assert_ptr_nonnull(rows);
    ck_assert_int_eq(codec_reader_step(reader, 4), 1);
    const int count = make_groups(groups, seed);
    for (int i = 0; i < count; i++) {
        ck_assert_msg(codec_read_at(reader, groups[i].first, groups[i].count,
                                    rows + stride * (size_t)groups[i].first, stride, &err),
                      "%s", err.text);
    }
    for (size_t y = 0; y < HEIGHT; y++) {
        ck_assert_mem_eq(rows + stride * y, image->rows + image->stride * y, image->stride);
    }
    codec_read_end(reader);
    ck_assert(!codec_read_row(reader, rows, &err));
    ck_assert_str_eq(err.text, "no row after the last");
    free(rows);
}

/* From a file and from memory; with and without gaps between rows. */
static void expect_file(const ct_text *file, const codec_image *image) {
    ct_error err = {""};
    for (unsigned i = 0; i < 4; i++) {
        FILE *disk = put_on_disk(file);
        codec_reader *reader = i < 2 ? codec_open(fileno(disk), NULL, &err)
                                     : codec_open_memory(file->bytes, file->length, NULL, &err);
        ck_assert_msg(reader != NULL, "%s", err.text);
        expect_rows(reader, image, i % 2 ? 12 : 0, i);
        ck_assert(!codec_reader_has_more(reader));
        codec_close(reader);
        fclose(disk);
    }
}

static void expect_in_order(const ct_text *file, const codec_image *image) {
    ct_error err = {""};
    FILE *disk = put_on_disk(file);
    codec_reader *reader = codec_open(fileno(disk), NULL, &err);
    uint8_t *row = malloc(image->stride);
    ck_assert(reader && row);
    for (size_t y = 0; y < HEIGHT; y++) {
        ck_assert_msg(codec_read_row(reader, row, &err), "%s", err.text);
        ck_assert_mem_eq(row, image->rows + image->stride * y, image->stride);
    }
    free(row);
    codec_close(reader);
    fclose(disk);
}

/* What a writer makes of gray in PPM is read as colour. */
static bool is_tripled(int i) {
    return strcmp(kinds[i].format, "ppm") == 0 && kinds[i].channels == 1;
}

START_TEST(test_read) {
    codec_image image = make_image(_i, (unsigned)_i);
    ct_text file;
    ct_error err = {""};
    ck_assert_msg(codec_encode(kinds[_i].format, &image, NULL, &file, &err), "%s", err.text);
    if (is_tripled(_i)) {
        codec_image_free(&image);
        ck_assert(codec_decode(file.bytes, file.length, NULL, &image, &err));
    }
    expect_file(&file, &image);
    expect_in_order(&file, &image);
    codec_image_free(&image);
    ct_text_free(&file);
}
END_TEST

START_TEST(test_read_bitmap) {
    for (int width = 1; width <= WIDE; width = width == 39 ? WIDE : width + 1) {
        ct_text file;
        codec_image image = make_bitmap(width, &file);
        codec_image in_order;
        ct_error err = {""};
        expect_file(&file, &image);
        ck_assert(codec_decode(file.bytes, file.length, NULL, &in_order, &err));
        ck_assert_mem_eq(in_order.rows, image.rows, image.stride * HEIGHT);
        codec_image_free(&in_order);
        codec_image_free(&image);
        ct_text_free(&file);
    }
}
END_TEST

/* The images behind the first, in a file that is read anywhere: the next begins where the rows of
 * the one before end. */
START_TEST(test_read_stream) {
    ct_error err = {""};
    ct_text file = {0};
    codec_image images[KINDS];
    for (int i = 0; i < KINDS; i++) {
        ct_text one;
        images[i] = make_image(i, (unsigned)i);
        ck_assert(codec_encode(kinds[i].format, &images[i], NULL, &one, &err));
        ct_text_add(&file, one.bytes, one.length);
        ct_text_free(&one);
    }
    for (int first = 0; first < 2; first++) { /* whether only the first is wanted */
        FILE *disk = put_on_disk(&file);
        codec_reader *reader = codec_open(fileno(disk), NULL, &err);
        bool more = true;
        if (!first) {
            codec_read_stream(reader);
        }
        for (int i = 0; i < (first ? 1 : KINDS); i++) {
            ck_assert(more);
            if (!is_tripled(i)) {
                expect_rows(reader, &images[i], 0, (unsigned)i);
            } else {
                codec_read_end(reader); /* nothing is wrong with not reading */
            }
            ck_assert_msg(first || codec_next(reader, &more, &err), "%s", err.text);
        }
        ck_assert_int_eq(codec_reader_has_more(reader), first);
        ck_assert(first || !more);
        codec_close(reader);
        fclose(disk);
    }
    for (int i = 0; i < KINDS; i++) {
        codec_image_free(&images[i]);
    }
    ct_text_free(&file);
}
END_TEST

/* A descriptor's position may be moved by others that have it, who don't change what is read; nor
 * does it where the image begins. */
START_TEST(test_moved_position) {
    static const char before[] = "not of the image";
    ct_error err = {""};
    ct_text file = {0}, one;
    bool more = false;
    ct_text_add(&file, before, sizeof before);
    codec_image images[2];
    for (int i = 0; i < 2; i++) {
        images[i] = make_image(3, (unsigned)i); /* more than a reader holds of a file */
        ck_assert(codec_encode(kinds[3].format, &images[i], NULL, &one, &err));
        ct_text_add(&file, one.bytes, one.length);
        ct_text_free(&one);
    }
    FILE *disk = put_on_disk(&file);
    ck_assert_int_eq((int)lseek(fileno(disk), sizeof before, SEEK_SET), sizeof before);
    codec_reader *reader = codec_open(fileno(disk), NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    codec_read_stream(reader);
    ck_assert_int_eq((int)lseek(fileno(disk), 5, SEEK_SET), 5);
    expect_rows(reader, &images[0], 0, 1);
    ck_assert_msg(codec_next(reader, &more, &err) && more, "%s", err.text);
    expect_rows(reader, &images[1], 0, 2);
    codec_close(reader);
    fclose(disk);
    codec_image_free(&images[0]);
    codec_image_free(&images[1]);
    ct_text_free(&file);
}
END_TEST

/* Where rows come in order only. */
START_TEST(test_not_anywhere) {
    static const char *const files[] = {"P2 1 2 9 1 2", "P1 1 2 0 1", "P5 1 2 9\n\1\2",
                                        "Pf 1 1 1\nABCD"};
    ct_error err = {""};
    for (int i = 0; i < 4; i++) {
        int ends[2];
        ck_assert_int_eq(pipe(ends), 0);
        ck_assert_int_eq(write(ends[1], files[i], strlen(files[i])), (ssize_t)strlen(files[i]));
        close(ends[1]);
        codec_reader *reader = i < 2 ? codec_open_memory(files[i], strlen(files[i]), NULL, &err)
                                     : codec_open(ends[0], NULL, &err);
        ck_assert_int_eq(codec_reader_step(reader, 4), 0);
        codec_close(reader);
        close(ends[0]);
    }
    codec_reader *reader = codec_open_memory(files[2], strlen(files[2]), NULL, &err);
    char row[1];
    ck_assert_int_eq(codec_reader_step(reader, 4), 1);
    ck_assert(codec_read_row(reader, row, &err));
    ck_assert_int_eq(codec_reader_step(reader, 4), 0);
    codec_close(reader);
}
END_TEST

/* Reads all rows in one go from a file that is cut to so many rows and bytes once it's open. It has
 * more than a reader holds of a file, and in a PNM row 2 has a sample above the maximum. */
static void expect_cut(const char *kind, size_t cut_rows, size_t cut_bytes, const char *expected) {
    enum { WIDTH = 50000, ROWS = 4 };
    const bool real = kind[1] == 'f';
    const size_t row = WIDTH * (real ? sizeof(float) : 1);
    ct_text file = {0};
    ct_error err = {""};
    char *rows = calloc(ROWS, row);
    ck_assert_ptr_nonnull(rows);
    rows[row + 7] = real ? 0 : 10;
    ct_text_print(&file, "%s %d %d %s\n", kind, WIDTH, ROWS, real ? "-1" : "9");
    const size_t length = file.length + cut_rows * row + cut_bytes;
    ct_text_add(&file, rows, ROWS * row);
    FILE *disk = put_on_disk(&file);
    codec_reader *reader = codec_open(fileno(disk), NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    ck_assert_int_eq(ftruncate(fileno(disk), (off_t)length), 0);
    ck_assert_int_eq(codec_reader_step(reader, 4), 1);
    ck_assert(!codec_read_at(reader, 0, ROWS, rows, row, &err));
    ck_assert_str_eq(err.text, expected);
    codec_close(reader);
    fclose(disk);
    free(rows);
    ct_text_free(&file);
}

START_TEST(test_cut_while_read) {
    expect_cut("P5", 1, 25000, "the file ends in row 2 of 4");
    expect_cut("P5", 0, 0, "the file ends in row 1 of 4");
    expect_cut("P5", 3, 0, "row 2: the sample 10 is above the header's maximum of 9");
    expect_cut("Pf", 2, 5,
               "became shorter while it was read: row 4 of 4 (counted as stored) isn't there any "
               "more");
}
END_TEST

START_TEST(test_rows_outside) {
    static const char file[] = "P5 1 3 255\nabc";
    ct_error err = {""};
    char rows[8];
    codec_reader *reader = codec_open_memory(file, sizeof file - 1, NULL, &err);
    ck_assert(codec_read_at(reader, 1, 2, rows, 1, &err));
    ck_assert_mem_eq(rows, "bc", 2);
    ck_assert(!codec_read_at(reader, 1, 3, rows, 1, &err));
    ck_assert_str_eq(err.text, "rows 1 to 3 of an image of 3");
    codec_close(reader);
}
END_TEST

/* The rows of a PFM file aren't held, so no limit matters; those of a pipe are. */
START_TEST(test_pfm_memory) {
    static const char file[] = "Pf 2 2 1\nABCDEFGHIJKLMNOP";
    codec_limits limits = codec_default_limits();
    ct_error err = {""};
    int ends[2];
    float row[2];
    limits.max_memory = 15;
    codec_reader *reader = codec_open_memory(file, sizeof file - 1, &limits, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    codec_close(reader);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], file, sizeof file - 1), (ssize_t)sizeof file - 1);
    reader = codec_open(ends[0], &limits, &err);
    ck_assert_ptr_nonnull(reader);
    ck_assert(!codec_read_row(reader, row, &err));
    codec_close(reader);
    ck_assert_str_eq(err.text, "2x2 pixels need 16 bytes of memory; the limit is 15 bytes "
                               "(--max-memory)");
    close(ends[0]);
    close(ends[1]);
}
END_TEST

/* ---- writing ---- */

/* A codec_put_at into a ct_text. */
static bool put_text_at(void *context, uint64_t offset, const void *bytes, size_t size,
                        ct_error *err) {
    ct_text *file = context;
    bool ok = true;
    while (ok && file->length < offset + size) {
        ok = ct_text_add(file, "?", 1); /* an assertion for each would be a write for each */
    }
    if (!ok) {
        return ct_fail(err, "out of memory");
    }
    memcpy(file->bytes + offset, bytes, size);
    return true;
}

static void write_shuffled(codec_writer *writer, const codec_image *image, unsigned seed) {
    ct_error err = {""};
    group groups[HEIGHT];
    const size_t gap = seed % 2 ? 12 : 0, stride = image->stride + gap;
    uint8_t *rows = calloc(HEIGHT, stride);
    ck_assert_ptr_nonnull(rows);
    for (size_t y = 0; y < HEIGHT; y++) {
        memcpy(rows + stride * y, image->rows + image->stride * y, image->stride);
    }
    const int count = make_groups(groups, seed);
    for (int i = 0; i < count; i++) {
        ck_assert_int_eq(i > 0 && codec_finish(writer, &err), 0);
        ck_assert_msg(codec_write_at(writer, groups[i].first, groups[i].count,
                                     rows + stride * (size_t)groups[i].first, stride, &err),
                      "%s", err.text);
    }
    ck_assert_msg(codec_finish(writer, &err), "%s", err.text);
    free(rows);
}

/* Two images of a stream, and then one in order. */
START_TEST(test_write) {
    const struct kind *kind = &kinds[_i];
    ct_error err = {""};
    ct_text file = {0}, expected = {0}, one;
    const codec_sink sink = {.put = codec_put_text, .context = &file, .put_at = put_text_at};
    const codec_format *format = codec_format_by_name(kind->format);
    codec_writer *writer = NULL;
    for (unsigned n = 0; n < 3; n++) {
        codec_image image = make_image(_i, n);
        ck_assert_msg(codec_encode(kind->format, &image, NULL, &one, &err), "%s", err.text);
        ct_text_add(&expected, one.bytes, one.length);
        ct_text_free(&one);
        if (n == 0) {
            writer = codec_create(format, &image.info, NULL, sink, &err);
        } else {
            ck_assert_msg(codec_writer_next(writer, format, &image.info, &err), "%s", err.text);
        }
        ck_assert(codec_writes_anywhere(writer));
        if (n < 2) {
            write_shuffled(writer, &image, n);
        } else {
            ck_assert(codec_write(writer, HEIGHT, image.rows, image.stride, NULL, &err) &&
                      codec_finish(writer, &err));
        }
        codec_image_free(&image);
    }
    ck_assert_uint_eq(file.length, expected.length);
    ck_assert_mem_eq(file.bytes, expected.bytes, file.length);
    codec_writer_free(writer);
    ct_text_free(&file);
    ct_text_free(&expected);
}
END_TEST

START_TEST(test_write_errors) {
    ct_error err = {""};
    ct_text file = {0};
    codec_image image = codec_image_random(3, 4, 1, CODEC_U8, 1);
    codec_sink sink = {.put = codec_put_text, .context = &file, .put_at = put_text_at};
    codec_writer *writer = codec_create(codec_format_by_name("pgm"), &image.info, NULL, sink, &err);
    ck_assert(codec_write_at(writer, 1, 3, image.rows, 3, &err));
    ck_assert(!codec_finish(writer, &err));
    ck_assert_str_eq(err.text, "rows are missing: got 3 of 4");
    ck_assert(!codec_write_at(writer, 3, 2, image.rows, 3, &err));
    ck_assert_str_eq(err.text, "rows 3 to 4 of an image of 4");
    codec_writer_free(writer);
    writer = codec_create(codec_format_by_name("png"), &image.info, NULL, sink, &err);
    ck_assert(!codec_writes_anywhere(writer));
    codec_writer_free(writer);
    sink.put_at = NULL;
    writer = codec_create(codec_format_by_name("pgm"), &image.info, NULL, sink, &err);
    ck_assert(!codec_writes_anywhere(writer));
    codec_writer_free(writer);
    codec_image_free(&image);
    ct_text_free(&file);
}
END_TEST

Suite *codec_anywhere_suite(void) {
    Suite *suite = suite_create("codec: rows in any order");
    TCase *tests = tcase_create("anywhere");
    tcase_add_loop_test(tests, test_read, 0, KINDS);
    tcase_add_test(tests, test_read_bitmap);
    tcase_add_test(tests, test_read_stream);
    tcase_add_test(tests, test_moved_position);
    tcase_add_test(tests, test_not_anywhere);
    tcase_add_test(tests, test_cut_while_read);
    tcase_add_test(tests, test_rows_outside);
    tcase_add_test(tests, test_pfm_memory);
    tcase_add_loop_test(tests, test_write, 0, KINDS);
    tcase_add_test(tests, test_write_errors);
    suite_add_tcase(suite, tests);
    return suite;
}
