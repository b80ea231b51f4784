#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"
#include "codec/stb.h"
#include "codec_tests.h"

bool codec_isal(void) {
#if defined(CT_HAVE_ISAL)
    return true;
#else
    return false;
#endif
}

codec_image codec_image_random(int width, int height, int channels, codec_sample sample,
                               unsigned seed) {
    codec_image image = {.info = {.width = width,
                                  .height = height,
                                  .channels = channels,
                                  .alpha = channels == 2 || channels == 4,
                                  .sample = sample}};
    image.info.meta.srgb_intent = -1;
    image.stride = (size_t)width * (size_t)channels * codec_sample_size(sample);
    image.rows = malloc(image.stride * (size_t)height);
    ck_assert_ptr_nonnull(image.rows);
    uint32_t state = seed * 2654435761U + 1;
    for (size_t i = 0; i < image.stride * (size_t)height / codec_sample_size(sample); i++) {
        state = state * 1664525U + 1013904223U;
        const float real = (float)(state >> 8) / (float)(1 << 24) * 3 - 1;
        const uint16_t deep = (uint16_t)(state >> 16);
        if (sample == CODEC_U8) {
            image.rows[i] = (uint8_t)(state >> 24);
        } else if (sample == CODEC_U16) {
            memcpy(image.rows + 2 * i, &deep, 2);
        } else {
            memcpy(image.rows + 4 * i, &real, 4);
        }
    }
    return image;
}

void codec_image_free(codec_image *image) {
    codec_meta_free(&image->info.meta);
    free(image->rows);
    *image = (codec_image){0};
}

bool codec_image_same(const codec_image *a, const codec_image *b) {
    return a->info.width == b->info.width && a->info.height == b->info.height &&
           a->info.channels == b->info.channels && a->info.alpha == b->info.alpha &&
           a->info.sample == b->info.sample &&
           memcmp(a->rows, b->rows, a->stride * (size_t)a->info.height) == 0;
}

ct_text codec_plain_file(const codec_image *image) {
    const codec_info *info = &image->info;
    const size_t width = (size_t)info->width * (size_t)info->channels;
    ct_text file = {0};
    ck_assert(ct_text_print(&file, "P%d\n%d %d\n%.0f\n", info->channels == 3 ? 3 : 2, info->width,
                            info->height, codec_info_white(info)));
    for (size_t i = 0; i < width * (size_t)info->height; i++) {
        uint16_t deep = image->rows[i];
        if (info->sample == CODEC_U16) {
            memcpy(&deep, image->rows + 2 * i, 2);
        }
        ck_assert(ct_text_print(&file, (i + 1) % width ? "%d " : "%d\n", deep));
    }
    return file;
}

bool codec_put_text(void *context, const void *bytes, size_t size, ct_error *err) {
    return ct_text_add(context, bytes, size) || ct_fail(err, "out of memory");
}

bool codec_encode(const char *format, const codec_image *image, const codec_options *options,
                  ct_text *file, ct_error *err) {
    *file = (ct_text){0};
    codec_writer *writer = codec_create(codec_format_by_name(format), &image->info, options,
                                        (codec_sink){.put = codec_put_text, .context = file}, err);
    /* In two bands, as the flow does. */
    const int half = image->info.height / 2;
    const bool ok =
        writer && codec_write(writer, half, image->rows, image->stride, NULL, err) &&
        codec_write(writer, image->info.height - half, image->rows + image->stride * (size_t)half,
                    image->stride, NULL, err) &&
        codec_finish(writer, err);
    codec_writer_free(writer);
    return ok;
}

bool codec_read_all(codec_reader *reader, codec_image *image, ct_error *err) {
    const codec_info *info = codec_reader_info(reader);
    *image = (codec_image){.info = *info};
    image->stride = (size_t)info->width * (size_t)info->channels * codec_sample_size(info->sample);
    image->rows = malloc(image->stride * (size_t)info->height);
    ck_assert_ptr_nonnull(image->rows);
    ck_assert(codec_meta_copy(&image->info.meta, &info->meta));
    bool ok = true;
    for (int y = 0; ok && y < info->height; y++) {
        ok = codec_read_row(reader, image->rows + image->stride * (size_t)y, err);
    }
    codec_close(reader);
    if (!ok) {
        codec_image_free(image);
    }
    return ok;
}

