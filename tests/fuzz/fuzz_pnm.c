/* PBM, PGM, PPM, PAM and PFM, also several in one stream. Numbers stay the file's: none is above
 * its white, and rewritten as PAM or PFM they are the same, with the same white. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"

enum { MOST_FRAMES = 20 };

static codec_reader *open_bytes(const void *bytes, size_t size) {
    const codec_limits limits = fuzz_limits(FUZZ_PLAIN);
    ct_error err = {""};
    codec_reader *reader = codec_open_memory(bytes, size, &limits, &err);
    if (!reader) {
        fuzz_fail("can't be opened again: %s", err.text);
    }
    return reader;
}

static void check_samples(const codec_info *info, const fuzz_image *image) {
    const double white = codec_info_white(info);
    const size_t step = codec_sample_size(info->sample);
    for (size_t i = 0; info->sample != CODEC_F32 && i < image->size; i += step) {
        uint16_t deep;
        memcpy(&deep, image->rows + i, step == 2 ? 2 : 1);
        if ((step == 2 ? deep : image->rows[i]) > white) {
            fuzz_fail("a sample above white, which is %g", white);
        }
    }
}

static void write_again(codec_reader *reader, const fuzz_image *image) {
    const codec_info *info = codec_reader_info(reader);
    const codec_format *format = codec_format_by_name(info->sample == CODEC_F32 ? "pfm" : "pam");
    ct_error err = {""};
    ct_text file = {0};
    fuzz_image again;
    codec_writer *writer =
        codec_create(format, info, NULL, (codec_sink){.put = fuzz_put, .context = &file}, &err);
    if (!writer ||
        !codec_write(writer, info->height, image->rows, codec_row_bytes(info), NULL, &err) ||
        !codec_finish(writer, &err)) {
        fuzz_fail("can't be written again: %s", err.text);
    }
    codec_writer_free(writer);
    const uint8_t *bytes = (const uint8_t *)file.bytes;
    if (!fuzz_read(NULL, bytes, file.length, FUZZ_PLAIN, &again) ||
        !fuzz_image_same(image, &again)) {
        fuzz_fail("written and read again, it's another image");
    }
    codec_reader *back = open_bytes(bytes, file.length);
    const codec_info *other = codec_reader_info(back);
    if (other->white != info->white || other->alpha != info->alpha) {
        fuzz_fail("written and read again, white or alpha is another");
    }
    codec_close(back);
    fuzz_image_free(&again);
    ct_text_free(&file);
}

/* Reads the images behind the first, which is whole: each is whole, or an error. */
static void read_stream(const uint8_t *data, size_t size) {
    codec_reader *reader = open_bytes(data, size);
    bool more = true;
    codec_read_stream(reader);
    for (int frame = 0; more && frame < MOST_FRAMES; frame++) {
        const codec_info *info = codec_reader_info(reader);
        ct_error err = {""};
        uint8_t *row = malloc(codec_row_bytes(info));
        for (int y = 0; y < info->height; y++) {
            if (!codec_read_row(reader, row, &err)) {
                fuzz_fail("an image of a stream that isn't whole: %s", err.text);
            }
        }
        free(row);
        if (!codec_next(reader, &more, &err)) {
            fuzz_check_error(&err);
        }
    }
    codec_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_image image;
    if (size > 0 && data[0] == 'P' && fuzz_read_all_ways(NULL, data, size, &image)) {
        codec_reader *reader = open_bytes(data, size);
        check_samples(codec_reader_info(reader), &image);
        write_again(reader, &image);
        codec_close(reader);
        fuzz_image_free(&image);
        read_stream(data, size);
    }
    return 0;
}
