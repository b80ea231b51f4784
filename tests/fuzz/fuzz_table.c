/* Tables of numbers: written again as text, CSV and .npy they are the same. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_image image;
    /* What begins as a table is read as one, whatever comes later. */
    if (size == 0 || data[0] == 'P' || !fuzz_read_all_ways(NULL, data, size, &image)) {
        return 0;
    }
    if (image.sample == CODEC_F32) {
        fuzz_write_numbers(&image, "txt");
        fuzz_write_numbers(&image, "csv");
        fuzz_write_numbers(&image, "npy");
    }
    fuzz_image_free(&image);
    return 0;
}
