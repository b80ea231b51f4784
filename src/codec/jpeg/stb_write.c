/* Writes JPEG through stb_image_write: the rows are held and compressed as a whole, and metadata is
 * inserted after the JFIF segment. stb always writes three components; up to quality 90 with the
 * chroma at half the size. */
#include <stdlib.h>

#include "base/text.h"
#include "codec/bytes.h"
#include "codec/format.h"
#include "codec/jpeg/checks.h"
#include "codec/jpeg/meta_write.h"
#include "codec/jpeg/record.h"
#include "codec/stb.h"

/* The layout of stb's file: SOI and the JFIF segment first. */
enum { JFIF_UNIT = 13, JFIF_X = 14, JFIF_Y = 16, JFIF_END = 20, MAX_SIDE = 65535 };

static codec_sample only_u8(codec_sample wanted) {
    (void)wanted;
    return CODEC_U8;
}

static bool check_jpeg(const codec_format *format, const codec_info *info, ct_error *err) {
    (void)format;
    if (!codec_jpeg_check_info(info, MAX_SIDE, err)) {
        return false;
    }
    return codec_stb_fits(info) ||
           ct_fail(err, "%dx%d pixels of %s are too many for stb_image_write; write .ppm",
                   info->width, info->height, ct_count((uint64_t)info->channels, "channel").text);
}

static void set_density(uint8_t jfif[JFIF_END], const codec_meta *meta) {
    uint32_t x, y;
    if (codec_jpeg_density(meta, &x, &y)) {
        jfif[JFIF_UNIT] = 1; /* per inch */
        codec_put16(jfif + JFIF_X, x);
        codec_put16(jfif + JFIF_Y, y);
    }
}

static bool finish_jpeg(codec_writer *writer, ct_error *err) {
    codec_meta *meta = &writer->info.meta;
    const codec_sink *sink = &writer->sink;
    ct_text start = {0};
    const uint8_t *file;
    size_t size;
    codec_stb *stb = codec_stb_encode_jpeg(&writer->info, writer->state, writer->options.quality,
                                           codec_hold_left(writer), &file, &size, err);
    bool ok = stb != NULL;
    if (ok && !ct_text_add(&start, file, JFIF_END)) {
        ok = ct_fail(err, "out of memory");
    }
    if (ok) {
        set_density((uint8_t *)start.bytes, meta);
    }
    /* The file's components are those of RGB, even for gray. */
    ok = ok && codec_jpeg_add_record(&start, writer->options.record, err) &&
         codec_jpeg_add_meta(&start, meta, 3, err) &&
         sink->put(sink->context, start.bytes, start.length, err) &&
         sink->put(sink->context, file + JFIF_END, size - JFIF_END, err);
    ct_text_free(&start);
    codec_stb_free(stb);
    return ok;
}

static void free_jpeg(codec_writer *writer) {
    free(writer->state);
}

const codec_encoder codec_stb_jpeg_encoder = {.keeps_icc = true,
                                              .sample = only_u8,
                                              .check = check_jpeg,
                                              .images = 3,
                                              .create = codec_hold_image,
                                              .write = codec_hold_rows,
                                              .finish = finish_jpeg,
                                              .free = free_jpeg};
