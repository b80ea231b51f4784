/* PNG through stb_image, whatever the table of formats chooses. It checks less than ISA-L's reader;
 * where both accept a file, it must be the same image. */
#include <stdlib.h>

#include "codec/png/chunks.h"
#include "fuzz.h"

static void read_both(const uint8_t *file, size_t size) {
    fuzz_image ours, theirs, lenient;
    const bool one = fuzz_read_all_ways(&codec_stb_png_decoder, file, size, &theirs);
    const bool other =
        codec_png_probe(file, size) && fuzz_read(NULL, file, size, FUZZ_PLAIN, &ours);
    if (other && !one) {
        fuzz_fail("stb_image is the stricter one");
    }
    if (one && other && !fuzz_image_same(&ours, &theirs)) {
        fuzz_fail("two readers, two images");
    }
    if (fuzz_read(&codec_stb_png_decoder, file, size, FUZZ_LENIENT, &lenient)) {
        if (one && !fuzz_image_same(&theirs, &lenient)) {
            fuzz_fail("what stb_image takes isn't taken as it is under --lenient");
        }
        fuzz_image_free(&lenient);
    } else if (one) {
        fuzz_fail("--lenient is the stricter one");
    }
    if (one) {
        fuzz_image_free(&theirs);
    }
    if (other) {
        fuzz_image_free(&ours);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_both(data, size);
    uint8_t *mended = fuzz_mend_png(data, size);
    read_both(mended, size);
    free(mended);
    return 0;
}
