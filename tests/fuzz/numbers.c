#include "base/text.h"
#include "fuzz.h"

void fuzz_write_numbers(const fuzz_image *image, const char *format) {
    const codec_info info = {.width = image->width,
                             .height = image->height,
                             .channels = image->channels,
                             .sample = image->sample,
                             .meta.srgb_intent = -1};
    const size_t bytes = codec_row_bytes(&info);
    ct_error err = {""};
    ct_text file = {0};
    fuzz_image again;
    codec_writer *writer = codec_create(codec_format_by_name(format), &info, NULL,
                                        (codec_sink){.put = fuzz_put, .context = &file}, &err);
    if (!writer || !codec_write(writer, info.height, image->rows, bytes, NULL, &err) ||
        !codec_finish(writer, &err)) {
        fuzz_fail("can't be written as %s: %s", format, err.text);
    }
    codec_writer_free(writer);
    if (!fuzz_read(NULL, (const uint8_t *)file.bytes, file.length, FUZZ_PLAIN, &again) ||
        !fuzz_image_same(image, &again)) {
        fuzz_fail("written as %s and read again, the numbers are others", format);
    }
    fuzz_image_free(&again);
    ct_text_free(&file);
}
