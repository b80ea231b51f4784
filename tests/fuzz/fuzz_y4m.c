/* YUV4MPEG2: every frame, as colours and as gray; a frame behind the first is whole or an error.
 * What was read can be written again and read again. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"

enum { MOST_FRAMES = 20 };

/* False where the first frame, which is read with its first row, isn't whole. */
static bool read_rows(codec_reader *reader, bool first, uint8_t *rows) {
    const codec_info *info = codec_reader_info(reader);
    const double white = codec_info_white(info);
    const size_t bytes = codec_row_bytes(info);
    ct_error err = {""};
    for (int y = 0; y < info->height; y++) {
        uint8_t *row = rows + bytes * (size_t)y;
        if (!codec_read_row(reader, row, &err)) {
            fuzz_check_error(&err);
            if (first && y == 0) {
                return false;
            }
            fuzz_fail("a frame that isn't whole: %s", err.text);
        }
        for (size_t i = 0; info->sample == CODEC_U16 && i < bytes; i += 2) {
            uint16_t sample;
            memcpy(&sample, row + i, 2);
            if (sample > white) {
                fuzz_fail("a sample above white, which is %g", white);
            }
        }
    }
    return true;
}

/* Reads the stream and writes it to `file`; returns how many frames there were. */
static int copy(const void *bytes, size_t size, bool gray, ct_text *file) {
    const codec_limits limits = fuzz_limits(FUZZ_PLAIN);
    ct_error err = {""};
    codec_reader *reader = codec_open_memory(bytes, size, &limits, &err);
    if (!reader) {
        fuzz_check_error(&err);
        return 0;
    }
    codec_read_stream(reader);
    if (gray) {
        codec_reader_gray(reader);
    }
    const codec_info info = *codec_reader_info(reader);
    const codec_format *format = codec_reader_format(reader);
    const size_t stride = codec_row_bytes(&info);
    uint8_t *rows = malloc(stride * (size_t)info.height);
    codec_writer *writer =
        codec_create(format, &info, NULL, (codec_sink){.put = fuzz_put, .context = file}, &err);
    if (!writer) {
        fuzz_fail("a video can't be written: %s", err.text);
    }
    bool more = read_rows(reader, true, rows);
    int frames = 0;
    for (; more && frames < MOST_FRAMES; frames++) {
        if ((frames && (!read_rows(reader, false, rows) ||
                        !codec_writer_next(writer, format, &info, &err))) ||
            !codec_write(writer, info.height, rows, stride, NULL, &err) ||
            !codec_finish(writer, &err)) {
            fuzz_fail("a frame can't be written: %s", err.text);
        }
        if (!codec_next(reader, &more, &err)) {
            fuzz_check_error(&err);
        }
    }
    codec_writer_free(writer);
    codec_close(reader);
    free(rows);
    return frames;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 9 || memcmp(data, "YUV4MPEG2", 9) != 0) {
        return 0;
    }
    for (int gray = 0; gray < 2; gray++) {
        ct_text file = {0}, again = {0};
        const int frames = copy(data, size, gray, &file);
        if (frames && copy(file.bytes, file.length, gray, &again) != frames) {
            fuzz_fail("written and read again, it has another number of frames");
        }
        if (gray && frames &&
            (file.length != again.length || memcmp(file.bytes, again.bytes, file.length) != 0)) {
            fuzz_fail("gray that is written and read again is another");
        }
        ct_text_free(&file);
        ct_text_free(&again);
    }
    return 0;
}
