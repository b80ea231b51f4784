/* The PNG files of Go's standard library (Debian: golang-1.19-src), PngSuite among them, against
 * libpng. Where they aren't installed there is nothing to do. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec_libpng.h"
#include "codec_tests.h"

#if defined(CT_TEST_LIBPNG)

static const char *const folders[] = {"/usr/share/go-1.19/src/image/png/testdata",
                                      "/usr/share/go-1.19/src/image/png/testdata/pngsuite"};

static bool read_file(const char *path, ct_text *file) {
    char piece[4096];
    FILE *from = fopen(path, "rb");
    *file = (ct_text){0};
    if (!from) {
        return false;
    }
    for (size_t got; (got = fread(piece, 1, sizeof piece, from)) > 0;) {
        ck_assert(ct_text_add(file, piece, got));
    }
    fclose(from);
    return true;
}

/* Files that are damaged, and what we say. stb's decoder doesn't look at zlib's checksum. */
static const struct {
    const char *name, *error;
    bool stb_too;
} damaged[] = {
    {"invalid-crc32.png", "damaged: the checksum of the chunk IHDR at byte 8 is wrong", true},
    {"invalid-noend.png", "truncated: the file ends before its IEND chunk", true},
    {"invalid-trunc.png", "truncated: the file ends before its IEND chunk", true},
    {"invalid-zlib.png", "damaged: the checksum of the image data is wrong", false},
};

static const char *error_of(const char *name, int decoder) {
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        if (strcmp(damaged[i].name, name) == 0 && (decoder > 0 || damaged[i].stb_too)) {
            return damaged[i].error;
        }
    }
    return NULL;
}

/* "invalid-palette.png" has indices past its palette's end: black in every decoder, as in libpng.
 */
static void check_file(const char *name, const ct_text *file) {
    codec_image expected, image;
    const bool readable = libpng_read(file->bytes, file->length, &expected);
    for (int d = 0; codec_png_decoder_at(d); d++) {
        ct_error err = {""};
        const char *error = error_of(name, d);
        const bool ok = codec_decode_with(codec_png_decoder_at(d), file->bytes, file->length, NULL,
                                          &image, &err);
        ck_assert_msg(ok == !error, "%s, decoder %d: %s", name, d, err.text);
        ck_assert_str_eq(err.text, error ? error : "");
        if (ok && readable) {
            ck_assert_msg(codec_image_same(&image, &expected), "%s, decoder %d: other pixels", name,
                          d);
        }
        codec_image_free(&image);
    }
    codec_image_free(&expected);
}

START_TEST(test_go) {
    DIR *folder = opendir(folders[_i]);
    if (!folder) {
        return;
    }
    int files = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".png") == 0) {
            char path[512];
            ct_text file;
            snprintf(path, sizeof path, "%s/%.200s", folders[_i], entry->d_name);
            ck_assert(read_file(path, &file));
            check_file(entry->d_name, &file);
            ct_text_free(&file);
            files++;
        }
    }
    closedir(folder);
    ck_assert_int_ge(files, 10);
}
END_TEST

#endif

Suite *codec_png_samples_suite(void) {
    Suite *suite = suite_create("codec: PNG, other people's files");
    TCase *tests = tcase_create("files");
    tcase_set_timeout(tests, 60);
#if defined(CT_TEST_LIBPNG)
    tcase_add_loop_test(tests, test_go, 0, 2);
#endif
    suite_add_tcase(suite, tests);
    return suite;
}
