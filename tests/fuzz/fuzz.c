#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "base/text.h"
#include "codec/bytes.h"
#include "fuzz.h"

void fuzz_fail(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("broken promise: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}

void fuzz_check_error(const ct_error *err) {
    if (!err->text[0]) {
        fuzz_fail("a failure without a message");
    }
}

codec_limits fuzz_limits(fuzz_way way) {
    codec_limits limits = codec_default_limits();
    limits.max_side = limits.max_plain_side = 4096;
    limits.max_pixels = way == FUZZ_AHEAD ? 1 << 18 : 1 << 16; /* small images aren't read ahead */
    limits.max_memory = 16 << 20;
    limits.max_scans = 30;
    limits.lenient = way == FUZZ_LENIENT;
    return limits;
}

static void *allocate(size_t size) {
    void *memory = malloc(size ? size : 1);
    if (!memory) {
        fuzz_fail("no memory for the test itself");
    }
    return memory;
}

/* ---- images ---- */

void fuzz_image_free(fuzz_image *image) {
    free(image->rows);
    *image = (fuzz_image){0};
}

bool fuzz_image_same(const fuzz_image *a, const fuzz_image *b) {
    return a->width == b->width && a->height == b->height && a->channels == b->channels &&
           a->sample == b->sample && memcmp(a->rows, b->rows, a->size) == 0;
}

static codec_reader *open_file(const codec_decoder *decoder, const uint8_t *file, size_t size,
                               fuzz_way way, ct_error *err) {
    const codec_limits limits = fuzz_limits(way);
    codec_reader *reader;
    if (decoder) { /* like codec_open_memory, without the choice */
        if (!decoder->probe(file, size)) {
            ct_fail(err, "another format");
            return NULL;
        }
        reader = codec_reader_new(&limits, err);
        codec_input_open_memory(&reader->input, file, size);
        reader->decoder = decoder;
        if (!decoder->open(reader, err)) {
            codec_close(reader);
            return NULL;
        }
    } else {
        reader = codec_open_memory(file, size, &limits, err);
    }
    if (reader && (way == FUZZ_GRAY || way == FUZZ_GRAY_ANYWHERE)) {
        codec_reader_gray(reader);
    }
    if (reader && way == FUZZ_AHEAD) {
        codec_read_ahead(reader);
    }
    return reader && way == FUZZ_UPRIGHT ? codec_upright(reader, &limits, err) : reader;
}

static void check_info(const codec_info *info, fuzz_way way) {
    const codec_limits limits = fuzz_limits(way);
    codec_meta copy;
    if (info->width < 1 || info->height < 1 || info->width > limits.max_side ||
        info->height > limits.max_side ||
        (uint64_t)info->width * (uint64_t)info->height > limits.max_pixels || info->channels < 1 ||
        info->channels > (info->plain ? CODEC_MOST_CHANNELS : 4)) {
        fuzz_fail("an image of %dx%d pixels and %d channels", info->width, info->height,
                  info->channels);
    }
    if (!codec_meta_copy(&copy, &info->meta)) { /* reads all of it */
        fuzz_fail("no memory for metadata");
    }
    codec_meta_free(&copy);
}

/* All rows, group by group where the way asks for it and the reader can. */
static bool read_rows(codec_reader *reader, fuzz_way way, const fuzz_image *image, ct_error *err) {
    const size_t bytes = codec_row_bytes(codec_reader_info(reader));
    const bool anywhere = way == FUZZ_ANYWHERE || way == FUZZ_GRAY_ANYWHERE;
    const int step = anywhere ? codec_reader_step(reader, 4) : 0;
    bool ok = true;
    for (int y = 0, count; ok && y < image->height; y += count) {
        uint8_t *rows = image->rows + bytes * (size_t)y;
        count = step ? ct_min(step, image->height - y) : 1;
        ok = step ? codec_read_at(reader, y, count, rows, bytes, err)
                  : codec_read_row(reader, rows, err);
    }
    if (ok && step) {
        codec_read_end(reader);
    }
    uint8_t none[1];
    if ((ok || !step) && codec_read_row(reader, none, NULL)) {
        fuzz_fail("a row behind the last, or behind damage");
    }
    return ok;
}

/* Reads into memory that holds `fill`. */
static bool read_over(const codec_decoder *decoder, const uint8_t *file, size_t size, fuzz_way way,
                      int fill, fuzz_image *image) {
    ct_error err = {""};
    *image = (fuzz_image){0};
    codec_reader *reader = open_file(decoder, file, size, way, &err);
    bool ok = reader != NULL;
    if (ok) {
        const codec_info *info = codec_reader_info(reader);
        check_info(info, way);
        const size_t bytes = codec_row_bytes(info);
        *image = (fuzz_image){.width = info->width,
                              .height = info->height,
                              .channels = info->channels,
                              .sample = info->sample,
                              .size = bytes * (size_t)info->height};
        image->rows = allocate(image->size);
        memset(image->rows, fill, image->size);
        ok = read_rows(reader, way, image, &err);
    }
    codec_close(reader);
    if (!ok) {
        fuzz_check_error(&err);
        fuzz_image_free(image);
        image->error = err;
    }
    return ok;
}

bool fuzz_read(const codec_decoder *decoder, const uint8_t *file, size_t size, fuzz_way way,
               fuzz_image *image) {
    fuzz_image again;
    const bool ok = read_over(decoder, file, size, way, 0xA5, image);
    if (ok != read_over(decoder, file, size, way, 0x5A, &again)) {
        fuzz_fail("the same file is read once and refused once");
    }
    if (ok && !fuzz_image_same(image, &again)) {
        fuzz_fail("bytes of a row weren't written, or the same file gives two images");
    }
    fuzz_image_free(&again);
    return ok;
}

void fuzz_expect_same(const codec_decoder *decoder, const uint8_t *file, size_t size,
                      const fuzz_image *image, fuzz_way other) {
    fuzz_image again;
    const bool ok = fuzz_read(decoder, file, size, other, &again);
    if (ok != (image->rows != NULL) || (ok && !fuzz_image_same(image, &again)) ||
        strcmp(image->error.text, again.error.text) != 0) {
        fuzz_fail("another image, or another error, the %dth way: '%s', '%s'", (int)other,
                  image->error.text, again.error.text);
    }
    fuzz_image_free(&again);
}

bool fuzz_read_all_ways(const codec_decoder *decoder, const uint8_t *file, size_t size,
                        fuzz_image *image) {
    fuzz_image upright, ahead;
    const bool ok = fuzz_read(decoder, file, size, FUZZ_PLAIN, image);
    const bool ahead_ok = fuzz_read(decoder, file, size, FUZZ_AHEAD, &ahead);
    if (ok && (!ahead_ok || !fuzz_image_same(image, &ahead))) {
        fuzz_fail("reading ahead gives something else");
    }
    fuzz_image_free(&ahead);
    fuzz_expect_same(decoder, file, size, image, FUZZ_ANYWHERE);
    if (!ok) {
        return false;
    }
    if (!fuzz_read(decoder, file, size, FUZZ_UPRIGHT, &upright)) {
        fuzz_fail("an image that can't be turned upright");
    }
    if (upright.size != image->size || upright.channels != image->channels) {
        fuzz_fail("turning upright changed the size");
    }
    fuzz_image_free(&upright);
    return true;
}

/* ---- writing ---- */

bool fuzz_put(void *context, const void *bytes, size_t size, ct_error *err) {
    return ct_text_add(context, bytes, size) || ct_fail(err, "out of memory");
}

static void write_as(const char *name, const codec_info *info, const fuzz_image *image) {
    const codec_format *format = codec_format_by_name(name);
    const codec_options options = codec_default_options();
    ct_error err = {""};
    ct_text file = {0};
    fuzz_image again;
    if (codec_format_sample(format, info->sample) != info->sample ||
        !codec_format_check(format, info, &err)) {
        return;
    }
    codec_writer *writer =
        codec_create(format, info, &options, (codec_sink){.put = fuzz_put, .context = &file}, &err);
    if (!writer ||
        !codec_write(writer, info->height, image->rows, codec_row_bytes(info), NULL, &err) ||
        !codec_finish(writer, &err)) {
        fuzz_fail("can't be written as %s: %s", name, err.text);
    }
    codec_writer_free(writer);
    if (!fuzz_read(NULL, (const uint8_t *)file.bytes, file.length, FUZZ_PLAIN, &again)) {
        fuzz_fail("what was written as %s can't be read", name);
    }
    if (again.width != image->width || again.height != image->height ||
        (strcmp(name, "png") == 0 && !fuzz_image_same(&again, image))) {
        fuzz_fail("what was written as %s is read as another image", name);
    }
    fuzz_image_free(&again);
    ct_text_free(&file);
}

void fuzz_write_again(const uint8_t *file, size_t size) {
    ct_error err = {""};
    fuzz_image image;
    if (!fuzz_read(NULL, file, size, FUZZ_PLAIN, &image)) {
        return;
    }
    codec_reader *reader = open_file(NULL, file, size, FUZZ_PLAIN, &err);
    write_as("png", codec_reader_info(reader), &image);
    write_as("jpeg", codec_reader_info(reader), &image);
    codec_close(reader);
    fuzz_image_free(&image);
}

/* ---- files ---- */

uint8_t *fuzz_copy(const uint8_t *file, size_t size) {
    return memcpy(allocate(size), file, size);
}

uint8_t *fuzz_mend_png(const uint8_t *file, size_t size) {
    uint8_t *copy = fuzz_copy(file, size);
    for (size_t at = 8; at < size && size - at >= 12;) {
        const size_t length = codec_get32(copy + at);
        if (length > size - at - 12) {
            break;
        }
        codec_put32(copy + at + 8 + length, codec_crc_of(copy + at + 4, length + 4));
        at += 12 + length;
    }
    return copy;
}
