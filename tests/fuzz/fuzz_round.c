/* Writes an image and reads it again: it must be the same, or of the same size if the format is
 * lossy. The bytes say how: format, effort, width, height, channels and samples, height of bands;
 * then the samples, over and over. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"

enum { HEAD = 6 };

/* Packs every other band first, as another thread would. */
static bool write_bands(codec_writer *writer, const fuzz_image *image, int band, ct_error *err) {
    const size_t stride = image->size / (size_t)image->height;
    bool ok = true;
    for (int y = 0; ok && y < image->height; y += band) {
        const int count = band < image->height - y ? band : image->height - y;
        const uint8_t *rows = image->rows + stride * (size_t)y;
        codec_packed *packed = NULL;
        ok = ((y / band) & 1 || codec_pack(writer, y, count, rows, stride, &packed, err)) &&
             codec_write(writer, count, rows, stride, packed, err);
        codec_packed_free(packed);
    }
    return ok && codec_finish(writer, err);
}

static void check_file(const codec_format *format, const fuzz_image *image, const ct_text *file) {
    const char *name = codec_format_name(format);
    fuzz_image again;
    if (!fuzz_read(NULL, (const uint8_t *)file->bytes, file->length, FUZZ_PLAIN, &again)) {
        fuzz_fail("what was written as %s can't be read", name);
    }
    const bool lossy = strcmp(name, "jpeg") == 0 || strcmp(name, "y4m") == 0;
    if (again.width != image->width || again.height != image->height ||
        (!lossy && !fuzz_image_same(&again, image))) {
        fuzz_fail("what was written as %s is read as another image", name);
    }
    fuzz_image_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const codec_format *format;
    size_t formats = 0;
    while (codec_format_at(formats)) {
        formats++;
    }
    if (size <= HEAD) {
        return 0;
    }
    format = codec_format_at(data[0] % formats);
    const codec_info info = {.width = data[2] % 96 + 1,
                             .height = data[3] % 32 + 1,
                             .channels = data[4] % 4 + 1,
                             .alpha = data[4] % 2 == 1,
                             .sample =
                                 codec_format_sample(format, data[4] & 64 ? CODEC_U16 : CODEC_U8),
                             .meta.srgb_intent = -1};
    const bool triple = strcmp(codec_format_name(format), "ppm") == 0 && info.channels == 1;
    ct_error err = {""};
    if (triple || !codec_format_check(format, &info, &err)) {
        return 0; /* PPM makes RGB of gray */
    }
    fuzz_image image = {.width = info.width,
                        .height = info.height,
                        .channels = info.channels,
                        .sample = info.sample,
                        .size = codec_row_bytes(&info) * (size_t)info.height};
    image.rows = malloc(image.size);
    for (size_t i = 0; i < image.size; i++) {
        image.rows[i] = data[HEAD + i % (size - HEAD)];
    }
    codec_options options = codec_default_options();
    options.quality = data[1] % 100 + 1;
    options.compression = data[1] % 10;
    ct_text file = {0};
    codec_writer *writer = codec_create(format, &info, &options,
                                        (codec_sink){.put = fuzz_put, .context = &file}, &err);
    if (!writer || !write_bands(writer, &image, data[5] % 64 + 1, &err)) {
        fuzz_fail("%s can't be written: %s", codec_format_name(format), err.text);
    }
    codec_writer_free(writer);
    check_file(format, &image, &file);
    ct_text_free(&file);
    fuzz_image_free(&image);
    return 0;
}
