/* PNG through stb_image, whatever the table of formats chooses; where both readers take a file, it
 * must be the same image. */
#include <stdlib.h>

#include "fuzz.h"

static void read_both(const uint8_t *file, size_t size) {
    fuzz_image ours, theirs;
    if (!fuzz_read_all_ways(&codec_stb_png_decoder, file, size, &theirs)) {
        return;
    }
    if (fuzz_read(NULL, file, size, FUZZ_PLAIN, &ours)) {
        if (!fuzz_image_same(&ours, &theirs)) {
            fuzz_fail("two readers, two images");
        }
        fuzz_image_free(&ours);
    }
    fuzz_image_free(&theirs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_both(data, size);
    uint8_t *mended = fuzz_mend_png(data, size);
    read_both(mended, size);
    free(mended);
    return 0;
}
