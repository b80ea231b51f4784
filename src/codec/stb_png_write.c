/* PNG out, through stb_image_write: the rows are held, compressed as a whole, and what travels
 * beside the pixels is put in behind IHDR. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/bytes.h"
#include "codec/exif.h"
#include "codec/format.h"
#include "codec/stb.h"

/* Where stb's file has what: the signature and IHDR, and then IDAT. */
enum { IHDR_END = 8 + 25 };

static codec_sample only_u8(codec_sample wanted) {
    (void)wanted;
    return CODEC_U8;
}

static bool check_png(const codec_format *format, const codec_info *info, ct_error *err) {
    (void)format;
    if (info->sample == CODEC_F32) {
        return ct_fail(err, "PNG holds no floating-point samples; write .pfm");
    }
    if (info->sample == CODEC_U16) {
        return ct_fail(err,
                       "16-bit PNG can be read, not written, by this build; for 16 bits write "
                       "%s",
                       codec_has_alpha(info) ? ".pam" : ".pgm or .ppm");
    }
    return codec_stb_fits(info) ||
           ct_fail(err,
                   "%dx%d pixels of %d channels are more than stb_image_write can compress; "
                   "write .pam",
                   info->width, info->height, info->channels);
}

static bool create_png(codec_writer *writer, ct_error *err) {
    writer->state = codec_alloc_image(&writer->info, codec_default_limits().max_memory, err);
    return writer->state != NULL;
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    (void)packed;
    (void)err;
    const size_t bytes = codec_row_bytes(&writer->info);
    uint8_t *to = (uint8_t *)writer->state + bytes * (size_t)writer->next_row;
    for (int y = 0; y < count; y++) {
        memcpy(to + bytes * (size_t)y, (const uint8_t *)rows + stride * (size_t)y, bytes);
    }
    return true;
}

/* ---- chunks beside the pixels ---- */

static bool add_chunk(ct_text *out, const codec_crc *crc, const char *type, const uint8_t *data,
                      size_t size, ct_error *err) {
    uint8_t number[4];
    const size_t start = out->length;
    if (size > 0x7FFFFFFF) {
        return true; /* no chunk can hold it */
    }
    codec_put32(number, (uint32_t)size);
    if (!ct_text_add(out, number, 4) || !ct_text_add(out, type, 4) ||
        !ct_text_add(out, data, size)) {
        return ct_fail(err, "out of memory");
    }
    codec_put32(number, codec_crc_of(crc, (const uint8_t *)out->bytes + start + 4, size + 4));
    return ct_text_add(out, number, 4) || ct_fail(err, "out of memory");
}

static bool add_icc(ct_text *out, const codec_crc *crc, const codec_meta *meta, ct_error *err) {
    static const char head[] = "ICC profile\0"; /* the name, its NUL, and method 0 */
    const uint8_t *stream;
    size_t size;
    codec_stb *stb = codec_stb_deflate(meta->icc, meta->icc_size, codec_default_limits().max_memory,
                                       &stream, &size, err);
    if (!stb) {
        return false;
    }
    ct_text data = {0};
    bool ok = ct_text_add(&data, head, sizeof head) && ct_text_add(&data, stream, size);
    ok = ok ? add_chunk(out, crc, "iCCP", (const uint8_t *)data.bytes, data.length, err)
            : ct_fail(err, "out of memory");
    ct_text_free(&data);
    codec_stb_free(stb);
    return ok;
}

static bool add_color(ct_text *out, const codec_crc *crc, const codec_info *info, ct_error *err) {
    const codec_meta *meta = &info->meta;
    uint8_t data[32];
    codec_put32(data, meta->gamma);
    if (meta->gamma && !add_chunk(out, crc, "gAMA", data, 4, err)) {
        return false;
    }
    bool chroma = false;
    for (size_t i = 0; i < 8; i++) {
        chroma |= meta->chroma[i] != 0;
        codec_put32(data + 4 * i, meta->chroma[i]);
    }
    if (chroma && !add_chunk(out, crc, "cHRM", data, 32, err)) {
        return false;
    }
    /* A file may have one of the two, and the profile says more. */
    if (codec_icc_fits(meta, info->channels)) {
        return add_icc(out, crc, meta, err);
    }
    data[0] = (uint8_t)meta->srgb_intent;
    return meta->srgb_intent < 0 || meta->srgb_intent > 3 ||
           add_chunk(out, crc, "sRGB", data, 1, err);
}

static bool add_density(ct_text *out, const codec_crc *crc, const codec_meta *meta, ct_error *err) {
    const double x = round(meta->density_x), y = round(meta->density_y);
    if (!(x >= 1 && x <= INT32_MAX && y >= 1 && y <= INT32_MAX)) {
        return true;
    }
    uint8_t data[9];
    codec_put32(data, (uint32_t)x);
    codec_put32(data + 4, (uint32_t)y);
    data[8] = 1; /* per metre */
    return add_chunk(out, crc, "pHYs", data, 9, err);
}

static bool add_meta(ct_text *out, const codec_info *info, ct_error *err) {
    const codec_meta *meta = &info->meta;
    codec_crc crc;
    codec_crc_init(&crc);
    return add_color(out, &crc, info, err) && add_density(out, &crc, meta, err) &&
           (!meta->exif || add_chunk(out, &crc, "eXIf", meta->exif, meta->exif_size, err));
}

static bool finish_png(codec_writer *writer, ct_error *err) {
    codec_meta *meta = &writer->info.meta;
    const codec_sink *sink = &writer->sink;
    if (meta->exif) {
        codec_exif_set_orientation(meta->exif, meta->exif_size,
                                   meta->orientation ? meta->orientation : 1);
    }
    ct_text chunks = {0};
    const uint8_t *file;
    size_t size;
    codec_stb *stb = codec_stb_encode_png(&writer->info, writer->state, writer->options.compression,
                                          codec_default_limits().max_memory, &file, &size, err);
    const bool ok =
        stb && add_meta(&chunks, &writer->info, err) &&
        sink->put(sink->context, file, IHDR_END, err) &&
        (!chunks.length || sink->put(sink->context, chunks.bytes, chunks.length, err)) &&
        sink->put(sink->context, file + IHDR_END, size - IHDR_END, err);
    ct_text_free(&chunks);
    codec_stb_free(stb);
    return ok;
}

static void free_png(codec_writer *writer) {
    free(writer->state);
}

const codec_encoder codec_stb_png_encoder = {.sample = only_u8,
                                             .check = check_png,
                                             .create = create_png,
                                             .write = write_rows,
                                             .finish = finish_png,
                                             .free = free_png};
