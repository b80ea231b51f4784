/* PBM, PGM, PPM, PAM and PFM. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_image image;
    if (size > 0 && data[0] == 'P' && fuzz_read_all_ways(NULL, data, size, &image)) {
        fuzz_image_free(&image);
    }
    return 0;
}