const codec_decoder *codec_png_decoder_at(int i) {
#if defined(CT_HAVE_ISAL)
    static const codec_decoder *const all[] = {&codec_stb_png_decoder, &codec_isal_png_decoder};
#else
    static const codec_decoder *const all[] = {&codec_stb_png_decoder};
#endif
    return i < (int)(sizeof all / sizeof all[0]) ? all[i] : NULL;
}

/* Like codec_open_memory, but with a decoder that isn't chosen by the table of formats. */
static codec_reader *open_with(const codec_decoder *decoder, const void *file, size_t size,
                               const codec_limits *limits, ct_error *err) {
    codec_reader *reader = codec_reader_new(limits, err);
    ck_assert_ptr_nonnull(reader);
    codec_input_open_memory(&reader->input, file, size);
    reader->decoder = decoder;
    if (!decoder->open(reader, err)) {
        codec_close(reader);
        return NULL;
    }
    return reader;
}

bool codec_decode_with(const codec_decoder *decoder, const void *file, size_t size,
                       const codec_limits *limits, codec_image *image, ct_error *err) {
    /* A separate copy, so that reading past its end is noticed. */
    uint8_t *copy = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, file, size);
    *image = (codec_image){0};
    codec_reader *reader = decoder ? open_with(decoder, copy, size, limits, err)
                                   : codec_open_memory(copy, size, limits, err);
    const bool ok = reader && codec_read_all(reader, image, err);
    free(copy);
    return ok;
}

bool codec_decode(const void *file, size_t size, const codec_limits *limits, codec_image *image,
                  ct_error *err) {
    return codec_decode_with(NULL, file, size, limits, image, err);
}

bool codec_decode_warned(const codec_decoder *decoder, const ct_text *file, size_t size,
                         bool lenient, codec_image *image, codec_warnings *warnings,
                         ct_error *err) {
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

void codec_expect_error(const void *file, size_t size, const char *expected) {
    codec_image image;
    ct_error err = {""};
    ck_assert_msg(!codec_decode(file, size, NULL, &image, &err), "no error; expected: %s",
                  expected);
    ck_assert_str_eq(err.text, expected);
}

void codec_add_chunk(ct_text *file, const char *type, const void *data, size_t size) {
    uint8_t number[4];
    codec_put32(number, (uint32_t)size);
    ck_assert(ct_text_add(file, number, 4));
    const size_t at = file->length;
    ck_assert(ct_text_add(file, type, 4) && ct_text_add(file, data, size));
    codec_put32(number, codec_crc_of((const uint8_t *)file->bytes + at, size + 4));
    ck_assert(ct_text_add(file, number, 4));
}

void codec_make_png(ct_text *file, uint32_t width, uint32_t height, int depth, int color,
                    const ct_text *extra, const void *raw, size_t raw_size) {
    uint8_t header[13] = {0};
    codec_put32(header, width);
    codec_put32(header + 4, height);
    header[8] = (uint8_t)depth;
    header[9] = (uint8_t)color;
    *file = (ct_text){0};
    ck_assert(ct_text_add(file, "\x89PNG\r\n\x1a\n", 8));
    codec_add_chunk(file, "IHDR", header, sizeof header);
    if (extra) {
        ck_assert(ct_text_add(file, extra->bytes, extra->length));
    }
    const uint8_t *stream;
    size_t size;
    codec_stb *stb = codec_stb_deflate(raw, raw_size, 1 << 20, &stream, &size, NULL);
    ck_assert_ptr_nonnull(stb);
    codec_add_chunk(file, "IDAT", stream, size);
    codec_add_chunk(file, "IEND", "", 0);
    codec_stb_free(stb);
}
