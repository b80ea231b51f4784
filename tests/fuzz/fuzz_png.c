/* PNG, as the program reads it: the file as it is, and with its CRCs corrected. */
#include <stdlib.h>

#include "codec/png/chunks.h"
#include "fuzz.h"

static void read_png(const uint8_t *file, size_t size) {
    fuzz_image image, lenient;
    const bool ok = fuzz_read_all_ways(NULL, file, size, &image);
    const bool lenient_ok = fuzz_read(NULL, file, size, FUZZ_LENIENT, &lenient);
    if (ok && (!lenient_ok || !fuzz_image_same(&image, &lenient))) {
        fuzz_fail("what is whole isn't taken as it is under --lenient");
    }
    if (ok) {
        fuzz_image_free(&image);
    }
    if (lenient_ok) {
        fuzz_image_free(&lenient);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!codec_png_probe(data, size)) {
        return 0; /* another reader's */
    }
    read_png(data, size);
    uint8_t *mended = fuzz_mend_png(data, size);
    read_png(mended, size);
    free(mended);
    return 0;
}
