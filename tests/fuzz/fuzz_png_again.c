/* Rewrites a PNG, its CRCs corrected, with all its metadata, as PNG and as JPEG. */
#include <stdlib.h>

#include "codec/png/chunks.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!codec_png_probe(data, size)) {
        return 0;
    }
    uint8_t *mended = fuzz_mend_png(data, size);
    fuzz_write_again(mended, size);
    free(mended);
    return 0;
}
