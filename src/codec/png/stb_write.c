/* Writes PNG through stb_image_write: the rows are held and compressed as a whole, and metadata is
 * inserted after IHDR. */
#include <stdlib.h>

#include "base/text.h"
#include "codec/format.h"
#include "codec/png/meta.h"
#include "codec/png/record.h"
#include "codec/stb.h"

/* stb's file is the signature and IHDR, and then IDAT. */
enum { IHDR_END = 8 + 25 };

static codec_sample only_u8(codec_sample wanted) {
    (void)wanted;
    return CODEC_U8;
}

static bool check_png(const codec_format *format, const codec_info *info, ct_error *err) {
    (void)format;
    if (info->sample == CODEC_F32) {
        return ct_fail(err, "PNG can't hold floating-point samples; write .pfm");
    }
    if (info->sample == CODEC_U16) {
        return ct_fail(err, "this build reads 16-bit PNG but can't write it; for 16 bits write %s",
                       info->alpha ? ".pam" : ".pgm or .ppm");
    }
    return codec_stb_fits(info) ||
           ct_fail(err, "%dx%d pixels of %s are too many for stb_image_write; write .pam",
                   info->width, info->height, ct_count((uint64_t)info->channels, "channel").text);
}

static bool finish_png(codec_writer *writer, ct_error *err) {
    const codec_sink *sink = &writer->sink;
    ct_text chunks = {0};
    const uint8_t *file;
    size_t size;
    codec_stb *stb = codec_stb_encode_png(&writer->info, writer->state, writer->options.compression,
                                          codec_hold_left(writer), &file, &size, err);
    const bool ok =
        stb && codec_png_add_record(&chunks, writer->options.record, err) &&
        codec_png_add_meta(&chunks, &writer->info, err) &&
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

const codec_encoder codec_stb_png_encoder = {.keeps_icc = true,
                                             .keeps_cicp = true,
                                             .sample = only_u8,
                                             .check = check_png,
                                             .images = 4,
                                             .create = codec_hold_image,
                                             .write = codec_hold_rows,
                                             .finish = finish_png,
                                             .free = free_png};
