/* JPEG through stb_image, whatever the table of formats chooses; where both readers accept a file,
 * they must agree on its size. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_image ours, theirs;
    if (!fuzz_read_all_ways(&codec_stb_jpeg_decoder, data, size, &theirs)) {
        return 0;
    }
    if (fuzz_read(NULL, data, size, FUZZ_PLAIN, &ours)) {
        if (ours.width != theirs.width || ours.height != theirs.height ||
            ours.channels != theirs.channels) {
            fuzz_fail("two readers, two sizes");
        }
        fuzz_image_free(&ours);
    }
    fuzz_image_free(&theirs);
    return 0;
}
