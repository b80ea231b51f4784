/* JPEG with restart intervals, read in bands: the same pixels as in order and as djpeg reads, and
 * of damaged files the same errors. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jpeg_tools.h"

/* ---- reading ---- */

static codec_image empty_image(const codec_reader *reader) {
    codec_image image = {.info = *codec_reader_info(reader)};
    image.info.meta = (codec_meta){.srgb_intent = -1};
    image.stride = codec_row_bytes(&image.info);
    image.rows = malloc(image.stride * (size_t)image.info.height);
    ck_assert_ptr_nonnull(image.rows);
    memset(image.rows, 77, image.stride * (size_t)image.info.height);
    return image;
}

/* Closes the reader. */
static bool read_in_order(codec_reader *reader, codec_image *image, ct_error *err) {
    *image = empty_image(reader);
    bool ok = true;
    for (int y = 0; ok && y < image->info.height; y++) {
        ok = codec_read_row(reader, image->rows + image->stride * (size_t)y, err);
    }
    codec_close(reader);
    return ok;
}

static bool read_group(const codec_reader *reader, int step, int i, int count,
                       const codec_image *image, ct_error *err) {
    const int first = i * step, left = image->info.height - first;
    const int rows = count * step < left ? count * step : left;
    return codec_read_at(reader, first, rows, image->rows + image->stride * (size_t)first,
                         image->stride, err);
}

/* Reads the groups in an order of its own, some two at once; closes the reader. */
static bool read_shuffled(codec_reader *reader, int step, codec_image *image, ct_error *err) {
    *image = empty_image(reader);
    const int groups = (image->info.height + step - 1) / step;
    bool ok = true;
    for (int pass = 2; ok && pass >= 0; pass--) { /* of every three the last first, then two */
        for (int i = pass; ok && pass != 1 && i < groups; i += 3) {
            ok = read_group(reader, step, i, pass ? 1 : 2, image, err);
        }
    }
    if (ok) {
        codec_read_end(reader);
    }
    codec_close(reader);
    return ok;
}

