/* How much memory an image takes while it is read and written. */
#include "codec/format.h"

/* Decoders and encoders that hold some rows have fewer: libjpeg-turbo two rows of units, before and
 * after their size is changed. */
enum { SOME_ROWS = 64 };

static uint64_t some_rows(const codec_info *info) {
    const uint64_t rows = info->height < SOME_ROWS ? (uint64_t)info->height : SOME_ROWS;
    return rows * codec_row_bytes(info);
}

uint64_t codec_image_bytes(const codec_info *info) {
    return (uint64_t)info->height * codec_row_bytes(info);
}

uint64_t codec_hold_memory(const codec_reader *reader) {
    return codec_image_bytes(&reader->info);
}

uint64_t codec_reader_held(const codec_reader *reader) {
    const codec_decoder *decoder = reader->decoder;
    const bool whole = decoder->whole && decoder->memory && reader->number > 0;
    return reader->held_bytes + (whole ? decoder->memory(reader) : 0);
}

/* The images of a stream behind the first are held, too: one at a time. */
uint64_t codec_reader_memory(const codec_reader *reader) {
    const codec_decoder *decoder = reader->decoder;
    const uint64_t image = codec_image_bytes(&reader->info);
    uint64_t left;
    const bool only = codec_input_left(&reader->input, &left) && left <= image;
    const bool follows = decoder->follows && !decoder->whole && !only;
    return some_rows(&reader->info) + (decoder->memory ? decoder->memory(reader) : 0) +
           (follows && image > reader->held_bytes ? image : reader->held_bytes);
}

/* A decoder for each, and the bytes that it reads. */
uint64_t codec_reader_group_memory(const codec_reader *reader) {
    enum { DECODER = 96 << 10 };
    return some_rows(&reader->info) + DECODER;
}

uint64_t codec_writer_memory(const codec_format *format, const codec_info *info, bool planes,
                             bool anywhere) {
    const codec_encoder *encoder = format->encoder;
    const bool held = !(anywhere && encoder->write_at) &&
                      (info->channels > 1 || !encoder->holds_channels) &&
                      (planes || !encoder->holds_planes);
    return some_rows(info) + (held ? (uint64_t)encoder->images * codec_image_bytes(info) : 0);
}
