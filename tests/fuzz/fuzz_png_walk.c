/* The check of a PNG's chunks, without a decoder after it: the file as it is, and with its CRCs
 * corrected. */
#include <stdlib.h>

#include "codec/png/walk.h"
#include "fuzz.h"

static void walk_png(const uint8_t *file, size_t size) {
    const codec_limits limits = fuzz_limits(FUZZ_PLAIN);
    codec_png_facts facts;
    size_t end = 0;
    ct_error err = {""};
    codec_warnings warnings = {0};
    if (!codec_png_walk(file, size, &limits, &warnings, &facts, &end, &err)) {
        fuzz_check_error(&err);
    } else if (end > size || !facts.ended || !facts.idat || facts.info.width < 1 ||
               facts.info.height < 1 || facts.palette > 256 ||
               (facts.icc && (facts.icc < file || facts.icc + facts.icc_size > file + size))) {
        fuzz_fail("facts that can't be");
    }
    codec_meta_free(&facts.info.meta);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    walk_png(data, size);
    uint8_t *mended = fuzz_mend_png(data, size);
    walk_png(mended, size);
    free(mended);
    return 0;
}