static codec_reader *open_file(const ct_text *file, bool gray) {
    ct_error err = {""};
    codec_reader *reader = codec_open_memory(file->bytes, file->length, NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    if (gray) {
        codec_reader_gray(reader);
    }
    return reader;
}

/* Checks bands against reading in order. Returns the step. */
static int check_bands(const ct_text *file, bool gray, const char *what) {
    codec_image plain, bands;
    ct_error err = {""};
    codec_reader *reader = open_file(file, gray);
    const int step = codec_reader_step(reader, 4);
    ck_assert_int_eq(codec_reader_step(reader, 4), step);
    if (!step) {
        codec_close(reader);
        return 0;
    }
    ck_assert_msg(read_shuffled(reader, step, &bands, &err), "%s: %s", what, err.text);
    ck_assert_msg(read_in_order(open_file(file, gray), &plain, &err), "%s: %s", what, err.text);
    ck_assert_msg(codec_image_same(&plain, &bands), "%s: other pixels", what);
    codec_image_free(&plain);
    codec_image_free(&bands);
    return step;
}

/* ---- every kind ---- */

static const struct {
    const char *options;
    int channels;
} kinds[] = {
    {"-sample 1x1", 3},         {"-sample 2x1", 3},
    {"-sample 2x2", 3},         {"-sample 1x2", 3},
    {"-sample 4x1", 3},         {"-sample 1x4", 3},
    {"-sample 2x2,1x2,1x2", 3}, {"-sample 2x2,2x1,1x1", 3},
    {"-sample 1x1,2x2,1x1", 3}, {"-rgb", 3},
    {"-grayscale", 1},          {"-grayscale -sample 2x2", 1},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

START_TEST(test_kinds) {
    static const char *const intervals[] = {"-restart 1", "-restart 2", "-restart 1B",
                                            "-optimize -restart 1"};
    static const int sizes[][2] = {{1, 257}, {16, 288}, {33, 289}, {50, 300}};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        codec_image image = jpeg_picture(sizes[s][0], sizes[s][1], kinds[_i].channels);
        for (size_t i = 0; i < sizeof intervals / sizeof intervals[0]; i++) {
            char options[96];
            snprintf(options, sizeof options, "-quality 85 %s %s", kinds[_i].options, intervals[i]);
            ct_text file = jpeg_make(options, &image);
            const int step = check_bands(&file, false, options);
            ck_assert_msg(step > 0 || (i == 1 && strstr(options, "1x4")), "%s, %d rows: in order",
                          options, sizes[s][1]);
            ck_assert_int_gt(check_bands(&file, true, options), 0);
            ct_text_free(&file);
        }
        codec_image_free(&image);
    }
}
END_TEST

START_TEST(test_djpeg) {
    codec_image image = jpeg_picture(50, 300, kinds[_i].channels), ours;
    char options[96];
    ct_error err = {""};
    snprintf(options, sizeof options, "-quality 75 %s -restart 1", kinds[_i].options);
    ct_text file = jpeg_make(options, &image);
    codec_image theirs = jpeg_read("", &file);
    codec_reader *reader = open_file(&file, false);
    const int step = codec_reader_step(reader, 4);
    ck_assert_int_gt(step, 0);
    ck_assert_msg(read_shuffled(reader, step, &ours, &err), "%s", err.text);
    ck_assert_msg(codec_image_same(&ours, &theirs), "%s", options);
    codec_image_free(&ours);
    codec_image_free(&theirs);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* Our own files, above and below the quality from which chroma isn't halved. */
START_TEST(test_own) {
    for (int i = 0; i < 4; i++) {
        codec_image image = jpeg_picture(75, 400, i % 2 ? 1 : 3);
        codec_options options = codec_default_options();
        ct_text file = {0};
        ct_error err = {""};
        options.quality = i < 2 ? 80 : 95;
        ck_assert_msg(codec_encode("jpeg", &image, &options, &file, &err), "%s", err.text);
        ck_assert_int_gt(check_bands(&file, false, "our own"), 0);
        ct_text_free(&file);
        codec_image_free(&image);
    }
}
END_TEST

/* ---- what only comes in order ---- */

static int step_of(const ct_text *file, bool lenient) {
    codec_limits limits = codec_default_limits();
    ct_error err = {""};
    limits.lenient = lenient;
    codec_reader *reader = codec_open_memory(file->bytes, file->length, &limits, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    const int most = codec_reader_most_step(reader, 4);
    const int step = codec_reader_step(reader, 4);
    ck_assert(step == 0 || step == most);
    codec_close(reader);
    return step;
}

START_TEST(test_in_order) {
    static const char *const options[] = {"", "-progressive -restart 1", "-restart 5B",
                                          "-restart 20"};
    codec_image image = jpeg_picture(50, 300, 3);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        ct_text file = jpeg_make(options[i], &image);
        ck_assert_msg(step_of(&file, false) == 0, "%s", options[i]);
        ct_text_free(&file);
    }
    ct_text file = jpeg_make("-restart 1", &image);
    ck_assert_int_eq(step_of(&file, false), 128);
    ck_assert_int_eq(step_of(&file, true), 0);
    codec_reader *reader = open_file(&file, false);
    ck_assert_int_eq(codec_reader_most_step(reader, 2), 0);
    ck_assert_int_eq(codec_reader_step(reader, 2), 0); /* where chroma is halved */
    ck_assert_int_eq(codec_reader_step(reader, 3), 128);
    codec_close(reader);
    reader = open_file(&file, true);
    ck_assert_int_eq(codec_reader_step(reader, 2), 32); /* but not for brightness alone */
    codec_close(reader);
    reader = open_file(&file, false);
    uint8_t row[150];
    ct_error err;
    ck_assert(codec_read_row(reader, row, &err));
    ck_assert_int_eq(codec_reader_step(reader, 4), 0); /* too late */
    ck_assert_int_eq(codec_reader_most_step(reader, 4), 0);
    codec_close(reader);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* Where the groups of all threads would take more than 32 MiB, they are lower. */
START_TEST(test_low_groups) {
    enum { WIDTH = 6000 };
    codec_image image = jpeg_picture(WIDTH, 2100, 3);
    ct_text file = jpeg_make("-restart 1", &image);
    static const struct {
        int threads, step;
    } cases[] = {{3, 256}, {6, 256}, {16, 16 * 6}, {31, 64}, {1000, 64}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        codec_reader *reader = open_file(&file, false);
        const int step = codec_reader_step(reader, cases[i].threads);
        ck_assert_int_eq(step, cases[i].step);
        ck_assert(step == 64 || step * (cases[i].threads + 1) * WIDTH * 3 <= 32 << 20);
        codec_close(reader);
    }
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* ---- threads, and files ---- */

typedef struct shared {
    const codec_reader *reader;
    const codec_image *image;
    int step;
    atomic_int next;
} shared;

static void *read_groups(void *context) {
    shared *s = context;
    ct_error err = {""};
    for (int i; (i = atomic_fetch_add(&s->next, 1)) * s->step < s->image->info.height;) {
        ck_assert_msg(read_group(s->reader, s->step, i, 1, s->image, &err), "%s", err.text);
    }
    return NULL;
}

/* A file whose image begins after other bytes, and is longer than an input's buffer. */
START_TEST(test_threads) {
    enum { THREADS = 4 };
    codec_image image = jpeg_picture(300, 1000, 3), plain;
    ct_text file =
        jpeg_make(_i ? "-quality 95 -sample 1x1 -restart 1" : "-quality 98 -restart 1", &image);
    FILE *disk = tmpfile();
    ct_error err = {""};
    pthread_t threads[THREADS];
    ck_assert_uint_gt(file.length, 1 << 17);
    ck_assert(disk && fwrite("other bytes", 1, 11, disk) == 11 &&
              fwrite(file.bytes, 1, file.length, disk) == file.length && fflush(disk) == 0 &&
              lseek(fileno(disk), 11, SEEK_SET) == 11);
    codec_reader *reader = codec_open(fileno(disk), NULL, &err);
    ck_assert_msg(reader != NULL, "%s", err.text);
    codec_image bands = empty_image(reader);
    shared s = {.reader = reader, .image = &bands, .step = codec_reader_step(reader, 4)};
    ck_assert_int_eq(s.step, _i ? 32 : 128);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, read_groups, &s), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    codec_read_end(reader);
    ck_assert(read_in_order(open_file(&file, false), &plain, &err));
    ck_assert(codec_image_same(&plain, &bands));
    /* It becomes shorter. */
    ck_assert_int_eq(ftruncate(fileno(disk), (off_t)(file.length / 2)), 0);
    ck_assert(read_group(reader, s.step, 0, 1, &bands, &err));
    ck_assert(!read_group(reader, s.step, 999 / s.step, 1, &bands, &err));
    ck_assert_str_eq(err.text, "truncated: the file ends before its end-of-image marker");
    codec_close(reader);
    fclose(disk);
    codec_image_free(&bands);
    codec_image_free(&plain);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

/* ---- damage ---- */

/* What reading gave: nothing where the file couldn't be opened. */
typedef struct tally {
    int bands, good, bad;
} tally;

static void compare(const ct_text *file, bool gray, tally *t) {
    ct_error err = {""}, band_err = {""};
    codec_image plain, bands;
    codec_reader *reader = codec_open_memory(file->bytes, file->length, NULL, &err);
    if (!reader) {
        return;
    }
    codec_close(reader);
    reader = open_file(file, gray);
    const int step = codec_reader_step(reader, 4);
    if (!step) {
        codec_close(reader);
        return;
    }
    const bool band_ok = read_shuffled(reader, step, &bands, &band_err);
    const bool ok = read_in_order(open_file(file, gray), &plain, &err);
    ck_assert_msg(ok == band_ok, "in order '%s', in bands '%s'", err.text, band_err.text);
    ck_assert_str_eq(band_err.text, err.text);
    ck_assert(!ok || codec_image_same(&plain, &bands));
    codec_image_free(&plain);
    codec_image_free(&bands);
    t->bands++;
    t->good += ok;
    t->bad += !ok;
}

/* A copy whose bytes [at, at + gone) are replaced. */
static void compare_changed(const ct_text *file, size_t at, size_t gone, const void *bytes,
                            size_t size, bool gray, tally *t) {
    ct_text other = {0};
    ck_assert(ct_text_add(&other, file->bytes, at) && ct_text_add(&other, bytes, size) &&
              ct_text_add(&other, file->bytes + at + gone, file->length - at - gone));
    compare(&other, gray, t);
    ct_text_free(&other);
}

static const struct {
    const char *options;
    int width, height, channels;
} damaged[] = {
    {"-grayscale -restart 1", 20, 21, 1},   {"-sample 1x1 -restart 1B", 20, 20, 3},
    {"-sample 2x2 -restart 1", 20, 146, 3}, {"-sample 2x2 -restart 1B", 20, 146, 3},
    {"-sample 2x1 -restart 2", 20, 40, 3},
};
enum { DAMAGED = sizeof damaged / sizeof damaged[0] };

static ct_text make_damaged(int i) {
    codec_image image = jpeg_picture(damaged[i].width, damaged[i].height, damaged[i].channels);
    char options[96];
    snprintf(options, sizeof options, "-quality 30 %s", damaged[i].options);
    ct_text file = jpeg_make(options, &image);
    ck_assert_int_gt(check_bands(&file, false, options), 0);
    codec_image_free(&image);
    return file;
}

START_TEST(test_damage) {
    ct_text file = make_damaged(_i);
    const size_t scan = jpeg_find(&file, 0xDA, 0);
    uint32_t state = 5;
    tally t = {0};
    for (size_t at = 160; at < file.length; at++) {
        const bool gray = at % 2;
        state = state * 1664525U + 1013904223U;
        const uint8_t byte = (uint8_t)(state >> 24);
        const uint8_t flipped = (uint8_t)((uint8_t)file.bytes[at] ^ (1U << (state >> 20 & 7)));
        compare_changed(&file, at, 1, &flipped, 1, gray, &t);
        if (at > scan) {
            compare_changed(&file, at, 1, &byte, 1, gray, &t);
            compare_changed(&file, at, 0, &byte, 1, gray, &t);
            compare_changed(&file, at, 1, "", 0, gray, &t);
            compare_changed(&file, at, file.length - at, "\xFF\xD9", 2, gray, &t);
        }
    }
    ck_assert_int_gt(t.good, 100);
    ck_assert_int_gt(t.bad, 100);
    ct_text_free(&file);
}
END_TEST

/* Bytes too many or too few before a marker, and markers that are missing, doubled or wrong. */
START_TEST(test_markers) {
    ct_text file = make_damaged(_i);
    const uint8_t *bytes = (const uint8_t *)file.bytes;
    const uint8_t zeros[20] = {0};
    tally t = {0};
    int markers = 0;
    for (size_t at = jpeg_find(&file, 0xDA, 0) + 2; at + 1 < file.length; at++) {
        if (bytes[at] != 0xFF || bytes[at + 1] < 0xD0) {
            continue;
        }
        markers++;
        for (size_t n = 1; n <= sizeof zeros; n++) {
            compare_changed(&file, at, 0, zeros, n, n % 2, &t);
            compare_changed(&file, at - n, n, "", 0, n % 2, &t);
            /* One interval is too long, and the one before it, or behind it, too short. */
            ct_text other = {0};
            ck_assert(ct_text_add(&other, bytes, at) && ct_text_add(&other, zeros, n) &&
                      ct_text_add(&other, bytes + at, file.length - at));
            for (size_t by = 1; by < 60 && at > by + 700; by += 7) {
                compare_changed(&other, at - by - n, n, "", 0, false, &t);
            }
            ct_text_free(&other);
        }
        const tally before = t;
        compare_changed(&file, at, 2, "", 0, false, &t);
        compare_changed(&file, at, 0, bytes + at, 2, false, &t);
        compare_changed(&file, at, 2, "\xFF\xD7", 2, false, &t);
        compare_changed(&file, at, 0, "\xFF", 1, false, &t);
        const bool last = bytes[at + 1] == 0xD9 || bytes[at + 1] == 0xD7;
        ck_assert_msg(last || t.bands == before.bands, "misnumbered, and yet in bands");
    }
    ck_assert_int_gt(markers, 2);
    ck_assert_int_gt(t.good, 2); /* not all is noticed in order either */
    ck_assert_int_gt(t.bad, 20);
    ct_text_free(&file);
}
END_TEST

/* Damage that comes after the markers were found: a band that doesn't have it is read without a
 * look at the others, which shows that nothing is decoded twice. */
START_TEST(test_alone) {
    codec_image image = jpeg_picture(64, 420, 3);
    ct_text file = jpeg_make(_i ? "-sample 1x1 -restart 1" : "-sample 2x2 -restart 1", &image);
    ct_error err = {""};
    codec_reader *reader = open_file(&file, false);
    const int step = codec_reader_step(reader, 4), groups = (420 + step - 1) / step;
    codec_image bands = empty_image(reader);
    ck_assert_int_ge(groups, 3);
    const size_t last = jpeg_find(&file, 0xD9, 0);
    memmove(file.bytes + last - 40, file.bytes + last, 2);
    for (int i = 0; i < groups - 1; i++) {
        ck_assert_msg(read_group(reader, step, i, 1, &bands, &err), "%d: %s", i, err.text);
    }
    ck_assert(!read_group(reader, step, groups - 1, 1, &bands, &err));
    ck_assert_str_eq(err.text, "damaged: the coded data ends before the last block");
    codec_close(reader);
    codec_image_free(&bands);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

Suite *codec_jpeg_bands_suite(void) {
    Suite *suite = suite_create("codec: JPEG in bands");
    TCase *tests = tcase_create("JPEG in bands");
    tcase_set_timeout(tests, 300);
    if (CODEC_JPEG_STREAMS) { /* stb decodes everything at once */
        tcase_add_loop_test(tests, test_kinds, 0, KINDS);
        tcase_add_loop_test(tests, test_djpeg, 0, KINDS);
        tcase_add_test(tests, test_own);
        tcase_add_test(tests, test_in_order);
        tcase_add_test(tests, test_low_groups);
        tcase_add_loop_test(tests, test_threads, 0, 2);
        tcase_add_loop_test(tests, test_damage, 0, DAMAGED);
        tcase_add_loop_test(tests, test_markers, 0, DAMAGED);
        tcase_add_loop_test(tests, test_alone, 0, 2);
    }
    suite_add_tcase(suite, tests);
    return suite;
}
