/* JPEG, as the program reads it: in colour, in gray, in order or in bands, and with damage
 * accepted.
 */
#include "codec/jpeg/walk.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_image image, gray, lenient;
    if (!codec_jpeg_probe(data, size)) {
        return 0; /* another reader's */
    }
    const bool ok = fuzz_read_all_ways(NULL, data, size, &image);
    const bool gray_ok = fuzz_read(NULL, data, size, FUZZ_GRAY, &gray);
    fuzz_expect_same(NULL, data, size, &gray, FUZZ_GRAY_ANYWHERE);
    const bool lenient_ok = fuzz_read(NULL, data, size, FUZZ_LENIENT, &lenient);
    if (ok && (!gray_ok || gray.width != image.width || gray.height != image.height)) {
        fuzz_fail("an image that isn't there, or has another size, in gray");
    }
    if (ok && (!lenient_ok || !fuzz_image_same(&image, &lenient))) {
        fuzz_fail("a good file is another image when damage is accepted");
    }
    fuzz_image_free(&image);
    fuzz_image_free(&gray);
    fuzz_image_free(&lenient);
    return 0;
}
