/* NumPy's .npy files: written again they are the same. Then again with the channels first, and with
 * what isn't finite; and as a whole array. */
#include <math.h>
#include <stdlib.h>

#include "codec/array.h"

#include "fuzz.h"

static void read_planes(const uint8_t *data, size_t size) {
    codec_limits limits = fuzz_limits(FUZZ_PLAIN);
    ct_error err = {""};
    limits.planes = limits.nonfinite = true;
    codec_reader *reader = codec_open_memory(data, size, &limits, &err);
    bool ok = reader != NULL;
    if (ok) {
        const codec_info *info = codec_reader_info(reader);
        void *row = malloc(codec_row_bytes(info));
        for (int y = 0; ok && row && y < info->height; y++) {
            ok = codec_read_row(reader, row, &err);
        }
        free(row);
    }
    if (!ok) {
        fuzz_check_error(&err);
    }
    codec_close(reader);
}

/* The same bytes as the weights of filters. */
static void read_array(const uint8_t *data, size_t size) {
    ct_error err = {""};
    codec_array array;
    if (!codec_array_read(data, size, 1 << 16, &array, &err)) {
        fuzz_check_error(&err);
        return;
    }
    size_t count = 1;
    for (int i = 0; i < array.dimensions; i++) {
        count *= array.side[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(array.numbers[i])) {
            fuzz_fail("number %zu isn't finite", i);
        }
    }
    free(array.numbers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_image image;
    if (!codec_npy_decoder.probe(data, size)) {
        return 0;
    }
    if (fuzz_read_all_ways(&codec_npy_decoder, data, size, &image)) {
        fuzz_write_numbers(&image, "npy");
        if (image.sample == CODEC_F32) {
            fuzz_write_numbers(&image, "csv");
        }
        fuzz_image_free(&image);
    }
    read_planes(data, size);
    read_array(data, size);
    return 0;
}
