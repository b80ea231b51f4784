/* The public side of writing: checks what is asked for, and that all rows come. */
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"

codec_options codec_default_options(void) {
    return (codec_options){
        .quality = 90, .compression = 3, .max_memory = codec_default_limits().max_memory};
}

static bool check_options(const codec_options *options, ct_error *err) {
    if (options->quality < 1 || options->quality > 100) {
        return ct_fail(err, "quality %d: expected 1 to 100", options->quality);
    }
    if (options->compression < 0 || options->compression > 9) {
        return ct_fail(err, "compression %d: expected 0 to 9", options->compression);
    }
    if (options->record && !codec_record_valid(options->record, strlen(options->record))) {
        return ct_fail(err, "the record of what made the image: expected one line of 1 to %d bytes",
                       CODEC_RECORD_MOST);
    }
    return true;
}

/* An ICC profile that is kept says the same in its own way. */
static void warn_of_cicp(codec_writer *writer) {
    const codec_meta *meta = &writer->info.meta;
    const codec_encoder *encoder = writer->encoder;
    char coded[CODEC_CICP_TEXT];
    if (meta->has_cicp && !encoder->keeps_cicp && !codec_cicp_is_srgb(meta) &&
        !(encoder->keeps_icc && codec_icc_fits(meta, writer->info.channels))) {
        codec_cicp_text(meta, coded);
        codec_warn(&writer->warnings, CODEC_BESIDE,
                   "its colours are %s (cICP), which %s can't record: they will be shown as sRGB",
                   coded, writer->format->title);
    }
}

codec_writer *codec_create(const codec_format *format, const codec_info *info,
                           const codec_options *options, codec_sink sink, ct_error *err) {
    const codec_options chosen = options ? *options : codec_default_options();
    if (!codec_format_check(format, info, err) || !check_options(&chosen, err)) {
        return NULL;
    }
    codec_writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    writer->format = format;
    writer->encoder = format->encoder;
    writer->options = chosen;
    writer->sink = sink;
    writer->info = *info;
    if (!codec_meta_copy(&writer->info.meta, &info->meta)) {
        ct_fail(err, "out of memory");
        goto fail;
    }
    if (!writer->encoder->create(writer, err)) {
        goto fail;
    }
    warn_of_cicp(writer);
    return writer;
fail:
    codec_writer_free(writer);
    return NULL;
}

bool codec_pack(const codec_writer *writer, int first, int count, const void *rows, size_t stride,
                codec_packed **packed, ct_error *err) {
    *packed = NULL;
    return !writer->encoder->pack ||
           writer->encoder->pack(writer, first, count, rows, stride, packed, err);
}

bool codec_write(codec_writer *writer, int count, const void *rows, size_t stride,
                 const codec_packed *packed, ct_error *err) {
    if (writer->broken) {
        return ct_fail(err, "no more rows after rows that couldn't be written");
    }
    if (count < 0 || count > writer->info.height - writer->next_row) {
        writer->broken = true;
        return ct_fail(err, "more rows than the image's %d", writer->info.height);
    }
    if (!writer->encoder->write(writer, count, rows, stride, packed, err)) {
        writer->broken = true;
        return false;
    }
    writer->next_row += count;
    return true;
}

bool codec_writes_anywhere(const codec_writer *writer) {
    return writer->encoder->write_at && writer->sink.put_at;
}

bool codec_write_at(codec_writer *writer, int first, int count, const void *rows, size_t stride,
                    ct_error *err) {
    if (first < 0 || count < 0 || count > writer->info.height - first) {
        return ct_fail(err, "rows %d to %d of an image of %d", first, first + count - 1,
                       writer->info.height);
    }
    if (!writer->encoder->write_at(writer, first, count, rows, stride, err)) {
        return false;
    }
    atomic_fetch_add_explicit(&writer->placed, count, memory_order_relaxed);
    return true;
}

bool codec_finish(codec_writer *writer, ct_error *err) {
    if (writer->broken) {
        return ct_fail(err, "the image couldn't be written");
    }
    const int rows = writer->next_row + atomic_load(&writer->placed);
    if (rows < writer->info.height) {
        return ct_fail(err, "rows are missing: got %d of %d", rows, writer->info.height);
    }
    /* Even after a failure it can't be finished twice. */
    writer->broken = true;
    return writer->encoder->finish(writer, err);
}

bool codec_writer_next(codec_writer *writer, const codec_format *format, const codec_info *info,
                       ct_error *err) {
    if (!writer->encoder->next || !format->encoder->next) {
        return ct_fail(err, "%s holds one image", format->title);
    }
    if (!codec_format_check(format, info, err)) {
        return false;
    }
    const bool same = format == writer->format && codec_same_kind(info, &writer->info);
    if (!same && writer->encoder->next != format->encoder->next) {
        return ct_fail(err, "%s can't continue %s", format->title, writer->format->title);
    }
    codec_meta meta = writer->info.meta;
    writer->info = *info;
    writer->info.meta = meta;
    writer->format = format;
    writer->encoder = format->encoder;
    writer->options.record = NULL;
    writer->next_row = 0;
    atomic_store(&writer->placed, 0);
    writer->broken = !writer->encoder->next(writer, same, err);
    return !writer->broken;
}

void codec_writer_free(codec_writer *writer) {
    if (writer) {
        writer->encoder->free(writer);
        codec_meta_free(&writer->info.meta);
        free(writer);
    }
}
