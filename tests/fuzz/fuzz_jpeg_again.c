/* Rewrites a JPEG with all its metadata, as PNG and as JPEG. */
#include "codec/jpeg/walk.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (codec_jpeg_probe(data, size)) {
        fuzz_write_again(data, size);
    }
    return 0;
}
