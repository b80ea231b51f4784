#include "jpeg_tools.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec/bytes.h"

codec_image jpeg_picture(int width, int height, int channels) {
    codec_image image = codec_image_random(width, height, channels, CODEC_U8, 5);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint8_t *pixel = image.rows + (size_t)y * image.stride + (size_t)(x * channels);
            for (int c = 0; c < channels; c++) {
                const int ramp = (x * (3 + c) + y * 2) % 200, edge = (x / 9 + y / 7) % 2 * 40;
                pixel[c] = (uint8_t)(ramp + edge + pixel[c] % 8);
            }
        }
    }
    return image;
}

/* ---- programs ---- */

static void write_file(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

bool jpeg_load(const char *path, ct_text *file) {
    FILE *from = fopen(path, "rb");
    char buffer[4096];
    *file = (ct_text){0};
    if (!from) {
        return false;
    }
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, from)) > 0;) {
        ck_assert(ct_text_add(file, buffer, got));
    }
    fclose(from);
    return true;
}

/* Runs `program options` on bytes and returns what it wrote. */
static ct_text filter(const char *program, const char *options, const ct_text *in) {
    char folder[] = "/tmp/convtool-test-XXXXXX", from[64], to[64], command[512];
    ct_text out;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(from, sizeof from, "%s/in", folder);
    snprintf(to, sizeof to, "%s/out", folder);
    write_file(from, in->bytes, in->length);
    snprintf(command, sizeof command, "%s %s < %s > %s", program, options, from, to);
    const int status = system(command); /* NOLINT: the words are ours */
    const bool there = jpeg_load(to, &out);
    unlink(from);
    unlink(to);
    rmdir(folder);
    ck_assert_msg(status == 0 && there, "%s %s: status %d (Debian: libjpeg-turbo-progs)", program,
                  options, status);
    return out;
}

ct_text jpeg_make(const char *options, const codec_image *image) {
    ct_text pnm;
    ct_error err = {""};
    ck_assert_msg(codec_encode("pnm", image, NULL, &pnm, &err), "%s", err.text);
    ct_text file = filter("cjpeg", options, &pnm);
    ct_text_free(&pnm);
    return file;
}

codec_image jpeg_read(const char *options, const ct_text *file) {
    codec_image image;
    ct_error err = {""};
    ct_text pnm = filter("djpeg -pnm", options, file);
    ck_assert_msg(codec_decode(pnm.bytes, pnm.length, NULL, &image, &err), "%s", err.text);
    ct_text_free(&pnm);
    return image;
}

/* ---- comparisons ---- */

double jpeg_distance(const codec_image *a, const codec_image *b) {
    const size_t size = a->stride * (size_t)a->info.height;
    double sum = 0;
    ck_assert_int_eq(a->info.width, b->info.width);
    ck_assert_int_eq(a->info.height, b->info.height);
    ck_assert_int_eq(a->info.channels, b->info.channels);
    for (size_t i = 0; i < size; i++) {
        sum += abs(a->rows[i] - b->rows[i]);
    }
    return sum / (double)size;
}

void jpeg_check(const ct_text *file, const char *what) {
    codec_image ours, theirs = jpeg_read("", file);
    ct_error err = {""};
    ck_assert_msg(codec_decode(file->bytes, file->length, NULL, &ours, &err), "%s: %s", what,
                  err.text);
    const double distance = jpeg_distance(&ours, &theirs);
    ck_assert_msg(distance <= (CODEC_JPEG_STREAMS ? 0 : 4), "%s: off by %g", what, distance);
    codec_image_free(&ours);
    codec_image_free(&theirs);
}

size_t jpeg_find(const ct_text *file, int marker, int n) {
    const uint8_t *bytes = (const uint8_t *)file->bytes;
    for (size_t at = 2; at + 1 < file->length; at++) {
        if (bytes[at] == 0xFF && bytes[at + 1] == marker && n-- == 0) {
            return at;
        }
    }
    return file->length;
}

/* ---- what cjpeg can't ---- */

#ifdef CT_HAVE_JPEG
#include <jpeglib.h>

ct_text jpeg_make_space(const codec_image *image, int space, int stored, bool adobe) {
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    ct_text file = {0};
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &bytes, &size);
    cinfo.image_width = (JDIMENSION)image->info.width;
    cinfo.image_height = (JDIMENSION)image->info.height;
    cinfo.input_components = image->info.channels;
    cinfo.in_color_space = (J_COLOR_SPACE)space;
    jpeg_set_defaults(&cinfo);
    jpeg_set_colorspace(&cinfo, (J_COLOR_SPACE)stored);
    cinfo.write_Adobe_marker = adobe;
    jpeg_start_compress(&cinfo, TRUE);
    for (int y = 0; y < image->info.height; y++) {
        JSAMPROW row = image->rows + image->stride * (size_t)y;
        jpeg_write_scanlines(&cinfo, &row, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    ck_assert(ct_text_add(&file, bytes, size));
    free(bytes);
    return file;
}
#endif
