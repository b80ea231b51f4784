/* JPEG out, through stb_image_write: the rows are held, compressed as a whole, and what travels
 * beside the pixels is put in behind the JFIF segment. stb writes three components always; up to
 * quality 90 with the chroma at half the size. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/bytes.h"
#include "codec/exif.h"
#include "codec/format.h"
#include "codec/stb.h"

/* Where stb's file has what: SOI and the JFIF segment first. */
enum { JFIF_UNIT = 13, JFIF_X = 14, JFIF_Y = 16, JFIF_END = 20, MAX_SIDE = 65535 };
/* A segment's length counts itself. */
enum { SEGMENT_MOST = 65535 - 2, APP1 = 0xE1, APP2 = 0xE2 };

static codec_sample only_u8(codec_sample wanted) {
    (void)wanted;
    return CODEC_U8;
}

static bool check_jpeg(const codec_format *format, const codec_info *info, ct_error *err) {
    (void)format;
    if (codec_has_alpha(info)) {
        return ct_fail(err, "JPEG has no alpha; write %s",
                       info->sample == CODEC_U8 ? ".png or .pam" : ".pam");
    }
    if (info->sample == CODEC_F32) {
        return ct_fail(err, "JPEG holds no floating-point samples; write .pfm");
    }
    if (info->sample == CODEC_U16) {
        return ct_fail(err, "JPEG holds 8 bits; for 16 write .pgm or .ppm");
    }
    if (info->width > MAX_SIDE || info->height > MAX_SIDE) {
        return ct_fail(err, "%dx%d pixels: JPEG has at most %d on a side; write .png", info->width,
                       info->height, MAX_SIDE);
    }
    return codec_stb_fits(info) ||
           ct_fail(err,
                   "%dx%d pixels of %d channels are more than stb_image_write can compress; "
                   "write .ppm",
                   info->width, info->height, info->channels);
}

static bool create_jpeg(codec_writer *writer, ct_error *err) {
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

/* ---- segments beside the pixels ---- */

static bool add_segment(ct_text *out, int marker, const void *head, size_t head_size,
                        const uint8_t *data, size_t size, ct_error *err) {
    uint8_t start[4] = {0xFF, (uint8_t)marker, 0, 0};
    codec_put16(start + 2, (uint32_t)(2 + head_size + size));
    return (ct_text_add(out, start, sizeof start) && ct_text_add(out, head, head_size) &&
            ct_text_add(out, data, size)) ||
           ct_fail(err, "out of memory");
}

/* Exif has to fit one segment (Exif 2.3, 4.7.2); a larger one, as PNG can have, stays behind. */
static bool add_exif(ct_text *out, codec_meta *meta, ct_error *err) {
    static const char head[6] = "Exif\0";
    if (!meta->exif || meta->exif_size > SEGMENT_MOST - sizeof head) {
        return true;
    }
    codec_exif_set_orientation(meta->exif, meta->exif_size,
                               meta->orientation ? meta->orientation : 1);
    return add_segment(out, APP1, head, sizeof head, meta->exif, meta->exif_size, err);
}

static bool add_icc(ct_text *out, const codec_meta *meta, ct_error *err) {
    uint8_t head[14] = "ICC_PROFILE"; /* then the piece's number, and how many there are */
    const size_t most = SEGMENT_MOST - sizeof head;
    const size_t count = (meta->icc_size + most - 1) / most;
    /* The file's components are those of RGB, even for gray. */
    if (!codec_icc_fits(meta, 3) || count > 255) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t left = meta->icc_size - i * most;
        head[12] = (uint8_t)(i + 1);
        head[13] = (uint8_t)count;
        if (!add_segment(out, APP2, head, sizeof head, meta->icc + i * most,
                         left < most ? left : most, err)) {
            return false;
        }
    }
    return true;
}

/* JFIF's densities are whole numbers of 16 bits, per inch. */
static void set_density(uint8_t jfif[JFIF_END], const codec_meta *meta) {
    const double x = round(meta->density_x * 0.0254), y = round(meta->density_y * 0.0254);
    if (x >= 1 && x <= 65535 && y >= 1 && y <= 65535) {
        jfif[JFIF_UNIT] = 1;
        codec_put16(jfif + JFIF_X, (uint32_t)x);
        codec_put16(jfif + JFIF_Y, (uint32_t)y);
    }
}

static bool finish_jpeg(codec_writer *writer, ct_error *err) {
    codec_meta *meta = &writer->info.meta;
    const codec_sink *sink = &writer->sink;
    ct_text start = {0};
    const uint8_t *file;
    size_t size;
    codec_stb *stb = codec_stb_encode_jpeg(&writer->info, writer->state, writer->options.quality,
                                           codec_default_limits().max_memory, &file, &size, err);
    bool ok = stb != NULL;
    if (ok && !ct_text_add(&start, file, JFIF_END)) {
        ok = ct_fail(err, "out of memory");
    }
    if (ok) {
        set_density((uint8_t *)start.bytes, meta);
    }
    ok = ok && add_exif(&start, meta, err) && add_icc(&start, meta, err) &&
         sink->put(sink->context, start.bytes, start.length, err) &&
         sink->put(sink->context, file + JFIF_END, size - JFIF_END, err);
    ct_text_free(&start);
    codec_stb_free(stb);
    return ok;
}

static void free_jpeg(codec_writer *writer) {
    free(writer->state);
}

const codec_encoder codec_stb_jpeg_encoder = {.sample = only_u8,
                                              .check = check_jpeg,
                                              .create = create_jpeg,
                                              .write = write_rows,
                                              .finish = finish_jpeg,
                                              .free = free_jpeg};
