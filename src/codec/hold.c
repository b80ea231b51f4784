/* Encoders that need the whole image before they can begin. */
#include <string.h>

#include "codec/format.h"

bool codec_hold_image(codec_writer *writer, ct_error *err) {
    writer->state = codec_alloc_image(&writer->info, writer->options.max_memory, err);
    return writer->state != NULL;
}

uint64_t codec_hold_left(const codec_writer *writer) {
    /* Both fit: the image was allocated within the limit. */
    return writer->options.max_memory -
           codec_row_bytes(&writer->info) * (size_t)writer->info.height;
}

bool codec_hold_rows(codec_writer *writer, int count, const void *rows, size_t stride,
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
